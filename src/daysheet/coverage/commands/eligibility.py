"""The question to a payer (270), its answer (271), and what happens when none comes."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse

from daysheet.coverage import authorizing, batches, copays, enrolled, queries
from daysheet.coverage.asking import ANSWERS_AT_ONCE, patience_with, question
from daysheet.coverage.batches import fault_of_card, is_connected
from daysheet.coverage.models import BenefitLine, Coverage, EligibilityInquiry, EligibilityResponse
from daysheet.coverage.rules.answer import Figure, Reading
from daysheet.coverage.rules.answer import read_answer as read
from daysheet.coverage.rules.batch import wait_before
from daysheet.coverage.rules.words import counted
from daysheet.formats import x12
from daysheet.kernel import clock
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal
from daysheet.kernel.jobs import later
from daysheet.kernel.live import announce
from daysheet.kernel.models import Practice
from daysheet.kernel.numbers import next_number
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom.models import Envelope
from daysheet.practice import queries as practice
from daysheet.tasks import commands as tasks

State = EligibilityInquiry.State
KIND = "eligibility"


class CannotAsk(Refusal):
    """Something that a question needs is missing; the card's data stay as they are."""


class NoSuchQuestion(Refusal):
    """An answer came to a question that this office never asked."""


class AskedJustNow(Refusal):
    """Another window has asked the same plan for the same day at this moment."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking for everybody of a day."""

    asked: int
    fresh: int
    waiting: int
    cannot: int


@command(needs=Can.ASK_ELIGIBILITY)
def ask_eligibility(
    by: Actor, /, *, coverage_id: UUID, service_on: date, appointment_id: UUID | None = None
) -> EligibilityInquiry:
    """Ask the payer whether it covers the patient on a day; the 270 lies in the outbox at once.

    A question that waits for its answer is not asked twice. Raises CannotAsk.
    """
    coverage = _coverage(coverage_id, service_on)
    waiting = _waiting(coverage, service_on, since=by.now - ANSWERS_AT_ONCE)
    if waiting is not None:
        record(by, "coverage.eligibility.waits-already", waiting)
        return waiting
    return _ask(by, coverage, service_on, appointment_id)


@command(needs=Can.ASK_ELIGIBILITY)
def ask_for_day(
    by: Actor, /, *, day: date, visits: Sequence[tuple[UUID, UUID]], unused: Collection[UUID] = ()
) -> Asked:
    """Ask the plans of everybody of a day: (patient, appointment) of each visit, but for those that use no plan.

    What is fresh, waits for its answer, or cannot be asked is left alone; what cannot be asked stands on the list of
    what needs a person.
    """
    zone = Practice.objects.get(pk=by.practice_id).zone
    asked = refused = waiting = 0
    found = batches.batch(day=day, visits=visits, now=by.now, zone=zone, unused=unused)
    for one in found.asked:
        if one.coverage is None:
            continue
        try:
            coverage = _coverage(one.coverage.pk, day)
            if _waiting(coverage, day) is not None:  # another window was a moment earlier
                waiting += 1
                continue
            _ask(by, coverage, day, one.appointment_id)
        except CannotAsk:
            refused += 1
        else:
            asked += 1
    cannot, waiting = len(found.cannot) + refused, len(found.waiting) + waiting
    record(
        by,
        "coverage.day.asked",
        day=day.isoformat(),
        asked=asked,
        fresh=len(found.fresh),
        waiting=waiting,
        cannot=cannot,
    )
    return Asked(asked, len(found.fresh), waiting, cannot)


