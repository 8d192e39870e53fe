"""What views of networks that make things show is what these networks make."""

import numpy as np
import pytest
import torch

from nets.datasets.distributions.gaussians import Gaussians
from nets.training import Controls, Idle, StepDone, Training
from nets.views.anomalies import AnomaliesView
from nets.views.decoded import DecodedView
from nets.views.game import EXTENT, GameView, mesh_of_noise
from nets.views.generation import distances, steady_extent
from nets.views.interpolation import InterpolationView, on_arc
from nets.views.latent_plane import LatentPlaneView, middles
from nets.views.nearest import NearestView
from nets.views.reconstructions import ReconstructionsView
from nets.views.samples import SamplesView
from nets.views.turn import TurnView
from tests.nets.experiments import pictures, trained, until_idle
from tests.nets.views.making import making, playing

RING = {"kind": "distribution", "name": "ring", "num_points": 100}


def always_make(training: Training, outputs: torch.Tensor) -> None:
    """Let the generator's last layer give the same, whatever the noise is."""
    parameters = dict(training.model.get_submodule("generator").named_parameters())
    with torch.no_grad():
        parameters["output.weight"].zero_()
        parameters["output.bias"].copy_(outputs)


def pixels(training: Training, x: torch.Tensor) -> np.ndarray:
    """Inputs of one channel as bytes."""
    return training.inputs.pictures(x)[:, 0].numpy()


def test_samples_are_made_of_the_same_noise_each_time():
    training = trained(making("gan"))
    shown = SamplesView(count=10).look(training)
    with torch.no_grad():
        made = training.model.get_submodule("generator")(training.objective.latents(10, 0, "cpu"))
    assert np.array_equal(shown.pictures, pixels(training, made))
    assert shown.labels is None
    assert not np.array_equal(shown.pictures, SamplesView(count=10, seed=1).look(training).pictures)


def test_a_network_that_is_told_a_class_makes_each_in_turn():
    shown = SamplesView(count=12).look(Training(making("vae", conditional=True)))
    assert shown.labels is not None
    assert shown.labels.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]


def test_reconstructions_stand_beside_their_inputs():
    training = trained(making("autoencoder"))
    shown = ReconstructionsView(count=6, start=3).look(training)
    x = training.inputs(training.parts.test.x[3:9])
    with torch.no_grad():
        made = training.model(x)
    assert shown.indices.tolist() == [3, 4, 5, 6, 7, 8]
    assert shown.noisy is None
    assert np.array_equal(shown.pictures, training.split.test_x[3:9, 0])
    assert np.array_equal(shown.outputs, pixels(training, made))
    assert np.allclose(shown.errors, (made - x).square().flatten(1).mean(dim=1).numpy(), atol=1e-6)


def test_reconstructions_behind_the_last_picture_begin_anew():
    training = Training(making("autoencoder"))
    last = len(training.parts.test) - 1
    assert ReconstructionsView(count=2, start=last).look(training).indices.tolist() == [last, 0]


def test_a_network_that_cleans_pictures_shows_what_it_was_given():
    training = Training(making("autoencoder", rule={"noise": "mask", "noise_amount": 1.0}))
    shown = ReconstructionsView(count=4).look(training)
    assert shown.noisy is not None
    assert len(np.unique(shown.noisy)) == 1
    assert np.array_equal(shown.pictures, training.split.test_x[:4, 0])


def test_two_numbers_are_a_plane_as_they_are():
    training = trained(making("vae", latent_dim=2))
    shown = LatentPlaneView(grid=5).look(training)
    with torch.no_grad():
        mu = training.model.get_submodule("encoder")(training.inputs(training.parts.test.x[:600]))[:, :2]
        made = training.model.get_submodule("decoder")(middles(5, shown.extent))
    assert np.allclose(shown.xy, mu.numpy(), atol=1e-6)
    assert shown.explained is None
    assert shown.grid is not None
    assert np.array_equal(shown.grid, pixels(training, made))
    assert np.abs(shown.xy).max() <= shown.extent * 1.2


