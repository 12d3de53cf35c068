"""The screen on which a letter about a patient is written."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.letters import commands
from daysheet.letters.forms import LetterForm
from daysheet.patients import queries as patients
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.words import day

FIELDS = {"from": "began", "to": "ended"}


@screen(needs=Can.WRITE_LETTERS, methods=("GET", "HEAD", "POST"))
def letter_write(request: Request, patient_id: UUID) -> HttpResponse:
    """Choose a letter, fill in what it cannot know, and keep it as a PDF."""
    patient = patients.patient(patient_id)
    names = ("letters/letter-write.html", "_letter_form.html")
    told = patients.around(request.actor, patient, today=request.office.today, tab="")
    record(request.actor, "patients.chart.viewed", patient)
    if request.method != "POST":
        return page(
            request, names[0], told | {"form": LetterForm(initial={"day": day(request.office.today)})}
        )
    form = LetterForm(request.POST)
    if not form.is_valid():
        return invalid(request, *names, form, told)
    try:
        paper = commands.write_letter(
            request.actor, patient_id=patient_id, template=form.cleaned_data["template"], fields=form.facts()
        )
    except Refusal as no:
        asked = {FIELDS.get(name, name): sentence for name, sentence in no.fields.items()}
        return refused(request, *names, form, Refusal(no.sentence, **asked), told)
    return done(
        request, reverse("documents:document-view", args=[paper.pk]), toast=_("Written: %s") % paper.title
    )
