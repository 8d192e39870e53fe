"""442 people with diabetes, and how far it went in a year. Efron, Hastie, Johnstone and Tibshirani (2004)."""

from typing import TYPE_CHECKING, ClassVar, Literal

from nets.datasets.base import dataset
from nets.datasets.tables.base import TableConfig
from nets.datasets.tables.columns import Columns

if TYPE_CHECKING:
    import pandas as pd

MEASURED = (
    "age",
    "sex",
    "body mass index",
    "blood pressure",
    "total cholesterol",
    "low-density lipoproteins",
    "high-density lipoproteins",
    "cholesterol ratio",
    "log triglycerides",
    "blood sugar",
)


@dataset
class Diabetes(TableConfig):
    """Ten measurements, and the progression of the disease one year later."""

    help = "442 people with diabetes: how far it went in a year, by 10 measurements"
    table: ClassVar[Columns] = (*((name, "number", ()) for name in MEASURED), ("progression", "number", ()))
    usual = ("progression",)
    name: Literal["diabetes"] = "diabetes"

    def frame(self) -> "pd.DataFrame":
        """Return the rows in their own units; scikit-learn brings them along."""
        import pandas as pd
        from sklearn.datasets import load_diabetes

        found = load_diabetes(scaled=False)
        frame = pd.DataFrame(found.data, columns=list(MEASURED))
        frame["progression"] = found.target.astype(float)
        return frame