@command(needs=Can.ASK_ELIGIBILITY)
def ask_once_more(by: Actor, /, *, inquiry_id: UUID) -> EligibilityInquiry | None:
    """Ask a payer again that could not answer; nothing happens before its time, or when it was asked meanwhile."""
    inquiry = _inquiries().filter(pk=inquiry_id).first()
    if inquiry is None:
        raise NoSuchQuestion("That question is not known to this office.")
    if inquiry.again_at is None or inquiry.again_at > by.now:
        record(by, "coverage.eligibility.left-alone", inquiry, state=inquiry.state)
        return None
    inquiry.again_at = None
    inquiry.save(update_fields=["again_at"])
    later_ones = EligibilityInquiry.objects.filter(
        coverage_id=inquiry.coverage_id, service_on=inquiry.service_on, asked_at__gt=inquiry.asked_at
    )
    gone = inquiry.coverage.entered_in_error_at is not None or not inquiry.is_of_this_card
    if later_ones.exists() or gone:
        record(by, "coverage.eligibility.left-alone", inquiry, state=inquiry.state)
        return None
    try:
        coverage = _coverage(inquiry.coverage_id, inquiry.service_on)
        return _ask(by, coverage, inquiry.service_on, inquiry.appointment_id, attempt=inquiry.attempt + 1)
    except CannotAsk as no:
        _put_on_list(by, inquiry, "CANNOT-ASK", str(no))
        record(by, "coverage.eligibility.not-asked-again", inquiry)
        return None


def _ask(
    by: Actor, coverage: Coverage, service_on: date, appointment_id: UUID | None, *, attempt: int = 1
) -> EligibilityInquiry:
    """Write the question down and lay it in the outbox. Raises CannotAsk before anything is written of it."""
    partner, office = coverage.plan.payer.partner, practice.office()
    if partner is None or not is_connected(coverage):
        raise CannotAsk(_no_wire(coverage))
    if office is None or not office.npi:
        raise CannotAsk("The office's own NPI is missing: the manager enters it under Office.")
    if fault := fault_of_card(coverage):
        raise CannotAsk(f"{fault} The card's data stay as they are.")
    trace = f"E{next_number('eligibility question'):08d}"
    asked_at = by.now.astimezone(Practice.objects.get(pk=by.practice_id).zone)
    number = mailroom.next_interchange(partner.pk)
    try:
        content = question(
            coverage,
            office,
            partner,
            service_on=service_on,
            trace=trace,
            number=number,
            at=asked_at,
            services=copays.in_use(),
        )
    except x12.CannotBuild as no:
        raise CannotAsk(f"The question cannot be written: {no}") from no
    earlier = EligibilityInquiry.objects.filter(coverage=coverage, service_on=service_on)
    earlier.filter(state=State.ASKED).update(state=State.FAILED)
    earlier.filter(again_at__isnull=False).update(again_at=None)
    just_now = AskedJustNow(
        "Another window has just asked this plan for this day. The answer comes by itself."
    )
    with refusing(eligibility_waits_once=just_now):
        inquiry = EligibilityInquiry.objects.create(
            patient=coverage.patient,
            coverage=coverage,
            trace=trace,
            service_on=service_on,
            asked_at=by.now,
            asked_by=by.name,
            appointment_id=appointment_id,
            attempt=attempt,
            card_version=coverage.card_version,
        )
    inquiry.envelope = mailroom.post_envelope(
        by,
        kind="270",
        partner_id=partner.pk,
        content=content,
        subject=inquiry,
        patient_ids=[coverage.patient_id],
    )
    inquiry.save(update_fields=["envelope"])
    enough = by.now + patience_with(partner)
    later("coverage.give_up_waiting", at=enough, practice_id=by.practice_id, inquiry_id=inquiry.pk)
    record(by, "coverage.eligibility.asked", inquiry, service_on=service_on.isoformat(), trace=trace)
    announce(by.practice_id, "coverage", str(coverage.patient_id))
    return inquiry


