"""Scripts of networks that make examples end with the run's numbers, to the last digit."""

import pytest

from nets.export import Source
from tests.nets.export.scripts import text_of
from tests.nets.export.test_script_text import LINTS, WITH_REASON, ruff
from tests.nets.objectives.making import KINDS, made


def test_every_rule_and_choice(elsewhere):
    elsewhere.assert_alike({kind: made(kind) for kind in KINDS})


@pytest.mark.parametrize("kind", KINDS)
def test_a_script_has_nothing_unused(kind):
    text = text_of(Source("r", made(kind)))
    complaints = ruff("check", "--select", LINTS, "--ignore", WITH_REASON, "--line-length", "120", text=text)
    assert not complaints, complaints
