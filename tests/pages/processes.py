"""The processes below another, read from /proc; none where there is no /proc."""

from pathlib import Path

PROC = Path("/proc")


def children() -> dict[int, list[int]]:
    """Return the living children of every process, the oldest first."""
    found: dict[int, list[tuple[int, int]]] = {}
    for folder in PROC.glob("[0-9]*"):
        try:
            # After "pid (command)": state ppid … and as the 20th the time of the start.
            state, parent, *others = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we looked
        if state != "Z":
            found.setdefault(int(parent), []).append((int(others[17]), int(folder.name)))
    return {parent: [pid for _, pid in sorted(pids)] for parent, pids in found.items()}


def descendants(pid: int) -> set[int]:
    """Return the living processes below ``pid``."""
    tree = children()
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        below = tree.get(waiting.pop(), [])
        found.update(below)
        waiting += below
    return found


def command(pid: int) -> str:
    """Return a process's command line; empty if it has ended."""
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def newest_worker(server: int) -> int | None:
    """Return the worker that the app's process ``server`` has started last: a child of its fork server."""
    tree = children()
    fork_servers = [pid for pid in tree.get(server, []) if "nets.runs.forkserver" in command(pid)]
    workers = [pid for fork_server in fork_servers for pid in tree.get(fork_server, [])]
    return workers[-1] if workers else None
