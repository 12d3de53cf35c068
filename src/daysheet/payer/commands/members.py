"""Whom the payer knows, and what is to go wrong."""

import re
from datetime import date

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal
from daysheet.payer import queries
from daysheet.payer.models import DeductibleMet, Dice, Member
from daysheet.payer.rules import faults


class NoSuchPayer(Refusal):
    """The desk plays no payer with that id."""


class NoSuchFault(Refusal):
    """Nothing that can go wrong has that name."""


class NoSuchMember(Refusal):
    """The payer knows no member with that number."""


class MemberIsWrong(Refusal):
    """A member cannot be entered so: the number, the plan or the days."""


@command(needs=Can.ANSWER_AS_PAYER)
def enter_member(
    by: Actor,
    /,
    *,
    payer_id: str,
    plan: str,
    member_id: str,
    family: str,
    given: str,
    born_on: date,
    starts_on: date,
    ends_on: date | None = None,
) -> Member:
    """Enter somebody whom the payer does not know yet, as a clerk types it.

    Raises MemberIsWrong; a member who is known already stays as known.
    """
    profile = queries.profile(payer_id)
    if profile is None or plan not in profile.plans:
        raise MemberIsWrong(_("Choose a plan of the list."), plan=_("Choose one of the list."))
    number = queries.member_key(member_id)
    if not re.fullmatch(profile.member_shape, number):
        no = _("%(payer)s has no member numbers of that shape. Check the number.") % {"payer": profile.name}
        raise MemberIsWrong(no, member_id=_("Check the number."))
    if ends_on and ends_on < starts_on:
        no = _("The last day lies before the first one.")
        raise MemberIsWrong(no, ends_on=_("Write a later day, or nothing."))
    known = MemberIsWrong(_("That payer has a member of this number already."), member_id=_("Is known."))
    with refusing(payer_member_id_is_own=known):
        member = Member.objects.create(
            payer_id=profile.payer_id,
            member_id=number,
            family=family.strip(),
            given=given.strip(),
            born_on=born_on,
            plan=plan,
            starts_on=starts_on,
            ends_on=ends_on,
        )
    record(by, "payer.member.enrolled", member, payer=profile.payer_id)
    return member


@command(needs=Can.ANSWER_AS_PAYER)
def enroll_member(
    by: Actor,
    /,
    *,
    payer_id: str,
    member_id: str,
    family: str,
    given: str,
    born_on: date,
    plan: str = "standard",
    starts_on: date,
    ends_on: date | None = None,
    fault: str = "",
    has_met_deductible: bool = False,
) -> Member:
    """Take a person in as a member, or bring what is known of the member up to date.

    `has_met_deductible` says that this year's deductible was paid elsewhere already.

    Raises NoSuchPayer or NoSuchFault.
    """
    profile = queries.profile(payer_id)
    if profile is None:
        raise NoSuchPayer(f"No payer with the id {payer_id} is played at this desk.")
    _must_be_known(fault)
    member, is_new = Member.objects.update_or_create(
        payer_id=profile.payer_id,
        member_id=queries.member_key(member_id),
        defaults={
            "family": family,
            "given": given,
            "born_on": born_on,
            "plan": profile.plan(plan).key,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "fault": fault,
        },
    )
    if has_met_deductible:
        met, _is_new = DeductibleMet.objects.update_or_create(
            payer_id=profile.payer_id,
            member_id=member.member_id,
            year=by.now.year,
            defaults={"deductible": profile.plan(plan).deductible},
        )
        if met.out_of_pocket < met.deductible:  # what went to the deductible was paid out of pocket
            met.out_of_pocket = met.deductible
            met.save(update_fields=["out_of_pocket"])
    record(by, "payer.member.enrolled" if is_new else "payer.member.changed", member, payer=profile.payer_id)
    return member


@command(needs=Can.ANSWER_AS_PAYER)
def set_fault(by: Actor, /, *, payer_id: str, member_id: str, fault: str) -> Member:
    """Name what is to go wrong with a member from now on; empty text lets it come as it comes.

    Raises NoSuchMember or NoSuchFault.
    """
    _must_be_known(fault)
    member = queries.member(payer_id=payer_id, member_id=member_id)
    if member is None:
        raise NoSuchMember("The payer knows no member with that number. Enroll the member first.")
    member.fault = fault
    member.save(update_fields=["fault"])
    record(by, "payer.member.fault-named", member, fault=fault)
    return member


@command(needs=Can.ANSWER_AS_PAYER)
def set_dice(by: Actor, /, *, seed: str, percent: int = 100, answer_days: int | None = None) -> Dice:
    """Set by which seed things go wrong, how much of the profiles' rates counts (0: nothing), and the days to payment."""
    if not 0 <= percent <= 1000:
        raise Refusal("The rate is between 0 and 1000 percent of the profiles' own.")
    dice, _is_new = Dice.objects.update_or_create(
        defaults={"seed": seed, "percent": percent, "answer_days": answer_days}
    )
    record(by, "payer.dice.set", dice, seed=seed, percent=percent)
    return dice


def _must_be_known(fault: str) -> None:
    if fault and not faults.known(fault):
        raise NoSuchFault(f"Nothing that can go wrong is called {fault}.")
