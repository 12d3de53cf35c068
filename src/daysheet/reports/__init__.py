"""The day sheet and its close."""
