"""Distributions in the plane, to make more points of."""
