"""How a call ends: the one choice of the form, and the command that belongs to it; how it goes on with a new patient."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.errors import Refusal
from daysheet.patients.models import Patient
from daysheet.phones import commands, rules
from daysheet.phones.forms import TalkForm
from daysheet.phones.models import Call


def end(by: Actor, call: Call, form: TalkForm, *, version: int) -> str:
    """End a call, or pass it on, as was chosen; return the sentence for the toast.

    Raises what the commands refuse.
    """
    said, told = form.cleaned_data, form.told()
    chosen = said["outcome"]
    this: dict[str, Any] = {"call_id": call.pk, "version": version, "told": told}
    if chosen == "call_back":
        minutes = int(said["within"]) if said["within"] else None
        commands.ask_call_back(by, minutes=minutes, **this)
        return _("Call back promised. It stands on the desk with its clock.")
    if chosen == "passed" and said["to"]:
        passed = commands.pass_call(by, member_id=UUID(said["to"]), **this)
        return _("Passed on to %(name)s.") % {"name": passed.answered_by}
    if chosen == "passed":
        commands.transfer_call(by, to=said["to_name"], **this)
        return _("Passed on to %(name)s.") % {"name": said["to_name"]}
    if chosen == "reached":
        commands.called_back(by, **this)
        return _("Called back.")
    if chosen == "missed":
        tried = commands.could_not_reach(by, **this)
        if tried.due_at == by.now + rules.AGAIN:
            return _("Nobody answered. It comes again in an hour.")
        return _("Nobody answered. It comes again when the office is open.")
    commands.finish_call(by, outcome=chosen, **this)
    return _("Call %(n)s has ended.") % {"n": call.number}


def with_new_patient(by: Actor, call_id: UUID, patient: Patient) -> str:
    """Tie a patient who was added from a call to it, and return the call's page; nothing where that cannot be."""
    if not by.can(Can.ANSWER_PHONES):
        return ""
    try:
        commands.tie_new_patient(by, call_id=call_id, patient=patient)
    except Refusal:
        return ""
    return reverse("phones:call", args=[call_id])


def way_back(call: Call) -> tuple[str, str] | None:
    """Return the way back for the toast: a call that has ended is opened again, a promise is taken back."""
    if call.state == Call.State.DONE:
        return reverse("phones:call-reopen", args=[call.pk]), _("Open it again")
    if call.state == Call.State.WAITING and not call.tries:
        return reverse("phones:call-promise-back", args=[call.pk]), _("Open it again")
    return None
