"""Scripts of networks that make examples end with the run's numbers, to the last digit."""

from nets.export import Source
from tests.nets.export.scripts import text_of
from tests.nets.export.test_script_text import LINTS, WITH_REASON, ruff
from tests.nets.objectives.making import KINDS, made


def test_every_rule_and_choice(elsewhere):
    elsewhere.assert_alike({kind: made(kind) for kind in KINDS})


def test_scripts_have_nothing_unused(tmp_path):
    for kind in KINDS:
        (tmp_path / f"{kind}.py").write_text(text_of(Source("r", made(kind))), encoding="utf-8")
    complaints = ruff("check", "--select", LINTS, "--ignore", WITH_REASON, "--line-length", "120", str(tmp_path))
    assert not complaints, complaints
