"""Text: reviews, names, DNA, documentation, and the user's own files."""
