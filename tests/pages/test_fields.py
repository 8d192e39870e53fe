"""Form fields take their bounds from the experiment's own configs."""

import math
from typing import Annotated

import pytest
from pydantic import BaseModel, Field

from nets.datasets import DATASETS
from nets.experiment import TrainConfig
from nets.optimizers import OPTIMIZERS
from nets.schedules import SCHEDULES
from pages.parts.fields import bounds, words

CONFIGS = [TrainConfig, *DATASETS, *OPTIMIZERS, *SCHEDULES]


class Bounded(BaseModel):
    """A field of each kind of bound."""

    free: float = 0.0
    closed: Annotated[float, Field(ge=-1, le=2.5)] = 0.0
    open: Annotated[float, Field(gt=0, lt=1)] = 0.5
    whole: Annotated[int, Field(ge=1, le=12)] = 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("free", (None, None)),
        ("closed", (-1, 2.5)),
        ("open", (math.nextafter(0.0, 1), math.nextafter(1.0, 0))),
        ("whole", (1, 12)),
    ],
)
def test_bounds(name, expected):
    assert bounds(Bounded.model_fields[name]) == expected


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.__name__)
def test_every_default_lies_within_its_bounds_and_every_bound_may_be_taken(config):
    for name, info in config.model_fields.items():
        if isinstance(info.default, bool) or not isinstance(info.default, int | float):
            continue
        low, high = bounds(info)
        assert low is None or info.default >= low
        assert high is None or info.default <= high
        for bound in (low, high):
            assert bound is None or getattr(config.model_validate({name: bound}), name) == bound


def test_names_of_the_code_as_people_read_them():
    assert words("max_iter") == "max iter"
    assert words(28) == "28"
