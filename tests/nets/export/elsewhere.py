"""A process where this project can't be imported: scripts run in forks of it, so that torch is imported once for all.

It is started as a script: ``python -I elsewhere.py``. A line of its input names a folder with ``scripts``,
``before.py`` and ``here``; a fork runs the scripts there, one after the other, and writes what they print into
``printed.json`` or what went wrong into ``errors.txt``. A line of its output says that the fork has ended.
"""

import contextlib
import importlib.util
import io
import json
import os
import runpy
import sys
from pathlib import Path


def main() -> None:
    assert importlib.util.find_spec("nets") is None, "this project can be imported here"
    warm()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            run_all(Path(line.strip()))
            os._exit(0)
        os.waitpid(child, 0)
        print("done", flush=True)


def warm() -> None:
    """Import what scripts import; the first step of an optimizer imports half of torch. No thread may start here."""
    import sklearn.datasets  # noqa: F401
    import torch

    parameter = torch.nn.Parameter(torch.zeros(2))
    parameter.grad = torch.zeros(2)
    torch.optim.Adam([parameter], fused=True).step()


def run_all(folder: Path) -> None:
    """Run the scripts of a folder; what goes wrong goes into a file."""
    with (folder / "errors.txt").open("w", encoding="utf-8") as errors:
        os.dup2(errors.fileno(), sys.stderr.fileno())
    os.chdir(folder / "here")
    exec((folder / "before.py").read_text(encoding="utf-8"), {})
    lines = {}
    for file in sorted((folder / "scripts").glob("*.py")):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            runpy.run_path(str(file), run_name="__main__")
        lines[file.stem] = printed.getvalue().splitlines()
    (folder / "printed.json").write_text(json.dumps(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
