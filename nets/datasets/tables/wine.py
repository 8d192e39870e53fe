"""178 wines of three growers, by a chemical analysis. Forina and others (1991), UCI repository."""

from typing import TYPE_CHECKING, ClassVar, Literal

from nets.datasets.base import dataset
from nets.datasets.tables.base import TableConfig
from nets.datasets.tables.columns import Columns

if TYPE_CHECKING:
    import pandas as pd

MEASURED = (
    "alcohol",
    "malic acid",
    "ash",
    "alcalinity of ash",
    "magnesium",
    "total phenols",
    "flavanoids",
    "nonflavanoid phenols",
    "proanthocyanins",
    "color intensity",
    "hue",
    "od280/od315",
    "proline",
)
GROWERS = ("grower 1", "grower 2", "grower 3")


@dataset
class Wine(TableConfig):
    """Thirteen measurements, and who grew the wine."""

    help = "178 wines: tell three growers by 13 chemical measurements"
    table: ClassVar[Columns] = (*((name, "number", ()) for name in MEASURED), ("grower", "category", GROWERS))
    usual = ("grower",)
    name: Literal["wine"] = "wine"

    def frame(self) -> "pd.DataFrame":
        """Return the rows; scikit-learn brings them along."""
        import pandas as pd
        from sklearn.datasets import load_wine

        found = load_wine()
        frame = pd.DataFrame(found.data, columns=list(MEASURED))
        frame["grower"] = [GROWERS[label] for label in found.target]
        return frame
