"""The engine's tests; the folders are those of ``nets``."""