@command(needs=Can.ASK_ELIGIBILITY)
def read_answer(by: Actor, /, *, envelope: Envelope) -> str:
    """Read a 271: each answer is filed with its question, every benefit line is kept.

    Raises NoSuchQuestion when none of its answers belongs to a question of ours.
    """
    documents = [one for one in x12.read(bytes(envelope.content)) if one.kind == "271"]
    told: list[str] = []
    for document in documents:
        if not isinstance(document.content, x12.AnswerBatch):
            continue
        raws = _benefit_texts(document.segments)
        for answer in document.content.answers:
            own, raws = raws[: len(answer.benefits)], raws[len(answer.benefits) :]
            inquiry = _question_of(answer, document.content.reference)
            if inquiry is not None:
                told.append(_file(by, inquiry, answer, own, envelope))
    if not told:
        faults = [problem.message for one in documents for problem in one.problems]
        raise NoSuchQuestion(
            faults[0] if faults else "No question of this office has the number that this answer names."
        )
    record(by, "coverage.answers.read", envelope, answers=len(told))
    return " ".join(told)


@command(needs=Can.ASK_ELIGIBILITY)
def give_up_waiting(by: Actor, /, *, inquiry_id: UUID) -> EligibilityInquiry:
    """Say that a payer stayed silent, and put it on the desk's list; an answer that comes later still counts.

    Before the time is over on the practice's own clock, nothing happens.
    """
    inquiry = _inquiries().filter(pk=inquiry_id).first()
    if inquiry is None:
        raise NoSuchQuestion("That question is not known to this office.")
    partner = inquiry.coverage.plan.payer.partner
    too_early = partner is not None and by.now < inquiry.asked_at + patience_with(partner)
    if inquiry.state != State.ASKED or too_early:
        record(by, "coverage.eligibility.left-alone", inquiry, state=inquiry.state)
        return inquiry
    inquiry.state = State.FAILED
    inquiry.save(update_fields=["state"])
    if not inquiry.is_of_this_card:
        record(by, "coverage.eligibility.stayed-silent", inquiry)
        return inquiry
    payer = inquiry.coverage.plan.payer
    call = (
        f" Call {payer.phone}, or ask again."
        if payer.phone
        else " Ask again, or call the number on the card."
    )
    _put_on_list(
        by, inquiry, "NO-ANSWER", f"{payer.name} did not answer for {_day(inquiry.service_on)}.{call}"
    )
    record(by, "coverage.eligibility.stayed-silent", inquiry)
    announce(by.practice_id, "coverage", str(inquiry.patient_id))
    return inquiry


def _file(
    by: Actor, inquiry: EligibilityInquiry, answer: x12.EligibilityAnswer, raws: list[str], envelope: Envelope
) -> str:
    """Keep an answer with its question, lines and all, and let the desk know when it is not a plain yes."""
    if EligibilityResponse.objects.filter(inquiry=inquiry).exists():
        return f"Question {inquiry.trace} was answered already; the first answer stands."
    coverage = inquiry.coverage
    reading = read(answer, service_on=inquiry.service_on, plan=coverage.plan.name)
    response = EligibilityResponse.objects.create(
        inquiry=inquiry,
        patient_id=inquiry.patient_id,
        envelope=envelope,
        answered_at=by.now,
        **_figures(reading),
    )
    BenefitLine.objects.bulk_create(_lines(response, answer, reading, raws))
    inquiry.state = State.ANSWERED
    inquiry.save(update_fields=["state"])
    if reading.verdict in {"eligible", "inactive"} and inquiry.is_of_this_card:
        coverage.enrollment_verified_at = by.now
        coverage.benefits_verified_at = by.now if reading.verdict == "eligible" else None
        coverage.save(update_fields=["enrollment_verified_at", "benefits_verified_at"])
    _after(by, inquiry, reading, envelope)
    record(by, "coverage.eligibility.answered", inquiry, verdict=reading.verdict, lines=len(reading.lines))
    authorizing.tell_of_answers(by, inquiry.patient_id)
    announce(by.practice_id, "coverage", str(inquiry.patient_id))
    announce(by.practice_id, "visits")
    return f"Question {inquiry.trace}: {response.get_verdict_display().lower()}."


