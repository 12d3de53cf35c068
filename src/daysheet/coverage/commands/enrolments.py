"""Enrolment with payers: how far it is, whom to ask, when to ask again."""

from datetime import date, datetime, time
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage.enrolment import PayerEnrolment
from daysheet.coverage.models import Payer
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.models import Practice
from daysheet.tasks import commands as tasks

TASK = "enrolment"
State = PayerEnrolment.State
OVER = (State.APPROVED, State.ENDED)


class EnrolmentIsWrong(Refusal):
    """Something of an enrolment cannot be: its kind, its state, its days."""


@command(needs=Can.SEND_CLAIMS)
def note_enrolment(
    by: Actor,
    /,
    *,
    payer_id: UUID,
    what: str,
    version: int,
    state: str,
    since: date,
    today: date,
    number: str = "",
    contact: str = "",
    phone: str = "",
    note: str = "",
    follow_up_on: date | None = None,
) -> PayerEnrolment:
    """Write down how far the enrolment with a payer is; a follow-up day stands on the work list.

    Raises EnrolmentIsWrong, or StaleForm when somebody else has written meanwhile.
    """
    payer = Payer.objects.filter(pk=payer_id).first()
    if payer is None or what not in PayerEnrolment.What.values or state not in State.values:
        raise EnrolmentIsWrong(_("Choose one of the states."), state=_("Choose one of the states."))
    if since > today:
        raise EnrolmentIsWrong(_("Write a state down when it has come."), since=_("A day until today."))
    if follow_up_on is not None and follow_up_on < today:
        raise EnrolmentIsWrong(_("The day to ask again has gone by."), follow_up_on=_("From today on."))
    rows = PayerEnrolment.objects.select_for_update(of=("self",)).filter(payer_id=payer_id, what=what)
    held = rows.first()
    if (held.version if held else 0) != version:
        raise _stale()
    before = held.state if held else State.NOT_STARTED
    held = held or PayerEnrolment(payer=payer, what=what, version=0)
    held.state, held.since, held.number = state, since, number.strip()
    held.contact, held.phone, held.note = contact.strip(), phone, note.strip()
    held.follow_up_on = None if state in OVER else follow_up_on
    held.version += 1
    with refusing(payer_enrolment_is_one=_stale()):
        held.save()
    _follow_up(by, held, payer)
    record(by, "coverage.enrolment.noted", held, payer=payer.name, what=what, before=before, now=state)
    return held


def _follow_up(by: Actor, held: PayerEnrolment, payer: Payer) -> None:
    """Put the day to ask again on the work list in the place of the one before."""
    tasks.close_items_of(by, subject_id=held.pk, kind=TASK, action_code="done")
    if held.follow_up_on is None:
        return
    zone = Practice.objects.get(pk=by.practice_id).zone
    tasks.open_item(
        by,
        kind=TASK,
        reason_code=held.what,
        sentence=_("Ask %(payer)s how far the enrollment is: %(what)s.")
        % {"payer": payer.name, "what": held.get_what_display()},
        due_at=datetime.combine(held.follow_up_on, time(17), tzinfo=zone),
        source_of_due=_("office: the day to ask again"),
        role="biller",
        subject=held,
        link=reverse("coverage:enrolment", args=[payer.pk, held.what]),
    )


def _stale() -> StaleForm:
    return StaleForm(_("Somebody else has written about this enrollment meanwhile. Look at it again."))
