"""Tests of training rules."""
