"""Daysheet, the open medical office."""

__version__ = "0.1.0"
