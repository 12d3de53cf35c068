"""The slip of a visit and the fee schedule on screen."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.charges import codes, commands, queries
from daysheet.charges.forms import (
    ChangeLineForm,
    DiagnosisForm,
    FeeFileForm,
    FeeForm,
    LineForm,
    VoidForm,
    of_line,
)
from daysheet.charges.models import Charge
from daysheet.charges.rules.kinds import DENTAL, INSTITUTIONAL
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.practice import queries as practice
from daysheet.ui import forms as ui
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import read_form_token

GET_AND_POST = ("GET", "HEAD", "POST")
SLIP, PIECE = "charges/slip.html", "charges/_slip.html"
CHANGE, CHANGE_FORM = "charges/charge-change.html", "_change_form.html"
MOST_OPTIONS = 12


@screen(needs=Can.ENTER_CHARGES)
def slip(request: Request, visit_id: UUID) -> HttpResponse:
    """Show the charge slip of a visit."""
    facts = _slip(request, visit_id)
    return page(request, SLIP, facts)


@screen(needs=Can.ENTER_CHARGES, methods=("POST",))
def diagnosis_add(request: Request, visit_id: UUID) -> HttpResponse:
    """Put one more diagnosis on the slip."""
    form = DiagnosisForm(request.POST)
    if not form.is_valid():
        return invalid(request, SLIP, PIECE, form, _slip(request, visit_id) | {"diagnosis_form": form})
    chosen = [*_chosen(request, visit_id), form.cleaned_data["code"]]
    return _change(request, visit_id, lambda: _set(request, visit_id, chosen), form, "diagnosis_form")


@screen(needs=Can.ENTER_CHARGES, methods=("POST",))
def diagnosis_remove(request: Request, visit_id: UUID) -> HttpResponse:
    """Take a diagnosis off the slip."""
    kept = [code for code in _chosen(request, visit_id) if code != request.POST.get("code")]
    return _change(request, visit_id, lambda: _set(request, visit_id, kept))


@screen(needs=Can.ENTER_CHARGES, methods=("POST",))
def diagnosis_first(request: Request, visit_id: UUID) -> HttpResponse:
    """Make a diagnosis the first, which is the most important."""
    first, chosen = request.POST.get("code", ""), _chosen(request, visit_id)
    ordered = [first, *(code for code in chosen if code != first)] if first in chosen else chosen
    return _change(request, visit_id, lambda: _set(request, visit_id, ordered))


@screen(needs=Can.ENTER_CHARGES, methods=("POST",))
def charge_add(request: Request, visit_id: UUID) -> HttpResponse:
    """Put one more line on the slip."""
    bills = practice.claim_kinds()
    form = LineForm(
        request.POST,
        today=request.office.today,
        is_dental=DENTAL in bills,
        is_facility=INSTITUTIONAL in bills,
    )
    if not form.is_valid():
        return invalid(request, SLIP, PIECE, form, _slip(request, visit_id) | {"line_form": form})
    facts = form.cleaned_data
    return _change(
        request,
        visit_id,
        lambda: commands.put_charge(request.actor, visit_id=visit_id, seen=_seen(request), **facts),
        form,
        "line_form",
        toast=_("%(code)s is on the slip.") % {"code": facts["code"].upper()},
    )


@screen(needs=Can.ENTER_CHARGES, methods=GET_AND_POST)
def charge_change(request: Request, charge_id: UUID) -> HttpResponse:
    """Change what a line names beside its service, before it is posted."""
    charge = _charge(charge_id)
    facts = {"charge": charge} | _slip(request, charge.visit_id)
    there = reverse("charges:slip", args=[charge.visit_id])
    if charge.state != Charge.State.DRAFT:
        return done(request, there, toast=_("Line %(rank)s is in the book.") % {"rank": charge.rank})
    form = ChangeLineForm(
        request.POST or None,
        initial=of_line(charge),
        today=request.office.today,
        is_dental=facts["slip"].is_dental,
        is_facility=facts["slip"].is_facility,
    )
    if request.method != "POST":
        return page(request, CHANGE, facts | {"form": form})
    if not form.is_valid():
        return invalid(request, CHANGE, CHANGE_FORM, form, facts)
    said, version = form.cleaned_data, request.POST.get("version", "")
    try:
        commands.change_charge(
            request.actor,
            charge_id=charge_id,
            version=int(version) if version.isdecimal() else 0,
            seen=_seen(request),
            **said,
        )
    except Refusal as no:
        return refused(request, CHANGE, CHANGE_FORM, form, no, facts)
    return done(request, there, toast=_("Line %(rank)s is changed.") % {"rank": charge.rank})


@screen(needs=Can.ENTER_CHARGES, methods=("POST",))
def charge_remove(request: Request, charge_id: UUID) -> HttpResponse:
    """Take a line off the slip before it is posted."""
    charge = _charge(charge_id)
    version = int(request.POST.get("version", "0") or 0) if request.POST.get("version", "").isdecimal() else 0
    return _change(
        request,
        charge.visit_id,
        lambda: commands.remove_charge(request.actor, charge_id=charge_id, version=version),
    )


@screen(needs=Can.ENTER_CHARGES, methods=("POST",))
def charge_notice(request: Request, charge_id: UUID) -> HttpResponse:
    """Put the modifiers on a line that follow from the patient's advance notice."""
    charge = _charge(charge_id)
    version = int(request.POST.get("version", "0") or 0) if request.POST.get("version", "").isdecimal() else 0
    return _change(
        request,
        charge.visit_id,
        lambda: commands.take_proposal(request.actor, charge_id=charge_id, version=version),
    )


