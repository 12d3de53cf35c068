"""The question to a payer as it goes on the wire (270): who asks, about whom, for which day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from daysheet.coverage.copays import OFFICE
from daysheet.coverage.models import Coverage
from daysheet.coverage.rules.answer import WHOLE_PLAN
from daysheet.formats import x12
from daysheet.mailroom.models import TradingPartner
from daysheet.practice.models import Office

# TR3 270 2100D INS02: spouse, child, other adult
RELATIONSHIPS = {"spouse": "01", "child": "19", "other": "34"}
ANSWERS_AT_ONCE = timedelta(minutes=2)
ANSWERS_NEXT_DAY = timedelta(days=1)


def question(
    coverage: Coverage,
    office: Office,
    partner: TradingPartner,
    *,
    service_on: date,
    trace: str,
    number: int,
    at: datetime,
    services: Sequence[str] = (OFFICE,),
) -> bytes:
    """Return the bytes of a 270 about one coverage: of the plan as a whole and of some services.

    Raises x12.CannotBuild when a name, an id or a day that the payer needs is missing or too long.
    """
    dependent = (
        None if coverage.relationship == Coverage.Relationship.SELF else _patient(coverage, member_id="")
    )
    inquiry = x12.EligibilityInquiry(
        payer=x12.Party(coverage.plan.payer.name, id_qualifier="PI", id=coverage.plan.payer.payer_id),
        provider=x12.Party(office.legal_name, id_qualifier="XX", id=office.npi),
        subscriber=_subscriber(coverage) if dependent else _patient(coverage, member_id=coverage.member_id),
        dependent=dependent,
        relationship=RELATIONSHIPS.get(coverage.relationship, "") if dependent else "",
        trace=trace,
        trace_origin=f"9{office.tax_id}" if office.tax_id else "",
        service_types=(WHOLE_PLAN, *services),
        served_on=service_on,
    )
    body = x12.with_names_that_fit(x12.build_270(x12.InquiryBatch(trace, at, (inquiry,))))
    return x12.render_interchange(
        sender=x12.Mailbox("ZZ", partner.our_id),
        receiver=x12.Mailbox("ZZ", partner.their_id),
        control_number=number,
        at=at,
        groups=[x12.OutgoingGroup(control_number=number, sets=[body])],
        usage="P" if partner.usage == "P" else "T",
    )


def patience_with(partner: TradingPartner) -> timedelta:
    """Return how long a partner may take to answer before the desk hears of it."""
    at_once = partner.transport == TradingPartner.Transport.LOOPBACK
    return ANSWERS_AT_ONCE if at_once else ANSWERS_NEXT_DAY


def _patient(coverage: Coverage, *, member_id: str) -> x12.Party:
    who = coverage.patient
    return x12.Party(
        who.family,
        first=who.given,
        middle=who.middle,
        suffix=who.suffix,
        is_person=True,
        id_qualifier="MI" if member_id else "",
        id=member_id,
        born_on=who.born_on,
        gender=who.sex if who.sex in {"F", "M"} else "",
    )


def _subscriber(coverage: Coverage) -> x12.Party:
    return x12.Party(
        coverage.subscriber_family,
        first=coverage.subscriber_given,
        is_person=True,
        id_qualifier="MI",
        id=coverage.member_id,
        born_on=coverage.subscriber_born_on,
        gender=coverage.subscriber_sex if coverage.subscriber_sex in {"F", "M"} else "",
    )
