"""The two papers about a price: the good-faith estimate with all that 45 CFR 149.610(c)(1) asks for, and the estimate
for a plan's member, which says that it is none."""

from typing import Any

from django.utils.translation import gettext as _

from daysheet.charges.estimating import Expected
from daysheet.charges.models import Estimate
from daysheet.charges.rules.good_faith import DISPUTE_DAYS, FAR_OVER
from daysheet.charges.rules.shares import Range
from daysheet.kernel.access import Actor
from daysheet.letters import pdf
from daysheet.letters import queries as letters
from daysheet.practice import queries as practices
from daysheet.ui import words

HELP = "www.cms.gov/nosurprises/consumers, 1-800-985-3059"
"""Where the government tells patients how a dispute begins."""


def amount(held: Range) -> str:
    """Return an amount, or from how much to how much."""
    low, high = words.usd(held.low), words.usd(held.high)
    return low if held.is_exact else _("%(low)s to %(high)s") % {"low": low, "high": high}


def estimate(by: Actor, held: Estimate, told: Expected, *, number: int, reason: str) -> bytes:
    """Return an estimate as PDF, in the version that is being made."""
    is_good_faith = held.kind == Estimate.Kind.GOOD_FAITH
    title = _("Good-faith estimate %(number)s") if is_good_faith else _("Estimate %(number)s")
    today = words.born(by.now.astimezone(held.location.zone).date())
    facts = {
        "title": title % {"number": held.number},
        "facts": [
            [_("Patient"), f"{held.patient.given} {held.patient.family}"],
            [_("Born"), words.born(held.patient.born_on)],
            [_("For"), held.for_what],
            [
                _("Day of the service"),
                words.born(held.service_on) if held.service_on else _("not booked yet"),
            ],
            [
                _("Made on"),
                _("%(day)s, version %(n)s (%(why)s)") % {"day": today, "n": number, "why": reason},
            ],
        ],
        "lead": [] if is_good_faith else [_not_good_faith()],
        "parts": _good_faith_parts(held, told) if is_good_faith else _plan_parts(held, told),
        "owe": [_("Expected charges together"), amount(told.total)]
        if is_good_faith
        else [_("You will probably pay"), amount(told.total)],
        "ends": _good_faith_ends(held) if is_good_faith else _plan_ends(told),
    }
    return pdf.render("estimate", letters.frame(by) | facts)


def _not_good_faith() -> str:
    return _(
        "This is not a good-faith estimate under the No Surprises Act: it is for somebody who uses a health plan. "
        "It is no promise of payment; the plan decides when it has the claim."
    )


def _good_faith_parts(held: Estimate, told: Expected) -> list[dict[str, Any]]:
    office = practices.office()
    tax_id, npi = (office.tax_id, office.npi) if office else ("", "")
    number = held.provider.npi or npi
    place = ", ".join(
        filter(None, [held.location.name, held.location.street, held.location.city, held.location.state])
    )
    who = ", ".join(filter(None, [f"{held.provider.given} {held.provider.family}", held.provider.credential]))
    return [
        {
            "title": _("Services of %(who)s") % {"who": who},
            "facts": [
                [_("NPI"), number or _("not on file")],
                [_("Tax id"), tax_id or _("not on file")],
                [_("Where"), place],
                [_("Diagnosis codes"), ", ".join(held.diagnoses) or _("none known yet")],
            ],
            "columns": _columns(_("Fee"), _("Discount"), _("Expected charge")),
            "rows": [
                [
                    one.line.what,
                    one.line.code,
                    f"{one.line.units.normalize():f}",
                    words.usd(one.charge),
                    words.usd(one.off) if one.off else "",
                    words.usd(one.expected),
                ]
                for one in told.lines
            ],
            "total": [_("Expected from %(who)s") % {"who": who}, "", "", "", "", amount(told.total)],
        }
    ]


def _plan_parts(held: Estimate, told: Expected) -> list[dict[str, Any]]:
    plan = held.coverage.plan.name if held.coverage else ""
    return [
        {
            "title": _("Services"),
            "facts": [[_("Plan"), plan], [_("With"), str(held.provider)]],
            "columns": _columns(_("Fee"), _("Plan allows"), _("From")),
            "rows": [
                [
                    one.line.what,
                    one.line.code,
                    f"{one.line.units.normalize():f}",
                    words.usd(one.charge),
                    words.usd(one.allowed) if one.allowed is not None else _("not known"),
                    one.how,
                ]
                for one in told.lines
            ],
        },
        {
            "title": _("Your part"),
            "columns": [
                {"label": _("What")},
                {"label": _("Amount"), "end": True},
                {"label": _("Where it comes from")},
            ],
            "rows": [[one.words, amount(one.amount) if one.amount else "", one.how] for one in told.figures],
        },
    ]


def _columns(*money: str) -> list[dict[str, Any]]:
    return [
        {"label": _("Service")},
        {"label": _("Code"), "width": "auto"},
        {"label": _("Units"), "end": True},
        *({"label": word, "end": True} for word in money),
    ]


def _plan_ends(told: Expected) -> list[dict[str, Any]]:
    if not told.unknown:
        return []
    lead = _("The range is there because these are not known:")
    return [{"title": _("What is not known"), "paragraphs": [lead, *told.unknown]}]


def _good_faith_ends(held: Estimate) -> list[dict[str, Any]]:
    office = practices.office()
    phone = words.phone(office.phone) if office and office.phone else ""
    call = (
        _("Ask us at the desk or call %(phone)s.") % {"phone": phone} if phone else _("Ask us at the desk.")
    )
    separate = _(
        "What follows is scheduled on its own. You get a good-faith estimate of its own for each when it is scheduled, "
        "or when you ask for it; codes, expected charges and who provides it stand there and not here. "
    )
    over = _(
        "If you are billed at least %(amount)s more than the expected charges of a provider named here, you have the "
        "right to begin a patient-provider dispute. Begin it within %(days)s calendar days of the date of the first "
        "bill. How it is done, and the form for it: %(help)s. Beginning a dispute does not lower the quality of the "
        "care that you get."
    ) % {"amount": f"${FAR_OVER}", "days": DISPUTE_DAYS, "help": HELP}
    return [
        {
            "title": _("Other providers"),
            "paragraphs": [
                held.others_note
                or _("We expect no other provider. If others take part, they may send bills of their own.")
            ],
        },
        {
            "title": _("Scheduled separately"),
            "paragraphs": [separate + call, *(held.separately or [_("Nothing that we know of.")])],
        },
        {
            "title": _("Please read"),
            "paragraphs": [
                _(
                    "There may be more services that we recommend as part of your care. They must be scheduled or asked "
                    "for separately and are not in this estimate."
                ),
                _(
                    "This is only an estimate of what we reasonably expect on the day it was made. What is done and "
                    "what it costs may differ."
                ),
                over,
                _(
                    "This estimate is not a contract. It does not oblige you to get these services from anybody named "
                    "here."
                ),
                _("Keep this paper: you may need it if a bill is higher."),
            ],
        },
    ]
