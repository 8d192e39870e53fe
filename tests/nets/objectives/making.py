"""Small experiments with networks that make examples."""

from collections.abc import Mapping
from typing import Any

from nets.experiment import Experiment
from tests.nets.experiments import settings, small

DIGITS = {"kind": "images", "name": "digits", "size": 8, "train_share": 0.1}
ADAM = {"kind": "adam", "learning_rate": 0.002}
GAME = {"kind": "adversarial", "optimizer": {"kind": "adam", "learning_rate": 0.003}}

POINTS_GAN: dict[str, Any] = {
    "data": {"kind": "distribution", "name": "gaussians", "num_points": 200},
    "model": {"kind": "gan", "latent_dim": 2, "generator_sizes": [6], "discriminator_sizes": [7]},
    "train": {"objective": GAME, "optimizer": ADAM, "batch_size": 40, "max_epochs": 2},
}
DIGITS_GAN: dict[str, Any] = {
    "data": DIGITS,
    "model": {"kind": "gan", "latent_dim": 5, "generator_sizes": [9], "discriminator_sizes": [8], "channels": [3, 4]},
    "train": {"objective": GAME, "optimizer": ADAM, "batch_size": 32, "max_epochs": 2},
}
AUTOENCODER: dict[str, Any] = {
    "data": DIGITS,
    "model": {"kind": "autoencoder", "latent_dim": 4, "hidden_sizes": [12], "channels": [3, 4]},
    "train": {"objective": {"kind": "reconstruction"}, "optimizer": ADAM, "batch_size": 32, "max_epochs": 2},
}
VAE: dict[str, Any] = {
    "data": DIGITS,
    "model": {"kind": "vae", "hidden_sizes": [12], "channels": [3, 4]},
    "train": {"objective": {"kind": "variational"}, "optimizer": ADAM, "batch_size": 32, "max_epochs": 2},
}

CONVOLUTIONAL = {"model.style": "convolutional"}
CONDITIONAL = {"model.conditional": True}
KINDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "points-gan": (POINTS_GAN, {}),
    "points-gan-uniform": (POINTS_GAN, {"model.noise": "uniform", "model.latent_dim": 1}),
    "points-gan-several-steps": (
        POINTS_GAN,
        {"train.objective.discriminator_steps": 2, "train.objective.generator_steps": 3},
    ),
    "points-gan-bce": (POINTS_GAN, {"train.objective.loss": "bce", "train.objective.label_smoothing": 0.1}),
    "points-gan-least-squares": (POINTS_GAN, {"train.objective.loss": "least_squares", "train.clip_norm": 0.5}),
    "points-wgan": (
        POINTS_GAN,
        {
            "train.objective.loss": "wasserstein",
            "train.objective.gradient_penalty": 1.0,
            "train.objective.discriminator_steps": 3,
        },
    ),
    "points-gan-other-optimizers": (
        POINTS_GAN,
        {"train.optimizer.kind": "rmsprop", "train.objective.optimizer.kind": "sgd", "train.schedule.kind": "cosine"},
    ),
    "digits-gan": (DIGITS_GAN, {}),
    "digits-gan-average": (DIGITS_GAN, {"train.objective.average": 0.9, "model.norm": "batch"}),
    "digits-gan-of-classes": (DIGITS_GAN, CONDITIONAL),
    "dcgan": (DIGITS_GAN, {**CONVOLUTIONAL, "model.norm": "batch", "model.discriminator_norm": "batch"}),
    "dcgan-of-classes": (
        DIGITS_GAN,
        {**CONVOLUTIONAL, **CONDITIONAL, "model.spectral_norm": True, "model.discriminator_dropout": 0.2},
    ),
    "autoencoder": (AUTOENCODER, {}),
    "autoencoder-of-classes": (AUTOENCODER, CONDITIONAL),
    "denoising": (AUTOENCODER, {"train.objective.noise": "gaussian", "data.normalize": "unit"}),
    "denoising-mask": (AUTOENCODER, {**CONVOLUTIONAL, "train.objective.noise": "mask", "train.loss": "l1"}),
    "denoising-spots": (AUTOENCODER, {"train.objective.noise": "salt_pepper", "model.norm": "layer"}),
    "sparse": (AUTOENCODER, {"train.objective.sparsity": 0.1, "data.normalize": "standard"}),
    "anomalies": (AUTOENCODER, {"data.hidden_class": "7"}),
    "vae": (VAE, {}),
    "vae-convolutional": (VAE, {**CONVOLUTIONAL, "model.norm": "batch", "data.augment.shift": 0.1}),
    "vae-of-classes": (VAE, {**CONDITIONAL, "train.objective.beta": 2.0, "train.objective.free_bits": 0.2}),
    "vae-warm-up": (VAE, {"train.objective.warmup_epochs": 2, "data.hidden_class": "3"}),
    "vae-gaussian": (VAE, {"train.objective.likelihood": "gaussian", "train.early_stopping": {"patience": 5}}),
}
"""Every rule with every choice that changes what a step does."""


def made(name: str, changes: Mapping[str, Any] | None = None) -> Experiment:
    """One of the ``KINDS``, with more changes."""
    base, own = KINDS[name]
    return small({**own, **(changes or {})}, base)


def made_settings(name: str, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The JSON settings of one of the ``KINDS``, whether they can be run or not."""
    base, own = KINDS[name]
    return settings({**own, **(changes or {})}, base)
