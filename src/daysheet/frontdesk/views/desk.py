"""Check-in, check-out and the walk-in: one visit at the desk, step by step."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.frontdesk import commands
from daysheet.frontdesk.at_desk import (
    PAGES,
    Act,
    again,
    board_address,
    desk_of,
    done_here,
    end,
    frame,
    kept_money,
    part,
    show,
    told_token,
    undo_of,
)
from daysheet.frontdesk.forms import CopayForm, FollowUpForm, IdentityForm, LeftForm, WalkInForm
from daysheet.frontdesk.missed_visits import missed_visit
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.ledger.beyond import stays_as_credit
from daysheet.patients import queries as patients
from daysheet.patients import reading
from daysheet.patients.models import Patient
from daysheet.practice import queries as practice
from daysheet.schedule import queries as schedule
from daysheet.schedule.rules import say_clock
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version
from daysheet.ui.words import day as say_day
from daysheet.ui.words import usd
from daysheet.visits import commands as visits
from daysheet.visits import queries as visit_queries

NOTHING = "nothing to hand over"
"""What the step of check-out keeps where there was nothing; its page says it in words."""
OF_ONE_STEP = {"nothing": "hand_over", "is-it": "follow_up"}
"""Answers that one step alone has."""


@screen(needs=Can.MOVE_PATIENT, methods=("GET", "HEAD", "POST"))
def check_in(request: Request, visit_id: UUID) -> HttpResponse:
    """Work on a visit's check-in, and check the patient in."""
    if request.method != "POST":
        return show(request, visit_id, "check_in")
    return end(
        request,
        visit_id,
        "check_in",
        lambda: commands.check_in(
            request.actor,
            visit_id=visit_id,
            version=form_version(request),
            ticked=request.POST.getlist("ticked"),
        ),
        _("%(who)s is checked in."),
    )


@screen(needs=Can.MOVE_PATIENT, methods=("GET", "HEAD", "POST"))
def check_out(request: Request, visit_id: UUID) -> HttpResponse:
    """Work on a visit's check-out, and let the patient go."""
    if request.method != "POST":
        return show(request, visit_id, "check_out")
    return end(
        request,
        visit_id,
        "check_out",
        lambda: commands.check_out(request.actor, visit_id=visit_id, version=form_version(request)),
        _("%(who)s is checked out."),
    )


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def step(request: Request, visit_id: UUID, stage: str, kind: str) -> HttpResponse:
    """Tick a step, put it off with a reason, or open it again."""
    if stage not in PAGES:
        raise Http404
    by = request.actor
    where: dict[str, Any] = {"visit_id": visit_id, "stage": stage, "kind": kind}
    acts: dict[str, Act] = {
        "do": lambda: visits.do_step(by, **where),
        "is-it": lambda: commands.take_as_follow_up(
            by, visit_id=visit_id, appointment_id=read_id(request.POST.get("appointment")) or visit_id
        ),
        "nothing": lambda: visits.do_step(by, **where, said=NOTHING),
        "undo": lambda: commands.open_again(by, **where),
        "not_now": lambda: visits.not_now(by, **where, reason=request.POST.get("reason", "")),
    }
    wish = request.POST.get("act", "")
    act = acts.get(wish)
    if act is None or (wish in OF_ONE_STEP and kind != OF_ONE_STEP[wish]):
        raise Http404
    return part(request, visit_id, stage, act)


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def meeting(request: Request, visit_id: UUID) -> HttpResponse:
    """Let the patient of a video visit join, or wait on; keep where a patient who is elsewhere says to be."""
    where: dict[str, Any] = {"visit_id": visit_id, "version": form_version(request) or 0}
    by = request.actor
    acts: dict[str, Act] = {
        "open": lambda: visits.open_meeting(by, **where),
        "close": lambda: visits.close_meeting(by, **where),
        "home": lambda: visits.say_at_home(by, **where, at_home=True),
        "elsewhere": lambda: visits.say_at_home(by, **where, at_home=False),
    }
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    return part(request, visit_id, "check_in", act)


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def identity(request: Request, visit_id: UUID) -> HttpResponse:
    """Compare what the patient said with the chart; what is right ticks the step."""
    form = IdentityForm(request.POST, today=request.office.today)
    if not form.is_valid():
        return again(request, visit_id, "check_in", {"identity_form": form})
    said = form.cleaned_data
    desk = desk_of(visit_id, "check_in")
    if not patients.two_identifiers(desk.patient, {"born_on": said["born_on"], **_second(said)}):
        no = Refusal(_("That does not match the chart. Ask again, or open the chart that fits."))
        record(request.actor, "frontdesk.identity.missed", desk.visit)
        return again(request, visit_id, "check_in", {"identity_form": form}, no)
    return part(
        request,
        visit_id,
        "check_in",
        lambda: visits.do_step(request.actor, visit_id=visit_id, stage="check_in", kind="identity"),
    )


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def notice(request: Request, visit_id: UUID) -> HttpResponse:
    """Note the signature under the notice of privacy practices, or why there is none."""
    by, signed_by, because = request.actor, request.POST.get("signed_by", ""), request.POST.get("reason", "")

    def act() -> object:
        if because.strip() and not signed_by.strip():
            return commands.note_no_signature(by, visit_id=visit_id, because=because)
        return commands.sign_notice(by, visit_id=visit_id, signed_by=signed_by)

    return part(request, visit_id, "check_in", act)


