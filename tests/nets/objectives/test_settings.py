"""Rules as part of an experiment: what fits, what is refused by name, links, old experiments, edits."""

import pytest
import torch

from nets.architectures import ARCHITECTURES, learning_by
from nets.datasets import DATASETS
from nets.experiment import dump, parse, switch_kind
from nets.link import from_query, to_query
from nets.objectives import OBJECTIVES
from nets.objectives.supervised import Supervised
from nets.training import Controls, Training
from tests.nets.experiments import SMALL, epochs, history_of, problems_of, settings, small, until_idle
from tests.nets.objectives.making import AUTOENCODER, KINDS, POINTS_GAN, made, made_settings

PLANE = [name for name, config in DATASETS.items() if config.model_fields["kind"].default == "distribution"]
MAKERS = [name for name in ARCHITECTURES.names() if name not in learning_by("supervised")]


def test_an_experiment_without_a_rule_is_supervised():
    assert "objective" not in SMALL["train"]  # type: ignore[operator]
    assert small().train.objective == Supervised()


def test_every_rule_has_an_architecture_and_every_architecture_a_rule():
    assert all(learning_by(rule) for rule in OBJECTIVES.names())
    assert all(set(config.objectives) <= set(OBJECTIVES.names()) for config in ARCHITECTURES)


@pytest.mark.parametrize("architecture", ARCHITECTURES.names())
def test_a_network_brings_its_rule_along(architecture):
    switched = switch_kind(dump(small()), "model", architecture)
    assert switched["train"]["objective"]["kind"] in ARCHITECTURES.get(architecture).objectives
    back = switch_kind(switched, "model", "mlp")
    assert back["train"]["objective"]["kind"] == "supervised"


@pytest.mark.parametrize("rule", OBJECTIVES.names())
def test_a_rule_brings_its_network_along(rule):
    base = settings({"train.target": {"metric": "test_accuracy", "value": 1.0}})
    switched = parse(switch_kind(base, "train.objective", rule))
    assert rule in switched.model.objectives
    assert (switched.train.target is None) == (rule != "supervised")


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_carries_it(kind):
    experiment = made(kind)
    query = to_query(experiment, small())
    assert from_query(query, small()) == (experiment, [])
    backwards = dict(reversed(query.items()))
    assert from_query(backwards, small()) == (experiment, [])
    assert from_query(to_query(small(), experiment), experiment) == (small(), [])


@pytest.mark.parametrize("data", PLANE)
def test_every_distribution_is_learnt(data):
    changes = {"data.name": data, "data.num_points": 60, "train.max_epochs": 1}
    untrained, done = epochs(history_of(small(changes, POINTS_GAN)))
    assert done.metrics["train_loss"] != untrained.metrics["train_loss"]
    split = small(changes, POINTS_GAN).data.load(0)
    assert split.train_x.shape == (48, 2)
    assert abs(split.train_x).max() < 1.5
    modes = small(changes, POINTS_GAN).data.modes()
    assert set(split.train_y) <= set(range(len(modes.centres) if modes else 1))


@pytest.mark.parametrize("architecture", MAKERS)
@pytest.mark.parametrize("data", ["circle", "sine", "constant_target", "ring", "shapes"])
def test_whatever_the_data_it_takes_a_step(architecture, data):
    changes = {"data.name": data, "model.kind": architecture, "train.max_epochs": 1}
    experiment = small({**changes, **({"data.num_pictures": 200} if data == "shapes" else {})})
    training, controls = Training(experiment), Controls(paused=True)
    controls.step()
    until_idle(training.events(controls))
    shape = experiment.data.info().input_shape
    z = training.objective.latents(3, 0, "cpu")
    assert training.objective.sample(training.model, z).shape == (3, *shape)
    assert training.num_parameters == experiment.model.room(experiment.data.info(), 0).parameters


@pytest.mark.parametrize("kind", KINDS)
def test_the_parts_of_a_network_keep_their_word(kind):
    training = Training(made(kind))
    rule, shape, model = training.objective, training.experiment.data.info().input_shape, training.model
    labels = torch.tensor([0, 1, 2, 0]) if rule.conditional else None  # type: ignore[attr-defined]
    z = rule.latents(4, 5, "cpu")
    assert torch.equal(z, rule.latents(4, 5, "cpu"))
    assert not torch.equal(z, rule.latents(4, 6, "cpu"))
    assert z.shape == (4, model.latent)
    examples = rule.sample(model, z, labels)
    assert examples.shape == (4, *shape)
    if labels is not None:
        with pytest.raises(ValueError, match="say which class"):
            rule.sample(model, z)
        assert not torch.equal(examples, rule.sample(model, z, labels.flip(0)))
    forward = model(examples, labels)
    assert forward.shape == ((4, 1) if hasattr(model, "discriminator") else examples.shape)
    if len(shape) == 3:
        assert training.inputs.pictures(examples).dtype == torch.uint8
    assert training.num_parameters == training.experiment.model.room(training.experiment.data.info(), 0).parameters


