"""Images: networks that see, from a dense one to a transformer, and what they do with real pictures."""

from nets.experiment import Experiment
from nets.recipes import recipes
from nets.views.layers import LayersView
from pages.parts import health, settings
from pages.parts.bench import Bench
from pages.parts.charts import LOSSES_AND_ACCURACIES, curves_card
from pages.parts.drawn import OFF_OR_ON
from pages.parts.entry import enter
from pages.parts.frame import bar, cards
from pages.parts.image_data import data_card, preview
from pages.parts.image_looks import CHOICES, Looks
from pages.parts.image_network import layer_table, network_card


def belongs(experiment: Experiment) -> bool:
    """Can this screen show the experiment?"""
    return experiment.data.kind == "images" and experiment.train.objective.kind == "supervised"


def network() -> None:
    """Draw the network's settings, and its layers."""
    network_card(bench)
    layer_table(bench.run)


enter()
bench = Bench("images", recipes().get("mlp-digits").experiment, belongs, {"log_axis": OFF_OR_ON, **CHOICES})
looks = Looks(bench)
still = {"layers": LayersView(), **preview()}
panels = health.watched_panels(bench, lambda: {**still, **looks.views()}, looks.hear)

bar(bench, panels, ("test_accuracy", "test accuracy"))
cards(
    data=lambda: data_card(bench),
    network=network,
    middle=("pictures", lambda: looks.draw(panels)),
    curves=lambda: curves_card(bench, panels, LOSSES_AND_ACCURACIES),
    training=lambda: settings.training_card(bench, columns=2, sizes=False),
)
health.health_line(bench, panels)
panels.stream()
