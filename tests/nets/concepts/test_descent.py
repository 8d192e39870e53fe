"""Races down surfaces, against arithmetic by hand and what is known of each optimizer."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from nets.concepts.descent import STEPS, race, racers
from nets.concepts.surfaces import SURFACES, Rates
from nets.optimizers import OPTIMIZERS

RATES = Rates(gradient=0.1, adaptive=0.05)


def test_every_registered_optimizer_races():
    assert {racer.kind for racer in racers().values()} == set(OPTIMIZERS.names())


@pytest.mark.parametrize("surface", SURFACES, ids=SURFACES.names())
def test_minima_are_lowest_and_in_the_picture(surface):
    low = torch.tensor(surface.minima)
    assert surface.function(low[:, 0], low[:, 1]).numpy() == pytest.approx(0, abs=1e-5)
    *_, losses = surface.picture()
    assert losses.min() >= -1e-5
    for places in (*surface.minima, surface.start):
        assert all(surface.ends(axis)[0] < place < surface.ends(axis)[1] for axis, place in enumerate(places))


def test_a_picture_has_a_row_for_each_second_weight():
    x, y, losses = SURFACES.get("ravine").picture()
    assert losses == pytest.approx((x[None, :] ** 2 + 25 * y[:, None] ** 2) / 2, rel=1e-4, abs=1e-5)


def test_plain_steps_on_the_bowl_shrink_by_one_less_the_rate():
    run = race("bowl", ("sgd",), RATES, (-1.6, 1.2))["sgd"]
    expected = np.array([-1.6, 1.2]) * 0.9 ** np.arange(STEPS + 1)[:, None]
    assert run.path == pytest.approx(expected, abs=1e-5)
    assert run.losses == pytest.approx((expected**2).sum(1) / 2, abs=1e-5)
    assert run.slopes == pytest.approx(np.linalg.norm(expected, axis=1), abs=1e-5)


def test_racers_do_not_disturb_each_other():
    names = ("sgd", "momentum", "adam", "lbfgs")
    together = race("beale", names, RATES, (1.0, 1.0))  # plain steps of 0.1 diverge here
    alone = {name: race("beale", (name,), RATES, (1.0, 1.0))[name] for name in names}
    for name in names:
        assert together[name].path == pytest.approx(alone[name].path, nan_ok=True), name


def test_adam_s_first_step_is_its_rate_in_each_weight():
    run = race("ravine", ("adam",), RATES, (-1.8, 1.2))["adam"]
    assert run.path[1] == pytest.approx([-1.75, 1.15], abs=1e-4)


@pytest.mark.parametrize(("rate", "ending"), [(0.0005, "underway"), (0.02, "arrived"), (0.085, "diverged")])
def test_a_rate_too_small_right_and_too_large(rate, ending):
    run = race("ravine", ("sgd",), Rates(rate, rate), (-1.8, 1.2))["sgd"]
    assert run.ending == ending
    assert np.isnan(run.path[-1]).all() == (ending == "diverged")


@pytest.mark.parametrize("surface", SURFACES, ids=SURFACES.names())
def test_each_surface_s_rates_do_what_they_are_called(surface):
    ends = {name: race(surface.name, ("sgd",), rates, surface.start)["sgd"] for name, rates in surface.rates.items()}
    assert ends["too large"].ending in {"diverged", "left"}
    assert ends["right"].ending not in {"diverged", "left"}
    assert ends["right"].losses[-1] < ends["too small"].losses[-1] or ends["right"].ending == "still"


def test_only_noise_leads_off_the_ridge_of_the_saddle():
    assert race("saddle", ("sgd",), RATES, (-1.8, 0.0))["sgd"].ending == "still"
    assert race("saddle", ("sgd",), RATES, (-1.8, 0.0), batch=64)["sgd"].ending == "arrived"


def test_four_times_the_batch_halves_the_noise_which_is_the_same_for_all():
    one, four = (race("bowl", ("sgd", "momentum"), RATES, (0.0, 0.0), batch=batch) for batch in (1, 4))
    assert one["sgd"].path == pytest.approx(2 * four["sgd"].path, abs=1e-5)
    assert one["sgd"].path[1] == pytest.approx(one["momentum"].path[1])
    again = race("bowl", ("sgd",), RATES, (0.0, 0.0), batch=1)["sgd"]
    assert again.path == pytest.approx(one["sgd"].path)
    other = race("bowl", ("sgd",), RATES, (0.0, 0.0), batch=1, seed=1)["sgd"]
    assert np.abs(other.path[1:] - again.path[1:]).min() > 0


def test_who_leaves_the_picture_is_named_with_the_step():
    run = race("bowl", ("sgd",), replace(RATES, gradient=2.01), (1.9, 0.0))["sgd"]
    step = int(np.argmax(np.abs(run.path).max(1) > 2))
    assert (run.ending, run.step) == ("left", step)


def test_unknown_names_and_empty_batches_are_refused():
    with pytest.raises(ValueError, match="no racer 'sgdd'; choose from sgd"):
        race("bowl", ("sgdd",), RATES, (0.0, 0.0))
    with pytest.raises(ValueError, match="no surface 'hill'"):
        race("hill", ("sgd",), RATES, (0.0, 0.0))
    with pytest.raises(ValueError, match="at least one example, not 0"):
        race("bowl", ("sgd",), RATES, (0.0, 0.0), batch=0)


def test_nobody_races():
    assert race("bowl", (), RATES, (0.0, 0.0)) == {}
