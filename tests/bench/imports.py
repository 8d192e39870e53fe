"""What takes the time of starting: the imports of the server and of a worker, by package."""

import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = {
    "server": "import playground, pages.parts.service",
    "worker": "import nets.runs.worker, nets.training, torch",
}
LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| (\s*)(\S+)")
SHOWN = 6


def rows() -> list[dict[str, float | str]]:
    """Return the seconds of all imports of each process, and the packages that take most of them."""
    found: list[dict[str, float | str]] = []
    for process, command in PROCESSES.items():
        own = _own_seconds(command)
        found.append({"measure": f"imports of the {process}", "value": sum(own.values()), "unit": "s"})
        for package in sorted(own, key=lambda name: -own[name])[:SHOWN]:
            share = own[package] / sum(own.values())
            found.append({"measure": f"imports of the {process}: {package}", "value": share, "unit": "share"})
    return found


def _own_seconds(command: str) -> dict[str, float]:
    """Return what the modules of each top-level package take by themselves."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", command],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    own: dict[str, float] = defaultdict(float)
    for line in done.stderr.splitlines():
        if match := LINE.match(line):
            own[match.group(4).partition(".")[0]] += int(match.group(1)) / 1e6
    return dict(own)


if __name__ == "__main__":
    for row in rows():
        print(f"{row['measure']:44} {row['value']:10.2f} {row['unit']}")
