"""142 countries every five years from 1952 to 2007, after gapminder.org."""

from typing import TYPE_CHECKING, ClassVar, Literal

from nets.datasets.base import dataset
from nets.datasets.tables.base import Names, TableConfig
from nets.datasets.tables.columns import Columns
from nets.datasets.tables.shipped import shipped

if TYPE_CHECKING:
    import pandas as pd

CONTINENTS = ("Africa", "Americas", "Asia", "Europe", "Oceania")


@dataset
class Gapminder(TableConfig):
    """How long people live, and what is known of their country."""

    help = "142 countries over 55 years: how long do people live? Split it by country to be fair"
    table: ClassVar[Columns] = (
        ("country", "text", ()),
        ("continent", "category", CONTINENTS),
        ("year", "number", ()),
        ("lifeExp", "number", ()),
        ("pop", "number", ()),
        ("gdpPercap", "number", ()),
    )
    usual = ("lifeExp",)
    name: Literal["gapminder"] = "gapminder"
    ignore: Names = ("country",)

    def frame(self) -> "pd.DataFrame":
        """Return the rows; plotly brings them along."""
        frame = shipped("gapminder")[["country", "continent", "year", "lifeExp", "pop", "gdpPercap"]]
        return frame.astype({"year": float, "pop": float})
