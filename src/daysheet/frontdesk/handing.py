"""What the desk prints for a visit: the patient's label, and the encounter form that goes along to the room."""

from django.utils.translation import gettext as _

from daysheet.charges import queries as charges
from daysheet.coverage import queries as coverage
from daysheet.kernel.access import Actor
from daysheet.letters import pdf
from daysheet.letters import queries as letters
from daysheet.ui.words import born
from daysheet.visits import line
from daysheet.visits.models import Visit

EMPTY_ROWS = 4
"""Lines for services that the office does not use often."""


def label(by: Actor, visit: Visit) -> bytes:
    """Return the label of a patient for a visit as PDF: name, birth date, chart, day and clinician."""
    who = visit.patient
    facts = {
        "title": _("Label"),
        "name": f"{who.family.upper()}, {who.given}",
        "lines": [
            _("born %(born)s   chart %(chart)s") % {"born": born(who.born_on), "chart": who.chart_number},
            f"{born(visit.service_on)}   {visit.provider}",
            "   ".join([_("visit %(number)s") % {"number": visit.number}, line.token_of(visit.pk)]).strip(),
        ],
    }
    return pdf.render("label", letters.frame(by) | facts)


def encounter_form(by: Actor, visit: Visit) -> bytes:
    """Return the encounter form of a visit as PDF: who, which plan, and the office's usual services to mark."""
    who = visit.patient
    held = coverage.coverage_on(who.pk, visit.service_on)
    usual = [["[   ]", fee.code, fee.label, ""] for fee in charges.favourites(visit.service_on)]
    facts = {
        "title": _("Encounter form, visit %(number)s") % {"number": visit.number},
        "facts": [
            [_("Patient"), f"{who.family.upper()}, {who.given}"],
            [_("Born"), born(who.born_on)],
            [_("Chart"), str(who.chart_number)],
            [_("Day"), born(visit.service_on)],
            [_("Clinician"), str(visit.provider)],
            [_("Plan"), f"{held.plan.name}, {held.member_id}" if held else _("none on this day")],
        ],
        "columns": [
            {"label": _("Done"), "width": "auto"},
            {"label": _("Code"), "width": "auto"},
            {"label": _("Service")},
            {"label": _("Diagnosis")},
        ],
        "rows": usual + [["[   ]", "______", "", ""]] * EMPTY_ROWS,
        "notes": [
            _("Diagnoses: ____________________________________________________________"),
            _("Come again in: ______________   Signed: ______________________________"),
        ],
    }
    return pdf.render("table", letters.frame(by) | facts)
