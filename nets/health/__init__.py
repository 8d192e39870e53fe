"""Health in plain words: what is wrong with a network that learns, by its run's own numbers."""

from nets.health.findings import DETECTORS, findings_of
from nets.health.patience import Patience
from nets.health.vitals import Finding, Insides, Layer, RareClass, Vitals

__all__ = ["DETECTORS", "Finding", "Insides", "Layer", "Patience", "RareClass", "Vitals", "findings_of"]
