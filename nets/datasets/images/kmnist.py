"""Kuzushiji-MNIST: Japanese characters."""

from typing import Literal

from nets.datasets.base import dataset
from nets.datasets.images.mnist import MnistLike

CHARACTERS = ("お o", "き ki", "す su", "つ tsu", "な na", "は ha", "ま ma", "や ya", "れ re", "を wo")


@dataset
class Kmnist(MnistLike):
    """70,000 cursive hiragana from old books, 28×28 (Clanuwat and others 2018, arXiv:1812.01718)."""

    help = "70,000 Japanese characters from old books; downloads 21 MB once"
    name: Literal["kmnist"] = "kmnist"
    source = "KMNIST"

    def names(self) -> tuple[str, ...]:
        """Return the ten characters, each with how it sounds."""
        return CHARACTERS
