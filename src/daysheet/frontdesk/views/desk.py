"""Check-in, check-out and the walk-in: one visit at the desk, step by step."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from daysheet.frontdesk import checkin, commands
from daysheet.frontdesk.forms import CopayForm, IdentityForm, LeftForm, WalkInForm
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.practice import queries as practice
from daysheet.schedule import queries as schedule
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.forms import Form
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version
from daysheet.visits import commands as visits

PAGES = {
    "check_in": ("frontdesk/check_in.html", "frontdesk/_check_in.html", "frontdesk:check-in"),
    "check_out": ("frontdesk/check_out.html", "frontdesk/_check_out.html", "frontdesk:check-out"),
}
Act = Callable[[], object]


@screen(needs=Can.MOVE_PATIENT, methods=("GET", "HEAD", "POST"))
def check_in(request: Request, visit_id: UUID) -> HttpResponse:
    """Work on a visit's check-in, and check the patient in."""
    if request.method != "POST":
        return _show(request, visit_id, "check_in")
    return _end(
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
        return _show(request, visit_id, "check_out")
    return _end(
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
        "undo": lambda: visits.undo_step(by, **where),
        "not_now": lambda: visits.not_now(by, **where, reason=request.POST.get("reason", "")),
    }
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    return _part(request, visit_id, stage, act)


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def identity(request: Request, visit_id: UUID) -> HttpResponse:
    """Compare what the patient said with the chart; what is right ticks the step."""
    form = IdentityForm(request.POST, today=request.office.today)
    if not form.is_valid():
        return _again(request, visit_id, "check_in", {"identity_form": form})
    said = form.cleaned_data
    desk = _desk(visit_id, "check_in")
    if not patients.two_identifiers(desk.patient, {"born_on": said["born_on"], **_second(said)}):
        no = Refusal(_("That does not match the chart. Ask again, or open the chart that fits."))
        record(request.actor, "frontdesk.identity.missed", desk.visit)
        return _again(request, visit_id, "check_in", {"identity_form": form}, no)
    return _part(
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

    return _part(request, visit_id, "check_in", act)


@screen(needs=Can.ASK_ELIGIBILITY, methods=("POST",))
def ask_plan(request: Request, visit_id: UUID) -> HttpResponse:
    """Ask the plan whether it covers the patient today, from the check-in or from the board's row."""
    if request.POST.get("from") == "board":
        return _from_board(request, visit_id)
    return _part(
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
        return _again(request, visit_id, stage, {"copay_form": form})
    try:
        payment = commands.take_copay(request.actor, visit_id=visit_id, **form.cleaned_data)
    except Refusal as no:
        return _again(request, visit_id, stage, {"copay_form": form}, no)
    said = _("Took $%(amount)s. Receipt %(number)s.") % {"amount": payment.amount, "number": payment.number}
    if payment.change_due:
        said += " " + _("Give $%(amount)s change.") % {"amount": payment.change_due}
    undo = reverse("frontdesk:copay-undo", args=[visit_id, stage, payment.id])
    return _done(request, visit_id, stage, said, (undo, _("Undo")))


@screen(needs=Can.TAKE_PAYMENT, methods=("POST",))
def copay_undo(request: Request, visit_id: UUID, stage: str, payment_id: UUID) -> HttpResponse:
    """Void a payment that was just taken."""
    if stage not in PAGES:
        raise Http404
    return _part(
        request,
        visit_id,
        stage,
        lambda: commands.undo_copay(request.actor, visit_id=visit_id, payment_id=payment_id),
        _("Payment voided."),
    )


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def follow_up(request: Request, visit_id: UUID) -> HttpResponse:
    """Book the next visit at the time that is shown."""
    minute = request.POST.get("minute", "")
    if not minute.isdigit() or len(minute) > 10:
        raise Http404
    return _part(
        request,
        visit_id,
        "check_out",
        lambda: commands.book_follow_up(request.actor, visit_id=visit_id, minute=int(minute)),
        _("Follow-up booked."),
    )


@screen(needs=Can.MOVE_PATIENT, methods=("GET", "HEAD", "POST"))
def left(request: Request, visit_id: UUID) -> HttpResponse:
    """Note that a patient left without being seen, and why."""
    desk = _desk(visit_id, "check_in")
    facts = _frame(request, desk)
    record(request.actor, "frontdesk.visit.viewed", desk.visit)
    if request.method != "POST":
        return page(request, "frontdesk/left.html", facts | {"form": LeftForm()})
    form = LeftForm(request.POST)
    if not form.is_valid():
        return invalid(request, "frontdesk/left.html", "_left_form.html", form, facts)
    try:
        commands.let_go_unseen(request.actor, visit_id=visit_id, **form.cleaned_data)
    except Refusal as no:
        return refused(request, "frontdesk/left.html", "_left_form.html", form, no, facts)
    undo = reverse("frontdesk:step-back", args=[visit_id])
    return done(
        request, reverse("frontdesk:board"), toast=_("Left without being seen."), undo=(undo, _("Undo"))
    )


@screen(needs=Can.MOVE_PATIENT, methods=("GET", "HEAD", "POST"))
def walk_in(request: Request, patient_id: UUID) -> HttpResponse:
    """Take a patient who came without an appointment."""
    patient = Patient.objects.get(pk=patient_id)
    form = WalkInForm(
        request.POST or None, providers=practice.providers(day=request.office.today), types=schedule.types()
    )
    facts = patients.around(request.actor, patient, today=request.office.today)
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
        )
    except Refusal as no:
        return refused(request, "frontdesk/walk_in.html", "_walk_in_form.html", form, no, facts)
    undo = reverse("frontdesk:step-back", args=[visit.id])
    return done(
        request, reverse("frontdesk:check-in", args=[visit.id]), toast=_("Arrived."), undo=(undo, _("Undo"))
    )


def _show(request: Request, visit_id: UUID, stage: str) -> HttpResponse:
    desk = _desk(visit_id, stage)
    record(request.actor, f"frontdesk.{stage.replace('_', '-')}.viewed", desk.visit)
    return page(request, PAGES[stage][0], _facts(request, desk, stage))


def _end(request: Request, visit_id: UUID, stage: str, act: Act, said: str) -> HttpResponse:
    desk = _desk(visit_id, stage)
    try:
        act()
    except Refusal as no:
        return _again(request, visit_id, stage, {}, no)
    undo = reverse("frontdesk:step-back", args=[visit_id])
    toast = said % {"who": f"{desk.patient.given} {desk.patient.family}"}
    return done(request, reverse("frontdesk:board"), toast=toast, undo=(undo, _("Undo")))


def _part(request: Request, visit_id: UUID, stage: str, act: Act, toast: str = "") -> HttpResponse:
    _desk(visit_id, stage)
    try:
        act()
    except Refusal as no:
        return _again(request, visit_id, stage, {}, no)
    return _done(request, visit_id, stage, toast)


def _from_board(request: Request, visit_id: UUID) -> HttpResponse:
    toast = _("Asked the plan. The answer comes by itself.")
    try:
        commands.ask_plan(request.actor, visit_id=visit_id)
    except Refusal as no:
        toast = no.sentence
    return done(request, reverse("frontdesk:board"), toast=toast)


def _done(
    request: Request, visit_id: UUID, stage: str, toast: str, undo: tuple[str, str] | None = None
) -> HttpResponse:
    _page, piece, name = PAGES[stage]
    facts = _facts(request, _desk(visit_id, stage), stage)
    return done(request, reverse(name, args=[visit_id]), piece, facts, toast=toast, undo=undo)


def _again(
    request: Request, visit_id: UUID, stage: str, forms: dict[str, Form], no: Refusal | None = None
) -> HttpResponse:
    whole, piece, _name = PAGES[stage]
    facts = _facts(request, _desk(visit_id, stage), stage) | forms
    form = next(iter(forms.values()), None)
    if no is not None:
        return refused(request, whole, piece, form, no, facts)
    return invalid(request, whole, piece, form, facts)


def _facts(request: Request, desk: checkin.Desk, stage: str) -> dict[str, Any]:
    facts = _frame(request, desk)
    money = desk.money
    facts |= {
        "copay_form": CopayForm(
            initial={"amount": f"{money.to_take:.2f}" if money.to_take else "", "method": "cash"}
        ),
        "identity_form": IdentityForm(today=request.office.today),
        "may_take": request.actor.can(Can.TAKE_PAYMENT),
        "may_ask": request.actor.can(Can.ASK_ELIGIBILITY),
        "receipt_url": _address_of_receipts(),
    }
    if stage == "check_out":
        facts["leaving"] = checkin.leaving(
            desk.visit,
            now=request.actor.now,
            today=request.office.today,
            interval=request.GET.get("in", "3m"),
        )
        facts["slip_posted"] = checkin.slip_is_posted(desk.visit.id)
    return facts


def _frame(request: Request, desk: checkin.Desk) -> dict[str, Any]:
    return {
        "desk": desk,
        "visit": desk.visit,
        **patients.around(request.actor, desk.patient, today=request.office.today),
        "zone": request.office.zone,
        "today": request.office.today,
    }


def _desk(visit_id: UUID, stage: str) -> checkin.Desk:
    desk = checkin.at_desk(visit_id, stage)
    if desk is None:
        raise Http404
    return desk


def _second(said: dict[str, Any]) -> dict[str, Any]:
    return {kind: said[name] for kind, name in (("address", "street"), ("phone", "phone")) if said.get(name)}


def _address_of_receipts() -> bool:
    try:
        reverse("ledger:receipt", args=[UUID(int=0)])
    except NoReverseMatch:
        return False
    return True
