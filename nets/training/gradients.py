"""The gradients of one batch: forward, backward, and what pulls or limits them."""

from typing import TYPE_CHECKING

from nets.training.passing import passed

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training.training import Training


def forward(training: "Training", x: "Tensor") -> "Tensor":
    """Return the outputs (B, K) float32 for inputs, in the precision that the experiment asks for."""
    import torch

    if training.experiment.train.precision == "float32":
        return passed(training.model, x)
    with torch.autocast(training.device.type, torch.bfloat16):
        return passed(training.model, x).float()


def gradients(training: "Training", x: "Tensor", targets: "Tensor") -> "Tensor":
    """Set every gradient for a batch of inputs and return its loss, penalties not included."""
    import torch

    settings = training.experiment.train
    training.optimizer.zero_grad()
    model = training.model if training.objective.sees_inputs else lambda inputs: forward(training, inputs)
    loss = training.objective.training_loss(model, x, targets, training.epoch)
    loss.backward()
    with torch.no_grad():
        for weight in training.decaying if settings.l2 else ():
            weight.grad.add_(weight, alpha=settings.l2)  # type: ignore[union-attr]
        for weight in training.decaying if settings.l1 else ():
            weight.grad.add_(weight.sign(), alpha=settings.l1)  # type: ignore[union-attr]
    if settings.clip_norm is not None:
        torch.nn.utils.clip_grad_norm_(training.model.parameters(), settings.clip_norm)
    return loss.detach()


def descend(training: "Training", x: "Tensor", targets: "Tensor") -> "Tensor | float":
    """Take a step of the experiment's optimizer down the gradients of a batch of inputs, and return its loss."""
    if training.experiment.train.optimizer.takes_closure:
        return training.optimizer.step(lambda: training.gradients(x, targets))  # type: ignore[arg-type,return-value]
    loss = training.gradients(x, targets)
    training.optimizer.step()
    return loss
