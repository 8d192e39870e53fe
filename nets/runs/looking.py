"""What a worker's views cost, and how often each may look."""

import logging
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nets.training import Training
    from nets.views import View

SHARE = 0.06
"""Of a worker's time that frames may cost; beyond it they come less often, as does a view beyond its own share."""


class Looking:
    """The views that are watched. ``cost`` is what those that come with each frame took last, in seconds.

    What imports before it looks begins slowly: it lets one frame go first. ``owes`` says that the last look left some.
    """

    def __init__(self) -> None:
        self.views: dict[str, View] = {}
        self.cost = 0.0
        self.problem = ""
        self.owes = False
        self._waited: set[str] = set()
        self._looked: dict[str, tuple[View, object, float]] = {}

    def watch(self, views: "Mapping[str, View]") -> None:
        """Look at these from now on."""
        self.views = dict(views)

    def forget(self) -> None:
        """Look at everything anew: the network was changed by hand."""
        self._looked.clear()

    def look(self, training: "Training", *, running: bool) -> dict[str, Any]:
        """Return what has changed of what the views show; one that can't look is left out from now on."""
        self.cost, self.problem, self.owes = 0.0, "", False
        pictures = {}
        for name, view in list(self.views.items()):
            if not self._is_due(name, view, training, running=running):
                continue
            if _imports(view) and name not in self._waited:
                self._waited.add(name)
                self.owes = True
                continue
            try:
                view.prepare()
                began, busy = time.perf_counter(), time.process_time()
                pictures[name] = view.look(training)
            except Exception as error:
                logging.getLogger(__name__).exception("The view %s failed", name)
                self.problem = f"The view {name} can't be shown: {first_line(error)}"
                del self.views[name]
                continue
            ended = time.perf_counter()
            pause = max(view.every_seconds, (ended - began) / view.share_of_time) if view.every_seconds else 0.0
            self._looked[name] = (view, _moment(view, training), ended + pause)
            self.cost += 0.0 if pause else min(ended - began, time.process_time() - busy)  # neighbours cost nothing
        return pictures

    def _is_due(self, name: str, view: "View", training: "Training", *, running: bool) -> bool:
        """Could the view have changed since it was sent last, and is it its turn?"""
        if name not in self._looked:
            return True
        last, moment, due = self._looked[name]
        if last != view:
            return True
        if moment == _moment(view, training):
            return False
        return not running or time.perf_counter() >= due


def _imports(view: "View") -> bool:
    """Does a view import something before it looks?"""
    from nets.views.base import View

    return type(view).prepare is not View.prepare


def _moment(view: "View", training: "Training") -> object:
    """Return what a view depends on, as far as that can be told without looking."""
    return (training.model, training.step if view.changes_with_weights else 0)


def first_line(error: Exception) -> str:
    """Return how an error begins."""
    return (str(error).splitlines() or [""])[0][:300]
