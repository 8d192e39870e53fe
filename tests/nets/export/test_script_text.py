"""How a script reads: standard form, nothing that it does not use, what it says of the run, whatever its name is."""

import ast
import dataclasses
import re
import subprocess

import pytest
from ruff import find_ruff_bin

from nets.export import FORMATS, Source, export
from nets.export.plain.render import LINE_LENGTH
from nets.recipes import recipes
from nets.training import Controls
from tests.nets.experiments import epochs as all_epochs
from tests.nets.experiments import exhaust, history_of, pictures, small, trained
from tests.nets.export.scripts import finished, numbers, text_of
from tests.nets.export.test_script_contract import SETTINGS

LINTS = "F,E4,E7,E9,I,B,ARG,ERA,UP,PIE,RET"
WITH_REASON = "B023,B905"  # a closure is called in the same turn of its loop; parts have one length
LIBRARIES = {"torch", "torchvision", "numpy", "sklearn", "safetensors"}
LIBRARIES |= {
    "babel",
    "pandas",
    "pydoc_data",
    "collections",
    "copy",
    "hashlib",
    "importlib",
    "math",
    "sys",
    "pathlib",
    "re",
    "zipfile",
}
HOSTILE = ['"""\nimport os\nos.remove("x")\n"""', "\\", "'''", "a\u202eb\x00\r\n# %% Data", "\u2028print(1)", "{x}"]


