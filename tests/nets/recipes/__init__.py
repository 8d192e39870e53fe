"""Tests of ``nets.recipes``."""
