"""The Runs page without a browser: found, compared, written on, deleted and brought back, taken away and brought in."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from nets.runs import archive
from nets.runs.problems import StoreProblem
from nets.runs.store import Store
from tests.nets.experiments import SMALL_PICTURES
from tests.pages.kept import keep, stored
from tests.pages.screens import Screen

RATE = "train.optimizer.learning_rate"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """An empty store in place of the server's."""
    made = Store(tmp_path)
    monkeypatch.setattr("pages.parts.service.run_store", lambda: made)
    return made


@pytest.fixture
def open_runs(open_screen, store):
    """Open the Runs page, some runs selected."""
    return lambda *ids: open_screen("runs", {"runs": ",".join(ids)} if ids else {})


RUNS, RESULTS, SETTINGS = "id", "test loss", "0"


def table(screen: Screen, having: str) -> Any:
    """The cells of that of the page's tables which has such a column."""
    return next(frame.value for frame in screen.app.dataframe if having in frame.value)


def column(screen: Screen, name: str = "id") -> list[Any]:
    return table(screen, RUNS)[name].tolist()


def texts(screen: Screen) -> str:
    """What the page says, in one string."""
    return "\n".join(element.value for element in (*screen.app.markdown, *screen.app.caption))


def test_an_empty_store_says_what_the_page_is_for(open_runs):
    screen = open_runs()
    assert "No runs yet" in texts(screen)
    assert [link.label for link in screen.app.get("page_link")] == ["Train a first network"]
    assert not screen.app.dataframe


def test_thirty_runs_are_listed_the_newest_first(open_runs, store):
    ids = [keep(store, {"train.seed": seed}) for seed in range(30)]
    screen = open_runs()
    assert column(screen) == ids[::-1]
    assert column(screen, "seed") == list(range(29, -1, -1))
    assert "Tick runs" in texts(screen)


def test_filters_and_order_narrow_the_table(open_runs, store):
    low = keep(store, level=0.1, tags=["lesson 2"])
    high = keep(store, level=0.9, notes="lesson learnt")
    pictures = keep(store, base=SMALL_PICTURES, status="stopped", level=0.5)
    screen = open_runs()
    screen.app.text_input("runs_search").set_value(" lesson ")
    assert column(screen.run()) == [high, low]
    screen.app.selectbox("runs_order").set_value("test_loss")
    assert column(screen.run()) == [low, high]
    screen.app.text_input("runs_search").set_value("")
    assert column(screen.run()) == [low, pictures, high]
    screen.app.multiselect("runs_network").set_value(["cnn"])
    assert column(screen.run()) == [pictures]
    screen.app.multiselect("runs_status").set_value(["completed"])
    assert "No run passes these filters." in texts(screen.run())


def test_a_link_compares_runs(open_runs, store):
    first, second = keep(store, {RATE: 0.5}, level=0.2), keep(store, level=0.3)
    screen = open_runs(first, second)
    assert "**2 runs selected**" in texts(screen)
    results = table(screen, RESULTS)
    assert results["run"].tolist() == ["learning rate 0.5", "learning rate 0.1"]
    assert [text.startswith("★") for text in results["test loss"]] == [True, False]
    assert table(screen, SETTINGS).to_numpy().tolist() == [[RATE, "0.5", "0.1"]]
    screen.app.toggle("only_differences").set_value(False)
    everything = table(screen.run(), SETTINGS)
    assert everything.iloc[0, 0] == RATE
    assert len(everything) > 20
    assert screen.app.query_params["runs"] == f"{first},{second}"


def test_selected_runs_stay_selected_when_the_filters_hide_them(open_runs, store):
    hidden, shown = keep(store), keep(store, tags=["needle"])  # no run's id has an l
    screen = open_runs(hidden, shown)
    screen.app.text_input("runs_search").set_value("needle")
    assert "**2 runs selected**, 1 hidden by the filters" in texts(screen.run())
    assert screen.app.session_state["runs_table"]["selection"]["rows"] == [0]


