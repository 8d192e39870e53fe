"""Tests of Playground: unit and contract tests mirror ``nets`` and ``pages``; browser tests drive the whole app."""