@screen(needs=Can.ASK_ELIGIBILITY, methods=("POST",))
def ask_plan(request: Request, visit_id: UUID) -> HttpResponse:
    """Ask the plan whether it covers the patient today, from the check-in or from the board's row."""
    if request.POST.get("from") == "board":
        return _from_board(request, visit_id)
    return part(
        request,
        visit_id,
        "check_in",
        lambda: commands.ask_plan(request.actor, visit_id=visit_id),
        _("Asked the plan."),
    )


@screen(needs=Can.TAKE_PAYMENT, methods=("POST",))
def copay(request: Request, visit_id: UUID, stage: str) -> HttpResponse:
    """Take the copay, or what else is owed."""
    if stage not in PAGES:
        raise Http404
    form = CopayForm(request.POST)
    if not form.is_valid():
        return again(request, visit_id, stage, {"copay_form": form})
    try:
        desk = desk_of(visit_id, stage)
        reading.must_be_read(request, desk.patient, "money")
        payment = commands.take_copay(request.actor, visit_id=visit_id, **form.cleaned_data)
    except Refusal as no:
        return again(request, visit_id, stage, {"copay_form": form}, no)
    said = _("Took $%(amount)s. Receipt %(number)s.") % {"amount": payment.amount, "number": payment.number}
    money = desk.money
    if money and (over := stays_as_credit([payment], due=money.credit_from, credit=money.credit)):
        said += " " + _("%(amount)s stays as credit.") % {"amount": usd(over)}
    if payment.change_due:
        said += " " + _("Give $%(amount)s change.") % {"amount": payment.change_due}
    undo = reverse("frontdesk:copay-undo", args=[visit_id, stage, payment.id])
    return done_here(request, visit_id, stage, said, (undo, _("Undo")))


@screen(needs=Can.TAKE_PAYMENT, methods=("POST",))
def copay_undo(request: Request, visit_id: UUID, stage: str, payment_id: UUID) -> HttpResponse:
    """Void a payment with a reason; the message about one that was just taken asks none."""
    if stage not in PAGES:
        raise Http404
    why = request.POST.get("reason", "")

    def act() -> object:
        if "reason" in request.POST and not why.strip():
            raise Refusal(_("Say why the receipt is voided."))
        return commands.undo_copay(request.actor, visit_id=visit_id, payment_id=payment_id, reason=why)

    return part(request, visit_id, stage, act, _("Payment voided."))


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def follow_up(request: Request, visit_id: UUID) -> HttpResponse:
    """Book the next visit at the time that is shown."""
    form = FollowUpForm(request.POST)
    if not form.is_valid():
        if "minute" in form.errors:
            raise Http404
        return again(request, visit_id, "check_out", {"follow_up_form": form})
    desk = desk_of(visit_id, "check_out")
    try:
        reading.must_be_read(request, desk.patient, "book")
        made = commands.book_follow_up(request.actor, visit_id=visit_id, **form.cleaned_data)
    except Refusal as no:
        return again(request, visit_id, "check_out", {"follow_up_form": form}, no)
    local = made.starts_at.astimezone(desk.visit.location.zone)
    said = _("Follow-up booked: %(day)s, %(at)s with %(who)s.") % {
        "day": say_day(local.date()),
        "at": say_clock(local.time()),
        "who": desk.visit.provider,
    }
    undo = reverse("frontdesk:follow-up-undo", args=[visit_id, made.pk])
    return done_here(request, visit_id, "check_out", said, (undo, _("Undo")))


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def follow_up_undo(request: Request, visit_id: UUID, appointment_id: UUID) -> HttpResponse:
    """Take back the follow-up that was just booked, with its appointment."""
    return part(
        request,
        visit_id,
        "check_out",
        lambda: commands.undo_follow_up(request.actor, visit_id=visit_id, appointment_id=appointment_id),
        _("The follow-up is taken back."),
    )