def test_runs_of_a_link_that_are_gone_are_said(open_runs, store):
    there = keep(store)
    screen = open_runs(there, "gone", "../../etc")
    assert len(screen.notices) == 1
    assert screen.notices[0].startswith("2 of the link's runs are not here")
    assert screen.app.query_params["runs"] == there


def test_curves_over_every_axis_and_metric(open_runs, store):
    screen = open_runs(keep(store), keep(store, {"train.seed": 1}))
    for key, options in (("curve_metric", ["accuracy", "loss"]), ("curve_axis", ["step", "time"])):
        for option in options:
            screen.app.segmented_control(key).set_value(option)
            screen.run()
            assert screen.app.segmented_control(key).value == option
    screen.app.slider("smoothing").set_value(0.9)
    screen.app.toggle("runs_log_axis").set_value(True)
    screen.app.button_group("curve_parts").set_value([])
    screen.run()


def test_seeds_are_folded(open_runs, store):
    ids = [keep(store, {"train.seed": seed}, level=seed / 10) for seed in (1, 2, 3)]
    screen = open_runs(*ids)
    screen.app.toggle("fold_seeds").set_value(True)
    results = table(screen.run(), RESULTS)
    assert results["run"].tolist() == ["circle · mlp × 3 seeds"]
    assert "±" in results["test loss"].tolist()[0]


def test_delete_and_undo(open_runs, store):
    ids = [keep(store, {"train.seed": seed}) for seed in range(3)]
    screen = open_runs(*ids[:2]).click("delete")
    assert column(screen) == ids[2:]
    assert "Deleted 2 runs." in texts(screen)
    assert "runs" not in screen.app.query_params
    screen.click("undo")
    assert column(screen) == ids[::-1]
    assert screen.app.query_params["runs"] == ",".join(ids[:2])
    assert "undo" not in [button.key for button in screen.app.button]


def test_the_selection_is_cleared(open_runs, store):
    screen = open_runs(keep(store)).click("clear")
    assert "Tick runs" in texts(screen)
    assert "runs" not in screen.app.query_params


def test_name_tags_and_notes_are_kept(open_runs, store):
    run_id = keep(store, tags=["old"])
    screen = open_runs(run_id)
    screen.app.text_input(f"name_{run_id}").set_value(" Mine ")
    screen.app.text_area(f"notes_{run_id}").set_value("Wobbles\nat first")
    screen.app.multiselect(f"tags_{run_id}").set_value(["old"])
    screen.run()
    again = open_runs(run_id)
    assert again.app.text_input(f"name_{run_id}").value == "Mine"
    assert again.app.text_area(f"notes_{run_id}").value == "Wobbles\nat first"
    assert column(again, "run") == ["Mine"]
    assert column(again, "notes") == ["Wobbles"]


def test_tags_of_several_runs_change_together(open_runs, store):
    first, second = keep(store, tags=["both", "one"]), keep(store, tags=["both"])
    screen = open_runs(first, second)
    box = screen.app.multiselect(f"tags_{first}_{second}")
    assert box.value == ["both"]
    box.set_value(["one"])
    screen.run()
    assert stored(store, first).tags == ["one"]
    assert stored(store, second).tags == ["one"]


