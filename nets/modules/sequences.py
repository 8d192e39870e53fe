"""Networks over sequences: token ids or numbers, step by step, then one answer, or one for every step.

All of them are a ``SequenceNetwork``, so that views find the same parts in each: ``embedding`` (an ``nn.Embedding`` or
a ``OneHot`` for tokens, None for numbers), ``core`` (what goes along the steps), ``readout``, ``head`` and ``output``.
A forward hook on ``core`` sees the states (B, T, H) of every step; a transformer's ``core.maps(model.embedded(x),
model.real_steps(x))`` are its attention maps; ``core.layers`` of a recurrent one is torch's own RNN, GRU or LSTM.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import rnn

PADDING = 0
"""The token that fills texts up at their end."""
CELLS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


class OneHot(nn.Module):
    """A column for each token: 1 in its own, 0 in all others; padding has 0 everywhere.

    Args:
        vocab_size: how many tokens there are.
    """

    def __init__(self, vocab_size: int) -> None:
        super().__init__()
        self.vocab_size = vocab_size

    def forward(self, tokens: Tensor) -> Tensor:
        """(B, T) int64 → (B, T, vocab_size) float32."""
        columns = functional.one_hot(tokens, self.vocab_size).float()
        return columns * (tokens != PADDING).unsqueeze(2)


class Recurrent(nn.Module):
    """Cells that take one step after the other and hand on a state: ``layers`` is torch's RNN, GRU or LSTM.

    Args:
        cell: rnn, gru or lstm.
        input_size: numbers of one step.
        hidden_size: numbers of the state.
        num_layers: cells on top of each other.
        bidirectional: read backwards too? Then a step's state has both, the forward one first.
        dropout: share set to zero between layers while training.
        nonlinearity: of the plain cell: tanh or relu.
        forget_bias: of an LSTM's forget gates, or a GRU's update gates, at the start; 0 leaves what there is.
        input_bias: of an LSTM's input gates.
    """

    def __init__(
        self,
        cell: str,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bidirectional: bool = False,
        dropout: float = 0.0,
        nonlinearity: str = "tanh",
        forget_bias: float = 0.0,
        input_bias: float = 0.0,
    ) -> None:
        super().__init__()
        self.cell, self.input_size, self.hidden_size, self.num_layers = cell, input_size, hidden_size, num_layers
        self.bidirectional, self.dropout, self.nonlinearity = bidirectional, dropout, nonlinearity
        self.forget_bias, self.input_bias = forget_bias, input_bias
        extra = {"nonlinearity": nonlinearity} if cell == "rnn" else {}
        between = dropout if num_layers > 1 else 0.0
        self.layers = CELLS[cell](
            input_size, hidden_size, num_layers, dropout=between, bidirectional=bidirectional, **extra
        )
        self.remember()

    def remember(self) -> None:
        """Set the biases that were asked for: an LSTM's first gates let in; its second ones keep, as a GRU's do."""
        if self.cell == "rnn":
            return
        with torch.no_grad():
            for key, bias in self.layers.named_parameters():
                if key.startswith("bias_ih") and self.input_bias and self.cell == "lstm":
                    bias[: self.hidden_size] = self.input_bias
                if key.startswith("bias_ih") and self.forget_bias:
                    bias[self.hidden_size : 2 * self.hidden_size] = self.forget_bias

    def start(self, initialize) -> None:  # type: ignore[no-untyped-def]
        """Start each gate's weights by ``initialize``, which changes a matrix in place; biases start at zero."""
        for key, values in self.layers.named_parameters():
            if key.startswith("weight"):
                for gate in values.split(self.hidden_size):
                    initialize(gate)
            else:
                nn.init.zeros_(values)
        self.remember()

    def forward(self, x: Tensor, is_real: Tensor | None = None) -> Tensor:
        """(B, T, D) → states (B, T, H), H = hidden_size, twice that in both directions.

        ``is_real`` (B, T) bool tells steps from padding at the end. Forward states of real steps never see padding;
        backward ones would, so there the sequences are packed.
        """
        steps = x.transpose(0, 1).contiguous()  # (T, B, D), which is fastest
        if is_real is None or not self.bidirectional:
            return self.layers(steps)[0].transpose(0, 1)
        packed = rnn.pack_padded_sequence(steps, is_real.sum(dim=1).cpu(), enforce_sorted=False)
        states = rnn.pad_packed_sequence(self.layers(packed)[0], total_length=steps.shape[0])[0]
        return states.transpose(0, 1)

    def kept(self, is_real: Tensor) -> Tensor:
        """Return which steps (B, T) of the states are real."""
        return is_real