def test_many_numbers_show_the_plane_in_which_codes_differ_most():
    training = trained(making("autoencoder", latent_dim=6))
    shown = LatentPlaneView().look(training)
    with torch.no_grad():
        z = training.model.get_submodule("encoder")(training.inputs(training.parts.test.x[:600]))
    assert shown.basis.shape == (2, 6)
    assert np.allclose(shown.basis @ shown.basis.T, np.eye(2), atol=1e-5)
    assert np.allclose(shown.xy, (z - z.mean(dim=0)).numpy() @ shown.basis.T, atol=1e-4)
    whole = z.var(dim=0, correction=0).sum().item()
    assert shown.explained == pytest.approx(shown.xy.var(axis=0).sum() / whole, rel=1e-3)
    values = torch.linalg.eigvalsh(torch.cov(z.T, correction=0))
    assert shown.explained == pytest.approx((values[-2:].sum() / values.sum()).item(), rel=1e-3)


def test_a_plane_through_noise_has_no_codes():
    shown = LatentPlaneView().look(Training(making("gan", latent_dim=20)))
    assert shown.xy.shape == (0, 2)
    assert shown.grid is not None
    assert shown.extent == pytest.approx(20**0.5, rel=0.4)


def test_one_code_is_decoded():
    training = trained(making("vae", latent_dim=3))
    shown = DecodedView(z=(0.5, -1.0)).look(training)
    with torch.no_grad():
        made = training.model.get_submodule("decoder")(torch.tensor([[0.5, -1.0, 0.0]]))
    assert np.array_equal(shown.picture, pixels(training, made)[0])
    assert shown.z.tolist() == [0.5, -1.0, 0.0]
    with pytest.raises(ValueError, match="4 numbers; this network takes 3"):
        DecodedView(z=(1, 2, 3, 4)).look(training)


def test_the_class_that_is_told_changes_the_picture():
    training = trained(making("gan", conditional=True))
    first, last, behind = (DecodedView(label=label).look(training) for label in (0, 9, 400))
    assert not np.array_equal(first.picture, last.picture)
    assert np.array_equal(last.picture, behind.picture)
    assert behind.label == 9


def test_a_way_begins_and_ends_at_the_reconstructions():
    training = trained(making("autoencoder"))
    shown = InterpolationView(first=2, second=5, steps=7).look(training)
    with torch.no_grad():
        ends = training.model(training.inputs(training.parts.test.x[[2, 5]]))
    assert np.array_equal(shown.pictures[[0, -1]], pixels(training, ends))
    assert shown.ends is not None
    assert np.array_equal(shown.ends, training.split.test_x[[2, 5], 0])


def test_a_way_between_noises_keeps_their_length():
    ends = torch.tensor([[3.0, 0.0], [0.0, 3.0]])
    way = on_arc(ends, torch.linspace(0, 1, 5)[:, None])
    assert torch.allclose(way.norm(dim=1), torch.full((5,), 3.0))
    assert torch.allclose(way[2], torch.full((2,), 3 / 2**0.5))
    assert torch.allclose(on_arc(ends[[0, 0]], torch.tensor([[0.3]])), ends[:1])


def test_a_sample_learnt_by_heart_is_found():
    training = Training(making("gan", style="dense"))
    known = training.inputs(training.parts.train.x[17:18])
    always_make(training, torch.atanh(known.flatten().clamp(-0.999999, 0.999999)))
    shown = NearestView(sample=3).look(training)
    assert shown.indices[0] == 17
    assert shown.away[0] < 1e-3 < shown.closest <= shown.usual
    assert np.all(np.diff(shown.away) >= 0)


def test_distances_are_root_mean_squares():
    x, others = torch.tensor([[0.0, 0.0]]), torch.tensor([[3.0, 3.0], [0.0, 0.0]])
    assert distances(x, others).tolist() == [[3.0, 0.0]]
    assert distances(x, others, exact=False)[0, 0].item() == pytest.approx(3.0)


def test_anomalies_find_the_class_that_was_hidden():
    training = trained(making("autoencoder", {"hidden_class": "3"}))
    shown = AnomaliesView().look(training)
    assert shown.odd_classes == (3,)
    assert shown.odd is not None
    assert np.array_equal(shown.odd, training.split.test_y[:2000] == 3)
    ordinary, odd = shown.errors[~shown.odd], shown.errors[shown.odd]
    wins = (odd[:, None] > ordinary[None]).mean() + 0.5 * (odd[:, None] == ordinary[None]).mean()
    assert shown.auc == pytest.approx(wins, abs=1e-6)
    assert shown.auc == pytest.approx(training.metrics["test_auc"], abs=1e-4)
    assert shown.errors[shown.worst].tolist() == sorted(shown.errors, reverse=True)[: len(shown.worst)]


