"""What networks for tables have in common: rows of numbers, categories as learned vectors."""

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from nets.architectures.base import ArchitectureConfig, CannotBuild, Room
from nets.datasets.base import DataInfo

if TYPE_CHECKING:
    from torch import nn


class TableNetworkConfig(ArchitectureConfig):
    """A network that takes rows of a table."""

    embeds: ClassVar[bool] = True
    """Takes codes of categories as inputs."""
    embedding_dim: Annotated[int, Field(ge=1, le=64)] = 4
    """Numbers of the vector that is learnt for each category, where the data give codes."""

    def check(self, data: DataInfo) -> None:
        """Refuse what is no row: pictures, series, texts."""
        if data.is_sequence or len(data.input_shape) > 1:
            raise CannotBuild("kind", f"{self.kind} is for rows of a table; for pictures take cnn, for sequences rnn")

    def width(self, data: DataInfo) -> int:
        """Return how many numbers come out of ``front``."""
        codes = sum(count > 0 for count in data.categories)
        return data.input_shape[0] - codes + codes * self.embedding_dim

    def front(self, data: DataInfo) -> "list[tuple[str, nn.Module]]":
        """Return named modules that make rows (B, width) of examples."""
        from nets.modules.tables import Codes

        return [("codes", Codes(data.categories, self.embedding_dim))] if data.categories else []

    def front_room(self, data: DataInfo) -> Room:
        """Return what ``front`` holds."""
        return Room(sum(data.categories) * self.embedding_dim, self.width(data) if data.categories else 0)
