"""Notices, consents, and who looked at which chart."""
