"""Modules of our own that networks are made of. They import torch, so they are imported where a network is built."""
