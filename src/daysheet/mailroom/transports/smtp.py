"""E-mail by the office's own server; without one the letter stays in the outbox."""

import smtplib
from email import message_from_bytes
from email.message import EmailMessage as StandardMessage
from email.policy import default

from django.conf import settings
from django.core.mail import EmailMessage

from daysheet.mailroom.models import Envelope
from daysheet.mailroom.transports import NotDelivered, StaysHere


def send(envelope: Envelope) -> str:
    """Hand the e-mail to the server that the office set up."""
    if not settings.EMAIL_HOST:
        raise StaysHere("Kept here: this office has no e-mail server set up.")
    try:
        written(bytes(envelope.content)).send()
    except (OSError, smtplib.SMTPException) as broken:
        raise NotDelivered(f"The e-mail server did not take it ({type(broken).__name__}).") from broken
    return "Taken by the e-mail server."


def read(content: bytes) -> StandardMessage:
    """Return the kept e-mail with its heads and text."""
    return message_from_bytes(content, policy=default)


def written(content: bytes) -> EmailMessage:
    """Return the kept e-mail as one that Django sends, under its own message id and date."""
    kept = read(content)
    body = kept.get_body()
    return EmailMessage(
        str(kept["Subject"]),
        body.get_content() if body is not None else "",
        to=[str(kept["To"])],
        headers={"Message-ID": str(kept["Message-ID"]), "Date": str(kept["Date"])},
    )