@screen(needs=Can.ENTER_CHARGES, methods=("POST",))
def telehealth_put(request: Request, visit_id: UUID) -> HttpResponse:
    """Put the modifier on the lines that the payer wants for a visit by video or phone."""
    return _change(
        request,
        visit_id,
        lambda: commands.put_telehealth_modifiers(request.actor, visit_id=visit_id),
        toast=_("The lines carry what the payer wants."),
    )


@screen(needs=Can.ENTER_CHARGES, methods=("POST",))
def slip_post(request: Request, visit_id: UUID) -> HttpResponse:
    """Put the slip into the book."""
    return _change(
        request,
        visit_id,
        lambda: commands.post_charges(request.actor, visit_id=visit_id),
        toast=_("The charges are posted."),
    )


@screen(needs=Can.ENTER_CHARGES, methods=GET_AND_POST)
def charge_void(request: Request, charge_id: UUID) -> HttpResponse:
    """Take a posted line out of the book by its mirror image."""
    charge = _charge(charge_id)
    form = VoidForm(request.POST or None)
    facts = {"charge": charge} | _slip(request, charge.visit_id)
    if request.method != "POST":
        return page(request, "charges/charge-void.html", facts | {"form": form})
    if not form.is_valid():
        return invalid(request, "charges/charge-void.html", "_void_form.html", form, facts)
    try:
        commands.void_charge(request.actor, charge_id=charge_id, reason=form.cleaned_data["reason"])
    except Refusal as no:
        return refused(request, "charges/charge-void.html", "_void_form.html", form, no, facts)
    there = reverse("charges:slip", args=[charge.visit_id])
    return done(request, there, toast=_("Line %(rank)s is void.") % {"rank": charge.rank})


@screen(needs=Can.ENTER_CHARGES)
def icd_search(request: Request) -> HttpResponse:
    """Answer a search for a diagnosis."""
    found = codes.search_icd(request.GET.get("q", "")[:100], MOST_OPTIONS)
    options = [{"value": one.code, "code": one.code, "label": one.label, "why": one.why} for one in found]
    return render(request, "ui/_options.html", {"options": options, "more": 0, "name": "icd"})


