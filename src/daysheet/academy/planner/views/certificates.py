"""Certificates: the catalogue, "may I sit it?", and one's own renewals."""

from typing import Any

from django.http import HttpResponse

from daysheet.academy import public
from daysheet.academy.planner import words
from daysheet.academy.planner.calendar import CALENDAR, calendar_file
from daysheet.academy.planner.forms.certificates import (
    MOST_ROWS,
    LearningForm,
    MaySitForm,
    OwnCertificateForm,
)
from daysheet.academy.planner.rules.catalogue import certificates
from daysheet.academy.planner.rules.entry import may_sit
from daysheet.academy.planner.rules.renewal import Standing, standing
from daysheet.ui.screens import Request, screen


@screen(public=True)
@public.kept
def catalogue(request: Request) -> HttpResponse:
    """Show the seven certificates side by side."""
    return public.page(request, "academy/certificates.html", {"certificates": certificates()})


@screen(public=True)
def check(request: Request) -> HttpResponse:
    """Say which exams a person may sit, and what is missing for the others."""
    form = MaySitForm(request.GET or None)
    rows = []
    if form.is_valid():
        verdicts = [(one, may_sit(one.entry, form.has())) for one in certificates()]
        rows = [(one, verdict.answer, words.ways(verdict.missing)) for one, verdict in verdicts]
    return public.page(request, "academy/certificate_check.html", {"form": form, "rows": rows})


@screen(public=True)
def renewals(request: Request) -> HttpResponse:
    """Show when each of one's certificates runs out, and what is still to learn."""
    own, learned, rows = _own(request)
    context = {"own": own, "learned": learned, "rows": rows, "query": request.GET.urlencode()}
    return public.page(request, "academy/renewals.html", context)


@screen(public=True)
def renewals_calendar(request: Request) -> HttpResponse:
    """Return the same days as a calendar file: the last day and its reminders."""
    _forms, _learned, rows = _own(request)
    entries = []
    for one, _credits, now in rows:
        entries.append((now.expires_on, f"{one.short}: last day to renew"))
        entries += [(day, f"{one.short} runs out on {now.expires_on:%b %-d, %Y}") for day in now.remind_on]
    body = calendar_file(sorted(entries), made_at=public.now())
    return public.download(body, "renewals.ics", CALENDAR)


@screen(public=True)
@public.kept
def as_json(_request: Request) -> HttpResponse:
    """Return the catalogue as data."""
    rows = [
        {
            "certificate": one.short,
            "name": one.name,
            "issuer": one.issuer,
            "renewal_years": one.renewal.years,
            "credits": one.renewal.credits,
            "fees": [{"value": fee.value, "source": fee.source, "as_of": fee.as_of} for fee in one.fees],
            "exams": [
                {"form": exam.form, "items": exam.items, "minutes": exam.minutes} for exam in one.exams
            ],
        }
        for one in certificates()
    ]
    return public.json_rows("certificates", rows, {"note": "Facts restated; ask the issuer for today's."})


Row = tuple[Any, int, Standing]


def _own(request: Request) -> tuple[list[OwnCertificateForm], list[LearningForm], list[Row]]:
    """Return the rows of the form as typed, and what they come to on this day."""
    today, by_key = public.today(), {one.key: one for one in certificates()}
    typed = request.GET if request.GET else None
    own = [OwnCertificateForm(typed, prefix=f"c{n}", today=today) for n in range(1, MOST_ROWS + 1)]
    learned = [LearningForm(typed, prefix=f"l{n}", today=today) for n in range(1, MOST_ROWS + 1)]
    logged: dict[str, int] = {}
    for entry in learned:
        if entry.is_valid() and entry.cleaned_data["certificate"]:
            key = entry.cleaned_data["certificate"]
            logged[key] = logged.get(key, 0) + (entry.cleaned_data["credits"] or 0)
    rows = []
    for form in own:
        if not (form.is_valid() and form.cleaned_data["certificate"] and form.cleaned_data["earned"]):
            continue
        one = by_key[form.cleaned_data["certificate"]]
        done = (form.cleaned_data["credits"] or 0) + logged.get(one.key, 0)
        rows.append((one, done, standing(form.cleaned_data["earned"], one.renewal, done, today)))
    return own, learned, sorted(rows, key=lambda row: row[2].expires_on)
