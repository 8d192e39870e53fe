"""The table of runs and what the page remembers, without Streamlit."""

import pytest

from nets.runs.store import Store, StoredRun
from pages.parts import runs_table
from pages.parts.run_files import size
from pages.parts.runs_actions import clean_tag
from pages.parts.runs_state import RunsState
from pages.parts.runs_table import Filters
from tests.nets.experiments import SMALL_PICTURES
from tests.pages.kept import keep


@pytest.fixture
def runs(tmp_path) -> list[StoredRun]:
    store = Store(tmp_path)
    keep(store, {"name": "First steps"}, id="r1", level=0.3, tags=["lesson 2"], notes="Wobbles\nat first")
    keep(store, {"data.name": "xor"}, id="r2", level=0.2, status="diverged")
    keep(store, {}, id="r3", level=0.1)
    keep(store, {}, base=SMALL_PICTURES, id="r4", level=0.4, metrics={})
    return store.runs()


def ids(runs: list[StoredRun]) -> list[str]:
    return [run.id for run in runs]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), ["r4", "r3", "r2", "r1"]),
        (Filters("wobbles"), ["r1"]),
        (Filters("LESSON first"), ["r1"]),
        (Filters("lesson xor"), []),
        (Filters("r3"), ["r3"]),
        (Filters("diverged"), ["r2"]),
        (Filters(datasets=["circle"]), ["r3", "r1"]),
        (Filters(architectures=["cnn"]), ["r4"]),
        (Filters(statuses=["diverged", "failed"]), ["r2"]),
        (Filters("mlp", datasets=["circle"], statuses=["completed"]), ["r3", "r1"]),
    ],
)
def test_filters(runs, filters, found):
    assert ids([run for run in runs if filters.take(run)]) == found


def test_orders_put_the_best_first_and_what_lacks_the_metric_last(runs):
    orders = runs_table.orders(runs)
    assert next(iter(orders)) == "newest"
    assert ids(runs_table.ordered(runs, orders["newest"])) == ["r4", "r3", "r2", "r1"]
    assert ids(runs_table.ordered(runs, orders["oldest"])) == ["r1", "r2", "r3", "r4"]
    assert ids(runs_table.ordered(runs, orders["test_loss"])) == ["r3", "r2", "r1", "r4"]
    assert ids(runs_table.ordered(runs, orders["test_accuracy"])) == ["r3", "r2", "r1", "r4"]
    assert orders["test_loss"].words == "Best test loss"


def test_the_best_is_marked_among_runs_of_the_same_problem(runs):
    assert runs_table.best_marks(runs) == {"r3": "★ loss, accuracy"}


def test_the_table(runs):
    frame = runs_table.table(runs)
    assert frame["run"].tolist() == ["digits · cnn", "circle · mlp", "xor · mlp", "First steps"]
    assert frame["status"].tolist()[2:] == ["▲ diverged", "✓ completed"]
    assert frame["notes"].tolist()[3] == "Wobbles"
    assert "test_r2" not in frame
    assert frame["test_loss"].isna().tolist() == [True, False, False, False]


def test_an_empty_table_has_its_columns():
    assert {"run", "when", "id"} <= set(runs_table.table([]).columns)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0.0 s"), (9.96, "10.0 s"), (12.4, "12 s"), (61, "1:01 min"), (3599, "59:59 min"), (7800, "2:10 h")],
)
def test_durations(seconds, text):
    assert runs_table.duration(seconds) == text


@pytest.mark.parametrize(("count", "text"), [(812, "812 bytes"), (3100, "3.1 KB"), (24_400_000, "24 MB")])
def test_sizes(count, text):
    assert size(bytes(count)) == text


def test_tags_are_one_short_line():
    assert clean_tag("  a\n b\t") == "a b"
    assert len(clean_tag("x" * 100)) == 40


def test_a_click_in_the_table_leaves_alone_what_the_filters_hide():
    assert runs_table.reselected(("hidden", "b"), ("a", "b", "c"), [0, 1]) == ("hidden", "b", "a")
    assert runs_table.reselected(("hidden", "b"), ("a", "b", "c"), []) == ("hidden",)
    assert runs_table.reselected((), ("a",), [0, 7]) == ("a",)
    assert runs_table.positions(("a", "b", "c"), ("c", "x", "a")) == [0, 2]


# The link


def test_a_link_selects_once():
    state = RunsState()
    assert state.follow("a,b,,a")
    assert state.selected == ("a", "b")
    state.selected = ("a",)
    assert not state.follow("a,b,,a")
    assert state.selected == ("a",)


def test_a_link_that_was_just_replaced_is_an_echo():
    state = RunsState()
    state.follow("a")
    state.selected = ("a", "b")
    assert state.write() == "a,b"
    assert not state.follow("a")
    assert not state.follow("a,b")
    assert state.selected == ("a", "b")
    assert state.follow("c")


def test_leaving_the_page_keeps_the_selection():
    state = RunsState()
    state.follow("a")
    assert not state.follow(None)
    assert state.selected == ("a",)


def test_a_selection_too_long_for_a_link_is_not_in_it():
    state = RunsState(selected=tuple(str(number) for number in range(500)))
    assert state.write() == ""
    assert len(state.selected) == 500


def test_what_is_gone_is_dropped_from_the_selection():
    state = RunsState(selected=("a", "b"))
    assert state.keep_known(["b", "c"]) == 1
    assert state.selected == ("b",)
