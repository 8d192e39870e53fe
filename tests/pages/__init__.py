"""Tests of the screens: pure functions, whole pages without a browser, and a person's way through Chromium."""
