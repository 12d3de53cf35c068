"""Refusals: the office working. Anything else that is raised is a bug."""


class Refusal(Exception):  # noqa: N818 - the office's word
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


class NotPermitted(Exception):  # noqa: N818 - becomes a 403, never a sentence beside a form
    """The actor's role does not hold the permission that the act needs."""
