"""Series: numbers in the order of time."""
