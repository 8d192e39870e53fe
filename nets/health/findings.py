"""All faults that are looked for, the gravest first."""

from nets.health.classes import imbalance
from nets.health.curves import diverging, not_learning, overfitting
from nets.health.gradients import exploding, vanishing
from nets.health.units import dying, saturated
from nets.health.vitals import Finding, Vitals

DETECTORS = (diverging, exploding, vanishing, dying, saturated, not_learning, imbalance, overfitting)
"""Each takes vitals and returns its finding, or None. A cause stands before what it brings about."""


def findings_of(vitals: Vitals) -> tuple[Finding, ...]:
    """Return what is wrong with a run, the gravest first; nothing where all is well or it is too early to tell."""
    found = (detector(vitals) for detector in DETECTORS)
    return tuple(finding for finding in found if finding is not None)
