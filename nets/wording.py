"""Numbers in sentences."""


def plural(count: int, word: str) -> str:
    """Return "1 epoch", "2,000 epochs"."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