def test_pictures_come_back_as_they_were():
    for normalize in ("half", "unit", "standard"):
        training = Training(made("autoencoder", {"data.normalize": normalize}))
        x = training.parts.test.x
        assert torch.equal(training.inputs.pictures(training.inputs(x)), x)
    with pytest.raises(ValueError, match="no pictures"):
        Training(made("points-gan")).inputs.pictures(torch.zeros(1, 2))


REFUSED = [
    ("autoencoder", {"train.objective": {"kind": "supervised"}}, "train.objective.kind", "take reconstruction"),
    ("autoencoder", {"train.loss": "hinge"}, "train.loss", "choose from auto, mse, l1, huber"),
    ("autoencoder", {"train.precision": "bfloat16"}, "train.precision", "take float32"),
    ("autoencoder", {"train.transfer": {"source": "x"}}, "train.transfer", "reconstruction takes none"),
    ("denoising-mask", {"train.objective.noise_amount": 1.5}, "train.objective.noise_amount", "at most 1"),
    ("vae", {"train.loss": "mse"}, "train.loss", "take auto"),
    (
        "vae",
        {"train.objective.likelihood": "bernoulli", "data.normalize": "standard"},
        "train.objective.likelihood",
        "take gaussian",
    ),
    ("points-gan", {"train.loss": "mse"}, "train.loss", "take auto"),
    ("points-gan", {"train.optimizer": {"kind": "lbfgs"}}, "train.optimizer.kind", "take adam"),
    ("points-gan", {"train.objective.optimizer": {"kind": "lbfgs"}}, "train.objective.optimizer.kind", "take adam"),
    ("points-gan", {"train.l2": 0.1}, "train.l2", "weight_decay"),
    ("points-gan", {"train.early_stopping": {}}, "train.early_stopping", "when to stop"),
    ("points-gan", {"train.schedule": {"kind": "plateau"}}, "train.schedule.kind", "take cosine"),
    ("points-gan", {"train.objective.loss": "wasserstein"}, "train.objective.gradient_penalty", "take 10"),
    ("points-gan", {"model.style": "convolutional"}, "model.style", "take dense"),
    ("points-gan", {"data.name": "ring", "model.conditional": True}, "model.conditional", "take false"),
    ("points-gan", {"train.target": {"metric": "test_accuracy"}}, "train.target.metric", "test_js"),
    (
        "points-gan",
        {"model.spectral_norm": True, "model.discriminator_norm": "layer"},
        "model.spectral_norm",
        "discriminator_norm none",
    ),
    ("points-gan", {"model.norm": "batch", "train.batch_size": 1}, "train.batch_size", "at least 2 examples"),
    ("points-gan", {"train.objective": {"kind": "adverserial"}}, "train.objective", "choose from adversarial"),
    ("autoencoder", {"data.hidden_class": "x"}, "data", "hidden_class is x; choose from 0, 1"),
]


@pytest.mark.parametrize(("kind", "changes", "path", "words"), REFUSED)
def test_what_makes_no_sense_is_refused_by_name(kind, changes, path, words):
    problems = problems_of(made_settings(kind, changes))
    assert list(problems) == [path]
    assert words in problems[path]


def test_what_has_no_classes_is_not_learnt_from_answers():
    raw = settings({"data.name": "ring"})
    assert "nothing to tell apart" in problems_of(raw)["train.objective.kind"]


def test_settings_of_a_rule_change_in_mid_run_and_both_optimizers_keep_their_memory():
    training, controls = Training(made("points-gan")), Controls(paused=True)
    events = training.events(controls)
    until_idle(events)
    controls.step(3)
    until_idle(events)
    memories, weights = training.optimizers, training.weights()
    message = training.edit(made("points-gan", {"train.objective.optimizer.learning_rate": 0.5}))
    assert message == "Settings changed"
    assert training.optimizers is memories
    assert all(torch.equal(value, weights[name]) for name, value in training.weights().items())
    controls.step()
    until_idle(events)
    assert training.optimizers[1].param_groups[0]["lr"] == 0.5
    training.edit(made("points-gan", {"train.objective.optimizer.kind": "sgd"}))
    assert isinstance(training.optimizers[1], torch.optim.SGD)


def test_a_running_mean_that_joins_in_mid_run_starts_where_the_generator_is():
    training, controls = Training(made("points-gan")), Controls(paused=True)
    events = training.events(controls)
    controls.step(3)
    until_idle(events)
    generator = training.weights()["generator.hidden1.weight"]
    training.edit(made("points-gan", {"train.objective.average": 0.5}))
    assert torch.equal(training.weights()["average.hidden1.weight"], generator)
    assert torch.equal(training.weights()["generator.hidden1.weight"], generator)


def test_a_divergence_says_what_to_lower():
    changes = {"train.optimizer.learning_rate": 1e9, "train.objective.optimizer.learning_rate": 1e9}
    *_, last = history_of(made("points-gan", changes))
    assert last.status == "diverged"  # type: ignore[union-attr]
    assert "Lower the learning rate" in last.reason  # type: ignore[union-attr]
    *_, last = history_of(small({"train.optimizer.learning_rate": 1e9}, AUTOENCODER))
    assert last.status == "diverged"  # type: ignore[union-attr]
