"""Tests of ``nets.training``."""
