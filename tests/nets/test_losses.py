"""Every loss with every task: the number is the formula's, a step changes it; what makes no sense is refused."""

import pytest
import torch
from torch.nn import functional as F

from nets.compatibility import effective_output_activation
from nets.experiment import Experiment
from nets.losses import LOSSES, resolve
from nets.training import Training
from tests.nets.experiments import DATA_OF_TASK, epochs, history_of, pictures, problems_of, settings, small

REFUSED = {(loss, "regression") for loss in ("cross_entropy", "bce", "hinge", "nll")}
USABLE = [(loss, task) for loss in LOSSES.names() for task in DATA_OF_TASK if (loss, task) not in REFUSED]
AUTO = {"binary": "bce", "multiclass": "cross_entropy", "regression": "mse"}


def experiment_with(loss, task, changes=None) -> Experiment:
    return small({"data.name": DATA_OF_TASK[task], "data.num_points": 60, "train.loss": loss, **(changes or {})})


def wanted(labels, task, *, low):
    """Targets as columns, written out anew: low … 1 for classes, the values themselves else."""
    if task == "regression":
        return labels
    if task == "binary":
        return torch.where(labels == 1, 1.0, low)[:, None]
    return torch.eye(4)[labels]


def formula(loss, task, outputs, labels):
    """The loss by its textbook formula."""
    distance = outputs - wanted(labels, task, low=-1.0)
    match loss:
        case "mse":
            return distance.square().mean()
        case "l1":
            return distance.abs().mean()
        case "huber":
            small_enough = distance.abs() < 1
            return torch.where(small_enough, distance.square() / 2, distance.abs() - 0.5).mean()
        case "cross_entropy":
            return -outputs.softmax(dim=1).log()[torch.arange(len(labels)), labels].mean()
        case "nll":
            return -outputs[torch.arange(len(labels)), labels].mean()
        case "bce":
            return F.binary_cross_entropy(outputs.sigmoid(), wanted(labels, task, low=0.0))
        case "hinge" if task == "binary":
            return (1 - outputs * wanted(labels, task, low=-1.0)).clamp(min=0).mean()
        case "hinge":
            right = outputs.gather(1, labels[:, None])
            others = torch.ones_like(outputs).scatter(1, labels[:, None], 0)
            return ((1 - right + outputs).clamp(min=0) * others).sum(dim=1).mean() / outputs.shape[1]
    raise AssertionError(loss)


@pytest.mark.parametrize(("loss", "task"), USABLE)
def test_a_usable_loss_is_the_formulas_number(loss, task):
    training = Training(experiment_with(loss, task))
    part = training.parts.test
    outputs = training.model(part.x)
    measured = training.measure()["test_loss"]
    assert measured == pytest.approx(formula(loss, task, outputs, part.labels).item(), rel=1e-5)


@pytest.mark.parametrize(("loss", "task"), USABLE)
def test_a_usable_loss_falls(loss, task):
    untrained, *later = epochs(history_of(experiment_with(loss, task)))
    assert later[-1].metrics["train_loss"] < untrained.metrics["train_loss"]


@pytest.mark.parametrize(("loss", "task"), [pair for pair in USABLE if pair[1] != "regression"])
def test_accuracy_and_shares_agree_with_the_outputs(loss, task):
    training = Training(experiment_with(loss, task))
    part = training.parts.test
    outputs = training.model(part.x)
    shares = training.objective.shares(outputs)
    assert shares.shape == (len(part), training.experiment.data.info().num_targets)
    assert torch.allclose(shares.sum(dim=1), torch.ones(len(part)))
    assert shares.min() >= 0
    right = (shares.argmax(dim=1) == part.labels).float().mean().item()
    if outputs.shape[1] > 1 or outputs.abs().max() < 1:
        assert training.measure()["test_accuracy"] == pytest.approx(right)


