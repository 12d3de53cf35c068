"""The academy: how to become a medical office administrator, with figures that say where they come from.

Its words: a *fact* is one figure with its source and what the career guide says beside it; the *pack* is the file of
public figures that ships with Daysheet; a *plan* is one newcomer's own path through the five steps.
"""
