"""Where everything durable lives."""

import os
from pathlib import Path

VARIABLE = "PLAYGROUND_HOME"


def home() -> Path:
    """Return the folder of everything durable: ``PLAYGROUND_HOME``, or the platform's folder for users' data."""
    if chosen := os.environ.get(VARIABLE):
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("playground", appauthor=False)


def run_folder(root: Path, run_id: str) -> Path:
    """Return the folder of one run below ``root``.

    Raises:
        ValueError: if this is no run's id: it could lead anywhere.
    """
    if not (run_id.isascii() and run_id.isalnum()):
        raise ValueError(f"got '{run_id[:40]}'; a run's id has only letters and digits")
    return root / "runs" / run_id
