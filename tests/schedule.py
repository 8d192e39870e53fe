"""Which test process runs which tests: those that share a server stay together, and long files begin first."""

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

LONG_FIRST = ("tests/nets/runs/", "tests/pages/", "tests/nets/export/", "tests/nets/recipes/")
"""Folders whose tests train to an end, or wait for processes; what begins late must be short."""

OWN_SERVERS = ("test_keeping.py", "test_processes.py")
"""Files of tests of runs that start fork servers of their own, to treat them badly."""


def unit_of(nodeid: str) -> str:
    """Return the name of what is run in one process: a file, or all that share a fork server, slow to warm up."""
    file = nodeid.partition("::")[0]
    for folder in ("tests/pages/", "tests/nets/runs/"):
        if file.startswith(folder) and not file.endswith(OWN_SERVERS):
            return folder
    return file


def rank(nodeid: str) -> int:
    """Return a number by which tests are sorted: those of folders that take long come first."""
    return next((place for place, folder in enumerate(LONG_FIRST) if nodeid.startswith(folder)), len(LONG_FIRST))


class InUnits(LoadScopeScheduling):
    """Gives the next unit to the process that is done with its last. Its own groups do nothing with pytest 9.2."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)
