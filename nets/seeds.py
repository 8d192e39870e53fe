"""One seed governs everything random in a run; each purpose gets a stream of its own."""

from hashlib import blake2b


def derive(seed: int, purpose: str, index: int = 0) -> int:
    """Return the seed (0 … 2⁶³-1) of one stream of random numbers, independent of all others.

    Args:
        seed: the experiment's seed.
        purpose: what the numbers are for: "data", "split", "weights", "batches", "dropout".
        index: which stream of that purpose, such as the epoch.
    """
    digest = blake2b(f"{seed}/{purpose}/{index}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1
