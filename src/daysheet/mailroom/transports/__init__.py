"""The ways out of the house. Each carries an envelope and says in a sentence what it did, or why not."""


class NotDelivered(Exception):
    """The other side could not be reached now; another try may succeed."""


class StaysHere(Exception):
    """No way out is open; a person decides."""
