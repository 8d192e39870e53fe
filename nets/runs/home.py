"""Where runs live; ``nets.home`` says where everything does."""

from nets.home import VARIABLE, home, run_folder

__all__ = ["VARIABLE", "home", "run_folder"]
