"""Tests of ``nets.export``."""
