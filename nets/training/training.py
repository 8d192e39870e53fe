"""A network in training: everything that changes while it learns, and the one loop that changes it."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from nets.datasets import Split
from nets.experiment import Experiment
from nets.problems import InvalidExperiment, Problem
from nets.seeds import derive
from nets.tiers import Tiers
from nets.training.budget import check_room
from nets.training.controls import Controls
from nets.training.device import choose_device
from nets.training.divergence import Diverged, explain_divergence, too_large
from nets.training.edits import edit, set_parameter
from nets.training.endings import ending_of
from nets.training.events import Edited, EpochDone, Event, Finished, Idle, Started, Status, Timing
from nets.training.gradients import descend, gradients
from nets.training.inputs import Inputs
from nets.training.loading import load_weights, parse_weights
from nets.training.measuring import is_measured, measure
from nets.training.network import build_network, build_optimizers, frozen_norms, learning, size, take_over
from nets.training.parts import Batches, check_split, has_buckets, make_parts
from nets.training.passing import passed
from nets.training.randomness import PrivateRandomness
from nets.training.stepping import rates_of, take_step
from nets.training.threads import use_threads
from nets.training.watchers import BestWeights, PlateauWatcher
from nets.wording import plural

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    Weights = Mapping[str, Tensor]


class Training:
    """Model, optimizer, data and place in the order of batches.

    ``step`` counts optimizer updates, ``epoch`` passes done; ``metrics`` are those of the last epoch. ``trunk`` has the
    weights to begin with, where another network's are asked for, ``threads`` the number where that is left open.

    Raises:
        InvalidExperiment: if the experiment can't be run here.
    """

    def __init__(
        self, experiment: Experiment, split: Split | None = None, trunk: "Weights | None" = None, threads: int = 1
    ) -> None:
        self.threads = use_threads(experiment, threads)
        self.experiment = experiment
        self.device = choose_device(experiment.train.device)
        self.objective = experiment.train.objective.bind(experiment)
        self.split = split if split is not None else experiment.data.load(experiment.train.seed)
        check_split(self.split)
        self.inputs = Inputs(experiment.data, self.split, self.device)
        self.parts = make_parts(experiment, self.split, self.objective.targets, self.device)
        check_room(experiment, self.objective.num_outputs, min(experiment.train.batch_size, len(self.parts.train)))
        self.randomness = PrivateRandomness(derive(experiment.train.seed, "dropout"), self.device)
        self.step, self.epoch, self.seconds = 0, 0, 0.0
        self.max_epochs = experiment.train.max_epochs
        self.metrics: Mapping[str, float] = {}
        self.learning_rate = experiment.train.optimizer.learning_rate
        self.plateau = PlateauWatcher()
        self.best = BestWeights()
        self.target_met = self._has_started = False
        self._has_told_ending = self._is_behind = False
        self.ending: tuple[Status, str] | None = None
        seed = derive(experiment.train.seed, "weights")
        self.model = build_network(experiment, self.objective.num_outputs, self.device, seed)
        if trunk is not None:
            take_over(self.model, trunk)
        self.tiers = Tiers()
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
        self.has_dropout = any(isinstance(module, nn.modules.dropout._DropoutNd) for module in modules)
        is_spectral = any(isinstance(module, SpectralLinear | SpectralConv2d) for module in modules)
        self.acts_otherwise_in_training = has_batch_norm or self.has_dropout or is_spectral
        self.frozen_norms = frozen_norms(self.model)
        self._tensors = list(self.model.state_dict().values())
        self.parameters = list(self.model.parameters())
        self.decaying = [parameter for parameter in learning(self.model) if parameter.dim() > 1]
        self.model.eval()
        self.good = self.weights()

    @property
    def has_chance(self) -> bool:
        """Does a step draw random numbers?"""
        return self.has_dropout or self.inputs.augment is not None or self.objective.draws

    @property
    def optimizers(self) -> "tuple[torch.optim.Optimizer, ...]":
        """One for each player of the rule, built when first asked for: that imports half of torch."""
        if self._optimizers is None:
            self._optimizers = build_optimizers(self.objective.players(self.experiment.train), self.model)
            self._tensors = list(self.model.state_dict().values())  # kernels may have been laid out anew
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
            ``Started`` once; ``EpochDone`` for the untrained network and after each epoch that is measured;
            ``StepDone`` after each update, or after several that were taken at once; ``Edited`` after a change;
            ``Idle`` while paused; ``Finished`` last.
        """
        if not self._has_started:
            self._has_started = True
            yield self._started()
        if not self.metrics:
            yield self._epoch_done()
        try:
            if self.batches.exhausted():  # restored as it was between an epoch's last step and its end
                yield from self._end_epoch()
            while not controls.stopping:
                if self.ending and not self._has_told_ending:
                    self._has_told_ending = True
                    controls.ended()
                    yield self._finished(*self.ending)
                    return
                for change in controls.take_changes():
                    yield Edited(self.step, self.epoch, change(self))
                if controls.stopping or controls.waiting or not controls.may_step():
                    self._catch_up()
                    yield Idle()
                    continue
                yield take_step(self, controls)
                if not self.batches.exhausted():
                    continue
                yield from self._end_epoch()
                controls.epoch_ended()
            controls.ended()
            self._catch_up()
            yield self._finished("stopped", f"Stopped after {plural(self.epoch, 'epoch')}.")
        except Diverged as error:
            controls.ended()
            yield self._diverged(str(error))

    def gradients(self, x: "Tensor", targets: "Tensor") -> "Tensor":
        """See ``nets.training.gradients``."""
        return gradients(self, x, targets)

    def descend(self, x: "Tensor", targets: "Tensor") -> "Tensor | float":
        """See ``nets.training.gradients``."""
        return descend(self, x, targets)

    def _end_epoch(self) -> Iterator[EpochDone]:
        self.epoch += 1
        if not is_measured(self):
            self.batches.start_epoch(self.epoch, self.experiment.train.batch_size)
            self._is_behind = True
            return
        event = self._epoch_done()
        if reason := too_large(self.parameters, event.metrics):
            raise Diverged(reason)
        self._keep_good()
        self.plateau.watch(self.experiment.train.schedule, self.watched_loss())
        self.batches.start_epoch(self.epoch, self.experiment.train.batch_size)
        self.ending = ending_of(self)  # before anybody looks: what is kept now must go on as this does
        yield event

    def _keep_good(self) -> None:
        """Note the weights as the last good ones."""
        import torch

        with torch.no_grad():
            torch._foreach_copy_(list(self.good.values()), self._tensors)

    def _catch_up(self) -> None:
        """Measure the network as it is, where epochs have gone by that were not measured."""
        if self._is_behind:
            self._is_behind = False
            self.metrics = self.measure()

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

    def rates(self) -> list[float]:
        """Return the learning rate of each player's optimizer for the next step."""
        return rates_of(self)

    def predict(self, x: "Tensor") -> "Tensor":
        """Return the outputs (B, K) for examples as the parts hold them: pictures as bytes, anything else as it is."""
        return passed(self.model, self.inputs(x))

    def answers(self, x: "Tensor") -> "Tensor":
        """Return the same as ``predict``, without any graph, from the tier in force: what metrics are taken on."""
        outputs = self.tiers.predict(self, x)
        return self.predict(x) if outputs is None else outputs

    def weights(self) -> "dict[str, Tensor]":
        """Return a copy of every weight and statistic."""
        return {name: tensor.detach().clone() for name, tensor in self.model.state_dict().items()}

    def restore(self, weights: "Weights") -> None:
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
        self.metrics, self._is_behind = self.measure(), False
        return EpochDone(self.step, self.epoch, self.metrics, self.learning_rate)

    def _finished(self, status: Status, reason: str) -> Finished:
        return Finished(status, reason, self.metrics, self.timing())

    def watched_loss(self) -> float:
        """Return the loss that early stopping and plateaus go by."""
        return self.metrics.get("valid_loss", self.metrics["train_loss"])