def _after(by: Actor, inquiry: EligibilityInquiry, reading: Reading, envelope: Envelope) -> None:
    """Link the two envelopes, and put on the list what a person has to look at."""
    mailroom.match_envelope(
        by,
        envelope=envelope,
        patient_ids=[inquiry.patient_id],
        reply_to_id=inquiry.envelope_id,
        subject=inquiry,
    )
    if inquiry.envelope is not None:
        mailroom.mark(by, envelope=inquiry.envelope, state="accepted", sentence="Answered by the payer.")
    if not inquiry.is_of_this_card:
        return  # it says nothing of the card as it is now
    tasks.close_items_of(by, subject_id=inquiry.coverage_id, kind=KIND, action_code="answered")
    if reading.verdict != "eligible" and not _will_ask_again(by, inquiry, reading):
        code = f"AAA-{reading.aaa_code}" if reading.aaa_code else reading.verdict.upper().replace("_", "-")
        _put_on_list(by, inquiry, code, f"{reading.sentence} {reading.next_action}".strip())


def _will_ask_again(by: Actor, inquiry: EligibilityInquiry, reading: Reading) -> bool:
    """Return whether the payer is asked again by itself, and note when: it could not answer at this moment."""
    policy = queries.policy()
    wait = wait_before(
        inquiry.attempt,
        code=reading.aaa_code,
        follow_up=reading.follow_up,
        first=timedelta(minutes=policy.first_wait_minutes),
        tries=policy.tries,
    )
    zone = Practice.objects.get(pk=by.practice_id).zone
    if wait is None or clock.local_day(by.now + wait, zone) > inquiry.service_on:
        return False
    newer = EligibilityInquiry.objects.filter(
        coverage_id=inquiry.coverage_id, service_on=inquiry.service_on, asked_at__gt=inquiry.asked_at
    )
    if newer.exists():
        return True  # a later question is on its way already
    inquiry.again_at = by.now + wait
    inquiry.save(update_fields=["again_at"])
    later("coverage.ask_once_more", at=inquiry.again_at, practice_id=by.practice_id, inquiry_id=inquiry.pk)
    return True


def _put_on_list(by: Actor, inquiry: EligibilityInquiry, code: str, sentence: str) -> None:
    due_at, source = _due(by, inquiry.service_on)
    tasks.open_item(
        by,
        kind=KIND,
        reason_code=code,
        sentence=sentence,
        due_at=due_at,
        source_of_due=source,
        role="receptionist",
        subject=inquiry.coverage,
        patient_id=inquiry.patient_id,
        link=reverse("coverage:eligibility-answer", args=[inquiry.pk]),
    )


def _due(by: Actor, service_on: date) -> tuple[datetime, str]:
    """Return until when the desk should have looked: before the day of service, else within four hours."""
    zone: ZoneInfo = Practice.objects.get(pk=by.practice_id).zone
    opening = clock.local_instant(datetime.combine(service_on, time(8)), zone)
    if opening > by.now:
        return opening, "before the visit"
    return by.now + timedelta(hours=4), "office rule 4 h"


def _figures(reading: Reading) -> dict[str, Any]:
    """Return the columns of a response: each figure with the line it came from."""
    names = ("copay", "deductible", "deductible_left", "out_of_pocket", "out_of_pocket_left")
    found = {name: getattr(reading, name) for name in (*names, "coinsurance")}
    sources = {name: _source(figure) for name, figure in found.items() if figure is not None}
    share = found["coinsurance"]
    return {
        "verdict": reading.verdict,
        "aaa_code": reading.aaa_code,
        "sentence": reading.sentence,
        "next_action": reading.next_action,
        "plan_name": reading.plan_name,
        "plan_starts_on": reading.starts_on,
        "plan_ends_on": reading.last_day,
        **{name: found[name].value if found[name] else None for name in names},
        "coinsurance_percent": share.value * 100 if share else None,
        "sources": sources,
        "copays": {code: {"amount": str(one.value)} | _source(one) for code, one in reading.copays.items()},
        "other_payers": [asdict(one) for one in reading.other_payers],
        "qmb_line": reading.qmb_line,
    }


