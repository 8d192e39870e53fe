"""150 irises of three species. Fisher (1936), "The use of multiple measurements in taxonomic problems"."""

from typing import TYPE_CHECKING, ClassVar, Literal

from nets.datasets.base import dataset
from nets.datasets.tables.base import TableConfig
from nets.datasets.tables.columns import Columns

if TYPE_CHECKING:
    import pandas as pd

SPECIES = ("setosa", "versicolor", "virginica")


@dataset
class Iris(TableConfig):
    """Four lengths in centimetres, and the species."""

    help = "150 irises: tell three species by the lengths of their leaves"
    table: ClassVar[Columns] = (
        ("sepal length", "number", ()),
        ("sepal width", "number", ()),
        ("petal length", "number", ()),
        ("petal width", "number", ()),
        ("species", "category", SPECIES),
    )
    usual = ("species",)
    name: Literal["iris"] = "iris"

    def frame(self) -> "pd.DataFrame":
        """Return the rows; scikit-learn brings them along."""
        import pandas as pd
        from sklearn.datasets import load_iris

        found = load_iris()
        frame = pd.DataFrame(found.data, columns=["sepal length", "sepal width", "petal length", "petal width"])
        frame["species"] = [SPECIES[label] for label in found.target]
        return frame
