"""What the concepts show, computed by PyTorch: small functions from settings to numbers."""
