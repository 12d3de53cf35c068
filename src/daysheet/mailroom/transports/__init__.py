"""The ways out of the house. Each takes an envelope and returns what it did in a sentence, or says why not."""


class NotDelivered(Exception):  # noqa: N818 - the office's word
    """The other side could not be reached now; another try may succeed."""


class StaysHere(Exception):  # noqa: N818 - the office's word
    """No way out is open; a person decides."""