def ruff(*arguments: str) -> str:
    """What ruff has to say; nothing where all is well."""
    command = [find_ruff_bin(), *arguments, "--isolated", "--no-cache"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


@pytest.mark.usefixtures("tiny_sets")
def test_scripts_are_in_standard_form_and_have_nothing_unused(tmp_path):
    experiments = SETTINGS | {f"recipe-{recipe.name}": recipe.experiment for recipe in recipes()}
    for name, experiment in experiments.items():
        text = text_of(Source("r", experiment))
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        words = {word for line in text.splitlines() if "import" in line for word in re.findall(r"\w+", line)}
        assert "nets" not in words, name
        assert set(imported(text)) <= LIBRARIES, name
        assert not unused(text), name
    assert not ruff("format", "--diff", "--line-length", str(LINE_LENGTH), str(tmp_path))
    assert not ruff("check", "--select", LINTS, "--ignore", WITH_REASON, "--line-length", "120", str(tmp_path))


def unused(text: str) -> set[str]:
    """Functions and constants that a script defines and never mentions again."""
    tree = ast.parse(text)
    used = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    defined = [statement.name for statement in tree.body if isinstance(statement, ast.FunctionDef)]
    constants = re.findall(r"^([A-Z][A-Z0-9_]*) = ", text, flags=re.MULTILINE)
    return set(defined + constants) - set(used)


def imported(text: str) -> list[str]:
    return [line.split()[1].partition(".")[0] for line in text.splitlines() if re.match("(import|from) ", line)]


def test_a_plain_network_reads_like_a_tutorial():
    text = text_of(Source("r", small({"data.name": "gauss"})))
    assert len(text.splitlines()) < 145
    for absent in ("if ", "eval()", 'manual_seed(derive(SEED, "dropout"', "param_groups", "torch.no_grad", "break"):
        assert absent not in text.partition("# %% Network")[2]
    assert "nn.Linear(2, 5),\n    nn.Tanh(),\n    nn.Linear(5, 3)," in text
    assert "torch.optim.SGD(network.parameters(), lr=LEARNING_RATE, fused=True)" in text
    assert "NUM_POINTS = 60  # Points in all, training and test together\n" in text


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_gets_out_of_the_docstring(name):
    plain, experiment = small(), small().model_copy(update={"name": name})
    source = Source(name, experiment, (), {"test_loss": 1.0}, versions={"torch": name})
    code, expected = (ast.parse(text_of(each)).body[1:] for each in (source, Source("r", plain)))
    assert [ast.dump(statement) for statement in code] == [ast.dump(statement) for statement in expected]
    assert re.fullmatch(r"[A-Za-z0-9_-]+\.py", export(source, "script").name)


def test_an_edited_run_says_that_it_ends_elsewhere():
    source = finished(small())
    edited = dataclasses.replace(source, edited=True)
    numbers_of_the_run = f"test_loss={source.metrics['test_loss']!r}"
    assert "ends elsewhere" in about(text_of(edited))
    assert numbers_of_the_run not in about(text_of(edited))
    assert "ends elsewhere" not in about(text_of(source))
    assert numbers_of_the_run in about(text_of(source))


def about(text: str) -> str:
    return ast.get_docstring(ast.parse(text)) or ""


@pytest.mark.parametrize("schedule", ["constant", "cosine"])
@pytest.mark.parametrize("epochs", [0, 2])
def test_a_run_that_was_stopped_ends_where_it_was(schedule, epochs, elsewhere):
    experiment = small({"train.schedule.kind": schedule, "train.max_epochs": 9})
    rows: list[dict[str, float]] = [
        {"epoch": event.epoch, "step": event.step, **event.metrics}
        for event in all_epochs(history_of(experiment))
        if event.epoch <= epochs
    ]
    found = elsewhere.ends({"stopped": text_of(Source("r", experiment, rows))})
    assert found["stopped"] == {name: value for name, value in rows[-1].items() if name not in ("epoch", "step")}


def test_a_run_that_diverged_ends_with_its_last_good_weights(elsewhere):
    source = finished(small({"data.name": "plane", "model.activation": "relu", "train.optimizer.learning_rate": 1e6}))
    assert source.rows[-1]["epoch"] < 3
    assert elsewhere.ends({"diverged": text_of(source)}) == {"diverged": source.metrics}


def test_a_run_on_a_gpu_has_a_script_for_one():
    text = text_of(Source("r", small(), versions={"device": "cuda"}))
    assert 'DEVICE = "cuda"' in text
    assert "network.to(DEVICE)" in text
    assert "train_x, train_y = train_x.to(DEVICE), train_y.to(DEVICE)" in text
    assert "DEVICE" not in text_of(Source("r", small(), versions={"device": "cpu"}))


def test_what_a_gpu_needs_changes_no_number(elsewhere):
    changes = {"train.early_stopping": {"patience": 3}, "model.dropout": 0.1}
    sources = {"points": finished(small(changes)), "pictures": finished(pictures(changes))}
    scripts = {
        name: text_of(dataclasses.replace(source, versions={"device": "cuda"}))
        .replace('"cuda"', '"cpu"')
        .replace("'cuda'", "'cpu'")
        for name, source in sources.items()
    }
    assert all("to(DEVICE)" in text for text in scripts.values())
    assert elsewhere.ends(scripts) == {name: source.metrics for name, source in sources.items()}


@pytest.mark.parametrize(("schedule", "is_the_same"), [("constant", True), ("cosine", False)])
def test_a_run_that_was_trained_on_says_whether_it_ends_elsewhere(schedule, is_the_same, elsewhere):
    training = trained(small({"train.max_epochs": 2, "train.schedule.kind": schedule}))
    training.extend()
    exhaust(training.events(Controls()))
    metrics = dict(training.metrics)
    source = Source("r", training.experiment, [{"epoch": training.epoch, "step": training.step, **metrics}], metrics)
    text = text_of(source)
    assert ("ends elsewhere" not in about(text)) == is_the_same
    assert (elsewhere.ends({"trained-on": text})["trained-on"] == metrics) == is_the_same


def test_final_metrics_are_printed_in_full():
    assert numbers("final: train_loss=0.1 test_loss=1e-09") == {"train_loss": 0.1, "test_loss": 1e-9}


def test_every_format_has_a_line_and_a_safe_name():
    for name, found in FORMATS.items():
        assert found.help
        assert re.fullmatch(r"\.[a-z]+", found.suffix), name
    with pytest.raises(ValueError, match="there is no format 'word'; choose from "):
        export(Source("r", small()), "word")


@pytest.mark.parametrize(("setting", "expected"), [("auto", 4), (2, 2)])
def test_a_script_takes_the_threads_that_the_run_had(setting, expected):
    text = text_of(Source("r", small({"train.threads": setting}), threads=4))
    assert f"THREADS = {expected}" in text


@pytest.mark.parametrize(("device", "tier"), [("cpu", "machine code"), ("cuda", "CUDA graphs")])
def test_a_script_says_which_tier_took_the_run_s_steps(device, tier):
    source = Source("r", small(), (), {"test_loss": 1.0}, compiled_since=1234, versions={"device": device})
    assert f"{tier} took the run's steps from step 1,234 on" in text_of(source)
