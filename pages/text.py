"""Text: networks that read, classify and continue texts, and what they make of each word."""

from nets.experiment import Experiment
from nets.recipes import recipes
from pages.parts import health, settings
from pages.parts.bench import Bench
from pages.parts.charts import LOSSES, PERCENT, TEST, TRAIN, Chart, chart_card
from pages.parts.drawn import OFF_OR_ON
from pages.parts.entry import enter
from pages.parts.frame import bar, cards
from pages.parts.text_data import data_card
from pages.parts.text_looks import LOOKS, ORDERS, Looks, is_language_model
from pages.parts.text_network import network_card


def both(name: str, label: str) -> tuple[tuple[str, str], ...]:
    """Return the series of a metric on both parts."""
    return (f"train_{name}", f"train {label}"), (f"test_{name}", f"test {label}")


SHARED = {"train": {**PERCENT, **TRAIN}, "test": {**PERCENT, **TEST}}
CLASSES = (
    LOSSES,
    Chart("Accuracy", both("accuracy", "accuracy"), "", {f"{part}_accuracy": look for part, look in SHARED.items()}),
    Chart("F1", both("f1", "F1"), "", {f"{part}_f1": look for part, look in SHARED.items()}),
)
NEXT = (
    Chart("Nats", LOSSES.series, "nats a token"),
    Chart("Bits", both("bits", "bits"), "bits a token", {"train_bits": TRAIN, "test_bits": TEST}),
    Chart("Perplexity", both("perplexity", "perplexity"), "", {"train_perplexity": TRAIN, "test_perplexity": TEST}),
)


def belongs(experiment: Experiment) -> bool:
    """Can this screen show the experiment?"""
    return experiment.data.kind == "text" and experiment.train.objective.kind == "supervised"


def metric(experiment: Experiment) -> tuple[str, str]:
    """Return the metric for the numbers strip, and its label."""
    if not is_language_model(experiment):
        return "test_accuracy", "test accuracy"
    is_letters = getattr(experiment.data, "level", "") == "character"
    return ("test_bits", "bits a character") if is_letters else ("test_perplexity", "perplexity")


enter()
drawn: dict[str, tuple[str | bool, ...]] = {
    "log_axis": OFF_OR_ON,
    "reading": ("", *LOOKS),
    "text_order": tuple(ORDERS),
    "chart": ("", *(chart.name for chart in (*CLASSES, *NEXT))),
}
bench = Bench("text", recipes().get("reviews-bag-of-words").experiment, belongs, drawn)
looks = Looks(bench)
panels = health.watched_panels(bench, looks.views, looks.hear)

bar(bench, panels, metric(bench.experiment))
cards(
    data=lambda: data_card(bench),
    network=lambda: network_card(bench),
    middle=("texts", lambda: looks.draw(panels)),
    curves=lambda: chart_card(bench, panels, NEXT if is_language_model(bench.experiment) else CLASSES),
    training=lambda: settings.training_card(bench, columns=2, sizes=False),
)
health.health_line(bench, panels)
panels.stream()
