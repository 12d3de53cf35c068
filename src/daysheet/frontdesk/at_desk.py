"""One visit at the desk as a page and as a piece: how the screens of check-in and check-out begin and end."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from daysheet.documents import queries as documents
from daysheet.frontdesk import checkin
from daysheet.frontdesk.forms import CardForm, CopayForm, IdentityForm
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.money import ZERO
from daysheet.patients import people as around
from daysheet.patients import queries as patients
from daysheet.patients import reading
from daysheet.patients.people_forms import BringingForm
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.forms import Form
from daysheet.ui.screens import Request
from daysheet.ui.words import usd
from daysheet.visits import line
from daysheet.visits.models import Visit

PAGES = {
    "check_in": ("frontdesk/check_in.html", "frontdesk/_check_in.html", "frontdesk:check-in"),
    "check_out": ("frontdesk/check_out.html", "frontdesk/_check_out.html", "frontdesk:check-out"),
}
KEPT_FILTERS = ("where", "provider")
"""What of the board's address is kept for the ways back to it; the day is not: each day begins with today."""
BOARD = "board"
Act = Callable[[], object]
Moved = Callable[[], Visit]


def show(request: Request, visit_id: UUID, stage: str) -> HttpResponse:
    """Show one visit at a stage."""
    desk = desk_of(visit_id, stage, request.actor.now)
    record(request.actor, f"frontdesk.{stage.replace('_', '-')}.viewed", desk.visit)
    return page(request, PAGES[stage][0], facts_of(request, desk, stage))


def end(request: Request, visit_id: UUID, stage: str, act: Moved, said: str) -> HttpResponse:
    """End a stage by its act and go back to the board, or say why not."""
    desk = desk_of(visit_id, stage)
    try:
        reading.must_be_read(request, desk.patient, stage)
        if stage == "check_in":
            _must_be_brought(request, desk)
        visit = act()
    except Refusal as no:
        return again(request, visit_id, stage, {}, no)
    toast = said % {"who": f"{desk.patient.given} {desk.patient.family}"}
    return done(request, board_address(request), toast=toast, undo=undo_of(visit))


def part(request: Request, visit_id: UUID, stage: str, act: Act, toast: str = "") -> HttpResponse:
    """Do one act of a stage and show the stage again."""
    desk_of(visit_id, stage)
    try:
        act()
    except Refusal as no:
        return again(request, visit_id, stage, {}, no)
    return done_here(request, visit_id, stage, toast)


def done_here(
    request: Request,
    visit_id: UUID,
    stage: str,
    toast: str,
    undo: tuple[str, str] | None = None,
    way: tuple[str, str] | None = None,
) -> HttpResponse:
    """Answer an act that succeeded with the stage as it stands now."""
    _page, piece, name = PAGES[stage]
    facts = facts_of(request, desk_of(visit_id, stage, request.actor.now), stage)
    return done(request, reverse(name, args=[visit_id]), piece, facts, toast=toast, undo=undo, way=way)


def again(
    request: Request, visit_id: UUID, stage: str, forms: dict[str, Form], no: Refusal | None = None
) -> HttpResponse:
    """Show the stage again with what is wrong."""
    whole, piece, _name = PAGES[stage]
    facts = facts_of(request, desk_of(visit_id, stage, request.actor.now), stage) | forms
    if "follow_up_form" in forms:
        facts["said_of_booking"] = reading.read_out(request, facts["desk"].patient, "book")
    form = next(iter(forms.values()), None)
    if no is not None:
        return refused(request, whole, piece, form, no, facts)
    return invalid(request, whole, piece, form, facts)


def facts_of(request: Request, desk: checkin.Desk, stage: str) -> dict[str, Any]:
    """Return what a page of a stage shows."""
    facts = frame(request, desk)
    money = desk.money
    facts |= {
        "copay_form": CopayForm(
            initial={"amount": f"{money.to_take:.2f}" if money.to_take else "", "method": "cash"}
        ),
        "identity_form": IdentityForm(today=request.office.today),
        "card_form": CardForm(prefix="card"),
        "photo_id_form": CardForm(prefix="photo-id"),
        "may_file": request.actor.can(Can.FILE_PAPERS),
        "may_see_money": request.actor.can(Can.SEE_MONEY),
        "may_take": request.actor.can(Can.TAKE_PAYMENT),
        "may_edit_coverage": request.actor.can(Can.EDIT_COVERAGE),
        "may_ask": request.actor.can(Can.ASK_ELIGIBILITY),
        "receipt_url": _address_of_receipts(),
        "said": reading.read_out(request, desk.patient, stage),
        "said_of_booking": None,
        "said_of_money": reading.read_out(request, desk.patient, "money"),
        "bringing_form": None,
        "follow_up_form": None,
        "around": (),
        "brought": None,
        "signers": (),
    }
    if stage == "check_in" and around.is_minor(desk.patient, today=request.office.today):
        facts |= minor_facts(request, desk)
    if stage == "check_out":
        facts["leaving"] = checkin.leaving(
            desk.visit,
            now=request.actor.now,
            today=request.office.today,
            interval=_interval(request),
        )
        visit = desk.visit
        facts["to_hand"] = list(
            documents.to_hand_over(visit.patient_id, visit.pk, visit.arrived_at, by=request.actor)
        )
        facts["slip_posted"] = checkin.slip_is_posted(desk.visit.id)
    return facts


