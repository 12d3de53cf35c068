"""What the desk does next when a card company says no, by its short word for why.

The words are Stripe's decline and error codes; the sentences are ours. What a bank will not have said aloud (a lost or
stolen card, suspected fraud) is treated like any other no: nobody accuses a patient at the desk.
"""

from django.utils.translation import gettext as _

ANOTHER, BANK, AGAIN, RETYPE, RENEW, LESS, TERMINAL = (
    "another", "bank", "again", "retype", "renew", "less", "terminal",
)  # fmt: skip
BY_CODE = {
    "insufficient_funds": LESS,
    "withdrawal_count_limit_exceeded": LESS,
    "card_velocity_exceeded": LESS,
    "expired_card": RENEW,
    "invalid_expiry_month": RETYPE,
    "invalid_expiry_year": RETYPE,
    "incorrect_number": RETYPE,
    "invalid_number": RETYPE,
    "incorrect_cvc": RETYPE,
    "invalid_cvc": RETYPE,
    "incorrect_zip": RETYPE,
    "processing_error": AGAIN,
    "issuer_not_available": AGAIN,
    "try_again_later": AGAIN,
    "reenter_transaction": AGAIN,
    "authentication_required": BANK,
    "call_issuer": BANK,
    "do_not_honor": BANK,
    "transaction_not_allowed": BANK,
    "service_not_allowed": BANK,
    "card_not_supported": ANOTHER,
    "currency_not_supported": ANOTHER,
    "terminal_reader_offline": TERMINAL,
    "terminal_reader_busy": TERMINAL,
    "terminal_reader_timeout": TERMINAL,
    "terminal_reader_hardware_fault": TERMINAL,
}


def what_next(verb: str, code: str) -> str:
    """Return in a sentence what to do after a company has declined."""
    if verb == "refund":
        return _("Nothing went back. Give the money back as a check, or ask the card company.")
    if verb == "stop":
        return _("The terminal has a card just now and cannot be cancelled. Wait for what it says.")
    if verb in {"capture", "cancel"}:
        return _("Look at the card company's own page before anything is taken again.")
    words = {
        LESS: _("Take a smaller part on this card and the rest in another way."),
        RENEW: _("Ask for the new card; a kept one is forgotten and kept anew."),
        RETYPE: _("Let the card be read again: a digit, the date or the code was not right."),
        AGAIN: _("Wait a minute and ask once more; nothing was taken."),
        BANK: _("The patient can call the number on the back of the card, or pay in another way."),
        TERMINAL: _(
            "Nothing was taken. Look whether the terminal is on, in the network and not at work for another desk."
        ),
        ANOTHER: _("Ask for another card, or take cash or a check."),
    }
    return words[BY_CODE.get(code, ANOTHER)]
