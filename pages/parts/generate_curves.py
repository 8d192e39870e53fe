"""Which metrics of a rule are drawn together over the epochs, and how each curve looks."""

from nets.experiment import Experiment
from pages.parts import live
from pages.parts.bench import Bench
from pages.parts.charts import LOSSES, PERCENT, TEST, TRAIN, Chart, chart_card

AUC = Chart("AUC", (("test_auc", "AUC"),), "", {"test_auc": {**PERCENT, "color": "accent", "dash": False}})
CHARTS = {
    "adversarial": (
        Chart(
            "Losses",
            (("train_loss", "generator"), ("train_discriminator_loss", "discriminator")),
            "loss",
            {"train_loss": TEST, "train_discriminator_loss": TRAIN},
        ),
        Chart(
            "Judge",
            (("train_real_accuracy", "real called real"), ("train_fake_accuracy", "made called made")),
            "",
            {"train_real_accuracy": {**PERCENT, **TRAIN}, "train_fake_accuracy": {**PERCENT, **TEST}},
        ),
    ),
    "variational": (
        LOSSES,
        Chart(
            "Lower bound",
            (("test_reconstruction", "reconstruction"), ("test_kl", "KL of the codes"), ("test_elbo", "ELBO")),
            "nats",
            {
                "test_reconstruction": {**TRAIN, "dash": False},
                "test_kl": {**TEST, "dash": False},
                "test_elbo": {"color": "accent", "dash": False},
            },
        ),
        Chart(
            "Error",
            (("train_error", "train error"), ("test_error", "test error")),
            "squared error",
            {"train_error": TRAIN, "test_error": TEST},
        ),
    ),
    "reconstruction": (
        LOSSES,
        Chart(
            "Error",
            (("train_error", "train error"), ("test_error", "test error")),
            "squared error",
            {"train_error": TRAIN, "test_error": TEST},
        ),
    ),
}
DIVERGENCE = Chart(
    "Divergence",
    (("test_kl", "KL"), ("test_js", "JS")),
    "bits",
    {"test_kl": {**TRAIN, "dash": False}, "test_js": {**TEST, "dash": False}},
)
MODES = Chart(
    "Modes",
    (("test_modes", "modes covered"), ("test_good", "good samples")),
    "modes",
    {"test_modes": {**TRAIN, "dash": False}, "test_good": {**PERCENT, **TEST, "dash": False}},
)


KNOWN = (*(chart for charts in CHARTS.values() for chart in charts), DIVERGENCE, MODES, AUC)
CHART_NAMES = tuple(dict.fromkeys(chart.name for chart in KNOWN))


def charts_for(experiment: Experiment) -> tuple[Chart, ...]:
    """Return what can be drawn of an experiment's metrics."""
    objective = experiment.train.objective
    known = objective.metrics(experiment, experiment.data.info())
    found = CHARTS.get(objective.kind, (LOSSES,))
    if "js" in known:
        found = (found[0], DIVERGENCE, *found[1:])
    if "modes" in known:
        found = (*found, MODES)
    return (*found, AUC) if "auc" in known else found


def curves_card(bench: Bench, panels: live.Panels) -> None:
    """Draw the choice of chart, the chart, and the switch of its axis."""
    chart_card(bench, panels, charts_for(bench.experiment))
