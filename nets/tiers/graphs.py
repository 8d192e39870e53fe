"""A training's steps as CUDA graphs: what a step launches on the GPU is captured, and launched at once from then on.

After https://docs.pytorch.org/docs/stable/notes/cuda.html#cuda-graphs. The step works on buffers that stay where they
are: each batch is copied into them, and so is the learning rate.
"""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from nets.tiers.tape import Untakeable
from nets.tiers.trial import Trial
from nets.tiers.trying import check_loss, check_tensor, left_as_it_was, sizes, state_of
from nets.training.network import set_rates
from nets.training.stepping import as_it_learns, update

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training.training import Training

COMPARED = 10
"""Steps that torch and a graph take against each other."""
RACES = 3
"""How often they do; the graph must be faster once."""
WARM_STEPS = 3
"""Before a capture, on a stream of their own: libraries make their workspaces then."""


class Graph:
    """A step on batches of one size.

    Args:
        training: on the GPU; its learning rates are those of ``rate`` from now on.
        size: of a batch.
        rate: of learning, a tensor () on the GPU.
    """

    def __init__(self, training: "Training", size: int, rate: "Tensor") -> None:
        x, y = training.batches.ahead(size, 0)
        self.size = size
        self._x, self._y, self._rate = x.clone(), y.clone(), rate
        self._replay, self._loss = capture(lambda: self._update(training))

    def step(self, x: "Tensor", y: "Tensor", rate: float) -> "Tensor":
        """Take a step on a batch and return its loss, which the next step overwrites."""
        self._x.copy_(x)
        self._y.copy_(y)
        self._rate.fill_(rate)
        self._replay()
        return self._loss

    def steps(self, x: "Tensor", y: "Tensor", rates: Sequence[float]) -> np.ndarray:
        """Take a step for each learning rate, each on the next ``size`` examples, and return their losses."""
        losses = self._loss.new_empty(len(rates))
        for place, rate in enumerate(rates):
            batch = slice(place * self.size, (place + 1) * self.size)
            losses[place].copy_(self.step(x[batch], y[batch], rate))
        return losses.cpu().numpy()

    def _update(self, training: "Training") -> "Tensor":
        with as_it_learns(training):
            loss = training.objective.update(training, training.inputs(self._x), self._y, "")
        assert not isinstance(loss, float), "a step leaves its loss on the GPU"
        return loss


class Graphs:
    """The steps of one training as it is set now.

    Args:
        training: on the GPU, somewhere in its course; it is left as it was, but for where its optimizers count.
    """

    def __init__(self, training: "Training") -> None:
        import torch

        rate = torch.tensor(training.rates()[0], device=training.device)
        for optimizer in training.optimizers:
            _let_capture(optimizer, rate)
        self.by_size: dict[int, Graph] = {}
        with left_as_it_was(training), training.randomness.used(if_needed=training.has_chance):
            for size in sizes(training):
                self.by_size[size] = Graph(training, size, rate)

    def check_numbers(self, training: "Training") -> None:
        """Compare steps with torch's own; the training is left as it was.

        Raises:
            Untakeable: if they differ by more than rounding.
        """
        for size, graph in self.by_size.items():
            with left_as_it_was(training):
                loss, _ = _by_torch(training, size)
                expected = [tensor.clone() for tensor in state_of(training)]
            with left_as_it_was(training):
                other, _ = _by_graph(training, graph)
                check_loss(other, loss)
                for tensor, own in zip(state_of(training), expected, strict=True):
                    check_tensor(tensor, own)

    def check_speed(self, training: "Training") -> None:
        """Race with torch's own steps; the training is left as it was.

        Raises:
            Untakeable: if torch is as fast each time.
        """
        with left_as_it_was(training):
            size, graph = next(iter(self.by_size.items()))
            if all(_by_graph(training, graph)[1] > _by_torch(training, size)[1] for _ in range(RACES)):
                raise Untakeable("torch's own steps are as fast for this network")


class Graphed:
    """CUDA graphs for one training as it is set now, tried in a process of their own before they are captured here.

    Args:
        training: on the GPU, somewhere in its course.

    Raises:
        Untakeable: if no trial can be started.
    """

    name: ClassVar[str] = "graphed"

    def __init__(self, training: "Training") -> None:
        self.batch_size, *rest = sizes(training)
        self.rest_size = rest[0] if rest else 0
        self._graphs: Graphs | None = None
        self._trial = Trial(training.experiment)

    def is_ready(self, training: "Training", *, wait: bool = False) -> bool:
        """Are the steps captured? They are as soon as the trial is over.

        Raises:
            Untakeable: if the trial said no, failed or took too long.
        """
        if self._graphs is None and self._trial.is_over(wait=wait):
            self._graphs = Graphs(training)
        return self._graphs is not None

    def drop(self) -> None:
        """End the trial, if it is at work, and let the graphs go."""
        self._trial.drop()
        self._graphs = None

    def steps(self, x: "Tensor", y: "Tensor", rates: Sequence[float]) -> np.ndarray:
        """Take a step for each learning rate, each on the next batch of ``x`` (B, …) and ``y``; return their losses.

        They end with the first that is infinite or NaN. One batch that is smaller than the others, at an epoch's end,
        comes by itself.
        """
        assert self._graphs is not None, "is_ready comes first"
        size = self.rest_size if x.shape[0] == self.rest_size else self.batch_size
        losses = self._graphs.by_size[size].steps(x, y, rates)
        wrong = np.flatnonzero(~np.isfinite(losses))
        return losses[: wrong[0] + 1] if len(wrong) else losses

    def predict(self, x: "Tensor") -> "Tensor | None":  # noqa: ARG002
        """Leave it to torch: what is measured comes in large batches, which keep a GPU at work by themselves."""
        return None

    def takes(self, x: "Tensor", y: "Tensor") -> bool:  # noqa: ARG002
        """Take whatever comes: it is copied."""
        return True


def _by_torch(training: "Training", size: int) -> tuple[float, float]:
    """Take some steps on one batch; return the last loss, and the seconds."""
    x, y = training.batches.ahead(size, 0)
    began = time.perf_counter()
    for _ in range(COMPARED):
        set_rates(training.optimizers, training.rates())
        loss = update(training, x, y)
    return float(loss), time.perf_counter() - began


def _by_graph(training: "Training", graph: Graph) -> tuple[float, float]:
    x, y = training.batches.ahead(graph.size, 0)
    began = time.perf_counter()
    for _ in range(COMPARED):
        with training.randomness.used(if_needed=training.has_chance):
            loss = graph.step(x, y, training.rates()[0])
    return float(loss), time.perf_counter() - began


def capture(step: "Callable[[], Tensor]") -> "tuple[Callable[[], Any], Tensor]":
    """Return what repeats ``step`` on the GPU, and where its result then is."""
    import torch

    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(WARM_STEPS):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        result = step()
    return graph.replay, result


def _let_capture(optimizer: Any, rate: "Tensor") -> None:
    """Have an optimizer keep all it needs on the GPU: its learning rate, and its count of steps."""
    for group in optimizer.param_groups:
        group["lr"] = rate
        if rate.is_cuda and "capturable" in group:
            group["capturable"] = True
            for parameter in group["params"]:
                memory = optimizer.state.get(parameter, {})
                if "step" in memory:
                    memory["step"] = memory["step"].to(rate.device)
