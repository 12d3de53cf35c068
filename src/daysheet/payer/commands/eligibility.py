"""Questions about members (270) and their answers (271)."""

import re
from datetime import date, datetime
from uuid import UUID

from daysheet.formats import x12
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command
from daysheet.kernel.models import Practice
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom.models import Envelope
from daysheet.payer import answers, queries
from daysheet.payer.mailing import sealed
from daysheet.payer.models import AnsweredInquiry, Member
from daysheet.payer.rules.faults import Stage, is_of
from daysheet.payer.rules.plans import Profile
from daysheet.payer.rules.receipt import plain_name

_REASONS = {
    "not_found": "75",
    "birth_date": "71",
    "cannot_answer": "42",
    "cannot_answer_once": "42",
    "system_down": "80",
    "office_unknown": "51",
    "member_id": "72",
    "member_name": "73",
    "wrong_day": "62",
}


@command(needs=Can.ANSWER_AS_PAYER)
def answer_270(by: Actor, /, *, envelope_id: UUID) -> str:
    """Answer every question of an envelope: covered with the benefits, not covered, or why not known."""
    envelope = Envelope.objects.select_related("partner").get(pk=envelope_id)
    at = _wall(by)
    sets, asked = [], 0
    for document in x12.read(bytes(envelope.content)):
        if not isinstance(document.content, x12.InquiryBatch):
            continue
        batch = document.content
        answered = [_answer(by, envelope, inquiry) for inquiry in batch.inquiries]
        told = tuple(one for one in answered if one is not None)
        asked += len(answered)
        if told:
            sets.append(x12.build_271(x12.AnswerBatch(batch.reference, at, told)))
    kind = "271"
    if not sets and not asked:
        kind = "999"
        sets = [
            x12.build_999(group) for ack in x12.acknowledge(bytes(envelope.content)) for group in ack.groups
        ]
    if sets:
        content, number = sealed(envelope.partner, sets, at=at)
        mailroom.post_envelope(
            by,
            kind=kind,
            partner_id=envelope.partner_id,
            content=content,
            control_number=number,
            reply_to_id=envelope.id,
        )
    record(by, "payer.inquiries.answered", envelope, questions=asked)
    return f"Answered {asked} {'question' if asked == 1 else 'questions'}."


def _wall(by: Actor) -> datetime:
    """Return the moment on the payer's wall clock."""
    return by.now.astimezone(Practice.objects.get(pk=by.practice_id).zone)


def _answer(by: Actor, envelope: Envelope, inquiry: x12.EligibilityInquiry) -> x12.EligibilityAnswer | None:
    """Return the answer to one question, or None where the payer is to stay silent."""
    profile = queries.profile(inquiry.payer.id)
    if profile is None:
        _keep(by, envelope, inquiry, inquiry.payer.id, "42", "")
        return answers.refused(inquiry, inquiry.payer, "42")
    party = answers.payer_party(profile)
    day = inquiry.served_on or local_day(by.now, Practice.objects.get(pk=by.practice_id).zone)
    member = queries.member(payer_id=profile.payer_id, member_id=inquiry.subscriber.id)
    fault = _fault(profile, inquiry, member, day)
    if fault == "no_answer":
        _keep(by, envelope, inquiry, profile.payer_id, "silent", fault)
        return None
    reason = _REASONS.get(fault) or _refusal(profile, inquiry, member)
    if reason or member is None:
        _keep(by, envelope, inquiry, profile.payer_id, reason or "75", fault)
        return answers.refused(inquiry, party, reason or "75")
    standing = answers.Standing(
        plan=profile.plan(member.plan),
        starts_on=member.starts_on,
        ends_on=member.ends_on or (day if fault == "inactive" else None),
        met=queries.met(payer_id=profile.payer_id, member_id=member.member_id, year=day.year),
    )
    is_active = standing.is_active(day) and fault != "inactive"
    _keep(by, envelope, inquiry, profile.payer_id, "active" if is_active else "inactive", fault)
    answer = (answers.active if is_active else answers.inactive)(inquiry, party, standing)
    return answers.spoilt(fault, answer, standing, day=day) if is_of(fault, Stage.ANSWER) else answer


def _fault(profile: Profile, inquiry: x12.EligibilityInquiry, member: Member | None, day: date) -> str:
    """Return what goes wrong with this question: what was named for the member, else what the dice say."""
    asked = queries.member_key(inquiry.subscriber.id)
    named = member.fault if member else ""
    before = AnsweredInquiry.objects.filter(payer_id=profile.payer_id, member_id=asked, service_on=day)
    if named == "cannot_answer_once":
        return "" if before.exists() else named
    if any(is_of(named, stage) for stage in (Stage.MEMBER, Stage.LINE_DOWN, Stage.ANSWER)):
        return named
    chance = queries.chance()
    if not before.exists() and (down := chance.draw(profile.rates, Stage.LINE_DOWN, asked, str(day))):
        return down
    return chance.draw(profile.rates, Stage.MEMBER, asked)


def _refusal(profile: Profile, inquiry: x12.EligibilityInquiry, member: Member | None) -> str:
    """Return why the person cannot be found (AAA03), or empty text."""
    asked = queries.member_key(inquiry.subscriber.id)
    if member is None:
        return "75" if re.fullmatch(profile.member_shape, asked) else "72"
    people = [person for person in (inquiry.subscriber, inquiry.dependent) if person is not None]
    born = [person.born_on for person in people if person.born_on]
    if born and member.born_on not in born:
        return "71"
    names = {plain_name(person.name) for person in people if person.name}
    return "" if not names - {""} or plain_name(member.family) in names else "73"


def _keep(
    by: Actor, envelope: Envelope, inquiry: x12.EligibilityInquiry, payer_id: str, verdict: str, fault: str
) -> None:
    AnsweredInquiry.objects.create(
        payer_id=payer_id,
        member_id=queries.member_key(inquiry.subscriber.id),
        service_on=inquiry.served_on,
        verdict=verdict,
        fault=fault,
        envelope=envelope,
        answered_at=by.now,
    )
