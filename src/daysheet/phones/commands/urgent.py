"""What comes before all else: a red flag is raised, a nurse hears of it at once, or it is taken back."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.phones import queries, rules
from daysheet.phones.commands.calls import CallIsOver, _held, _link, _note
from daysheet.phones.models import Call
from daysheet.tasks import commands as tasks

URGENT = "red_flag"
NURSE = "clinician"


class FlagIsUnknown(Refusal):
    """The red flag is not, or no longer, one of the office's."""


@command(needs=Can.ANSWER_PHONES)
def raise_red_flag(by: Actor, /, *, call_id: UUID, flag_id: UUID) -> Call:
    """Note that the caller said what comes before all else; it stands on the nurses' work list at once.

    Raises CallIsOver, or FlagIsUnknown.
    """
    call = _held(call_id)
    if call.state not in (Call.State.OPEN, Call.State.WAITING):
        raise CallIsOver(_("This call is not on the line."))
    flag = queries.red_flags().filter(pk=flag_id).first()
    if flag is None:
        raise FlagIsUnknown(_("That is not on the list any more. Look at the list again."))
    if call.red_flag_id and call.red_flag_id != flag.pk:
        tasks.close_items_of(by, subject_id=call.pk, kind=URGENT, action_code="not_needed")
    call.red_flag = flag
    _note(by, call, _("red flag: %(words)s") % {"words": flag.words}, flag.get_goes_to_display())
    tasks.open_item(
        by,
        kind=URGENT,
        reason_code="PHONE-RED-FLAG",
        sentence=_("%(words)s: %(where)s. Call %(n)s.")
        % {"words": flag.words, "n": call.number, "where": flag.get_goes_to_display()},
        due_at=by.now + rules.AT_ONCE,
        source_of_due=_("red flag, 10 min"),
        role=NURSE,
        subject=call,
        patient_id=call.patient_id,
        link=_link(NURSE, call),
    )
    record(by, "phones.red-flag.raised", call, flag=str(flag.pk))
    return call


@command(needs=Can.ANSWER_PHONES)
def lower_red_flag(by: Actor, /, *, call_id: UUID) -> Call:
    """Take a red flag back that was pressed by mistake.

    Raises CallIsOver when there is none.
    """
    call = _held(call_id)
    if call.red_flag_id is None:
        raise CallIsOver(_("There is no red flag in this call."))
    call.red_flag = None
    _note(by, call, _("red flag taken back"))
    tasks.close_items_of(by, subject_id=call.pk, kind=URGENT, action_code="not_needed")
    record(by, "phones.red-flag.lowered", call)
    return call
