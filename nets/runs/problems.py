"""What can be wrong with the store: named apart from it, so that who only waits for such news imports no SQLAlchemy."""


class StoreProblem(RuntimeError):
    """The store can't be read or written; the sentence says why."""


class StoreTooNew(StoreProblem):
    """The store was written by a later Playground."""
