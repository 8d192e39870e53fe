"""What went wrong, as a screen says it."""

from nets.runs.protocol import Begin
from nets.runs.run import Run
from nets.runs.worker import failure
from pages.parts import payloads
from pages.parts.refusals import reason_in_plain_words
from tests.nets.experiments import small
from tests.pages.fakes import unpack


def test_a_run_whose_data_can_t_be_had_keeps_its_epochs_and_names_no_path():
    run = Run("run-of-a-test", Begin(small()))
    run.take(failure("data.name: mnist is not on this computer; take digits"))
    meta, _ = unpack(payloads.meters_payload(run, 0, metric=None))
    assert meta["message"] == "Data: mnist is not on this computer; take digits."
    assert meta["items"][0]["value"] == "0 / 3"
    assert "parameters" not in payloads.summary(run.experiment, run)


def test_a_reason_that_names_no_field_stays_as_it_is():
    reason = "The training process was killed: data are kept."
    assert reason_in_plain_words(reason) == reason
