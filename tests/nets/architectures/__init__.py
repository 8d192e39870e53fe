"""Tests of ``nets.architectures``."""
