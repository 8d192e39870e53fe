"""Series: networks that remember, and what they tell ahead."""

from nets.experiment import Experiment
from nets.recipes import recipes
from pages.parts import health, settings
from pages.parts.bench import Bench
from pages.parts.charts import LOSSES, LOSSES_AND_ACCURACIES, curves_card
from pages.parts.drawn import OFF_OR_ON
from pages.parts.entry import enter
from pages.parts.frame import bar, cards
from pages.parts.sequence_network import network_card
from pages.parts.series_data import data_card
from pages.parts.series_looks import LOOKS, Looks


def belongs(experiment: Experiment) -> bool:
    """Can this screen show the experiment?"""
    return experiment.data.kind == "series" and experiment.train.objective.kind == "supervised"


enter()
drawn: dict[str, tuple[str | bool, ...]] = {"log_axis": OFF_OR_ON, "series_look": ("", *LOOKS)}
bench = Bench("series", recipes().get("sine-lstm").experiment, belongs, drawn)
looks = Looks(bench)
panels = health.watched_panels(bench, looks.views(), views_beside=looks.views_beside())
chart = LOSSES if bench.experiment.data.info().task == "regression" else LOSSES_AND_ACCURACIES

bar(bench, panels, looks.metric())
cards(
    data=lambda: data_card(bench),
    network=lambda: network_card(bench),
    middle=("series", lambda: looks.draw(panels)),
    curves=lambda: curves_card(bench, panels, chart),
    training=lambda: settings.training_card(bench, columns=2, sizes=False),
)
health.health_line(bench, panels)
panels.stream()
