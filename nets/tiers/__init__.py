"""Faster ways to take the same steps: a step's operations written down, and machine code made of them."""

from nets.tiers.choosing import Tiers

__all__ = ["Tiers"]
