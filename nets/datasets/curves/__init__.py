"""Curves in one dimension: y = f(x) plus noise."""
