"""The acts of the insurance desk."""

from daysheet.payer.commands.claims import answer_837
from daysheet.payer.commands.eligibility import answer_270
from daysheet.payer.commands.members import enroll_member, set_dice, set_fault
from daysheet.payer.commands.payments import pay_due

__all__ = ["answer_270", "answer_837", "enroll_member", "pay_due", "set_dice", "set_fault"]
