"""244 restaurant bills with their tips. Bryant and Smith (1995), "Practical data analysis"."""

from typing import TYPE_CHECKING, ClassVar, Literal

from nets.datasets.base import dataset
from nets.datasets.tables.base import TableConfig
from nets.datasets.tables.columns import Columns
from nets.datasets.tables.shipped import shipped

if TYPE_CHECKING:
    import pandas as pd


@dataset
class Tips(TableConfig):
    """What was paid, when and by whom."""

    help = "244 restaurant bills: how large was the tip? Numbers and categories"
    table: ClassVar[Columns] = (
        ("total_bill", "number", ()),
        ("tip", "number", ()),
        ("sex", "category", ("Female", "Male")),
        ("smoker", "category", ("No", "Yes")),
        ("day", "category", ("Fri", "Sat", "Sun", "Thur")),
        ("time", "category", ("Dinner", "Lunch")),
        ("size", "number", ("1", "2", "3", "4", "5", "6")),
    )
    usual = ("tip",)
    name: Literal["tips"] = "tips"

    def frame(self) -> "pd.DataFrame":
        """Return the rows; plotly brings them along."""
        return shipped("tips").astype({"size": float})
