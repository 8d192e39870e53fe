"""Screens, one script each; what they share is in ``pages.parts``."""
