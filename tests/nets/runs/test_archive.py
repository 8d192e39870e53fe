"""Run files: what is saved comes back as it was, and whatever is damaged or hostile is refused with a sentence."""

import io
import json
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nets.experiment import Experiment, dump
from nets.recipes import recipes
from nets.runs import checkpoints
from nets.runs.archive import UPLOADED, CannotSave, DamagedRunFile, load, save
from nets.runs.recorder import Recorder
from nets.runs.store import Store
from nets.training import Controls, EpochDone, Training

EPOCHS = 3
Members = dict[str, bytes]


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    return Store(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def run_id(store: Store) -> str:
    """A run of three epochs, kept as a server keeps it."""
    return keep(store, "a1", recipes().get("circle").experiment)


@pytest.fixture(scope="module")
def content(store: Store, run_id: str) -> bytes:
    return save(store, run_id)


def keep(store: Store, run_id: str, experiment: Experiment) -> str:
    experiment = experiment.model_copy(update={"train": experiment.train.model_copy(update={"max_epochs": EPOCHS})})
    store.begin(run_id, experiment)
    training, recorder = Training(experiment), Recorder(store.folder(run_id))
    for event in training.events(Controls()):
        if isinstance(event, EpochDone):
            recorder.epoch(training, event)
    recorder.checkpoint(training, changed=True)
    recorder.close()
    store.take_journal(run_id)
    store.note(run_id, status="completed", reason="Completed 3 epochs.", notes="Wobbles\nat first", tags=["lesson 2"])
    return run_id


def unpacked(content: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(members: Members) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, member in members.items():
            file.writestr(name, member)
    return made.getvalue()


def checkpoint_name(members: Members) -> str:
    return next(name for name in members if name.startswith("checkpoints/"))


def with_settings(path: str, value: Any) -> Callable[[Members], Members]:
    """Change one field of run.json at a dotted path."""

    def change(members: Members) -> Members:
        settings = json.loads(members["run.json"])
        inside = settings
        *parents, last = path.split(".")
        for parent in parents:
            inside = inside[parent]
        inside[last] = value
        return {**members, "run.json": json.dumps(settings).encode()}

    return change


def with_member(name: str, member: bytes) -> Callable[[Members], Members]:
    return lambda members: {**members, name: member}


def with_checkpoint(change: Callable[[bytes], bytes]) -> Callable[[Members], Members]:
    def changed(members: Members) -> Members:
        name = checkpoint_name(members)
        return {**members, name: change(members[name])}

    return changed


def with_facts(change: Callable[[dict[str, Any]], Any]) -> Callable[[Members], Members]:
    """Change the facts of the checkpoint."""

    def rewritten(member: bytes) -> bytes:
        length = struct.unpack("<Q", member[:8])[0]
        header = json.loads(member[8 : 8 + length])
        facts = json.loads(header["__metadata__"]["facts"])
        header["__metadata__"]["facts"] = json.dumps(change(facts))
        text = json.dumps(header).encode()
        return struct.pack("<Q", len(text)) + text + member[8 + length :]

    return with_checkpoint(rewritten)


def with_metrics(change: Callable[[str], str]) -> Callable[[Members], Members]:
    return lambda members: {**members, "metrics.csv": change(members["metrics.csv"].decode()).encode()}


def without(name: str) -> Callable[[Members], Members]:
    return lambda members: {key: member for key, member in members.items() if key != name}


def huge_network(facts: dict[str, Any]) -> dict[str, Any]:
    facts["experiment"]["model"]["hidden_sizes"] = [4000, 4000]
    return facts


HOSTILE: dict[str, tuple[Callable[[Members], Members], str]] = {
    "no settings": (without("run.json"), "lacks run.json"),
    "no metrics": (without("metrics.csv"), "lacks metrics.csv"),
    "a path upwards": (with_member("../evil.py", b"x"), "no place in a run file"),
    "an absolute path": (with_member("/etc/passwd", b"x"), "no place in a run file"),
    "a path in the checkpoints": (with_member("checkpoints/../x.safetensors", b"x"), "no place in a run file"),
    "a pickle": (with_member("weights.pt", pickle.dumps({})), "no place in a run file"),
    "a pickle in disguise": (with_checkpoint(lambda _: pickle.dumps({"x": 1})), "can't be taken"),
    "a checkpoint cut short": (with_checkpoint(lambda member: member[:-40]), "can't be taken"),
    "a checkpoint of nothing": (with_checkpoint(lambda _: b""), "can't be taken"),
    "more threads than there can be": (with_facts(lambda facts: {**facts, "threads": 10**6}), "1 to 64 can be"),
    "facts that are no facts": (with_facts(lambda _: [1, 2]), "no checkpoint of a training"),
    "facts without a step": (with_facts(lambda facts: {**facts, "step": "x"}), "does not fit its experiment"),
    "a huge network": (with_facts(huge_network), "parameters, and it holds"),
    "settings that are no JSON": (with_member("run.json", b"{"), "run.json is no JSON"),
    "settings of another program": (with_member("run.json", b"{}"), "does not say that this is a run"),
    "settings without an end": (with_member("run.json", b"[" * 200_000), "run.json is no JSON"),
    "a later version": (with_settings("version", 2), "by a newer Playground"),
    "an unknown data set": (with_settings("experiment.data.name", "moon"), "'moon' is not known"),
    "an unknown field": (with_settings("experiment.train.code", "1"), "train.code: is no field here"),
    "an unknown status": (with_settings("run.status", "<b>"), "run.status"),
    "a negative step": (with_settings("run.steps", -1), "run.steps: got -1"),
    "a text for a number": (with_settings("run.seconds", "1"), "run.seconds"),
    "a metric that is none": (with_settings("run.metrics", {"test_loss": "x"}), "run.metrics.test_loss"),
    "endless notes": (with_settings("run.notes", "x" * 30_000), "run.notes"),
    "a parent that is a path": (with_settings("run.parent", "../x"), "run.parent"),
    "an infinite number": (with_member("run.json", b'{"format": "playground-run", "version": 1e999}'), "version"),
    "other columns": (with_metrics(lambda text: "a,b\n"), "names of its columns"),
    "a column that is code": (with_metrics(lambda text: text.replace("train_loss", "=1+1")), "names of its columns"),
    "a metric in words": (with_metrics(lambda text: text + "9,9,9,nan,1,1,1,1,1\n"), "train_loss is 'nan'"),
    "a row too short": (with_metrics(lambda text: text + "9,9\n"), "2 cells for 9 columns"),
    "epochs that go back": (with_metrics(lambda text: text + "1,9,9,1,1,1,1,1,1\n"), "epochs must increase"),
    "bytes for metrics": (with_member("metrics.csv", b"\xff\xfe\x00"), "is no table"),
    "too many checkpoints": (
        lambda members: {**members, **{f"checkpoints/{i:012d}-000000000.safetensors": b"" for i in range(60)}},
        "at most 50",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_and_nothing_is_written(store, content, case):
    change, sentence = HOSTILE[case]
    assert sentence in refusal(store, packed(change(unpacked(content))))


def refusal(store: Store, content: bytes) -> str:
    """Return the sentence that a file is refused with; fails if anything of it is kept."""
    before = everything(store)
    with pytest.raises(DamagedRunFile) as caught:
        load(store, content)
    assert str(caught.value).endswith(".")
    assert everything(store) == before
    return str(caught.value)


def everything(store: Store) -> tuple[list[str], list[Path]]:
    """All that is kept: the runs, and the files beside them."""
    return [run.id for run in store.runs()], sorted(store.root.glob("runs/**/*"))


def test_what_is_no_zip_is_refused(store):
    assert "This is no run file" in refusal(store, b"")
    assert "This is no run file" in refusal(store, b"PK\x03\x04" + b"\0" * 100)
    assert "This is no run file" in refusal(store, pickle.dumps([1]))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(store, content):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, member in unpacked(content).items():
            file.writestr(name, member)
        with file.open("checkpoints/000000000009-000000009.safetensors", "w") as bomb:
            for _ in range(300):
                bomb.write(bytes(1 << 20))
    assert len(made.getvalue()) < 1 << 20
    assert "would take more than 256 MB" in refusal(store, made.getvalue())


def test_sizes_that_lie_are_refused(store, content):
    size = len(unpacked(content)["metrics.csv"])
    lie = content.replace(struct.pack("<I", size), struct.pack("<I", size - 7))
    assert lie != content
    assert refusal(store, lie)


def test_the_same_name_twice_is_refused(store, content):
    made = io.BytesIO(content)
    with zipfile.ZipFile(made, "a") as file, pytest.warns(UserWarning, match="Duplicate name"):
        file.writestr("run.json", b"{}")
    assert "something twice" in refusal(store, made.getvalue())


def test_another_compression_is_refused(store, content):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_BZIP2) as file:
        for name, member in unpacked(content).items():
            file.writestr(name, member)
    assert "packed in a way" in refusal(store, made.getvalue())


@pytest.mark.parametrize("name", ["circle", "line-regression", "cnn-digits"])
def test_what_is_saved_comes_back(store, tmp_path, name):
    run_id = keep(store, f"b{name.replace('-', '')}", recipes().get(name).experiment)
    other = Store(tmp_path)
    again = load(other, save(store, run_id))
    before, after = store.get(run_id), other.get(again)
    assert before is not None
    assert after is not None
    same = ("experiment", "name", "dataset", "architecture", "seed", "status", "reason", "versions", "metrics", "notes")
    assert {field: getattr(after, field) for field in same} == {field: getattr(before, field) for field in same}
    assert after.tags == ["lesson 2", UPLOADED]
    assert after.created == before.created
    assert other.rows(again) == store.rows(run_id)
    assert len(other.rows(again)) == EPOCHS + 1
    kept, brought = store.checkpoints(run_id)[-1], other.checkpoints(again)
    assert [checkpoint.step for checkpoint in brought] == [kept.step]
    assert brought[0].path.read_bytes() == kept.path.read_bytes()
    assert checkpoints.load(brought[0].path).step == kept.step


def test_every_checkpoint_can_come_along(store, run_id, tmp_path):
    other = Store(tmp_path)
    again = load(other, save(store, run_id, every_checkpoint=True))
    steps = [checkpoint.step for checkpoint in store.checkpoints(run_id)]
    assert len(steps) > 1
    assert [checkpoint.step for checkpoint in other.checkpoints(again)] == steps


def test_a_run_comes_twice_as_two(store, content):
    assert load(store, content) != load(store, content)


def test_a_run_without_checkpoints_and_with_gaps_comes_back(store, tmp_path):
    experiment = recipes().get("circle").experiment
    rows = [
        {"epoch": 0, "step": 0, "seconds": 0.0, "train_loss": 0.1 + 0.2, "test_loss": 1e-17},
        {"epoch": 5, "step": 9, "seconds": 0.5, "train_loss": float("inf"), "test_loss": None},
    ]
    store.begin("empty", experiment)
    columns = {name: value for name, value in vars(store.get("empty")).items() if name not in ("id", "changed")}
    store.add("gaps", columns, rows)
    other = Store(tmp_path)
    again = load(other, save(store, "gaps"))
    assert other.rows(again) == [rows[0], {"epoch": 5, "step": 9, "seconds": 0.5}]
    assert other.checkpoints(again) == []
    found = other.get(again)
    assert found is not None
    assert (found.status, found.reason) == ("interrupted", "It had not come to its end when it was saved.")


def test_a_cuda_run_can_be_read_without_one(store, content, tmp_path):
    def on_cuda(facts: dict[str, Any]) -> dict[str, Any]:
        facts["experiment"]["train"]["device"] = "cuda"
        return facts

    members = with_facts(on_cuda)(with_settings("experiment.train.device", "cuda")(unpacked(content)))
    found = Store(tmp_path)
    run = found.get(load(found, packed(members)))
    assert run is not None
    assert run.experiment["train"]["device"] == "cuda"


def test_a_run_that_is_gone_cannot_be_saved(store):
    with pytest.raises(CannotSave, match="not here any more"):
        save(store, "nothing")


@given(data=st.data())
def test_mutated_bytes_never_do_anything_but_load_or_be_refused(store, content, data):
    place = data.draw(st.integers(0, len(content) - 1))
    noise = data.draw(st.binary(min_size=1, max_size=8))
    mutated = content[:place] + noise + content[place + len(noise) :]
    try:
        run = store.get(load(store, mutated))
    except DamagedRunFile:
        return
    assert run is not None
    assert run.experiment == dump(run.settings())


@given(data=st.data())
def test_mutated_parts_never_do_anything_but_load_or_be_refused(store, content, data):
    """The zip's own check sums are right here, so that what is inside must be looked at."""
    members = unpacked(content)
    name = data.draw(st.sampled_from(sorted(members)))
    member = members[name]
    place = data.draw(st.integers(0, min(len(member) - 1, 3000)))
    noise = data.draw(st.binary(min_size=1, max_size=4) | st.sampled_from([b"null", b"-1", b"1e9", b"[]", b"{}", b'"']))
    mutated = packed({**members, name: member[:place] + noise + member[place + len(noise) :]})
    try:
        run = store.get(load(store, mutated))
    except DamagedRunFile:
        return
    assert run is not None
