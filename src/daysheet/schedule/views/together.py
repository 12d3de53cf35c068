"""Several visits at one press: visits that follow each other, a family, and what was booked together."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.patients import reading
from daysheet.patients.models import Patient
from daysheet.practice import queries as practice
from daysheet.schedule import commands, queries, seeking, supply
from daysheet.schedule.models import VisitGroup
from daysheet.schedule.paying_self import may_pay_self, who_may_pay_self
from daysheet.schedule.together import Wish
from daysheet.schedule.together_forms import (
    ChainForm,
    FamilyForm,
    read_charts,
    read_key,
    say_ways,
)
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.htmx import is_htmx
from daysheet.ui.screens import Request, screen
from daysheet.ui.words import born as say_born

PAGE, PIECE = "schedule/together-book.html", "_together_form.html"
GROUP = "schedule/together.html"


@screen(needs=Can.BOOK_APPOINTMENT, methods=("GET", "HEAD", "POST"))
def chain(request: Request, patient_id: UUID) -> HttpResponse:
    """Find visits of a patient that follow each other, and book them at one press."""
    patient = Patient.objects.get(pk=patient_id)
    form = ChainForm(**_given(request, patient))
    facts = _facts(request, patient, form, "chain") | {"people": [patient]}
    if request.method != "POST":
        record(request.actor, "schedule.booking.viewed", patient)
        return page(request, PAGE, facts)
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, facts)
    wishes = form.wishes(patient, seeking.kinds({one[0] for one in form.chosen}, form.wanted_interpreter))
    facts["whose"] = {one.pk: one.name for one in queries.types()}
    return _answer(request, form, wishes, facts, lambda: seeking.find_chains(wishes, **_asked(request, form)))


@screen(needs=Can.BOOK_APPOINTMENT, methods=("GET", "HEAD", "POST"))
def family(request: Request, patient_id: UUID) -> HttpResponse:
    """Find times for a family on one day, and book them at one press."""
    patient = Patient.objects.get(pk=patient_id)
    charts = read_charts(request.POST.get("charts", "")[:60])
    typed = seeking.by_chart(charts) if charts else []
    people = {one.pk: one for one in [*seeking.household(patient), *typed] if one.pk != patient.pk}
    form = FamilyForm(
        patient=patient, household=list(people.values()), **_with_new(_given(request, patient), typed)
    )
    known = {patient.chart_number, *(one.chart_number for one in people.values())}
    form.unknown = [one for one in charts if one not in known]
    facts = _facts(request, patient, form, "family") | {"people": [patient]}
    if request.method != "POST":
        record(request.actor, "schedule.family.viewed", patients=[one.pk for one in form.patients])
        return page(request, PAGE, facts)
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, facts)
    wishes = form.wishes(seeking.kinds(form.type_ids(), form.wanted_interpreter))
    facts |= {"people": form.coming, "whose": {one.pk: _named(one, form.coming) for one in form.coming}}
    covered = who_may_pay_self(request.actor, list(facts["whose"]), form.cleaned_data["from_day"])
    form.ask_who_has_a_plan(facts["whose"], covered)
    beside = form.cleaned_data["side_by_side"]
    return _answer(
        request,
        form,
        wishes,
        facts,
        lambda: seeking.find_families(wishes, side_by_side=beside, **_asked(request, form)),
    )


@screen(needs=Can.SEE_SCHEDULE)
def one(request: Request, visit_group_id: UUID) -> HttpResponse:
    """Show what was booked together."""
    told = _told(visit_group_id)
    ids = list({each.appointment.patient_id for each in told["visits"]})
    record(request.actor, "schedule.group.viewed", told["group"], patients=ids)
    return page(request, GROUP, told | {"may_book": request.actor.can(Can.BOOK_APPOINTMENT)})


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def undo(request: Request, visit_group_id: UUID) -> HttpResponse:
    """Take back what was booked together."""
    told = _told(visit_group_id)
    try:
        commands.undo_together(request.actor, group_id=visit_group_id)
    except Refusal as no:
        return refused(request, GROUP, "_together.html", None, no, context=told | {"may_book": True})
    back = reverse("schedule:together", args=[visit_group_id])
    return done(request, back, toast=_("The visits are taken back."))


def _answer(
    request: Request,
    form: ChainForm | FamilyForm,
    wishes: Sequence[Wish],
    facts: dict[str, Any],
    find: Callable[[], Any],
) -> HttpResponse:
    """Show the ways that were found, or book the one that was chosen."""

    def looked() -> dict[str, Any]:
        ways = say_ways(
            find(),
            wishes,
            whose=facts["whose"],
            people=list(practice.providers()),
            doors=list(practice.locations()),
            usual_id=facts["patient"].usual_provider_id,
        )
        said = [reading.read_out(request, one, "book") for one in facts["people"]]
        return facts | {"ways": ways, "looked": True, "saids": said}

    if "book" not in request.POST:
        record(request.actor, "schedule.slots.viewed", patients=[one.pk for one in facts["people"]])
        return page(request, f"schedule/{PIECE}" if is_htmx(request) else PAGE, looked())
    visits = read_key(form.cleaned_data["choice"], wishes)
    if visits is None:
        form.add_error(None, _("Choose one of the ways."))
        return invalid(request, PAGE, PIECE, form, looked())
    try:
        for each in facts["people"]:
            reading.must_be_read(request, each, "book")
        billed = [one._replace(pays_self=form.pays_self_for(one.patient_id)) for one in visits]
        group = commands.book_together(request.actor, sort=facts["sort"], visits=billed, **form.said())
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, looked())
    undo_at = (reverse("schedule:together-undo", args=[group.pk]), _("Undo"))
    back = reverse("schedule:together", args=[group.pk])
    return done(request, back, toast=_("All of them are booked."), undo=undo_at)


def _asked(request: Request, form: ChainForm | FamilyForm) -> dict[str, Any]:
    place = form.place()
    return place | {"now": request.actor.now, "first": max(place["first"], request.office.today)}


def _given(request: Request, patient: Patient) -> dict[str, Any]:
    told: dict[str, Any] = {"data": request.POST} if request.method == "POST" else {}
    types = list(queries.types())
    usual = str(patient.usual_provider_id or "")
    first = str(types[0].pk) if types else ""
    interpreters = supply.interpreters()
    theirs = supply.interpreter_for(patient.language, interpreters) if patient.needs_interpreter else None
    return told | {
        "types": types,
        "people": list(practice.providers(day=request.office.today)),
        "doors": list(practice.locations()),
        "today": request.office.today,
        "interpreters": interpreters,
        "initial": {
            "interpreter": str(theirs or ""),
            "from_day": request.office.today,
            "where": str(request.office.location_id or ""),
            "who": usual,
            "type_1": first,
            "type_2": first,
            "who_2": usual,
            "least_2": 2,
            "most_2": 14,
        },
    }


def _with_new(told: dict[str, Any], typed: Sequence[Patient]) -> dict[str, Any]:
    """Return what the form is given, with those who were just named by chart number ticked."""
    if "data" not in told or not told["types"]:
        return told
    data = told["data"].copy()
    for one in typed:
        if f"kind_{one.pk}" not in data:
            data[f"comes_{one.pk}"], data[f"kind_{one.pk}"] = "on", str(told["types"][0].pk)
    return told | {"data": data}


def _facts(request: Request, patient: Patient, form: ChainForm | FamilyForm, sort: str) -> dict[str, Any]:
    around = patients.around(request.actor, patient, today=request.office.today)
    here = reverse(f"schedule:{sort}", args=[patient.pk])
    return {**around, "form": form, "sort": sort, "here": here, "ways": [], "looked": False, "saids": []} | {
        "may_pay_self": may_pay_self(request.actor, patient.pk, request.office.today)
    }


def _told(group_id: UUID) -> dict[str, Any]:
    group = VisitGroup.objects.filter(pk=group_id).first()
    if group is None:
        raise Http404
    rows = group.visits.select_related(
        "appointment__patient", "appointment__provider", "appointment__location", "appointment__type"
    ).order_by("number")
    visits = list(rows)
    return {
        "group": group,
        "visits": visits,
        "zone": visits[0].appointment.location.zone if visits else None,
        "is_open": group.undone_at is None and any(one.appointment.booking == "scheduled" for one in visits),
    }


def _named(one: Patient, people: Sequence[Patient]) -> str:
    """Return a patient's name; where others among them have the same, with what tells them apart."""
    alike = sum(str(each) == str(one) for each in people) > 1
    return f"{one}, {say_born(one.born_on)}, {one.chart_number}" if alike else str(one)
