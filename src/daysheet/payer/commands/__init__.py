"""The acts of the insurance desk."""

from daysheet.payer.commands.claims import answer_837
from daysheet.payer.commands.eligibility import answer_270
from daysheet.payer.commands.members import MemberIsWrong, enroll_member, enter_member, set_dice, set_fault
from daysheet.payer.commands.payments import pay_due

__all__ = [
    "MemberIsWrong",
    "answer_270",
    "answer_837",
    "enroll_member",
    "enter_member",
    "pay_due",
    "set_dice",
    "set_fault",
]