@screen(needs=Can.MOVE_PATIENT, methods=("GET", "HEAD", "POST"))
def left(request: Request, visit_id: UUID) -> HttpResponse:
    """Note that a patient left without being seen, and why."""
    desk = desk_of(visit_id, "check_in")
    said, way = kept_money(request, desk.visit)
    facts = frame(request, desk) | {"kept_money": said, "give_back": way}
    record(request.actor, "frontdesk.visit.viewed", desk.visit)
    if request.method != "POST":
        return page(request, "frontdesk/left.html", facts | {"form": LeftForm()})
    form = LeftForm(request.POST)
    if not form.is_valid():
        return invalid(request, "frontdesk/left.html", "_left_form.html", form, facts)
    try:
        visit = commands.let_go_unseen(request.actor, visit_id=visit_id, **form.cleaned_data)
    except Refusal as no:
        return refused(request, "frontdesk/left.html", "_left_form.html", form, no, facts)
    there = _fee_to_decide(request, desk.visit.appointment_id) or board_address(request)
    toast = f"{_('Left without being seen.')} {said}".strip()
    return done(request, there, toast=toast, undo=undo_of(visit), way=way)


def _fee_to_decide(request: Request, appointment_id: UUID | None) -> str:
    """Return where the fee of who has left is decided, when the office's rule asks one and this person may."""
    found = missed_visit(appointment_id) if appointment_id and request.actor.can(Can.ENTER_CHARGES) else None
    return reverse("frontdesk:missed-fee", args=[appointment_id]) if found and found.may_charge else ""


@screen(needs=Can.MOVE_PATIENT, methods=("GET", "HEAD", "POST"))
def walk_in(request: Request, patient_id: UUID) -> HttpResponse:
    """Take a patient who came without an appointment."""
    patient = Patient.objects.get(pk=patient_id)
    form = WalkInForm(
        request.POST or None, providers=practice.providers(day=request.office.today), types=schedule.types()
    )
    facts = patients.around(request.actor, patient, today=request.office.today)
    facts["board_url"] = board_address(request)
    facts["booked"] = visit_queries.booked_and_not_here(patient_id, request.office.today)
    record(request.actor, "frontdesk.walk-in.viewed", patient)
    if request.method != "POST":
        return page(request, "frontdesk/walk_in.html", facts | {"form": form})
    if not form.is_valid():
        return invalid(request, "frontdesk/walk_in.html", "_walk_in_form.html", form, facts)
    place = request.office.location_id or getattr(practice.main_location(), "id", None)
    try:
        if place is None:
            raise Refusal(_("This office has no location yet. A manager adds it first."))
        visit = visits.walk_in(
            request.actor,
            patient_id=patient_id,
            provider_id=UUID(form.cleaned_data["provider_id"]),
            location_id=place,
            type_id=UUID(form.cleaned_data["type_id"]) if form.cleaned_data["type_id"] else None,
            reason=form.cleaned_data["reason"],
            limit_reason=form.cleaned_data["limit_reason"],
        )
    except Refusal as no:
        return refused(request, "frontdesk/walk_in.html", "_walk_in_form.html", form, no, facts)
    there = reverse("frontdesk:check-in", args=[visit.id])
    return done(request, there, toast=told_token(_("Arrived."), visit), undo=undo_of(visit))


def _from_board(request: Request, visit_id: UUID) -> HttpResponse:
    toast = _("Asked the plan. The answer comes by itself.")
    try:
        commands.ask_plan(request.actor, visit_id=visit_id)
    except Refusal as no:
        toast = no.sentence
    return done(request, board_address(request), toast=toast)


def _second(said: dict[str, Any]) -> dict[str, Any]:
    return {kind: said[name] for kind, name in (("address", "street"), ("phone", "phone")) if said.get(name)}