def minor_facts(request: Request, desk: checkin.Desk) -> dict[str, Any]:
    """Return what check-in asks about a minor: who came, and who may bring the patient."""
    who = around.around(desk.patient, today=request.office.today)
    return {
        "around": who,
        "signers": around.signers(desk.patient, today=request.office.today),
        "brought": around.brought_to(desk.visit.pk),
        "bringing_form": BringingForm(around=who),
    }


def frame(request: Request, desk: checkin.Desk) -> dict[str, Any]:
    """Return what stands around a visit."""
    return {
        "desk": desk,
        "visit": desk.visit,
        **patients.around(request.actor, desk.patient, today=request.office.today),
        "zone": request.office.zone,
        "today": request.office.today,
        "board_url": board_address(request),
    }


def keep_filters(request: Request) -> None:
    """Keep in the session by what the board that is shown is filtered, for the ways back to it."""
    kept = urlencode([(name, value) for name in KEPT_FILTERS if (value := request.GET.get(name, ""))])
    if request.session.get(BOARD, "") != kept:
        request.session[BOARD] = kept


def board_address(request: Request) -> str:
    """Return the way to the board as this person looked at it last."""
    kept = request.session.get(BOARD, "")
    return reverse("frontdesk:board") + (f"?{kept}" if kept else "")


def paper_address(document_id: UUID, back: str) -> str:
    """Return where a paper is printed from the browser, with the way back to where it was asked for."""
    return reverse("documents:document-view", args=[document_id]) + "?" + urlencode({"back": back})


def told_token(said: str, visit: Visit) -> str:
    """Return what is said of an arrival with the token that the patient is told: the wall calls by it."""
    token = line.token_of(visit.pk)
    return said + " " + _("Tell the patient the number %(token)s.") % {"token": token} if token else said


def undo_of(visit: Visit) -> tuple[str, str]:
    """Return the way back from the act that has just been done on a visit, and from no later one."""
    return reverse("frontdesk:step-back-of", args=[visit.pk, visit.version]), _("Undo")


def kept_money(request: Request, visit: Visit) -> tuple[str, tuple[str, str] | None]:
    """Return what to say of money taken for a visit that comes to nothing, and the way to give it back."""
    receipts = checkin.receipts_of(visit.pk)
    if not receipts:
        return "", None
    said = _("%(amount)s was taken (receipt %(numbers)s): it stands as credit for the next visit.") % {
        "amount": usd(sum((one.amount for one in receipts), ZERO)),
        "numbers": ", ".join(str(number) for number in sorted({one.number for one in receipts})),
    }
    if request.actor.can(Can.REFUND):
        return said, (reverse("ledger:refund", args=[visit.patient_id]), _("Give back"))
    there = reverse("frontdesk:check-in", args=[visit.pk])
    return said, (there, _("Give back")) if request.actor.can(Can.TAKE_PAYMENT) else None


def desk_of(visit_id: UUID, stage: str, now: datetime | None = None) -> checkin.Desk:
    """Return the visit at a stage, or nothing is found."""
    desk = checkin.at_desk(visit_id, stage, now)
    if desk is None:
        raise Http404
    return desk


def _interval(request: Request) -> str:
    """Return in what interval a follow-up is looked for: as the form or the address says, else as the page shows it."""
    shown = QueryDict(urlsplit(request.headers.get("HX-Current-URL", "")).query)
    return request.POST.get("in") or request.GET.get("in") or shown.get("in") or "3m"


def _must_be_brought(request: Request, desk: checkin.Desk) -> None:
    """Raise a Refusal while nobody has said who came with a minor."""
    is_minor = around.is_minor(desk.patient, today=request.office.today)
    if is_minor and around.brought_to(desk.visit.pk) is None:
        raise Refusal(_("The patient is a minor: say who brings the patient, above."))


def _address_of_receipts() -> bool:
    try:
        reverse("ledger:receipt", args=[UUID(int=0)])
    except NoReverseMatch:
        return False
    return True
