"""One call from the ring to its end: what to say first, who it is about, why, where it goes, what came of it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.patients import queries as patients
from daysheet.patients import reading
from daysheet.phones import commands, ending, queries, rules, showing
from daysheet.phones.forms import AgainForm, HoldForm, MessageForm, TalkForm, WhoForm
from daysheet.phones.models import Call
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.htmx import is_htmx
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE = "phones/call.html"
ALERTS, BANNER, RED, STEPS = (
    "phones/_alerts.html",
    "phones/_banner.html",
    "phones/_red.html",
    "phones/_steps.html",
)
PROMISED = "phones/_promised.html"
POST = ("POST",)
LIVE = (Call.State.OPEN, Call.State.WAITING)


@screen(needs=Can.ANSWER_PHONES)
def call(request: Request, call_id: UUID) -> HttpResponse:
    """Show a call; of a patient nothing before two identifiers matched."""
    found = _found(call_id)
    return page(request, PAGE, _told(request, found))


@screen(needs=Can.ANSWER_PHONES, keeps_awake=False)
def head_list(request: Request, call_id: UUID) -> HttpResponse:
    """Show how a call stands, alone: what its open page fetches when something changed."""
    found = _found(call_id)
    record(request.actor, "phones.call.viewed", found)
    return page(request, "phones/_head.html", _head(request, found))


@screen(needs=Can.ANSWER_PHONES)
def ask_list(request: Request, call_id: UUID) -> HttpResponse:
    """Show what to ask and where it goes for a reason that is being chosen."""
    found = _found(call_id)
    reason_id = read_id(request.GET.get("reason"))
    reason = queries.reason(reason_id) if reason_id else None
    record(request.actor, "phones.call.viewed", found)
    return page(request, "phones/_ask.html", {"reason": reason} | _where(request, reason))


@screen(needs=Can.ANSWER_PHONES, methods=POST)
def call_take(request: Request, call_id: UUID) -> HttpResponse:
    """Answer a call that rings; go through a voicemail or an abandoned call."""
    return _press(request, call_id, commands.take_call)


@screen(needs=Can.ANSWER_PHONES, methods=POST)
def call_abandoned(request: Request, call_id: UUID) -> HttpResponse:
    """Note that the caller hung up before an answer."""
    return _press(request, call_id, commands.mark_abandoned, _("Hung up before an answer."))


@screen(needs=Can.ANSWER_PHONES, methods=POST)
def call_hold(request: Request, call_id: UUID) -> HttpResponse:
    """Put the caller on hold, with a few words why."""
    form = HoldForm(request.POST)
    form.is_valid()  # words that cannot be kept are left out

    def act(by: Any, *, call_id: UUID) -> Any:
        return commands.hold_call(by, call_id=call_id, note=form.cleaned_data.get("note", ""))

    return _press(request, call_id, act, piece="phones/_head.html")


@screen(needs=Can.ANSWER_PHONES, methods=POST)
def call_resume(request: Request, call_id: UUID) -> HttpResponse:
    """Take the caller off hold."""
    return _press(request, call_id, commands.resume_call, piece="phones/_head.html")


@screen(needs=Can.ANSWER_PHONES, methods=POST)
def call_reopen(request: Request, call_id: UUID) -> HttpResponse:
    """Open a call again that was ended by mistake."""
    return _press(request, call_id, commands.reopen_call, _("The call is open again."))


@screen(needs=Can.ANSWER_PHONES, methods=POST)
def call_promise_back(request: Request, call_id: UUID) -> HttpResponse:
    """Take back a call back that was promised by mistake."""
    return _press(request, call_id, commands.take_back_promise, _("The call is open again."))


@screen(needs=Can.ANSWER_PHONES, methods=POST)
def call_join(request: Request, call_id: UUID, waiting_call_id: UUID) -> HttpResponse:
    """Put a call to an earlier one of the same caller that waits for a call back, with what was written down."""
    found = _found(call_id)
    data = request.POST.copy()
    data["keep"] = "1"  # how it ends is said
    form = TalkForm(data, call=found, me=request.actor.user_id)
    if not form.is_valid():
        told = _told(request, found, talk=form, at="talk")
        return invalid(request, PAGE, PAGE, form, told)
    try:
        _must_be_read(request, found)
        joined = commands.join_call(
            request.actor,
            call_id=call_id,
            to_id=waiting_call_id,
            version=form_version(request) or 0,
            told=form.told() if "note" in request.POST else None,
        )
    except Refusal as no:
        return refused(request, PAGE, PROMISED, None, no, _told(request, found, at="promised"))
    toast = _("Call %(n)s is put to the one that waits.") % {"n": joined.number}
    return done(request, reverse("phones:desk"), toast=toast, undo=ending.way_back(joined))


@screen(needs=Can.ANSWER_PHONES, methods=POST)
def call_talk(request: Request, call_id: UUID) -> HttpResponse:
    """Keep what was written down, and end the call unless only the notes are to be kept."""
    found = _found(call_id)
    form = TalkForm(request.POST, call=found, me=request.actor.user_id)
    told = _told(request, found, talk=form, at="talk")
    if not form.is_valid():
        return invalid(request, PAGE, "_talk.html", form, told)
    version = form_version(request) or 0
    if "keep" not in request.POST:
        try:
            _must_be_read(request, found)
            toast = ending.end(request.actor, found, form, version=version)
        except Refusal as no:
            return refused(request, PAGE, "_talk.html", form, no, told)
        return done(request, reverse("phones:desk"), toast=toast, undo=ending.way_back(_found(found.pk)))
    try:
        commands.describe_call(request.actor, call_id=call_id, version=version, told=form.told())
    except Refusal as no:
        return refused(request, PAGE, "_talk.html", form, no, told)
    kept = _told(request, _found(call_id))
    toast = _("Kept.")
    return done(request, _address(call_id), "phones/_talk.html", kept, toast=toast, also=_also(kept))


@screen(needs=Can.ANSWER_PHONES, methods=POST)
def call_identify(request: Request, call_id: UUID) -> HttpResponse:
    """Compare what the caller says with the charts; a miss is told, never what differs."""
    found = _found(call_id)
    form = WhoForm(request.POST, today=request.office.today)
    if not form.is_valid():
        return invalid(request, PAGE, "_who.html", form, _told(request, found, who_form=form, at="who"))
    try:
        checked = commands.identify_caller(request.actor, call_id=call_id, said=form.cleaned_data)
    except Refusal as no:
        told = _told(request, found, who_form=form, at="who")
        return refused(request, PAGE, "_who.html", form, no, told)
    verdict = "match" if checked.patient else "several" if checked.is_several else "differs"
    told = _told(request, _found(call_id), who_form=None if checked.patient else form) | {"verdict": verdict}
    if checked.patient:
        return done(
            request, _address(call_id), "phones/_who.html", told, also=_also(told, BANNER, ALERTS, PROMISED)
        )
    if is_htmx(request):
        return render(request, "phones/_who.html", told | {"form": form, "refusal": None})
    return page(request, PAGE, told)


@screen(needs=Can.MANAGE_OFFICE, methods=POST)
def call_compare_again(request: Request, call_id: UUID) -> HttpResponse:
    """Let a caller who missed three times be compared once more, with a reason."""
    form = AgainForm(request.POST)
    form.is_valid()  # a missing reason is what the command refuses

    def act(by: Any, *, call_id: UUID) -> Any:
        return commands.compare_again(by, call_id=call_id, reason=form.cleaned_data.get("because", ""))

    toast = _("One more comparison is open.")
    return _press(request, call_id, act, toast, piece="phones/_who.html", at="forget")


@screen(needs=Can.ANSWER_PHONES, methods=POST)
def call_forget(request: Request, call_id: UUID) -> HttpResponse:
    """Take back about whom a call is."""
    toast = _("Nobody is named in this call now.")
    return _press(
        request,
        call_id,
        commands.forget_caller,
        toast,
        piece="phones/_who.html",
        at="forget",
        also=(BANNER, ALERTS, PROMISED),
    )


@screen(needs=Can.ANSWER_PHONES, methods=POST)
def call_message(request: Request, call_id: UUID) -> HttpResponse:
    """Put a message of the caller on the work list of a colleague or a role."""
    found = _found(call_id)
    form = MessageForm(request.POST)
    if not form.is_valid():
        told = _told(request, found, message_form=form, at="message")
        return invalid(request, PAGE, "_message.html", form, told)
    try:
        commands.leave_message(request.actor, call_id=call_id, **form.facts())
    except Refusal as no:
        told = _told(request, found, message_form=form, at="message")
        return refused(request, PAGE, "_message.html", form, no, told)
    told, toast = _told(request, _found(call_id)), _("The message is on the list.")
    return done(request, _address(call_id), "phones/_message.html", told, toast=toast, also=_also(told))


@screen(needs=Can.ANSWER_PHONES, methods=POST)
def red_flag(request: Request, call_id: UUID, red_flag_id: UUID) -> HttpResponse:
    """Say that the caller said what comes before all else."""

    def act(by: Any, *, call_id: UUID) -> Any:
        return commands.raise_red_flag(by, call_id=call_id, flag_id=red_flag_id)

    return _press(request, call_id, act, piece=RED, at="red")


@screen(needs=Can.ANSWER_PHONES, methods=POST)
def red_flag_lower(request: Request, call_id: UUID) -> HttpResponse:
    """Take a red flag back."""
    return _press(request, call_id, commands.lower_red_flag, piece=RED, at="red")


def _press(
    request: Request,
    call_id: UUID,
    command: Callable[..., Any],
    toast: str = "",
    *,
    piece: str = "",
    at: str = "call",
    also: tuple[str, ...] = (),
) -> HttpResponse:
    """Do an act that needs no form and stay at the call; a refusal is told on its page."""
    found = _found(call_id)
    try:
        command(request.actor, call_id=call_id)
    except Refusal as no:
        return refused(request, PAGE, piece or PAGE, None, no, _told(request, found, at=at))
    if not piece:
        return done(request, _address(call_id), toast=toast)
    told = _told(request, _found(call_id))
    return done(request, _address(call_id), piece, told, toast=toast, also=_also(told, *also))


def _must_be_read(request: Request, found: Call) -> None:
    """Raise AlertsUnread where a call ends in which an alert has still to be ticked; a red flag comes before that."""
    if found.patient and found.state == Call.State.OPEN and not found.red_flag_id:
        reading.must_be_read(request, found.patient, "call")


def _told(
    request: Request,
    found: Call,
    *,
    talk: TalkForm | None = None,
    who_form: WhoForm | None = None,
    message_form: MessageForm | None = None,
    at: str = "",
) -> dict[str, Any]:
    """Return what the page of a call shows; `at` names the part to which a refusal belongs."""
    by, patient = request.actor, found.patient
    shown = [found.patient_id] if found.patient_id else []
    record(by, "phones.call.viewed", found, patients=shown)
    chosen = read_id(talk.data.get("reason")) if talk is not None else found.reason_id
    reason = queries.reason(chosen) if chosen and chosen != found.reason_id else found.reason
    role = queries.role_for(reason, at=_local(request)) if reason else ""
    told: dict[str, Any] = _head(request, found) | {
        "at": at,
        "verdict": "",
        "talk": talk or TalkForm(call=found, me=by.user_id),
        "who_form": who_form or WhoForm(),
        "new_here": showing.heard(found, who_form.cleaned_data if who_form is not None else {}),
        "message_form": message_form or MessageForm(role=role),
        "red_flags": list(queries.red_flags()),
        "behind": queries.behind(found.phone),
        "again_form": AgainForm(),
        "most_misses": rules.MOST_MISSES,
        "steps": list(queries.steps(found.pk)),
        "earlier": queries.history(found, limit=8),
        "outcomes": showing.word_of,
        "promised": queries.promised_to(found) if found.state == Call.State.OPEN else [],
        "number_flag": queries.flag_of(found.phone),
        "reason": reason,
        "banner_who": None,
        "said": None,
        "contacts": (),
        "doors": (),
    }
    told |= _where(request, reason)
    if patient is not None:
        whole = patients.patient(patient.pk)
        told |= {
            "banner_who": patients.banner_of(by, whole, today=request.office.today),
            "said": reading.read_out(request, whole, "call") if found.state in LIVE else None,
            "contacts": showing.contacts_of(whole, today=request.office.today),
            "doors": showing.doors_of(by, patient.pk, found.reason),
        }
    return told


def _head(request: Request, found: Call) -> dict[str, Any]:
    mine = found.answered_by is not None and found.answered_by.user_id == request.actor.user_id
    return {
        "call": found,
        "state": showing.STATES[Call.State(found.state)],
        "word": showing.word_of(found),
        "clock": queries.clock_of(found, now=request.actor.now),
        "is_mine": mine,
        "refusal": None,
        "form": None,
    }


def _where(request: Request, reason: Any) -> dict[str, Any]:
    return {"route": showing.route_of(reason, now=request.actor.now.astimezone(request.office.zone))}


def _local(request: Request) -> Any:
    return request.actor.now.astimezone(request.office.zone).time()


def _also(told: dict[str, Any], *more: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the other pieces of the page that an act changes: always what happened."""
    return [(name, told) for name in (*more, STEPS)]


def _address(call_id: UUID) -> str:
    return reverse("phones:call", args=[call_id])


def _found(call_id: UUID) -> Call:
    found = queries.call(call_id)
    if found is None:
        raise Http404
    return found
