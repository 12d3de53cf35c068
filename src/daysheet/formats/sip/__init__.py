"""The telephone's own language, SIP (RFC 3261): messages read and written, digests, and a line that only listens."""
