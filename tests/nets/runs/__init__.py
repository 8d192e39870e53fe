"""Tests of ``nets.runs``."""
