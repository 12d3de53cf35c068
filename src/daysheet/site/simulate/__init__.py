"""A life-like practice, played through the same commands as the screens: the same seed and start, the same days."""
