"""A network in training: everything that changes while it learns, and the one loop that changes it."""

import math
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from nets.datasets import Split
from nets.experiment import Experiment
from nets.problems import InvalidExperiment, Problem
from nets.schedules import Progress
from nets.seeds import derive
from nets.training.budget import check_room
from nets.training.controls import Controls
from nets.training.device import choose_device
from nets.training.divergence import Diverged, explain_divergence, too_large
from nets.training.edits import edit, set_parameter
from nets.training.endings import ending_of, plural
from nets.training.events import Edited, EpochDone, Event, Finished, Idle, Started, Status, StepDone, Timing
from nets.training.gradients import descend, gradients
from nets.training.inputs import Inputs
from nets.training.loading import load_weights, parse_weights
from nets.training.measuring import measure
from nets.training.network import build_network, build_optimizers, frozen_norms, learning, set_rates, size, take_over
from nets.training.parts import Batches, check_split, has_buckets, make_parts
from nets.training.randomness import PrivateRandomness
from nets.training.watchers import BestWeights, PlateauWatcher

if TYPE_CHECKING:
    import torch
    from torch import Tensor

LOOK_EVERY = 50
"""Steps between two looks at the loss where looking makes a GPU wait."""


class Training:
    """Model, optimizer, data and place in the order of batches.

    ``step`` counts optimizer updates, ``epoch`` passes done; ``metrics`` are those of the last epoch. ``trunk`` has the
    weights to begin with, where the experiment asks for another network's (see ``nets.runs.trunks``).

    Raises:
        InvalidExperiment: if the experiment can't be run here.
    """

    def __init__(
        self, experiment: Experiment, split: Split | None = None, trunk: "Mapping[str, Tensor] | None" = None
    ) -> None:
        import torch

        torch.set_num_threads(experiment.train.threads)
        self.experiment = experiment
        self.device = choose_device(experiment.train.device)
        self.objective = experiment.train.objective.bind(experiment)
        self.split = split if split is not None else experiment.data.load(experiment.train.seed)
        check_split(self.split)
        self.inputs = Inputs(experiment.data, self.split, self.device)
        self.parts = make_parts(experiment, self.split, self.objective.targets, self.device)
        check_room(experiment, self.objective.num_outputs, min(experiment.train.batch_size, len(self.parts.train)))
        self.randomness = PrivateRandomness(derive(experiment.train.seed, "dropout"), self.device)
        self.step = self.epoch = 0
        self.seconds = 0.0
        self.max_epochs = experiment.train.max_epochs
        self.metrics: Mapping[str, float] = {}
        self.learning_rate = experiment.train.optimizer.learning_rate
        self.plateau = PlateauWatcher()
        self.best = BestWeights()
        self.target_met = self._has_started = False
        self._has_told_ending = False
        self.ending: tuple[Status, str] | None = None
        seed = derive(experiment.train.seed, "weights")
        self.model = build_network(experiment, self.objective.num_outputs, self.device, seed)
        if trunk is not None:
            take_over(self.model, trunk)
        self._optimizers: tuple[torch.optim.Optimizer, ...] | None = None
        self.batches = Batches(self.parts.train, experiment.train.seed, by_length=has_buckets(experiment))
        self.batches.start_epoch(0, experiment.train.batch_size)
        self.after_build()

    def after_build(self) -> None:
        """Note what a new network asks of its batches; its first weights are the last good ones."""
        from torch import nn

        from nets.modules.spectral import SpectralConv2d, SpectralLinear

        self.num_parameters = size(self.model)
        modules = list(self.model.modules())
        has_batch_norm = any(isinstance(module, nn.modules.batchnorm._BatchNorm) for module in modules)
        self.min_batch = 2 if has_batch_norm else 1
        if len(self.parts.train) < self.min_batch:
            raise InvalidExperiment(
                [Problem("model.norm", "batch norm needs at least 2 training examples; take layer or none")]
            )
        self._has_dropout = any(isinstance(module, nn.modules.dropout._DropoutNd) for module in modules)
        is_spectral = any(isinstance(module, SpectralLinear | SpectralConv2d) for module in modules)
        self._acts_otherwise_in_training = has_batch_norm or self._has_dropout or is_spectral
        self._frozen_norms = frozen_norms(self.model)
        self.decaying = [parameter for parameter in learning(self.model) if parameter.dim() > 1]
        self.model.eval()
        self.good = self.weights()

    @property
    def optimizers(self) -> "tuple[torch.optim.Optimizer, ...]":
        """One for each player of the rule, built when first asked for: that imports half of torch."""
        if self._optimizers is None:
            self._optimizers = build_optimizers(self.objective.players(self.experiment.train), self.model)
        return self._optimizers

    @property
    def optimizer(self) -> "torch.optim.Optimizer":
        """The experiment's own optimizer."""
        return self.optimizers[0]

    @property
    def built_optimizers(self) -> "tuple[torch.optim.Optimizer, ...]":
        """The optimizers, if anybody has asked for them yet."""
        return self._optimizers or ()

    def forget_optimizer(self) -> None:
        """Start over with fresh optimizers of the experiment's kinds."""
        self._optimizers = None

    # What the loop is made of

    def events(self, controls: Controls) -> Iterator[Event]:
        """Train until the end, a stop, or divergence; can be called again to go on.

        Yields:
            ``Started`` once; ``EpochDone`` for the untrained network and after each epoch; ``StepDone`` after each
            update; ``Edited`` after a change; ``Idle`` while paused; ``Finished`` last.
        """
        if not self._has_started:
            self._has_started = True
            yield self._started()
        if not self.metrics:
            yield self._epoch_done()
        try:
            if self.batches.exhausted():  # restored as it was between an epoch's last step and its end
                yield self._end_epoch()
            while not controls.stopping:
                if self.ending and not self._has_told_ending:
                    self._has_told_ending = True
                    controls.ended()
                    yield self._finished(*self.ending)
                    return
                for change in controls.take_changes():
                    yield Edited(self.step, self.epoch, change(self))
                if controls.stopping or controls.waiting or not controls.may_step():
                    yield Idle()
                    continue
                yield self._take_step(controls.part)
                if not self.batches.exhausted():
                    continue
                yield self._end_epoch()
                controls.epoch_ended()
            controls.ended()
            yield self._finished("stopped", f"Stopped after {plural(self.epoch, 'epoch')}.")
        except Diverged as error:
            controls.ended()
            yield self._diverged(str(error))

    def _take_step(self, part: str) -> StepDone:
        import torch

        settings = self.experiment.train
        torch.set_num_threads(settings.threads)
        began = time.perf_counter()
        rates = self.rates()
        self.learning_rate = rates[0]
        set_rates(self.optimizers, rates)
        x, targets = self.batches.next(settings.batch_size, at_least=self.min_batch)
        if self._acts_otherwise_in_training:
            self.model.train()
            for norm in self._frozen_norms:
                norm.eval()
        has_chance = self._has_dropout or self.inputs.augment is not None or self.objective.draws
        with self.randomness.used(if_needed=has_chance):
            loss = self.objective.update(self, self.inputs(self.inputs.augmented(x)), targets, part)
        if self._acts_otherwise_in_training:
            self.model.eval()
        self.step += 1
        looks = self.device.type == "cpu" or self.step % LOOK_EVERY == 0
        value = float(loss) if looks else math.nan
        self.seconds += time.perf_counter() - began
        if looks and not math.isfinite(value):
            raise Diverged(f"the loss of step {self.step:,} became {value}")
        return StepDone(self.step, self.epoch, value)

    def gradients(self, x: "Tensor", targets: "Tensor") -> "Tensor":
        """See ``nets.training.gradients``."""
        return gradients(self, x, targets)

    def descend(self, x: "Tensor", targets: "Tensor") -> "Tensor | float":
        """See ``nets.training.gradients``."""
        return descend(self, x, targets)

    def _end_epoch(self) -> EpochDone:
        self.epoch += 1
        event = self._epoch_done()
        if reason := too_large(self.model, event.metrics):
            raise Diverged(reason)
        self.good = self.weights()
        self.plateau.watch(self.experiment.train.schedule, self.watched_loss())
        self.batches.start_epoch(self.epoch, self.experiment.train.batch_size)
        self.ending = ending_of(self)  # before anybody looks: what is kept now must go on as this does
        return event

    def _diverged(self, what_happened: str) -> Finished:
        """Go back to the last good weights with a fresh optimizer, so that training can go on from there."""
        self.restore(self.good)
        self.metrics = self.measure()
        reason = explain_divergence(self, what_happened)
        self.forget_optimizer()
        if self.batches.exhausted():
            self.batches.start_epoch(self.epoch, self.experiment.train.batch_size)
        return self._finished("diverged", reason)

    # What others may ask

    def measure(self) -> dict[str, float]:
        """Return the metrics of the network as it is, in evaluation mode."""
        return measure(self)

    def predict(self, x: "Tensor") -> "Tensor":
        """Return the outputs (B, K) for examples as the parts hold them: pictures as bytes, anything else as it is."""
        return self.model(self.inputs(x))

    def weights(self) -> "dict[str, Tensor]":
        """Return a copy of every weight and statistic."""
        return {name: tensor.detach().clone() for name, tensor in self.model.state_dict().items()}

    def restore(self, weights: "Mapping[str, Tensor]") -> None:
        """Put a copy that ``weights`` returned back in place."""
        self.model.load_state_dict(weights)

    def timing(self) -> Timing:
        """Return how much has been done in what time."""
        return Timing(self.step, self.epoch, self.seconds)

    def extend(self) -> None:
        """Go on after the end, for as many epochs again if the last one is done."""
        self.ending, self._has_told_ending = None, False
        if self.epoch >= self.max_epochs:
            self.max_epochs = self.epoch + self.experiment.train.max_epochs
        self.best = BestWeights()

    def edit(self, experiment: Experiment) -> str:
        """Go on with other settings, keeping the weights that still fit; return what was kept.

        Raises:
            InvalidExperiment: if they need a run of their own (see ``needs_new_run``) or can't be run; nothing changed.
        """
        return edit(self, experiment)

    def set_parameter(self, layer: int, to: int, source: int | None, value: float) -> str:
        """Set one weight (from neuron ``source``), or the bias, of neuron ``to`` of dense layer ``layer``.

        Raises:
            IndexError: if there is no such layer, neuron or input.
            ValueError: if the value is no finite number.
        """
        return set_parameter(self, layer, to, source, value)

    def load_weights(self, content: bytes) -> str:
        """Put the weights of a safetensors file into the network, as far as they fit; return what became of them.

        Raises:
            NoWeights: if none fits; nothing is changed.
        """
        found = load_weights(self.model, parse_weights(content))
        self.forget_optimizer()
        self.metrics = self.measure()
        self.good = self.weights()
        return str(found)

    # Small parts

    def _started(self) -> Started:
        return Started(self, self.num_parameters, self.device.type, len(self.parts.train), len(self.parts.test))

    def _epoch_done(self) -> EpochDone:
        self.metrics = self.measure()
        return EpochDone(self.step, self.epoch, self.metrics, self.learning_rate)

    def _finished(self, status: Status, reason: str) -> Finished:
        return Finished(status, reason, self.metrics, self.timing())

    def watched_loss(self) -> float:
        """Return the loss that early stopping and plateaus go by."""
        return self.metrics.get("valid_loss", self.metrics["train_loss"])

    def rates(self) -> list[float]:
        """Return the learning rate of each player's optimizer for the next step."""
        settings = self.experiment.train
        steps = self.batches.count(settings.batch_size, at_least=self.min_batch)
        done = self.epoch * steps + self.batches.cursor // settings.batch_size
        factor = settings.schedule.factor(Progress(done, steps, self.max_epochs, self.plateau.drops))
        return [player.optimizer.learning_rate * factor for player in self.objective.players(settings)]
