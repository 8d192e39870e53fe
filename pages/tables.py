"""Tables: networks that learn from rows, beside simpler models, from missing values to anomalies."""

from nets.experiment import Experiment
from nets.recipes import recipes
from pages.parts import health, settings
from pages.parts.bench import Bench
from pages.parts.charts import LOSSES, PERCENT, TEST, TRAIN, Chart, chart_card
from pages.parts.drawn import OFF_OR_ON
from pages.parts.entry import enter
from pages.parts.frame import bar, cards
from pages.parts.generate_settings import training_card as making_card
from pages.parts.table_data import data_card
from pages.parts.table_looks import LOOKS, Looks
from pages.parts.table_network import network_card

LABELS = {"accuracy": "accuracy", "f1": "F1", "micro_f1": "F1 of all", "r2": "R²", "auc": "AUC"}


def belongs(experiment: Experiment) -> bool:
    """Can this screen show the experiment?"""
    return experiment.data.kind == "table" and experiment.train.objective.kind in ("supervised", "reconstruction")


def charts(experiment: Experiment) -> list[Chart]:
    """Return the losses, and a chart of each metric that the network has."""
    known = experiment.train.objective.metrics(experiment, experiment.data.info())
    found = [LOSSES]
    for name, label in LABELS.items():
        if name in known:
            look = {} if name == "r2" else PERCENT
            parts = ("test",) if name == "auc" else ("train", "test")
            series = tuple((f"{part}_{name}", f"{part} {label}") for part in parts)
            looks = {f"{part}_{name}": {**look, **(TRAIN if part == "train" else TEST)} for part in parts}
            found.append(Chart(label.capitalize() if name == "accuracy" else label, series, "", looks))
    return found


def training() -> None:
    """Draw the settings of a training: autoencoders have theirs."""
    if bench.experiment.train.objective.kind == "supervised":
        settings.training_card(bench, columns=2, sizes=False)
    else:
        making_card(bench)


enter()
drawn: dict[str, tuple[str | bool, ...]] = {
    "log_axis": OFF_OR_ON,
    "table_look": ("", *LOOKS),
    "chart": ("", "Losses", "Accuracy", "F1", "F1 of all", "R²", "AUC"),
}
bench = Bench("tables", recipes().get("iris-mlp").experiment, belongs, drawn)
looks = Looks(bench)
panels = health.watched_panels(bench, looks.views())

bar(bench, panels, looks.metric())
cards(
    data=lambda: data_card(bench),
    network=lambda: network_card(bench),
    middle=("table", lambda: looks.draw(panels)),
    curves=lambda: chart_card(bench, panels, charts(bench.experiment)),
    training=training,
)
health.health_line(bench, panels)
panels.stream()
