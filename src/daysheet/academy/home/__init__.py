"""The academy's front door: what the job is, and the short answers."""
