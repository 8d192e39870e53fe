"""Findings that neither come nor go by a single look: what lies near a threshold must not flicker."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from nets.health.findings import DETECTORS, findings_of
from nets.health.vitals import Finding, Vitals

ENOUGH_SEEN = 2
"""Looks one after the other that must find a fault before it is told."""
ENOUGH_MISSED = 4
"""Looks one after the other that must not find it before nothing is told of it any more."""
CALM_SECONDS = 8.0
"""So long it must be gone as well: epochs of small networks come many times a second."""


@dataclass(frozen=True)
class Case:
    """What is known of one fault: its last finding, and how many looks have found it, or missed it, one after another.

    ``missing_since`` is when it was first missed.
    """

    finding: Finding
    seen: int = 0
    missed: int = 0
    missing_since: float = 0.0
    is_told: bool = False


Cases = Mapping[str, Case]


class Patience:
    """Watches a run that trains, and tells its findings calmly. Methods may be called from any thread.

    Args:
        clock: seconds, ever growing.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._run = ""
        self._look: tuple[int, ...] = ()
        self._cases: Cases = {}

    def findings(self, run: str, vitals: Vitals) -> tuple[Finding, ...]:
        """Return what is to be told of a run now, the gravest first; another run, or one from the start, begins anew.

        One that stands still is judged as it is: nothing comes or goes there.
        """
        if vitals.status != "training":
            return findings_of(vitals)
        seen = vitals.insides.step if vitals.insides else -1
        look = (vitals.rows[-1]["epoch"] if vitals.rows else -1, seen)
        with self._lock:
            if run != self._run or any(now < before for now, before in zip(look, self._look, strict=False)):
                self._run, self._look, self._cases = run, (), {}
            if look != self._look:
                self._look, self._cases = look, after_look(self._cases, findings_of(vitals), self._clock())
            told = {kind: case.finding for kind, case in self._cases.items() if case.is_told}
        return tuple(told[detector.__name__] for detector in DETECTORS if detector.__name__ in told)


def after_look(cases: Cases, findings: Sequence[Finding], now: float) -> Cases:
    """Return what is known of each fault after another look.

    Args:
        cases: what was known before, by kind.
        findings: what this look has found.
        now: when, in seconds.
    """
    found = {finding.kind: finding for finding in findings}
    known: dict[str, Case] = {}
    for kind, finding in found.items():
        case = cases.get(kind, Case(finding))
        seen = case.seen + 1
        known[kind] = Case(finding, seen, is_told=case.is_told or seen >= ENOUGH_SEEN)
    for kind, case in cases.items():
        if kind in found or not case.is_told:
            continue
        since = case.missing_since if case.missed else now
        if case.missed + 1 < ENOUGH_MISSED or now - since < CALM_SECONDS:
            known[kind] = replace(case, seen=0, missed=case.missed + 1, missing_since=since)
    return known