def _source(figure: Figure) -> dict[str, Any]:
    return {"line": figure.line, "how": figure.how, "rivals": list(figure.rivals)}


def _lines(
    response: EligibilityResponse, answer: x12.EligibilityAnswer, reading: Reading, raws: list[str]
) -> list[BenefitLine]:
    return [
        BenefitLine(
            response=response,
            line=number,
            code=benefit.code,
            level=benefit.coverage_level,
            service_types=",".join(benefit.service_types),
            insurance_type=benefit.insurance_type,
            plan=benefit.plan,
            period=benefit.period,
            amount=benefit.amount,
            percent=benefit.percent,
            network=benefit.network,
            quantity=counted(benefit)[0],
            quantity_of=counted(benefit)[1],
            names=[_name(party) for party in benefit.others],
            message=" ".join(benefit.messages),
            words=words,
            raw=raws[number - 1] if number <= len(raws) else "",
        )
        for number, (benefit, words) in enumerate(zip(answer.benefits, reading.lines, strict=True), start=1)
    ]


def _name(party: x12.Party) -> dict[str, str]:
    """Return somebody whom a line names: role, name, number, phone."""
    phone = next((one.phone for one in party.contacts if one.phone), "")
    name = " ".join(filter(None, [party.first, party.name]))
    return {"role": party.entity, "name": name, "id": party.id, "phone": phone}


def _benefit_texts(segments: Sequence[x12.Segment]) -> list[str]:
    """Return each EB as it came, with what belongs to it: messages, dates, the names within LS and LE."""
    texts: list[list[str]] = []
    inside = False
    for segment in segments:
        if segment.id == "EB":
            texts.append([])
            inside = True
        elif segment.id in {"HL", "SE"}:
            inside = False
        if inside:
            texts[-1].append(segment.text())
    return ["~".join(text) for text in texts]


def _coverage(coverage_id: UUID, service_on: date) -> Coverage:
    """Return a coverage and hold it until the end: two who ask for it at once come one after the other.

    Its questions of the day are held first, in the order in which an answer takes them.
    """
    list(_inquiries().filter(coverage_id=coverage_id, service_on=service_on).order_by("pk"))
    rows = Coverage.objects.select_for_update(of=("self",)).select_related("patient", "plan__payer__partner")
    found = rows.filter(pk=coverage_id, entered_in_error_at__isnull=True).first()
    if found is None:
        raise CannotAsk("That coverage is not known to this office.")
    if found.case_id is not None:
        raise CannotAsk("A case of injury is not asked for eligibility. Call its adjuster.")
    enrolment = enrolled.told(found.plan.payer, "eligibility")
    if enrolment.stops:
        raise CannotAsk(enrolment.sentence)
    return found


def _waiting(
    coverage: Coverage, service_on: date, *, since: datetime | None = None
) -> EligibilityInquiry | None:
    asked = EligibilityInquiry.objects.filter(
        coverage=coverage, service_on=service_on, state=State.ASKED, card_version=coverage.card_version
    )
    if since is not None:
        asked = asked.filter(asked_at__gte=since)
    return asked.order_by("-asked_at").first()


def _question_of(answer: x12.EligibilityAnswer, reference: str) -> EligibilityInquiry | None:
    trace = answer.trace or reference
    return _inquiries().filter(trace=trace).first() if trace else None


def _inquiries() -> QuerySet[EligibilityInquiry]:
    rows = EligibilityInquiry.objects.select_for_update(of=("self",))
    return rows.select_related("coverage__plan__payer__partner", "envelope")


def _no_wire(coverage: Coverage) -> str:
    payer = coverage.plan.payer
    call = f"Call {payer.phone}" if payer.phone else "Call the number on the card"
    return f"{payer.name} is not connected to this office. {call}; the card's data stay as they are."


def _day(day: date) -> str:
    return f"{day:%b %-d, %Y}"
