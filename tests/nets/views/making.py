"""Small networks that make things, for views to look at."""

from typing import Any

from nets.experiment import Experiment
from tests.nets.experiments import small

ADAM = {"kind": "adam", "learning_rate": 0.002}
DIGITS = {"kind": "images", "name": "digits", "size": 8, "train_share": 0.1}
RULES = {"gan": "adversarial", "vae": "variational", "autoencoder": "reconstruction"}


def making(
    kind: str, data: dict[str, Any] | None = None, rule: dict[str, Any] | None = None, **model: Any
) -> Experiment:
    """A network of an architecture that makes 8×8 digits, or what ``data`` says, and learns by its usual rule."""
    return small(
        base={
            "version": 1,
            "data": data if data and "kind" in data else DIGITS | (data or {}),
            "model": {"kind": kind, "latent_dim": 3} | model,
            "train": {
                "objective": {"kind": RULES[kind], **(rule or {})},
                "optimizer": ADAM,
                "batch_size": 60,
                "max_epochs": 1,
            },
        }
    )


def playing(name: str = "gaussians", rule: dict[str, Any] | None = None, **model: Any) -> Experiment:
    """Two small networks that play over points of the plane."""
    data = {"kind": "distribution", "name": name, "num_points": 100}
    settings = {"kind": "gan", "latent_dim": 2, "generator_sizes": [8], "discriminator_sizes": [8]} | model
    return small(
        base={
            "version": 1,
            "data": data,
            "model": settings,
            "train": {"objective": {"kind": "adversarial"} | (rule or {}), "optimizer": ADAM, "batch_size": 20}
            | {"max_epochs": 1},
        }
    )


MAKING: dict[str, list[Experiment]] = {
    "samples": [making("gan"), making("vae", conditional=True)],
    "reconstructions": [making("autoencoder", rule={"noise": "gaussian"}), making("vae", style="convolutional")],
    "latent_plane": [making("vae", latent_dim=2), making("autoencoder", latent_dim=5), making("gan")],
    "decoded": [making("vae"), making("gan", conditional=True)],
    "interpolation": [making("autoencoder", conditional=True), making("gan")],
    "nearest": [making("gan")],
    "anomalies": [making("autoencoder", {"hidden_class": "3"}), making("vae")],
    "game": [
        playing(),
        playing("ring", latent_dim=1, noise="uniform"),
        playing("grid", {"loss": "wasserstein", "gradient_penalty": 10}, conditional=True),
    ],
    "turn": [playing(), playing(rule={"discriminator_steps": 3}, conditional=True)],
}
"""Every view of what networks make, with experiments that it can look at."""
