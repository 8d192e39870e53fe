"""Tests of ``nets.views``."""
