"""The facts: every number of the guide, once, beside the official figure, and where the two differ.

A fact is one number; an answer is what the pack (or an issuer) says today; a difference is a known flaw of the guide.
"""
