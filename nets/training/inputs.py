"""From what the data hold to what a network sees: bytes become numbers, on the device, batch by batch."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from nets.datasets import DatasetConfig, Split
    from nets.datasets.images.base import Augment

GROUPS = 8
"""Groups of a batch that are augmented alike: one picture at a time takes longer than a small network's step."""


class Inputs:
    """Prepares examples of one dataset.

    Args:
        data: whose examples.
        split: what its normalization is measured on.
        device: where they are.
    """

    def __init__(self, data: "DatasetConfig", split: "Split", device: "torch.device") -> None:
        import torch

        self.normalization = data.normalization(split)
        augment: Augment | None = getattr(data, "augment", None)
        self.augment = augment if augment is not None and augment.is_on else None
        self._pipeline: Any = None
        if self.normalization:
            self._mean, self._spread = (
                torch.tensor(values, device=device)[:, None, None]
                for values in (self.normalization.mean, self.normalization.spread)
            )

    def __call__(self, x: "Tensor") -> "Tensor":
        """Return inputs (B, *input_shape) float32 of examples as the data hold them."""
        return (x / 255).sub_(self._mean).div_(self._spread) if self.normalization else x

    def pictures(self, x: "Tensor") -> "Tensor":
        """Return inputs, or what a network makes in their place, as pictures (B, C, H, W) uint8.

        Raises:
            ValueError: if the data are no pictures.
        """
        if not self.normalization:
            raise ValueError("these data are no pictures")
        return ((x * self._spread + self._mean) * 255).nan_to_num(0).round().clamp(0, 255).byte()

    def augmented(self, x: "Tensor") -> "Tensor":
        """Return training pictures (B, C, H, W) uint8 as they are seen this time; draws torch's random numbers."""
        import torch

        if self.augment is None:
            return x
        if self._pipeline is None:
            self._pipeline = pipeline(self.augment, x.shape[-1])
        layout = torch.channels_last if x.is_contiguous(memory_format=torch.channels_last) else torch.contiguous_format
        return torch.cat([self._pipeline(group) for group in x.chunk(GROUPS)]).contiguous(memory_format=layout)


def pipeline(augment: "Augment", size: int) -> Any:
    """Return the transforms, torchvision's own, that take a group of pictures (B, C, H, W) and treat all alike."""
    from torchvision.transforms import v2

    steps = []
    if augment.flip:
        steps.append(v2.RandomHorizontalFlip())
    if augment.rotate or augment.shift:
        shift = (augment.shift, augment.shift)
        steps.append(v2.RandomAffine(augment.rotate, shift, interpolation=v2.InterpolationMode.BILINEAR))
    if augment.crop:
        steps.append(v2.RandomCrop(size, padding=augment.crop))
    if augment.erase:
        steps.append(v2.RandomErasing(augment.erase))
    return v2.Compose(steps)
