"""Fashion-MNIST: clothes."""

from typing import Literal

from nets.datasets.base import dataset
from nets.datasets.images.mnist import MnistLike

CLOTHES = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")


@dataset
class FashionMnist(MnistLike):
    """70,000 pictures of clothes, 28×28 (Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747)."""

    help = "70,000 pictures of clothes, harder than digits; downloads 31 MB once"
    name: Literal["fashion_mnist"] = "fashion_mnist"
    source = "FashionMNIST"

    def names(self) -> tuple[str, ...]:
        """Return the ten sorts of clothes."""
        return CLOTHES