@pytest.mark.parametrize(
    ("format", "suffix"),
    [
        ("run", ".run.zip"),
        ("run_with_checkpoints", ".run.zip"),
        ("script", ".py"),
        ("notebook", ".ipynb"),
        ("onnx", ".onnx"),
        ("safetensors", ".safetensors"),
        ("tensorboard", ".zip"),
        ("csv", ".csv"),
    ],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the ONNX exporter's packages
def test_every_export_waits_to_be_saved(open_runs, store, format, suffix):
    screen = open_runs(keep(store, weights=True))
    assert len(screen.app.menu_button("export").options) == 8
    screen.app.menu_button("export").click(format)
    screen.run()
    (button,) = screen.app.download_button
    assert button.key == f"save_{format}"
    file = screen.app.session_state["runs_state"].parcel.file
    assert file.name.endswith(suffix)
    assert len(file.content) > 100
    assert file.name in button.label


def test_an_export_that_cannot_be_made_says_why(open_runs, store):
    screen = open_runs(keep(store))
    screen.app.menu_button("export").click("onnx")
    screen.run()
    assert screen.notices == ["The weights of this run were not kept; export its script, which trains it again."]
    assert not screen.app.download_button


def test_a_run_file_is_taken_in_and_selected(open_runs, store, tmp_path):
    elsewhere = Store(tmp_path / "elsewhere")
    content = archive.save(elsewhere, keep(elsewhere, {"name": "From far"}, weights=True))
    screen = open_runs()
    screen.app.file_uploader("upload_0").set_value(("x.run.zip", content, "application/zip"))
    screen.run()
    (run,) = store.runs()
    assert (run.name, run.tags) == ("From far", ["uploaded"])
    assert screen.app.query_params["runs"] == run.id
    assert screen.notices == []
    assert store.checkpoints(run.id)


def test_a_damaged_file_is_refused_with_a_sentence(open_runs, store):
    keep(store)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("run.json", json.dumps({"format": "playground-run"}))
        file.writestr("![x](http://example.org/x.png)", "x")
    screen = open_runs()
    screen.app.file_uploader("upload_0").set_value(("evil.zip", made.getvalue(), "application/zip"))
    screen.run()
    assert screen.notices == [
        "evil.zip was not taken. The file holds '!\\[x\\](http://example.org/x.png)', which has no place in a run file."
    ]
    assert len(store.runs()) == 1


def test_texts_of_a_run_are_no_markdown(open_runs, store):
    picture = "![x](http://example.org/x.png)"
    parent = keep(store, {"name": picture})
    screen = open_runs(
        keep(store, {"name": picture}, parent=parent, parent_step=5, reason=f"<b>{picture}", notes=picture)
    )
    assert picture not in texts(screen)
    (html,) = [element.body for element in screen.app.get("html") if "facts" in element.body]
    assert "<b>" not in html
    labels = [link.label for link in screen.app.get("page_link")]
    assert labels == ["Open", "Find a rate", "from !\\[x\\](http://example.org/x.png), step 5"]


def test_lineage_leads_to_parent_and_children(open_runs, store):
    parent = keep(store, {"name": "first"})
    child = keep(store, {"name": "second"}, parent=parent, parent_step=1200)
    orphan = keep(store, parent="gone", parent_step=7)
    assert "from first, step 1,200" in [link.label for link in open_runs(child).app.get("page_link")]
    (link,) = [link for link in open_runs(parent).app.get("page_link") if "went on" in link.label]
    assert link.label == "went on as 1 more"
    assert link.proto.query_string == f"runs={parent}%2C{child}"
    assert "Began at step 7 of a run that is not here any more." in texts(open_runs(orphan))


def test_a_run_opens_on_its_screen(open_runs, store):
    pictures = keep(store, base=SMALL_PICTURES)
    (link,) = [link for link in open_runs(pictures).app.get("page_link") if link.label == "Open"]
    assert link.proto.page == "images"
    assert link.proto.query_string == f"run={pictures}"


def test_more_runs_than_can_be_told_apart(open_runs, store):
    screen = open_runs(*[keep(store, {"train.seed": seed}) for seed in range(23)])
    assert "The first 20 of 23 selected runs are compared." in texts(screen)
    assert len(table(screen, RESULTS)) == 20


def test_a_store_that_cannot_be_read_says_so(open_screen, monkeypatch):
    def broken() -> Store:
        raise StoreProblem("Runs can't be kept in /nowhere: the disk is full.")

    monkeypatch.setattr("pages.parts.service.run_store", broken)
    screen = open_screen("runs")
    assert [error.value for error in screen.app.error] == ["Runs can't be kept in /nowhere: the disk is full."]
