"""The process that trains one run: it iterates ``fit``, obeys commands and sends frames.

Started by itself (``python -m nets.runs.worker``) it imports torch first, reads from its standard input whom to call,
and then calls the manager: that is how runs start where processes can't fork.
"""

import logging
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from nets.datasets.images.downloading import Progress, downloads_reported_to
from nets.problems import InvalidExperiment
from nets.runs.changes import Change, apply
from nets.runs.checkpoints import load
from nets.runs.looking import SHARE, Looking, first_line
from nets.runs.process import call, keep_memory, told
from nets.runs.protocol import (
    ENDED,
    Ack,
    Begin,
    Do,
    Edit,
    Frame,
    LoadWeights,
    SetParameter,
    Travel,
    Watch,
)
from nets.runs.recorder import Recorder
from nets.runs.trunks import trunk_of
from nets.runs.warm import warm_up
from nets.training import Controls, Edited, EpochDone, Event, Finished, Idle, Started, Timing, Training
from nets.training.state import DamagedState

FRAMES_PER_SECOND = 12
UNWATCHED_SECONDS = 0.5
"""Between frames when nobody looks."""
PROGRESS_SECONDS = 0.1
POLL_SECONDS = 0.01
"""Between two looks at the connection; training pauses or stops within this and one step."""


class Worker:
    """One run in this process."""

    def __init__(self, connection: "Connection[Any, Any]", training: Training, begin: Begin) -> None:
        self.connection = connection
        self.training = training
        self.recorder = Recorder(Path(begin.folder)) if begin.folder else None
        self.controls = Controls(paused=True)
        self.looking = Looking()
        self.status, self.reason = begin.status, begin.reason
        self.message = ""
        self.started: Started | None = None
        self.rows: list[dict[str, Any]] = []
        self._obeyed = self._edits = 0
        self._edited = False
        self._is_new = begin.state is None
        self._may_send = self._dirty = True
        self._next_frame = self._last_poll = 0.0
        self._rate_from = (time.perf_counter(), 0)
        self._rate = 0.0

    def run(self, inbox: Sequence[Any] = ()) -> None:
        """Train and obey until the manager hangs up; ``inbox`` holds what it said while the data were loaded."""
        for command in inbox:
            self._obey(command)
        while True:
            training = self.training
            for event in training.events(self.controls):
                self._take(event)
                now = time.perf_counter()
                if isinstance(event, Idle):
                    self._wait()
                elif now - self._last_poll > POLL_SECONDS:
                    self._last_poll = now
                    while self.connection.poll():
                        self._obey(self.connection.recv())
                has_news = self._may_send and (self._dirty or self.controls.running) and now >= self._next_frame
                if has_news and not isinstance(event, Started):  # what was measured follows at once
                    self._send()
                if training is not self.training:
                    break

    def _wait(self) -> None:
        """Wait for a command; a change to be shown waits no longer than for its frame's turn."""
        self._note_pause()
        patience = max(0.0, self._next_frame - time.perf_counter()) if self._dirty and self._may_send else None
        if self.connection.poll(patience):
            self._obey(self.connection.recv())
            while self.connection.poll():
                self._obey(self.connection.recv())

    def _note_pause(self) -> None:
        """Say that the run is paused, once, whoever sees it first; and keep it as it is."""
        if self.status == "training" and self.controls.waiting:
            self.status, self._dirty, self._next_frame = "paused", True, 0.0
            self._keep_state()

    def _take(self, event: Event) -> None:
        match event:
            case Started():
                self.started = event
            case EpochDone():
                self.rows.append({"epoch": event.epoch, "step": event.step, **event.metrics})
                self._dirty = True
                if self.recorder and event.step:
                    self.recorder.epoch(self.training, event)
            case Edited():
                self.message, self._dirty = event.message, True
                self._keep_state(changed=True)
            case Finished():
                self.status, self.reason, self._dirty, self._next_frame = event.status, event.reason, True, 0.0
                self._keep_state(changed=event.status == "diverged")

    def _obey(self, command: Any) -> None:
        match command:
            case Ack():
                self._may_send = True
            case Watch():
                self.looking.watch(command.views)
                self._dirty, self._next_frame = True, 0.0
            case Edit() | SetParameter() | LoadWeights():
                self.controls.change(lambda training: self._change(training, command))
            case Travel():
                self._travel(command)
            case Do():
                self._obeyed, self._dirty, self._next_frame = command.number, True, 0.0
                self._do(command)

    def _change(self, training: Training, command: Change) -> str:
        self._edits += isinstance(command, Edit)
        message, has_changed = apply(training, command)
        self.looking.forget()
        self._edited |= has_changed and (training.step > 0 or isinstance(command, LoadWeights))
        return message

    def _travel(self, command: Travel) -> None:
        try:
            self.training = load(Path(command.state), self.training.split)
            self.looking.forget()
            self.message = ""
            self._rate_from = (time.perf_counter(), self.training.step)
        except (DamagedState, InvalidExperiment, OSError) as error:
            self.message = f"That checkpoint can't be opened: {error}"
        self.rows, self._dirty, self._next_frame = [], True, 0.0

    def _keep_state(self, *, changed: bool = False) -> None:
        if self.recorder and self.training.step:
            self.recorder.checkpoint(self.training, changed=changed)

    def _do(self, command: Do) -> None:
        if command.action == "pause":
            self.controls.pause()
            return
        if command.action == "stop":
            self.controls.stop()
            return
        if self._is_new and self.recorder:
            self.recorder.begin(self.training)
        self._is_new = False
        if self.status in ENDED and self.status not in ("failed", "interrupted"):  # those had not come to their end
            self.training.extend()
        self.status, self.reason = "training", ""
        self._rate_from = (time.perf_counter(), self.training.step)
        self._edited |= bool(command.part)  # a script takes every part's steps together
        if command.action == "step":
            self.controls.step(part=command.part)
            return
        {"play": self.controls.resume, "epoch": self.controls.epoch}[command.action]()

    def _send(self) -> None:
        began = time.perf_counter()
        self._note_pause()
        views = self.looking.look(self.training, running=self.controls.running)
        self.message = self.looking.problem or self.message
        looked = time.perf_counter()
        self.connection.send(self._frame(began, views))
        self.rows = []
        self._may_send, self._dirty = False, self.looking.owes
        ended = time.perf_counter()
        pause = 1 / FRAMES_PER_SECOND if self.looking.views else UNWATCHED_SECONDS
        own = self.looking.cost + (ended - looked)
        self._next_frame = max(began + pause, ended + own / SHARE)

    def _frame(self, now: float, views: dict[str, Any]) -> Frame:
        training = self.training
        assert self.started is not None, "Started is the first event"
        since, step = self._rate_from
        if now - since > 0.5 and self.status == "training":  # what waits would count as slow
            self._rate = (training.step - step) / (now - since)
            self._rate_from = (now, training.step)
        return Frame(
            obeyed=self._obeyed,
            status=self.status,
            reason=self.reason,
            step=training.step,
            epoch=training.epoch,
            max_epochs=training.max_epochs,
            metrics=dict(training.metrics),
            learning_rate=training.learning_rate,
            timing=training.timing(),
            steps_per_second=self._rate or training.timing().steps_per_second,
            parameters=training.num_parameters,
            device=self.started.device,
            train_examples=self.started.train_examples,
            test_examples=self.started.test_examples,
            message=self.message,
            edits=self._edits,
            experiment=training.experiment if self._edits else None,
            edited=self._edited,
            unkept=self.recorder.problem if self.recorder else "",
            tier=training.tiers.name,
            tier_problem=training.tiers.problem,
            threads=training.threads,
            tokens_per_step=training.batches.tokens * training.experiment.train.batch_size,
            rows=tuple(self.rows),
            views=views,
        )


