"""Tables that other packages bring along as files."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def shipped(name: str) -> "pd.DataFrame":
    """Return a table that lies in the plotly package as compressed CSV; plotly itself is not imported.

    Raises:
        FileNotFoundError: if it is not there.
    """
    from importlib.util import find_spec
    from pathlib import Path

    import pandas as pd

    package = find_spec("plotly")
    if package is None or package.origin is None:
        raise FileNotFoundError(f"the table {name} comes with plotly, which is not installed")
    return pd.read_csv(Path(package.origin).parent / "package_data" / "datasets" / f"{name}.csv.gz")
