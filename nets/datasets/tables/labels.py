"""Generated rows with any number of labels each."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.tables.base import TableConfig
from nets.datasets.tables.columns import Columns
from nets.seeds import derive

if TYPE_CHECKING:
    import pandas as pd

TOPICS = ("sports", "politics", "science", "music")
WORDS = tuple(f"word {place}" for place in range(1, 13))


@dataset
class Labels(TableConfig):
    """Documents as counts of twelve words; each topic makes some words likelier, and a document has any of them."""

    help = "Generated documents as counts of 12 words: each has any number of 4 topics"
    table: ClassVar[Columns] = (
        *((name, "number", ()) for name in WORDS),
        *((name, "category", ("no", "yes")) for name in TOPICS),
    )
    usual = TOPICS
    name: Literal["labels"] = "labels"
    num_examples: Annotated[int, Field(ge=20, le=20_000)] = 600
    """Rows in all, training and test together."""

    def frame(self) -> "pd.DataFrame":
        """Return the rows, the same for the same ``sample``. scikit-learn draws them."""
        import pandas as pd
        from sklearn.datasets import make_multilabel_classification

        counts, labels = make_multilabel_classification(
            self.num_examples,
            len(WORDS),
            n_classes=len(TOPICS),
            n_labels=2,
            length=40,
            random_state=derive(self.sample, "documents") % 2**32,
        )
        frame = pd.DataFrame(counts, columns=list(WORDS))
        for place, topic in enumerate(TOPICS):
            frame[topic] = ["yes" if label else "no" for label in labels[:, place]]
        return frame
