"""The room `coverage` as a Django app."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Actor, Can
from daysheet.ui.verbs import Verb

if TYPE_CHECKING:
    from daysheet.mailroom.models import Envelope

NAV = [
    ("enrolments", "Enrollments", "coverage:enrolments", "bank", Can.SEND_CLAIMS, 57),
    ("payers", "Payers", "coverage:payers", "bank", Can.MANAGE_OFFICE, 94),
]


class CoverageConfig(AppConfig):
    """Payers, plans, who is covered by what and when, and what the payer said."""

    name = "daysheet.coverage"
    label = "coverage"

    def ready(self) -> None:
        """Read the payers' answers, and tell the banner how a patient is covered."""
        from daysheet.mailroom import routes
        from daysheet.patients import queries as patients

        routes.handles("271")(read_271)
        if banner_part not in patients.banner_parts:
            patients.banner_parts.append(banner_part)


def read_271(by: Actor, envelope: "Envelope") -> str:
    """Give a 271 to the command that reads it."""
    from daysheet.coverage import commands

    return commands.read_answer(by, envelope=envelope)


def banner_part(patient_ids: Sequence[UUID], now: datetime, today: date) -> dict[UUID, dict[str, Any]]:
    """Return how each patient is covered today, for the banner."""
    from daysheet.coverage import banner

    return banner.parts(patient_ids, today)


VERBS = [
    Verb(_("Payers"), "coverage:payers", Can.MANAGE_OFFICE, ("insurers", "insurance companies")),
    Verb(_("All plans"), "coverage:plans", Can.MANAGE_OFFICE, ("plans", "plan library")),
    Verb(
        _("How we ask ahead"),
        "coverage:policy",
        Can.MANAGE_OFFICE,
        ("eligibility rules", "batch eligibility"),
    ),
    Verb(_("Visits by video and phone"), "coverage:telehealth", Can.SEND_CLAIMS, ("telehealth",)),
    Verb(
        _("Coverage"),
        "coverage:patient-panel",
        Can.SEE_COVERAGE,
        (
            "insurance",
            "eligibility",
            "benefits",
            "verify",
            "cob",
            "coordination of benefits",
            "who pays first",
        ),
        of_patient=True,
    ),
    Verb(
        _("Add a coverage"),
        "coverage:coverage-add",
        Can.EDIT_COVERAGE,
        ("add insurance", "new insurance", "insurance card"),
        of_patient=True,
    ),
    Verb(
        _("Authorizations and referrals"),
        "coverage:authorizations",
        Can.SEE_COVERAGE,
        ("auth", "authorization", "referral", "prior auth", "prior authorization"),
        of_patient=True,
    ),
    Verb(
        _("Work, car and liability cases"),
        "coverage:cases",
        Can.SEE_COVERAGE,
        ("cases", "workers comp", "auto accident"),
        of_patient=True,
    ),
    Verb(_("Advance notices (ABN)"), "coverage:notices", Can.SEE_COVERAGE, ("abn",), of_patient=True),
]
