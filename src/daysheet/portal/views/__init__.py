"""Screens of the patients' own door, and of the desk that watches."""
