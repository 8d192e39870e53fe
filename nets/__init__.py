"""The engine: experiments, networks, training and runs in plain PyTorch; knows nothing of any page."""

__version__ = "0.1.0"
