"""Names for runs."""

import secrets
import time

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_run_id() -> str:
    """Return a fresh run id: short, sortable by time, fit for a link, not to be guessed."""
    seconds = int(time.time())
    stamp = "".join(ALPHABET[(seconds >> shift) & 31] for shift in range(30, -1, -5))
    return stamp + "".join(secrets.choice(ALPHABET) for _ in range(8))
