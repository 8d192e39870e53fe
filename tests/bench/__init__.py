"""Benchmarks: ``python -m tests.bench`` measures the running app and prints a table; nothing here passes or fails."""