def test_scores_are_around_zero_for_two_classes_and_shares_for_more():
    two = resolve("bce", experiment_with("auto", "binary").data.info()).bind(Training(small()).experiment.data.info())
    assert two.scores(torch.tensor([[-50.0], [0.0], [50.0]])).flatten().tolist() == pytest.approx([-1, 0, 1])
    info = experiment_with("auto", "multiclass").data.info()
    scores = resolve("auto", info).bind(info).scores(torch.zeros(1, 4))
    assert scores.tolist() == [[0.25] * 4]


def test_r2_is_one_minus_what_is_left_of_the_variance():
    training = Training(experiment_with("auto", "regression"))
    part = training.parts.test
    residual = (part.labels - training.model(part.x)).square().sum()
    expected = 1 - residual / (part.labels - part.labels.mean()).square().sum()
    assert training.measure()["test_r2"] == pytest.approx(expected.item(), rel=1e-4)


@pytest.mark.parametrize("loss", LOSSES.names())
def test_every_loss_trains_a_convolutional_network(loss):
    untrained, *later = epochs(history_of(pictures({"train.loss": loss})))
    assert later[-1].metrics["train_loss"] < untrained.metrics["train_loss"]
    assert 0 <= later[-1].metrics["test_accuracy"] <= 1


@pytest.mark.parametrize(("loss", "task"), sorted(REFUSED))
def test_a_senseless_loss_is_refused_with_what_to_pick_instead(loss, task):
    problems = problems_of(settings({"data.name": DATA_OF_TASK[task], "train.loss": loss}))
    assert list(problems) == ["train.loss"]
    assert problems["train.loss"].startswith(f"{loss} compares classes")
    assert problems["train.loss"].endswith("choose from mse, l1, huber")


@pytest.mark.parametrize("task", DATA_OF_TASK)
def test_auto_takes_the_usual_loss(task):
    assert resolve("auto", experiment_with("auto", task).data.info()).name == AUTO[task]
    assert history_of(experiment_with("auto", task)) == history_of(experiment_with(AUTO[task], task))


@pytest.mark.parametrize(
    ("loss", "task", "activation", "why"),
    [
        ("bce", "binary", "sigmoid", "squash twice"),
        ("cross_entropy", "multiclass", "softmax", "squash twice"),
        ("cross_entropy", "binary", "log_softmax", "squash twice"),
        ("auto", "binary", "sigmoid", "squash twice"),
        ("nll", "multiclass", "relu", "log-probabilities"),
        ("nll", "binary", "identity", "log-probabilities"),
        ("mse", "binary", "softmax", "always the same"),
        ("hinge", "binary", "log_softmax", "always the same"),
        ("mse", "regression", "softmax", "always the same"),
    ],
)
def test_a_senseless_output_activation_is_refused(loss, task, activation, why):
    changes = {"data.name": DATA_OF_TASK[task], "train.loss": loss, "model.output_activation": activation}
    problems = problems_of(settings(changes))
    assert list(problems) == ["model.output_activation"]
    assert why in problems["model.output_activation"]
    assert "auto" in problems["model.output_activation"]


@pytest.mark.parametrize(
    ("loss", "task", "activation"),
    [("mse", "multiclass", "softmax"), ("mse", "binary", "tanh"), ("nll", "multiclass", "log_softmax")],
)
def test_a_sensible_output_activation_stands_at_the_end(loss, task, activation):
    training = Training(experiment_with(loss, task, {"model.output_activation": activation}))
    name, module = list(training.model.named_children())[-1]
    assert name == "output_activation"
    assert type(module).__name__.lower() == activation.replace("_", "")


def test_nll_gets_its_log_softmax_by_itself():
    assert effective_output_activation(experiment_with("nll", "multiclass")) == "log_softmax"
    assert effective_output_activation(experiment_with("cross_entropy", "multiclass")) == "identity"
    same = [experiment_with(loss, "multiclass") for loss in ("nll", "cross_entropy")]
    first, second = (epochs(history_of(experiment))[-1].metrics["test_loss"] for experiment in same)
    assert first == pytest.approx(second, rel=1e-5)
