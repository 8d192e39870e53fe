"""569 tumours by their cell nuclei. Street, Wolberg and Mangasarian (1993), UCI repository."""

from typing import TYPE_CHECKING, ClassVar, Literal

from nets.datasets.base import dataset
from nets.datasets.tables.base import TableConfig
from nets.datasets.tables.columns import Columns

if TYPE_CHECKING:
    import pandas as pd

TRAITS = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)
MEASURED = tuple(f"{kind} {trait}" for kind in ("mean", "error of", "worst") for trait in TRAITS)
FINDINGS = ("malignant", "benign")


@dataset
class BreastCancer(TableConfig):
    """Ten traits of the nuclei, each as mean, error and worst, and what the tumour was found to be."""

    help = "569 tumours: malignant or benign, by 30 measurements of their cells"
    table: ClassVar[Columns] = (*((name, "number", ()) for name in MEASURED), ("finding", "category", FINDINGS))
    usual = ("finding",)
    name: Literal["breast_cancer"] = "breast_cancer"

    def frame(self) -> "pd.DataFrame":
        """Return the rows; scikit-learn brings them along."""
        import pandas as pd
        from sklearn.datasets import load_breast_cancer

        found = load_breast_cancer()
        frame = pd.DataFrame(found.data, columns=list(MEASURED))
        frame["finding"] = [FINDINGS[label] for label in found.target]
        return frame
