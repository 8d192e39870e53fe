"""The commands of ``python -m nets``, one file for what belongs together."""