def serve(connection: "Connection[Any, Any]") -> None:
    """Take one experiment over ``connection`` and train it; return when the other side hangs up."""
    keep_memory()
    try:
        begin = connection.recv()
        assert isinstance(begin, Begin), "the first message is Begin"
        inbox: list[Any] = []
        with downloads_reported_to(_passing_on(connection, inbox)):
            training = _training(begin)
        Worker(connection, training, begin).run(inbox)
    except (EOFError, ConnectionError):
        return
    except DamagedState as error:
        connection.send(failure(f"The run's last checkpoint can't be opened: {error}"))
    except InvalidExperiment as error:
        connection.send(failure(str(error)))
    except MemoryError:
        connection.send(failure("There was not enough memory for this network or batch; take a smaller one."))
    except Exception as error:
        logging.getLogger(__name__).exception("The run failed")
        connection.send(failure(f"Training failed: {type(error).__name__}: {first_line(error)}"))


def _passing_on(connection: "Connection[Any, Any]", inbox: list[Any]) -> Callable[[Progress], None]:
    """Return what tells the manager of a download, and ends it if the manager has hung up."""
    told = 0.0

    def listener(progress: Progress) -> None:
        """Pass on how far it is, and keep what the manager says meanwhile.

        Raises:
            EOFError: if the manager has hung up.
        """
        nonlocal told
        while connection.poll():
            inbox.append(connection.recv())
        if progress.share == 1 or time.perf_counter() - told > PROGRESS_SECONDS:
            told = time.perf_counter()
            connection.send(progress)

    return listener


def _training(begin: Begin) -> Training:
    """Return the training that a run begins with.

    Raises:
        DamagedState: if its checkpoint is none.
        InvalidExperiment: if it can't be run here, or the checkpoint's network not with these settings.
    """
    if begin.state is None:
        return Training(begin.experiment, trunk=trunk_of(begin.experiment), threads=begin.threads)
    training = load(Path(begin.state))
    if training.experiment != begin.experiment:
        training.edit(begin.experiment)
    return training


def failure(reason: str) -> Frame:
    """Return the frame that ends a run which has no training to report on."""
    return Frame(0, "failed", reason, 0, 0, 0, {}, 0.0, Timing(0, 0, 0.0), 0.0, 0, "", 0, 0)


def main() -> None:
    """Warm up, call the manager, train."""
    warm_up()
    if words := told():
        serve(call(*words))


if __name__ == "__main__":
    main()
