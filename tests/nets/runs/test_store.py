"""The store by itself: what is written is found again, whatever happened in between."""

import sqlite3

import pytest

from nets.problems import InvalidExperiment
from nets.runs import schema
from nets.runs.problems import StoreProblem, StoreTooNew
from nets.runs.recorder import JOURNAL, Recorder, read_journal
from nets.runs.store import Store
from nets.training import Controls, EpochDone, Training
from tests import postgres
from tests.nets.experiments import small


@pytest.fixture(scope="module")
def postgres_url():
    folder = postgres.programs()
    if folder is None:
        pytest.skip("PostgreSQL is not installed")
    with postgres.server(folder) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def store(tmp_path, request):
    opened = Store(tmp_path, request.getfixturevalue("postgres_url") if request.param == "postgresql" else None)
    yield opened
    schema.TABLES.drop_all(opened._engine)
    opened.close()


def record(store, run_id, experiment):
    """Train a run to its end as a worker does; return its epochs."""
    store.begin(run_id, experiment)
    recorder = Recorder(store.folder(run_id))
    training = Training(experiment)
    found = []
    for event in training.events(Controls()):
        if isinstance(event, EpochDone):
            found.append({"epoch": event.epoch, "step": event.step, **event.metrics})
            recorder.epoch(training, event)
    assert recorder.problem == ""
    return found, recorder


def without_time(rows):
    return [{name: value for name, value in row.items() if name != "seconds"} for row in rows]


def test_a_run_is_found_as_it_was_written(store):
    experiment = small({"name": "mine", "train.seed": 7})
    expected, recorder = record(store, "run1", experiment)
    assert store.take_journal("run1") == 4
    assert store.take_journal("run1") == 0
    assert without_time(store.rows("run1")) == expected
    run = store.get("run1")
    assert run.settings() == experiment
    assert (run.name, run.dataset, run.architecture, run.seed, run.epochs) == ("mine", "circle", "mlp", 7, 3)
    assert run.metrics == {name: value for name, value in expected[-1].items() if name not in ("epoch", "step")}
    assert run.versions["torch"]
    recorder.close()


def test_what_a_dead_process_left_is_taken_in_and_what_lives_is_left_alone(store):
    expected, recorder = record(store, "run1", small())
    assert store.recover() == []
    recorder.close()
    assert store.recover() == ["run1"]
    assert store.get("run1").status == "interrupted"
    assert without_time(store.rows("run1")) == expected
    assert store.recover() == []


def test_what_was_resumed_by_a_server_that_died_before_it_said_so_is_taken_in_too(store):
    expected, recorder = record(store, "run1", small())
    store.note("run1", status="interrupted")
    recorder.close()
    assert store.recover() == ["run1"]
    assert without_time(store.rows("run1")) == expected
    assert store.recover() == []


def test_epochs_gone_over_again_replace_what_was_there(store):
    _, recorder = record(store, "run1", small())
    recorder.close()
    store.take_journal("run1")
    with (store.folder("run1") / JOURNAL).open("ab") as file:
        file.write(b'{"epoch":2,"step":6,"seconds":1.0,"metrics":{"train_loss":0.5}}\n{"epoch":3,"st')
    assert store.take_journal("run1") == 1
    assert [row["epoch"] for row in store.rows("run1")] == [0, 1, 2]
    assert store.rows("run1")[-1]["train_loss"] == 0.5
    assert store.get("run1").epochs == 2


def test_a_line_cut_short_waits_until_it_is_whole(tmp_path):
    (tmp_path / JOURNAL).write_bytes(b'{"epoch":0}\n{"epo')
    ((offset, row),) = read_journal(tmp_path, 0)
    assert row == {"epoch": 0}
    with (tmp_path / JOURNAL).open("ab") as file:
        file.write(b'ch":1}\n')
    assert [row for _, row in read_journal(tmp_path, offset)] == [{"epoch": 1}]


def test_deleted_runs_come_back_for_a_day_and_then_are_gone(store):
    _, recorder = record(store, "run1", small())
    recorder.close()
    store.take_journal("run1")
    store.delete(["run1"])
    assert store.runs() == []
    assert [run.id for run in store.runs(deleted=True)] == ["run1"]
    store.purge()
    store.restore(["run1"])
    assert [run.id for run in store.runs()] == ["run1"]
    store.delete(["run1"])
    store.purge(older_than=0)
    assert store.get("run1") is None
    assert not store.folder("run1").exists()


def test_a_newer_store_is_refused_with_a_sentence_and_not_touched(tmp_path):
    Store(tmp_path).close()
    path = tmp_path / "runs.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE playground_schema SET version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match=r"version 99.*Update Playground"):
        Store(tmp_path)
    assert path.read_bytes() == before


def test_an_older_store_is_brought_up_to_date_with_its_runs(store):
    store.begin("run1", small())

    def add_column(connection):
        connection.exec_driver_sql("ALTER TABLE runs ADD COLUMN mood TEXT DEFAULT 'calm'")

    schema.migrate(store._engine, (*schema.MIGRATIONS, add_column))
    with store._engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT id, mood FROM runs").fetchall() == [("run1", "calm")]
        assert connection.exec_driver_sql("SELECT version FROM playground_schema").fetchall() == [(2,)]


@pytest.mark.parametrize("run_id", ["../../etc", "a/b", "", "ä", "."])
def test_a_run_id_leads_nowhere_else(store, run_id):
    with pytest.raises(ValueError, match="only letters and digits"):
        store.folder(run_id)


def test_a_store_that_can_not_be_made_says_so(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreProblem, match="can't be kept"):
        Store(tmp_path / "file")


def test_a_full_disk_ends_the_keeping_and_not_the_training(tmp_path):
    (tmp_path / "in_the_way").write_text("")
    recorder = Recorder(tmp_path / "in_the_way" / "run")
    training = Training(small())
    for event in training.events(Controls()):
        if isinstance(event, EpochDone):
            recorder.epoch(training, event)
    assert training.epoch == 3
    assert recorder.problem.startswith("This run is not kept any more")


def test_a_recipe_on_other_data_is_called_that_no_more(store):
    for run_id, changes in (("run1", {}), ("run2", {"data.name": "xor"})):
        store.begin(run_id, small({"name": "circle", **changes}))
    assert [store.get(run_id).name for run_id in ("run1", "run2")] == ["circle", ""]


def test_settings_of_a_later_playground_are_refused(store):
    store.begin("run1", small())
    store.note("run1", notes="from the future")
    run = store.get("run1")
    later = type(run)(**{**vars(run), "experiment": {**run.experiment, "later": True}})
    with pytest.raises(InvalidExperiment):
        later.settings()
