"""The room `payer` as a Django app."""

from django.apps import AppConfig

from daysheet.kernel.access import Can

NAV = [("insurance-desk", "Insurance desk", "payer:desk", "building", Can.ANSWER_AS_PAYER, 10, ("payer",))]


class PayerConfig(AppConfig):
    """The insurance company: a desk of its own, and the twin that answers an office's mail."""

    name = "daysheet.payer"
    label = "payer"

    def ready(self) -> None:
        """Tell the mailroom who answers an office's questions and claims."""
        from daysheet.mailroom.routes import handles
        from daysheet.payer import commands, jobs  # noqa: F401 - jobs register themselves

        handles("270")(lambda by, envelope: commands.answer_270(by, envelope_id=envelope.id))
        claims = handles("837P")(lambda by, envelope: commands.answer_837(by, envelope_id=envelope.id))
        handles("837D")(claims)
        handles("837I")(claims)
