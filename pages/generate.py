"""Generate: networks that make things, from points of the plane to pictures, and how they learn it."""

from nets.datasets.distributions.base import DistributionConfig
from nets.datasets.images.base import PicturesConfig
from nets.experiment import Experiment, dump
from nets.recipes import recipes
from pages.parts import live
from pages.parts.bench import Bench
from pages.parts.drawn import OFF_OR_ON
from pages.parts.entry import enter
from pages.parts.frame import bar, cards
from pages.parts.generate_curves import CHART_NAMES, curves_card
from pages.parts.generate_data import data_card
from pages.parts.generate_looks import LOOKS, Looks
from pages.parts.generate_network import network_card
from pages.parts.generate_settings import training_card
from pages.parts.image_data import preview
from pages.parts.screens import screen_of


def belongs(experiment: Experiment) -> bool:
    """Can this screen show the experiment?"""
    is_known = isinstance(experiment.data, DistributionConfig | PicturesConfig)
    return is_known and screen_of(dump(experiment)) == "generate"


enter()
drawn: dict[str, tuple[str | bool, ...]] = {"log_axis": OFF_OR_ON, "making": ("", *LOOKS), "chart": ("", *CHART_NAMES)}
bench = Bench("generate", recipes().get("gan-gaussians").experiment, belongs, drawn)
looks = Looks(bench)
still = preview()
panels = live.Panels(bench, lambda: {**still, **looks.views()}, looks.hear)

bar(bench, panels, looks.metric(), looks.losses())
cards(
    data=lambda: data_card(bench),
    network=lambda: network_card(bench),
    middle=("made", lambda: looks.draw(panels)),
    curves=lambda: curves_card(bench, panels),
    training=lambda: training_card(bench),
)
panels.stream()
