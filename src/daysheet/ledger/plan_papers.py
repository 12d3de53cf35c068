"""The agreement of a payment plan on paper: the whole, each instalment with its day, what it costs, the signature."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor
from daysheet.kernel.models import Practice
from daysheet.kernel.money import say
from daysheet.ledger.instalments import REG_Z_FROM
from daysheet.ledger.models import PaymentPlan
from daysheet.ledger.queries.agreements import read_dues
from daysheet.ledger.rules import in_words
from daysheet.letters import pdf
from daysheet.letters import queries as letters
from daysheet.privacy.questions import read_strokes


def agreement(by: Actor, plan: PaymentPlan, said: Mapping[str, str]) -> bytes:
    """Return the agreement as PDF; `said` has signed_by, relationship, strokes."""
    dues = read_dues(plan)
    zone = Practice.objects.get(pk=by.practice_id).zone
    there = by.now.astimezone(zone)
    when = (
        f"{in_words(there.date())} at {there.hour % 12 or 12}:{there:%M} {'am' if there.hour < 12 else 'pm'}"
    )
    who = said["signed_by"]
    if said["relationship"]:
        who = _("%(name)s (%(relationship)s)") % {"name": who, "relationship": said["relationship"]}
    how = _("Signed on the screen") if said["strokes"] else _("Name typed and agreed to by a tick")
    facts = {
        "title": _("Payment plan %(number)s") % {"number": plan.number},
        "facts": [
            [_("Patient"), f"{plan.patient.given} {plan.patient.family}"],
            [_("Chart"), str(plan.patient.chart_number)],
            [_("Agreed on"), in_words(plan.made_on)],
            [_("Amount owed"), say(plan.amount)],
            [_("Paid at once"), say(plan.down)],
            [_("Interest and fees"), _("none (annual percentage rate 0.00%, finance charge $0.00)")],
            [_("Total of payments"), say(plan.amount)],
            *(
                [[_("Takes the place of"), _("plan %(n)s") % {"n": plan.replaces.number}]]
                if plan.replaces
                else []
            ),
        ],
        "paragraphs": terms_in_words(plan),
        "columns": [{"label": _("Until")}, {"label": _("Amount"), "end": True}],
        "answers": [[in_words(one.on), say(one.amount)] for one in dues],
        "strokes": read_strokes(said["strokes"]) or [],
        "signature": [who, f"{how}, {when}", _("Taken at the desk by %(name)s") % {"name": by.name}],
    }
    return pdf.render("form", letters.frame(by) | facts)


def terms_in_words(plan: PaymentPlan) -> list[str]:
    """Return what is agreed, in plain sentences."""
    dues = read_dues(plan)
    facts = {
        "amount": say(plan.amount),
        "count": len(dues),
        "last": in_words(dues[-1].on),
        "days": plan.grace_days,
    }
    said = [
        _("I owe %(amount)s and pay it in %(count)s parts, the last until %(last)s. Each is listed here.")
        % facts,
        _("There is no interest and no fee. I may pay more or all of it at any time."),
        _("A part is late when it is not paid %(days)s days after its day. Then the office calls me.")
        % facts,
        _("New bills are not in this plan. If something changes, we make another agreement."),
    ]
    if plan.card:
        said.append(
            _(
                "The office may take each part from my %(brand)s card ending %(last4)s. I can stop that at any time."
            )
            % {"brand": plan.card.brand, "last4": plan.card.last4}
        )
    return said


def needs_disclosure(plan: PaymentPlan) -> bool:
    """Return whether the plan has more than four parts, so that Regulation Z may ask for its disclosure."""
    return len(read_dues(plan)) >= REG_Z_FROM
