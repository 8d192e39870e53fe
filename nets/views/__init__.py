"""What can be looked at while a network learns. Importing this registers every view; none needs torch until used."""

import sys

from nets.registry import import_submodules
from nets.views.base import VIEWS, View

import_submodules(sys.modules[__name__])

__all__ = ["VIEWS", "View"]
