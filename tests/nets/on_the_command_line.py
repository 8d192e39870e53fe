"""``python -m nets train`` in this process: what it ends with, or what it says that it does not take."""

import json

from nets.__main__ import main


def finished(capsys, *arguments):
    """The metrics of a training that came to its end."""
    assert main(["train", *arguments, "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[-1]["status"] == "completed"
    return lines[-1]["metrics"]


def refusal(capsys, *arguments):
    """Why it was not taken."""
    assert main(["train", *arguments]) == 2
    return capsys.readouterr().err
