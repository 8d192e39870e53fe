"""Tests of ``nets.datasets``."""
