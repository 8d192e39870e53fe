"""Runs: the process that trains, and the manager that starts, watches and steers such processes."""
