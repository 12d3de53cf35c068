"""A filled form on paper: what it said, what was answered, who signed it and how."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from daysheet.kernel.access import Actor
from daysheet.kernel.models import Practice
from daysheet.letters import pdf, queries
from daysheet.patients.models import Patient
from daysheet.privacy.filling import FormAtHand
from daysheet.privacy.questions import read_strokes
from daysheet.ui.words import born


def filled(by: Actor, patient: Patient, form: FormAtHand, said: Mapping[str, Any]) -> bytes:
    """Return the PDF of a form as it was filled in: `said` has language, answers, signed_by, relationship, strokes."""
    zone = Practice.objects.get(pk=by.practice_id).zone
    language = said["language"]
    with override(language):
        answers = [
            [one.asked(language), _answer(one.offered(language), said["answers"].get(one.key, ""))]
            for one in form.questions
        ]
        there = by.now.astimezone(zone)
        when = f"{born(there.date())} {there.hour % 12 or 12}:{there:%M} {'am' if there.hour < 12 else 'pm'}"
        facts = queries.frame(by) | {
            "lang": language,
            "title": form.called(language),
            "facts": [
                [_("Patient"), f"{patient.given} {patient.family}"],
                [_("Born"), born(patient.born_on)],
                [_("Chart"), str(patient.chart_number)],
                [_("Filled in"), when],
                [_("Edition"), str(form.number)],
            ],
            "paragraphs": form.says(language),
            "columns": [{"label": _("Question")}, {"label": _("Answer")}],
            "answers": answers,
            "strokes": read_strokes(said["strokes"]) or [],
            "signature": _signature(by, said, when) if said["signed_by"] else [],
        }
    return pdf.render("form", facts)


def _answer(offered: list[tuple[str, str]], kept: str) -> str:
    return dict(offered).get(kept, kept)


def _signature(by: Actor, said: Mapping[str, Any], when: str) -> list[str]:
    who = said["signed_by"]
    if said["relationship"]:
        who = _("%(name)s (%(relationship)s)") % {"name": who, "relationship": said["relationship"]}
    how = _("Signed on the screen") if said["strokes"] else _("Name typed and agreed to by a tick")
    return [who, f"{how}, {when}", _("Taken at the desk by %(name)s") % {"name": by.name}]
