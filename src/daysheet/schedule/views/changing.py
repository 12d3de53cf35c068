"""A series is changed: which visits and how, what stands against each, the move, and the way back."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.patients import queries as patients
from daysheet.patients import reading
from daysheet.practice import queries as practice
from daysheet.schedule import changing, commands, queries
from daysheet.schedule.changing import Changed, Place
from daysheet.schedule.changing_forms import ChangeSeriesForm
from daysheet.schedule.models import AppointmentSeries
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE, PIECE = "schedule/series-change.html", "_series_change.html"


@screen(needs=Can.BOOK_APPOINTMENT, methods=("GET", "HEAD", "POST"))
def change(request: Request, appointment_series_id: UUID) -> HttpResponse:
    """Say what is otherwise in some visits of a series, look at each, and move them."""
    found = _series(appointment_series_id)
    places = changing.places(found.pk)
    form = _form(request, places)
    facts = _facts(request, found)
    if request.method != "POST":
        record(request.actor, "schedule.series.viewed", found)
        return page(request, PAGE, facts | {"form": form})
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, facts)
    now = request.actor.now
    meant = [
        one
        for one in changing.in_scope(places, form.about, form.number, now)
        if one.is_changed(form.change())
    ]
    rows = changing.preview(meant, form.change(), now=now)
    if not rows:
        form.add_error(None, _("These visits are so already. Say what is otherwise."))
        return invalid(request, PAGE, PIECE, form, facts)
    is_seen = request.POST.get("seen") == form.seen()
    ticked = set(request.POST.getlist("visits")) if is_seen else {one.key for one in rows if one.is_usual}
    facts |= {"rows": rows, "ticked": ticked, "seen": form.seen()}
    if "move" not in request.POST:
        record(request.actor, "schedule.slots.viewed", found.patient)
        whole = f"schedule/{PIECE}" if request.headers.get("HX-Request") else PAGE
        return page(request, whole, facts | {"form": form})
    try:
        reading.must_be_read(request, found.patient, "book")
        moved = _move(request, found, form, rows, ticked, is_seen=is_seen)
    except Refusal as no:
        facts["said"] = reading.read_out(request, found.patient, "book")
        return refused(request, PAGE, PIECE, form, no, facts | {"series": _series(found.pk)})
    said = ngettext("%(n)d visit is moved.", "%(n)d visits are moved.", len(moved)) % {"n": len(moved)}
    undo = reverse("schedule:series-change-undo", args=[found.pk, moved[0]])
    return done(request, reverse("schedule:series", args=[found.pk]), toast=said, undo=(undo, _("Undo")))


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def undo(request: Request, appointment_series_id: UUID, appointment_id: UUID) -> HttpResponse:
    """Take a change of a series back."""
    found = _series(appointment_series_id)
    try:
        commands.undo_series_change(request.actor, series_id=found.pk, appointment_id=appointment_id)
    except Refusal as no:
        form = _form(request, changing.places(found.pk), empty=True)
        return refused(request, PAGE, PIECE, form, no, _facts(request, found))
    toast = _("The change is taken back.")
    return done(request, reverse("schedule:series", args=[found.pk]), toast=toast)


def _move(
    request: Request,
    found: AppointmentSeries,
    form: ChangeSeriesForm,
    rows: list[Changed],
    ticked: Collection[str],
    *,
    is_seen: bool,
) -> list[UUID]:
    if not is_seen:
        raise StaleForm(
            _(
                "You changed the form after you looked at the visits. Look at them again below, then press again."
            )
        )
    chosen = [one.place.appointment for one in rows if one.key in ticked]
    if len(chosen) != len(ticked):
        raise StaleForm(_("Somebody changed a visit of this series meanwhile. Look at them again."))
    moved = commands.change_series(
        request.actor,
        series_id=found.pk,
        version=form_version(request),
        visits=[(one.pk, one.version) for one in chosen],
        change=form.change(),
        alone=form.about == "this",
        **form.moved(),
    )
    return [one.pk for one in moved]


def _form(request: Request, places: list[Place], *, empty: bool = False) -> ChangeSeriesForm:
    coming = [one for one in places if one.is_to_come(request.actor.now)]
    asked = request.GET.get("visit", "")
    first = next((str(one.number) for one in coming if str(one.number) == asked), None)
    told: dict[str, Any] = {"data": request.POST} if request.method == "POST" and not empty else {}
    return ChangeSeriesForm(
        **told,
        coming=coming,
        types=list(queries.types()),
        people=list(practice.providers(day=request.office.today)),
        doors=list(practice.locations()),
        initial={"visit": first or (str(coming[0].number) if coming else "")},
    )


def _facts(request: Request, found: AppointmentSeries) -> dict[str, Any]:
    return {
        "series": found,
        "rows": [],
        "ticked": (),
        "seen": "",
        "said": reading.read_out(request, found.patient, "book"),
        **patients.around(request.actor, found.patient, today=request.office.today),
    }


def _series(series_id: UUID) -> AppointmentSeries:
    found = changing.series(series_id)
    if found is None:
        raise Http404
    return found
