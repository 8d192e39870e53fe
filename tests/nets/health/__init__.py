"""Tests of what is said of a network's health."""
