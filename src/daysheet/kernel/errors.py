"""Refusals: the office working. Anything else that is raised is a bug."""


class Refusal(Exception):
    """A sentence for the person at the desk: what happened, and what to do next."""

    def __init__(self, sentence: str, **fields: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.fields = fields
        """Sentences by form field name, where the refusal belongs to one."""


class StaleForm(Refusal):
    """Somebody else changed the thing while the form stood open."""


class WrongPractice(Refusal):
    """The form was opened under another practice than the one now acting."""


class WrongPatient(Refusal):
    """The form was drawn for another patient than the one whose address it was sent to."""


class NotPermitted(Exception):
    """The actor's role does not hold the permission that the act needs."""