def test_without_an_odd_class_there_is_no_curve():
    shown = AnomaliesView().look(Training(making("vae")))
    assert shown.odd is None
    assert shown.auc is None
    assert AnomaliesView(odd=7).look(Training(making("vae"))).odd_classes == (7,)


def test_a_game_shows_what_both_players_say():
    training = trained(playing())
    shown = GameView(size=20, count=50).look(training)
    with torch.no_grad():
        fake = training.model.get_submodule("generator")(training.objective.latents(50, 0, "cpu"))
        verdict = training.model.get_submodule("discriminator")(middles(20, EXTENT)).sigmoid()
    assert np.array_equal(shown.fake, fake.numpy())
    assert np.array_equal(shown.real, training.split.train_x[:50])
    assert shown.surface is not None
    assert np.abs(shown.surface.flatten() - verdict.flatten().numpy() * 254).max() <= 0.51
    assert shown.is_verdict


@pytest.mark.parametrize("loss", ["non_saturating", "bce", "least_squares", "wasserstein"])
def test_made_points_are_pulled_to_where_the_loss_falls(loss):
    training = trained(playing(rule={"loss": loss, "gradient_penalty": 1.0}))
    shown = GameView(count=40).look(training)
    discriminator = training.model.get_submodule("discriminator")
    fake = torch.from_numpy(shown.fake).requires_grad_()
    (slope,) = torch.autograd.grad(discriminator(fake).sum(), fake)
    along = (slope.numpy() * shown.pull).sum(axis=1)
    assert np.all(along >= -1e-9)  # towards where the discriminator says real
    assert along.max() > 0


def test_a_mesh_has_the_same_noise_in_each_cell():
    two = mesh_of_noise(Training(playing()), 4)
    assert two is not None
    assert two.shape == (5, 5, 2)
    shares = torch.special.ndtr(two[0, :, 0]).diff()
    assert torch.allclose(shares, shares[0].expand(4), atol=1e-5)
    line = mesh_of_noise(Training(playing(latent_dim=1, noise="uniform")), 4)
    assert line is not None
    assert (line.shape[0], line.min().item(), line.max().item()) == (1, -1, 1)
    assert mesh_of_noise(Training(playing(latent_dim=3)), 4) is None


def test_modes_are_covered_where_samples_are():
    training = Training(playing(generator_sizes=[]))
    always_make(training, torch.tensor(Gaussians().modes().centres[0]))
    shown = GameView().look(training)
    assert shown.modes is not None
    assert shown.modes[:, 2].tolist() == [1, 0, 0]
    assert GameView().look(Training(playing("ring"))).modes is None


def test_points_of_a_network_without_an_opponent_are_shown_too():
    shown = GameView(count=30).look(Training(making("vae", RING, latent_dim=2)))
    assert shown.surface is None
    assert shown.pull is None
    assert shown.fake.shape == (30, 2)
    assert shown.mesh is not None


def test_the_next_turn_is_the_one_that_the_next_step_takes():
    training, controls = Training(playing()), Controls(paused=True)
    events = training.events(controls)
    while not isinstance(next(events), Idle):
        pass
    shown = TurnView().look(training)
    controls.step()
    steps = [event for event in until_idle(events) if isinstance(event, StepDone)]
    assert (shown.number, steps[0].step) == (1, 1)
    assert shown.turn.generator is not None
    assert steps[0].loss == pytest.approx(shown.turn.generator.loss, rel=1e-5)
    with torch.no_grad():
        made = training.model.get_submodule("generator")(torch.from_numpy(shown.turn.noise))
    assert np.allclose(made.numpy(), shown.turn.generator.fake_after, atol=1e-6)


@pytest.mark.parametrize("view", [SamplesView(), GameView(), ReconstructionsView(), AnomaliesView(), LatentPlaneView()])
def test_what_makes_nothing_is_refused(view):
    with pytest.raises(ValueError, match=r"nothing here that could be|no encoder"):
        view.look(Training(pictures()))


def test_pictures_are_no_points_and_points_no_pictures():
    with pytest.raises(ValueError, match="no points of the plane"):
        GameView().look(Training(making("gan")))
    with pytest.raises(ValueError, match="no pictures"):
        SamplesView().look(Training(playing()))


def test_an_extent_grows_in_steps():
    assert steady_extent(1.0) == pytest.approx(1.0)
    assert steady_extent(1.01) == steady_extent(1.2) == pytest.approx(1.25)
    assert steady_extent(0.0) == steady_extent(float("nan")) == 1.0
