"""The front door's screens."""
