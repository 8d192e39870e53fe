"""A screen without a browser: Streamlit's AppTest runs playground.py, its callbacks and its links."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from nets.experiment import Experiment, dump
from nets.link import write
from nets.runs.run import Run
from pages.parts.service import run_manager

PLAYGROUND = Path(__file__).parents[2] / "playground.py"
PATIENCE = 60.0
"""Seconds to wait for a worker; the first imports torch."""
LOOK_AGAIN = 0.1
"""Seconds between two looks at a run."""


class Screen:
    """One visit to a screen; a script that fails ends the test.

    Args:
        name: of the screen.
        link: the address's query parameters; what is no text is written as a link has it.
    """

    def __init__(self, name: str, link: dict[str, Any] | None = None) -> None:
        self.name = name
        self.app = AppTest.from_file(PLAYGROUND, default_timeout=PATIENCE)
        if name != "points" or not {*(link or {})} - {"embed"}:  # the root without a link leads to the recipes
            self.app.run()
            self.app.switch_page(f"pages/{name}.py")
        self.app.query_params = {path: write(value) for path, value in (link or {}).items()}
        self.run()

    def run(self) -> "Screen":
        """Run the script once more."""
        self.app.run()
        assert not self.app.exception, [error.value for error in self.app.exception]
        return self

    @property
    def notices(self) -> list[str]:
        """What the page had to say."""
        return [warning.value for warning in self.app.warning]

    @property
    def experiment(self) -> Experiment:
        """The experiment on the bench."""
        return self.app.session_state[f"{self.name}_bench"].experiment

    @property
    def training(self) -> Run:
        """The bench's run, as the manager knows it."""
        run = run_manager().get(self.app.query_params["run"])
        assert run is not None
        return run

    def value(self, path: str) -> Any:
        """The experiment's value at a dotted path, as JSON has it; None where nothing is."""
        value: Any = dump(self.experiment)
        for part in path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def widget(self, kind: str, path: str) -> Any:
        """The widget of a setting: its key begins with the screen's name."""
        return getattr(self.app, kind)(f"{self.name}.{path}")

    def put(self, kind: str, path: str, value: Any) -> "Screen":
        """Set the widget of a setting and run the script."""
        self.widget(kind, path).set_value(value)
        return self.run()

    def type_rate(self, path: str, text: str) -> "Screen":
        """Type into a box of usual rates, which takes any other too; AppTest knows only those on offer."""
        box = self.widget("selectbox", path)
        if text not in box.options:
            box.options.append(text)
        box.set_value(text)
        return self.run()

    def click(self, key: str) -> "Screen":
        """Press a button of the screen."""
        self.app.button(key).click()
        return self.run()

    def wait(self, condition: Callable[[Run], Any]) -> "Screen":
        """Look on, as an open page does, until the run is as it should be."""
        deadline = time.monotonic() + PATIENCE
        while not condition(self.training):
            assert time.monotonic() < deadline, f"waited in vain; {self.training.status} {self.training.reason}"
            time.sleep(LOOK_AGAIN)
            self.run()
        return self.run()
