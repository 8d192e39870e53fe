"""The concepts: each one an experiment to be moved, with a short paragraph, its formula and where that comes from."""
