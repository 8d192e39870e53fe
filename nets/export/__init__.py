"""A run taken away: as a script, a notebook, a network for other programs, its numbers. One file a format."""

import sys

from nets.export.base import FORMATS, CannotExport, Export, Format, Source, file_stem
from nets.registry import import_submodules

import_submodules(sys.modules[__name__])

__all__ = ["FORMATS", "CannotExport", "Export", "Format", "Source", "export"]


def export(source: Source, format: str) -> Export:
    """Return a run as a file of the named format.

    Raises:
        ValueError: if there is no such format; the message lists what there is.
        CannotExport: if the run has nothing to make such a file of.
    """
    found = FORMATS.get(format)
    return Export(file_stem(source.run) + found.suffix, found.media_type, found.write(source))