class PassThrough(nn.Module):
    """A core that does nothing: what is read off are the embeddings themselves, a bag of words."""

    def forward(self, x: Tensor, _is_real: Tensor | None = None) -> Tensor:
        """(B, T, D) → the same."""
        return x

    def kept(self, is_real: Tensor) -> Tensor:
        """Return which steps (B, T) of the states are real."""
        return is_real


class StepsReadOut(nn.Module):
    """One description of a whole sequence out of those of its steps; padding never counts.

    Args:
        kind: last, mean, max, or every_step, which leaves them all.
        bidirectional: was the second half of each state made backwards? Then its last is at the first step.
    """

    def __init__(self, kind: str = "last", bidirectional: bool = False) -> None:
        super().__init__()
        self.kind, self.bidirectional = kind, bidirectional

    def forward(self, states: Tensor, is_real: Tensor | None = None) -> Tensor:
        """(B, T, H) → (B, H), or (B, T, H) for every step."""
        if self.kind == "every_step":
            return states
        if self.kind == "mean":
            return mean_of_steps(states, is_real)
        if self.kind == "max":
            return (states if is_real is None else states.masked_fill(~is_real.unsqueeze(2), -torch.inf)).amax(dim=1)
        last = last_of_steps(states, is_real)
        if not self.bidirectional:
            return last
        half = states.shape[2] // 2
        return torch.cat([last[:, :half], states[:, 0, half:]], dim=1)


def mean_of_steps(states: Tensor, is_real: Tensor | None) -> Tensor:
    """Return the mean (B, H) of the real steps of states (B, T, H)."""
    if is_real is None:
        return states.mean(dim=1)
    counts = is_real.unsqueeze(2).to(states.dtype)
    return (states * counts).sum(dim=1) / counts.sum(dim=1)


def last_of_steps(states: Tensor, is_real: Tensor | None) -> Tensor:
    """Return the last real step (B, H) of states (B, T, H)."""
    if is_real is None:
        return states[:, -1]
    places = (is_real.sum(dim=1) - 1).view(-1, 1, 1)  # (B, 1, 1)
    return states.gather(1, places.expand(-1, 1, states.shape[2])).squeeze(1)


class SequenceNetwork(nn.Module):
    """Embedding, core, read-out, dense layers, output.

    Args:
        core: (B, T, D) and which steps are real → states (B, T', H); ``kept`` tells which of those are real.
        readout: one description out of the states.
        head: dense layers behind it; an empty ``nn.Sequential`` for none.
        output: the last layer.
        embedding: for token ids; None for numbers.
        output_activation: behind the last layer; None for none.
    """

    def __init__(
        self,
        core: nn.Module,
        readout: nn.Module,
        head: nn.Module,
        output: nn.Module,
        embedding: nn.Module | None = None,
        output_activation: nn.Module | None = None,
    ) -> None:
        super().__init__()
        self.embedding, self.core, self.readout = embedding, core, readout
        self.head, self.output, self.output_activation = head, output, output_activation

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, D) float32, or token ids (B, T) of any integer type, → (B, K); (B, T, K) where every step is read."""
        x = self.shortest(x)
        return self.answer(self.embedded(x), self.real_steps(x))

    def answer(self, steps: Tensor, is_real: Tensor | None = None) -> Tensor:
        """(B, T, D) as the core sees it, and which steps (B, T) are real, → the same as ``forward``."""
        states = self.core(steps, is_real)
        kept = None if is_real is None else self.core.kept(is_real)  # type: ignore[operator]
        outputs = self.output(self.head(self.readout(states, kept)))
        return outputs if self.output_activation is None else self.output_activation(outputs)

    def shortest(self, x: Tensor) -> Tensor:
        """Return token ids (B, T) without the padding that all rows share: T becomes the longest row's length."""
        if self.embedding is None or self.readout.kind == "every_step" or torch.compiler.is_exporting():
            return x
        longest = int((x != PADDING).sum(dim=1).max()) if len(x) else x.shape[1]
        return x[:, : max(1, longest)]

    def embedded(self, x: Tensor) -> Tensor:
        """Return what the core sees of inputs: (B, T, D) float32."""
        return x if self.embedding is None else self.embedding(x.long())

    def real_steps(self, x: Tensor) -> Tensor | None:
        """Return which steps (B, T) are no padding; None for numbers. The first one always counts."""
        if self.embedding is None:
            return None
        return (x != PADDING) | (torch.arange(x.shape[1], device=x.device) == 0)