@screen(needs=Can.ENTER_CHARGES)
def fee_search(request: Request) -> HttpResponse:
    """Answer a search for a procedure of the fee schedule."""
    found = queries.search_fees(request.GET.get("q", "")[:100], request.office.today, MOST_OPTIONS)
    options = [
        {"value": one.code, "code": one.code, "label": one.label, "why": f"${one.amount:,.2f}"}
        for one in found
    ]
    return render(request, "ui/_options.html", {"options": options, "more": 0, "name": "fee"})


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def fees(request: Request) -> HttpResponse:
    """Show the fee schedule, and set a price."""
    today = request.office.today
    bills = practice.claim_kinds()
    asks_kind = DENTAL in bills and len(bills) > 1
    form = FeeForm(
        request.POST or None,
        today=today,
        initial={"starts_on": today},
        asks_kind=asks_kind,
        asks_revenue=INSTITUTIONAL in bills,
        asks_mouth=DENTAL in bills,
    )
    facts = _fees(request)
    if request.method != "POST":
        return page(request, "charges/fees.html", facts | {"form": form, "next_step": practice.next_step()})
    if not form.is_valid():
        return invalid(request, "charges/fees.html", "_fee_form.html", form, facts)
    try:
        item = commands.set_fee(request.actor, **form.cleaned_data)
    except Refusal as no:
        return refused(request, "charges/fees.html", "_fee_form.html", form, no, facts)
    return done(request, reverse("charges:fees"), toast=_("%(code)s has its price.") % {"code": item.code})


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def fees_import(request: Request) -> HttpResponse:
    """Bring a file of prices: all of it, or nothing with every line's problem."""
    today = request.office.today
    posted = request.method == "POST"
    form = FeeFileForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        today=today,
        initial={"starts_on": today},
    )
    if not posted:
        return page(request, "charges/fees-import.html", {"form": form, "problems": []})
    if not form.is_valid():
        return invalid(request, "charges/fees-import.html", "_import_form.html", form, {"problems": []})
    try:
        kept = commands.import_fees(
            request.actor, rows=form.cleaned_data["file"], starts_on=form.cleaned_data["starts_on"]
        )
    except Refusal as no:
        told = {"problems": no.problems if isinstance(no, commands.FeesRefused) else []}
        return refused(request, "charges/fees-import.html", "_import_form.html", form, no, told)
    return done(request, reverse("charges:fees"), toast=_("%(n)s fees were kept.") % {"n": len(kept)})


def _change(
    request: Request,
    visit_id: UUID,
    act: Callable[[], object],
    form: ui.Form | None = None,
    form_name: str = "",
    *,
    toast: str = "",
) -> HttpResponse:
    """Do an act on a slip and show it again."""
    try:
        act()
    except Refusal as no:
        facts = _slip(request, visit_id)
        if form is not None:
            for name, sentence in no.fields.items():
                if name in form.fields:
                    form.add_error(name, sentence)
            facts[form_name] = form
        return refused(request, SLIP, PIECE, None, no, facts)
    there = reverse("charges:slip", args=[visit_id])
    return done(request, there, PIECE, _slip(request, visit_id), toast=toast)


def _set(request: Request, visit_id: UUID, chosen: list[str]) -> object:
    return commands.set_diagnoses(request.actor, visit_id=visit_id, codes=chosen, seen=_seen(request))


def _seen(request: Request) -> list[str] | None:
    """Return the diagnoses that the posted form showed, or nothing when it names none."""
    token = read_form_token(request)
    return token.version.removeprefix(queries.SHOWN).split() if token and token.version else None


def _chosen(request: Request, visit_id: UUID) -> list[str]:
    seen = _seen(request)
    return list(queries.diagnoses(visit_id).values_list("code", flat=True)) if seen is None else seen


def _charge(charge_id: UUID) -> Charge:
    charge = Charge.objects.filter(pk=charge_id).first()
    if charge is None:
        raise Http404
    return charge


def _slip(request: Request, visit_id: UUID) -> dict[str, Any]:
    """Return the slip as its page shows it; reading it is written down."""
    found = queries.slip(visit_id)
    if found is None:
        raise Http404
    record(request.actor, "charges.slip.viewed", found.visit, patients=[found.visit.patient_id])
    pointer = "1" if found.diagnoses or not found.is_dental else ""
    return {
        "slip": found,
        "visit": found.visit,
        "favourites": list(queries.favourites(found.visit.service_on)),
        "diagnosis_form": DiagnosisForm(prefix=""),
        "line_form": LineForm(
            initial={"pointers": pointer, "units": "1"},
            today=request.office.today,
            is_dental=found.is_dental,
            is_facility=found.is_facility,
        ),
        "loaded": codes.is_loaded(),
        "may_move": request.actor.can(Can.MOVE_PATIENT),
        **patients.around(request.actor, found.visit.patient, today=request.office.today),
    }


def _fees(request: Request) -> dict[str, Any]:
    return {"fees": list(queries.fees(request.office.today)), "today": request.office.today}
