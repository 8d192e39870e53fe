"""How the cells of a table become inputs, as settings; and values that follow from settings."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import Field

from nets.config import Config


class Derived:
    """A value that follows from a config's fields; it is worked out anew each time, and a script has it as a constant.

    Args:
        function: gives it, out of plain tuples, numbers and strings.
    """

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function
        self.__doc__ = function.__doc__

    def __get__(self, owner: Any, kind: type | None = None) -> Any:
        return self if owner is None else self.function(owner)


class Prepare(Config):
    """How cells become inputs. Whatever has to be fitted is fitted on the training part alone."""

    missing: Literal["mean", "median", "most_frequent", "constant", "nearest", "autoencoder", "drop"] = "mean"
    """What stands for a missing number: the column's mean, median or most frequent one, a constant, the mean of the 5
    nearest rows, what an autoencoder predicts; or rows with gaps are left out. A missing word is a category of its
    own, or the most frequent one."""
    constant: Annotated[float, Field(ge=-1e9, le=1e9)] = 0.0
    """What stands for a missing number where that is a constant, in the column's own unit."""
    indicator: bool = False
    """An input more for each column of numbers with gaps: 1 where the number is missing."""
    outliers: Literal["keep", "clip", "drop", "robust"] = "keep"
    """Numbers three spreads of the middle half outside it: kept, brought to that fence, their training rows left out;
    or all are scaled by the middle half alone."""
    scaling: Literal["standard", "minmax", "none"] = "standard"
    """Numbers to mean 0 and spread 1, to -1 … 1, or as they are."""
    categories: Literal["one_hot", "embedding"] = "one_hot"
    """A 0/1 input for each value; or a code, for networks that learn a vector for each value."""
    text: Literal["refuse", "hash"] = "refuse"
    """Columns of free text are refused, or their words counted by hash."""
    hash_size: Annotated[int, Field(ge=2, le=512)] = 32
    """Inputs for each column of text."""
