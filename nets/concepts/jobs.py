"""What is computed in a process of its own, because it trains or measures networks: landscapes, rate tests, lessons."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from nets.concepts.finder import FinderJob, rate_test
from nets.concepts.landscape import SIZES, LandscapeJob, landscape
from nets.concepts.overfitting import LessonsJob, lessons
from nets.concepts.subject import Subject, example, subject_of_experiment, subject_of_run
from nets.home import home, run_folder
from nets.problems import InvalidExperiment, Problem

Job = LandscapeJob | FinderJob | LessonsJob
KINDS: dict[str, type[Job]] = {"landscape": LandscapeJob, "finder": FinderJob, "lessons": LessonsJob}
FARTHEST = 100.0


def read_job(text: str | bytes) -> Job:
    """Return a job from JSON.

    Raises:
        InvalidExperiment: naming what is wrong with it.
    """
    try:
        given = json.loads(text)
        kind = given.get("kind") if isinstance(given, Mapping) else None
        job = KINDS.get(str(kind), LandscapeJob)(**given)
    except ValidationError as error:
        faults = [Problem(".".join(map(str, fault["loc"])), fault["msg"]) for fault in error.errors()]
        raise InvalidExperiment(faults) from None
    except (ValueError, TypeError) as error:
        raise InvalidExperiment([Problem("job", f"is no JSON object: {error}")]) from None
    return job


class Workshop:
    """Does jobs one after the other, and keeps the last network at hand: the next job often looks at it again."""

    def __init__(self) -> None:
        self._name: tuple[str, ...] = ()
        self._subject: Subject | None = None

    def events(self, job: Job) -> Iterator[dict[str, Any]]:
        """Yield what a job yields.

        Raises:
            InvalidExperiment: if it can't be done, with sentences.
        """
        if isinstance(job, LessonsJob):
            yield from lessons(job)
            return
        if isinstance(job, FinderJob):
            self._name, self._subject = (), None
            yield from rate_test(job)
            return
        check_numbers(job)
        yield from landscape(self._find(job.run), job)

    def _find(self, run: str) -> Subject:
        name: tuple[str, ...] = ("",)
        if run:
            try:
                folder = run_folder(home(), run)
            except ValueError as error:
                raise InvalidExperiment([Problem("run", str(error))]) from None
            name = (run, *sorted(path.name for path in (folder / "checkpoints").glob("*")))
        if self._subject is None or name != self._name:
            self._subject = None  # two networks at once may be one too many
            self._subject = subject_of_run(folder) if run else subject_of_experiment(example())
            self._name = name
        return self._subject


def check_numbers(job: LandscapeJob) -> None:
    """Refuse numbers that make no picture.

    Raises:
        InvalidExperiment: naming them.
    """
    problems = []
    if job.points not in SIZES:
        problems.append(Problem("points", f"got {job.points}; choose from {', '.join(map(str, SIZES))}"))
    if not 0 < job.reach <= FARTHEST:
        problems.append(Problem("reach", f"got {job.reach:g}; may be above 0 to {FARTHEST:g}"))
    if problems:
        raise InvalidExperiment(problems)
