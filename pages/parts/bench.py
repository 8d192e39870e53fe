"""The bench: one screen's experiment, the run that trains it, and the link that holds both."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from nets.experiment import Experiment, dump, parse, switch_kind, with_value
from nets.link import KIND_PATHS, from_query, to_query
from nets.problems import InvalidExperiment
from nets.recipes import Recipe
from nets.runs.checkpoints import Checkpoint, checkpoints
from nets.runs.protocol import Action
from nets.runs.run import Run
from pages.parts import permissions
from pages.parts.crossings import Overtaken
from pages.parts.drawn import Drawn
from pages.parts.refusals import in_plain_words
from pages.parts.service import may_follow, run_manager

MOMENT = 0.1
"""Seconds that a click on Pause, Stop, Step or Epoch waits for the worker, to draw the page once and not twice."""
LINK_LIMIT = 6000
"""Characters that a link may have; browsers and proxies cut longer ones."""
ECHO_SECONDS = 2.0
"""How long a browser may go on sending a link that has been replaced: its orders cross with the new one."""


@dataclass
class State:
    """What a browser session keeps of a screen between reruns."""

    experiment: Experiment
    run_id: str = ""
    link: dict[str, str] | None = None
    replaced: list[tuple[float, dict[str, str]]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    beside_id: str = ""
    overtaken: Overtaken = field(default_factory=Overtaken)
    labels: dict[str, str] = field(default_factory=dict)


class Bench:
    """One screen's experiment and run, in this browser session.

    Args:
        screen: name of the screen; prefixes its widgets' keys.
        default: the experiment a newcomer finds.
        belongs: whether an experiment can be shown on this screen.
        choices: how it is drawn; see ``Drawn``. The link carries it too.
    """

    def __init__(
        self,
        screen: str,
        default: Experiment,
        belongs: Callable[[Experiment], bool],
        choices: Mapping[str, Sequence[str | bool]],
    ) -> None:
        self.screen = screen
        self.drawn = Drawn(choices)
        self.default = default
        self.belongs = belongs
        self.manager = run_manager()
        self.state: State = st.session_state.setdefault(f"{screen}_bench", State(default))
        self._follow_link()
        self.run = self._ensure_run()
        self.beside = self._known(self.state.beside_id)
        self.write_link()

    @property
    def experiment(self) -> Experiment:
        """The experiment as it is now."""
        return self.state.experiment

    def key(self, path: str) -> str:
        """Return the session key of the widget for ``path``."""
        return f"{self.screen}.{path}"

    def value(self, path: str) -> Any:
        """Return the experiment's value at a dotted path, as JSON has it; None where nothing is."""
        value: Any = dump(self.experiment)
        for key in path.split("."):
            if not isinstance(value, Mapping) or key not in value:
                return None
            value = value[key]
        return value

    # Changes

    def change(self, values: Mapping[str, Any]) -> None:
        """Change settings at dotted paths, all or none; say why on the page if they can't be.

        The first that is new is what somebody has asked for; the others follow from it.
        """
        if locked := [path for path in values if permissions.is_locked(path)]:
            self.refuse(f"The link you came by has locked {', '.join(locked)}.")
            return
        asked = next((path for path, value in values.items() if self.value(path) != value), None)
        if asked is not None and self.is_late({asked: values[asked]}):
            return
        settings = dump(self.experiment)
        try:
            for path, value in values.items():
                if path in KIND_PATHS:
                    settings = self._switched(settings, KIND_PATHS[path], value)
                else:
                    settings = with_value(settings, path, value)
            experiment = parse(settings)
        except InvalidExperiment as error:
            self.refuse(*(in_plain_words(problem, self.state.labels) for problem in error.problems))
            return
        self.set(experiment, asked=(asked,) if asked else ())

    def is_late(self, said: Mapping[str, Any]) -> bool:
        """Does a browser say what stood in a field before it was changed for it, which it can't know yet?"""
        return self.state.overtaken.has(said)

    def _switched(self, settings: dict[str, Any], path: str, kind: Any) -> dict[str, Any]:
        """Return settings with another kind at ``path``; the screen's own network comes as it began."""
        usual = dump(self.default)
        if path == "model" and kind == usual["model"]["kind"]:
            return with_value(settings, path, usual["model"])
        return switch_kind(settings, path, kind)

    def refuse(self, *reasons: object) -> None:
        """Say why nothing was changed, in place of what was said before."""
        self.state.notices = [f"Not changed. {reason}" for reason in reasons]

    def set(self, experiment: Experiment, asked: tuple[str, ...] = ()) -> None:
        """Go on with ``experiment``: in the same run where weights can be kept, else in a new one that goes on too.

        ``asked`` are the paths that somebody has changed; what else differs has been changed for them.
        """
        self.state.notices = []
        if experiment == self.experiment:
            return
        self._catch_up()
        self.state.overtaken.note(self.experiment, experiment, asked)
        was_training = self.run.status in ("training", "queued")
        self.state.experiment = experiment
        old = self.run
        self._use(self.manager.edit(old, experiment))
        if self.run is not old and was_training:
            self.manager.do(self.run, "play")

    def do(self, action: Action, part: str = "") -> None:
        """Pass an order to the run; one whose worker is gone goes on from its last checkpoint, if it has any.

        A run that is looked at as it was stays as it is: a new one goes on from there. ``part`` takes a step alone.
        """
        self.state.notices = []
        self._catch_up()
        if not self.run.alive and action != "stop":
            self._use(self._reopened() or self.manager.create(self.experiment))
        if self.run.rewound and action != "stop":
            self._use(self.manager.fork(self.run, self.experiment))
        self.manager.do(self.run, action, part)
        if self.beside is not None and self.beside.alive and may_follow(self.beside, action):
            self.manager.do(self.beside, action)
        if action != "play":
            self.run.wait_until_still(MOMENT)

    def load_weights(self, content: bytes) -> None:
        """Put the weights of a safetensors file into the network; a toast says what became of them."""
        self.state.notices = []
        if not self.run.alive:
            self._use(self._reopened() or self.manager.create(self.experiment))
        self.run.load_weights(content)

    def look_back(self, checkpoint: Checkpoint, *, is_last: bool) -> None:
        """Look at the run as it was at a checkpoint; at the last one it is itself again."""
        self.state.notices = []
        if not self.run.alive:
            self._use(self._reopened() or self.run)
        self.run.travel(checkpoint, is_last=is_last)

    def checkpoints(self) -> list[Checkpoint]:
        """Return what is kept of the run, the earliest first."""
        folder = self.manager.folder_of(self.run.id)
        return checkpoints(Path(folder)) if folder and self.run.is_kept else []

    def _reopened(self) -> Run | None:
        run = self.manager.open(self.run.id) if self.run.is_kept else None
        return run if run is not None and run.alive else None

    def reset(self) -> None:
        """Go back to the same initial weights."""
        self.state.notices = []
        self._catch_up()
        self._use(self.manager.replace(self.run, self.experiment))

    # The run beside

    def open_recipe(self, recipe: Recipe, asked: tuple[str, ...] = ()) -> None:
        """Begin a recipe's experiment afresh, and the one that it is to be seen beside; ``asked`` as in ``set``."""
        self.state.notices = []
        self._catch_up()
        self.state.overtaken.note(self.experiment, recipe.experiment, asked)
        if self.beside is not None:
            self.manager.do(self.beside, "stop")
        self.state.experiment = recipe.experiment
        self._use(self.manager.replace(self.run, recipe.experiment))
        self.state.beside_id = self.manager.create(recipe.beside).id if recipe.beside else ""

    def set_aside(self) -> None:
        """Leave the run in the picture as it is; a fresh one of the same experiment takes its place."""
        self._catch_up()
        self.state.beside_id = self.run.id
        self._use(self.manager.create(self.experiment))

    def clear_beside(self) -> None:
        """Show the run alone again."""
        self.state.beside_id = ""

    # The run and the link

    def travel(self, query: dict[str, str]) -> None:
        """Take up a link that a person went back or forward to, even one that was replaced just now."""
        self.state.replaced = []
        if st.query_params.to_dict() != query:
            st.query_params.from_dict(query)

    def _catch_up(self) -> None:
        """Take up the run that the last click began: a quick second one still comes from the page before it."""
        self.run = self.manager.get(self.state.run_id) or self.run

    def _use(self, run: Run) -> None:
        self.run, self.state.run_id = run, run.id

    def _ensure_run(self) -> Run:
        run = self._known(self.state.run_id)
        if run is None:
            run = self.manager.create(self.experiment)
            self.state.run_id = run.id
        elif run.experiment != self.experiment:
            self.state.experiment = run.experiment
        return run

    def _known(self, run_id: str) -> Run | None:
        """Return the run with this id, training now or kept from earlier."""
        return (self.manager.get(run_id) or self.manager.open(run_id)) if run_id else None

    def _follow_link(self) -> None:
        """Take up what the address bar says, if somebody else than this bench has written it."""
        query = st.query_params.to_dict()
        if query == self.state.link or (not query and self.state.link is not None) or self._is_echo(query):
            return
        self.state.link = query
        self.state.beside_id = query.get("beside", "")
        permissions.take_up(query)
        self.drawn.take_up(query)
        run = self._known(query.get("run", ""))
        if run is not None and self.belongs(run.experiment):
            self.state.experiment, self.state.run_id = run.experiment, run.id
            return
        experiment, notices = from_query(query, self.default)
        if not self.belongs(experiment):
            experiment = self.default
            notices = ["The link's data belong on another screen, so the usual ones are shown."]
        self.state.notices = notices
        if run is None and query.get("run") and set(query) == {"run"}:
            self.state.notices.append("The link's run is no longer here, so the usual experiment is shown.")
        self.state.experiment, self.state.run_id = experiment, ""

    def _is_echo(self, query: dict[str, str]) -> bool:
        """Is this a link of ours that was replaced just now, and the browser did not know yet?"""
        now = time.monotonic()
        self.state.replaced = [(at, link) for at, link in self.state.replaced if now - at < ECHO_SECONDS]
        return any(link == query for _, link in self.state.replaced)

    def write_link(self) -> None:
        """Put the experiment and the run into the address bar."""
        link = {**self.settings_link(), **permissions.in_link(), "run": self.run.id}
        if self.beside is not None and self.beside.id != self.run.id:
            link["beside"] = self.beside.id
        if st.query_params.to_dict() != link:
            st.query_params.from_dict(link)
        if self.state.link is not None and self.state.link != link:
            self.state.replaced.append((time.monotonic(), self.state.link))
        self.state.link = link

    def settings_link(self) -> dict[str, str]:
        """Return the query parameters of the whole experiment and of how it is drawn."""
        settings = to_query(self.experiment, self.default)
        for longest in ("data.points", "data.layout"):
            if sum(map(len, settings.values())) > LINK_LIMIT:
                settings.pop(longest, None)
        return settings | self.drawn.in_link()

    def show_notices(self) -> None:
        """Show what has to be said; it stays until something is done, for the page is drawn again by itself too."""
        for notice in self.state.notices:
            st.warning(notice, icon=":material/info:")
        keeper = self.manager.keeper
        if problem := (self.run.frame.unkept if self.run.frame else "") or (keeper.problem if keeper else ""):
            st.warning(problem, icon=":material/cloud_off:")
