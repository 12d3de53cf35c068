"""One question out, one answer back: filed with its question, every line kept, silence never hides the card."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daysheet.coverage import commands, jobs, queries
from daysheet.coverage.models import BenefitLine, Coverage, EligibilityInquiry, EligibilityResponse
from daysheet.formats import x12
from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.jobs import holding
from daysheet.mailroom.models import Envelope
from daysheet.tasks.models import WorkqueueItem
from tests import cast, make
from tests.coverage.answering import ACTIVE, COPAY, LEFT, ODD, one_batch, reply, take_in, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Iterator[Any]:
    practice = make.practice()
    with make.acting(practice):
        make.office()
        yield practice


def carded(**more: Any) -> Coverage:
    return make.coverage(make.patient(), make.plan(by_partner=make.partner()), **more)


def ask(office: Any, card: Coverage, **more: Any) -> EligibilityInquiry:
    with holding():
        return commands.ask_eligibility(
            cast.rosa(office.pk), coverage_id=card.pk, service_on=more.pop("service_on", cast.MONDAY), **more
        )


def test_the_question_lies_in_the_outbox_with_its_trace(office: Any) -> None:
    inquiry = ask(office, carded())
    sent = inquiry.envelope
    assert sent is not None
    (document,) = x12.read(bytes(sent.content))
    question = document.content.inquiries[0]
    assert (document.kind, document.problems, document.content.reference) == ("270", (), inquiry.trace)
    assert (question.trace, question.trace_origin, question.served_on) == (
        inquiry.trace,
        "9123456789",
        cast.MONDAY,
    )
    assert (question.subscriber.name, question.subscriber.id, question.subscriber.born_on) == (
        "DIAZ",
        "XJ4001",
        date(1962, 3, 14),
    )
    assert question.service_types == ("30", "98")
    assert question.dependent is None
    assert (sent.state, sent.patient_ids) == ("queued", [str(inquiry.patient_id)])


def test_a_dependent_is_asked_about_through_the_subscriber(office: Any) -> None:
    card = carded(
        relationship="child",
        subscriber_family="Diaz",
        subscriber_given="Luis",
        subscriber_born_on=date(1960, 5, 5),
    )
    sent = ask(office, card).envelope
    assert sent is not None
    (document,) = x12.read(bytes(sent.content))
    question = document.content.inquiries[0]
    assert (question.subscriber.first, question.subscriber.id) == ("LUIS", "XJ4001")
    assert (question.dependent.first, question.dependent.id, question.relationship) == ("MARIA", "", "19")


def test_pressing_twice_asks_once(office: Any) -> None:
    card = carded()
    assert ask(office, card).pk == ask(office, card).pk
    assert Envelope.objects.count() == 1


def test_an_answer_is_filed_with_its_question_and_every_line_is_kept(office: Any) -> None:
    card = carded()
    inquiry = ask(office, card)
    envelope = take_in(office.pk, reply(inquiry, ACTIVE, COPAY, LEFT, ODD))
    assert (envelope.state, envelope.reply_to_id, envelope.patient_ids) == (
        "handled",
        inquiry.envelope_id,
        [str(card.patient_id)],
    )
    answer = queries.latest_answer(card.patient_id, card.pk)
    assert answer is not None
    assert (answer.verdict, answer.copay, answer.deductible_left, answer.plan_name) == (
        "eligible",
        Decimal("20.00"),
        Decimal("1280.00"),
        "BLUE PPO GOLD",
    )
    assert answer.sources["copay"]["line"] == 2
    lines = list(queries.benefit_lines(answer.pk))
    assert [(one.line, one.code) for one in lines] == [(1, "1"), (2, "B"), (3, "C"), (4, "QQ")]
    assert lines[3].words == "Code QQ (not known here), for health plan as a whole. SOMETHING NEW."
    assert lines[3].raw.startswith("EB*QQ")
    assert Envelope.objects.get(pk=inquiry.envelope_id).state == "accepted"
    assert WorkqueueItem.objects.count() == 0


def test_the_two_verification_clocks_start_with_the_answer(office: Any) -> None:
    card = carded()
    take_in(office.pk, reply(ask(office, card), ACTIVE, COPAY))
    card.refresh_from_db()
    assert (card.enrollment_verified_at, card.benefits_verified_at) == (cast.NOW, cast.NOW)


def test_the_same_answer_twice_is_one_answer(office: Any) -> None:
    inquiry = ask(office, carded())
    content = reply(inquiry, ACTIVE, COPAY)
    take_in(office.pk, content)
    take_in(office.pk, content)
    take_in(office.pk, content.replace(b"000000005", b"000000006"))
    assert EligibilityResponse.objects.count() == 1
    assert BenefitLine.objects.count() == 2


def test_a_member_who_is_not_found_goes_on_the_desks_list_with_what_to_do(office: Any) -> None:
    card = carded()
    take_in(office.pk, reply(ask(office, card), rejections=(x12.Rejection("subscriber", "75", "C"),)))
    item = WorkqueueItem.objects.get()
    assert (item.kind, item.reason_code, item.role, item.patient_id) == (
        "eligibility",
        "AAA-75",
        "receptionist",
        card.patient_id,
    )
    assert item.sentence.startswith("The plan knows no member with this number. (AAA 75) Compare member id")
    card.refresh_from_db()
    assert card.member_id == "XJ4001"


def test_a_good_answer_later_closes_what_was_open(office: Any) -> None:
    card = carded()
    take_in(office.pk, reply(ask(office, card), rejections=(x12.Rejection("provider", "43", "C"),)))
    later_on = cast.NOW + timedelta(minutes=10)
    with holding():
        again = commands.ask_eligibility(
            cast.rosa(office.pk, later_on), coverage_id=card.pk, service_on=cast.MONDAY
        )
    take_in(office.pk, reply(again, ACTIVE), later_on)
    assert WorkqueueItem.objects.get().action_code == "answered"
    assert queries.standing([card.patient_id], cast.MONDAY)[card.patient_id].state == "covered"


def test_silence_is_said_after_two_minutes_and_never_hides_the_card(office: Any) -> None:
    plan = make.plan(by_partner=make.partner(transport="loopback", other_practice_id=office.pk))
    plan.office_copay = Decimal("25.00")
    plan.save()
    card = make.coverage(make.patient(), plan)
    with holding() as held:
        inquiry = commands.ask_eligibility(cast.rosa(office.pk), coverage_id=card.pk, service_on=cast.MONDAY)
    (wait,) = [job for job in held if job.name == "coverage.give_up_waiting"]
    assert wait.at == cast.NOW + timedelta(minutes=2)
    commands.give_up_waiting(cast.system(office.pk, wait.at), inquiry_id=inquiry.pk)
    stands = queries.standing([card.patient_id], cast.MONDAY)[card.patient_id]
    assert (stands.state, stands.words, stands.copay) == (
        "cannot_say",
        "Blue PPO did not answer",
        Decimal("25.00"),
    )
    assert WorkqueueItem.objects.get().reason_code == "NO-ANSWER"
    assert queries.copay_due(card.patient_id, cast.MONDAY) == (
        Decimal("25.00"),
        "what the Blue PPO card says",
    )


def test_giving_up_after_the_answer_changes_nothing(office: Any) -> None:
    inquiry = ask(office, carded())
    take_in(office.pk, reply(inquiry, ACTIVE))
    commands.give_up_waiting(cast.system(office.pk), inquiry_id=inquiry.pk)
    assert EligibilityInquiry.objects.get().state == "answered"
    assert WorkqueueItem.objects.count() == 0


def test_nobody_gives_up_before_the_time_is_over_on_the_offices_own_clock(office: Any) -> None:
    inquiry = ask(office, carded())
    almost = cast.NOW + timedelta(hours=23, minutes=59)
    commands.give_up_waiting(cast.system(office.pk, almost), inquiry_id=inquiry.pk)
    assert EligibilityInquiry.objects.get().state == "asked"
    assert WorkqueueItem.objects.count() == 0


def test_the_sweep_looks_at_questions_that_stayed_open(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    inquiry = ask(office, carded())
    monkeypatch.setattr(make.Practice, "now", lambda _: cast.NOW + timedelta(days=1))
    with holding() as held:
        jobs.sweep(0)
        for one in held:
            one.run()
    assert [one.kwargs["inquiry_id"] for one in held] == [str(inquiry.pk)]
    assert EligibilityInquiry.objects.get().state == "failed"


def test_an_answer_after_the_silence_still_counts(office: Any) -> None:
    inquiry = ask(office, carded())
    next_day = cast.NOW + timedelta(days=1)
    commands.give_up_waiting(cast.system(office.pk, next_day), inquiry_id=inquiry.pk)
    take_in(office.pk, reply(inquiry, ACTIVE, COPAY))
    assert EligibilityInquiry.objects.get().state == "answered"
    assert WorkqueueItem.objects.get().state == "closed"


def test_an_answer_to_no_question_of_ours_is_parked_and_kept(office: Any) -> None:
    inquiry = ask(office, carded())
    inquiry.trace = "E99999999"
    envelope = take_in(office.pk, reply(inquiry, ACTIVE))
    assert (envelope.state, envelope.trouble) == (
        "parked",
        "No question of this office has the number that this answer names.",
    )
    assert EligibilityResponse.objects.count() == 0


def test_a_payer_without_a_wire_is_called(office: Any) -> None:
    card = make.coverage(make.patient(), make.plan())
    with pytest.raises(commands.CannotAsk, match="not connected to this office"):
        ask(office, card)


def test_an_office_without_an_npi_cannot_ask_and_sends_nothing() -> None:
    with make.acting(make.practice()) as bare:
        card = carded()
        with pytest.raises(commands.CannotAsk, match="NPI is missing"):
            ask(bare, card)
        assert Envelope.objects.count() == 0


def test_a_coder_may_not_ask_and_nothing_leaves(office: Any) -> None:
    card = carded()
    with pytest.raises(NotPermitted):
        commands.ask_eligibility(cast.dr_lee(office.pk), coverage_id=card.pk, service_on=cast.MONDAY)
    assert Envelope.objects.count() == 0


def test_an_answer_speaks_for_its_month_and_no_longer(office: Any) -> None:
    card = carded()
    take_in(office.pk, reply(ask(office, card), ACTIVE, COPAY))
    on = {
        day: queries.standing([card.patient_id], day)[card.patient_id].state
        for day in (date(2026, 3, 31), date(2026, 4, 1))
    }
    assert list(on.values()) == ["covered", "unasked"]
    assert queries.copay_due(card.patient_id, date(2026, 3, 31))[0] == Decimal("20.00")


def test_the_standing_of_many_takes_three_statements(office: Any) -> None:
    plan = make.plan(by_partner=make.partner())
    people = [make.patient("Diaz", f"Maria {number}").pk for number in range(12)]
    for patient in make.Patient.objects.all():
        make.coverage(patient, plan)
    with CaptureQueriesContext(connection) as seen:
        stands = queries.standing(people, cast.MONDAY)
    assert len(seen) == 3
    assert {one.state for one in stands.values()} == {"unasked"}


def test_a_patient_without_a_plan_stands_with_none(office: Any) -> None:
    maria = make.patient()
    assert queries.standing([maria.pk], cast.MONDAY)[maria.pk].words == "No plan on this day"


def test_complaint_16_a_batch_of_answers_is_filed_each_with_its_own_question_to_the_cent(office: Any) -> None:
    maria = carded()
    ann = make.coverage(make.patient("Lee", "Ann"), maria.plan, member_id="XJ4002")
    first, second = ask(office, maria), ask(office, ann, service_on=date(2026, 4, 3))
    left = replace(LEFT, amount=Decimal("12345.67"))
    both = one_batch(
        told(first, ACTIVE, left, dates=(x12.Dates("291", date(2026, 3, 9)),)),
        told(second, ACTIVE, COPAY, dates=(x12.Dates("291", date(2026, 4, 3)),)),
    )
    assert take_in(office.pk, both).state == "handled"
    of_maria = queries.latest_answer(maria.patient_id, maria.pk)
    of_ann = queries.latest_answer(ann.patient_id, ann.pk)
    assert of_maria is not None
    assert of_ann is not None
    assert (of_maria.inquiry_id, of_maria.copay, of_maria.deductible_left) == (
        first.pk,
        None,
        Decimal("12345.67"),
    )
    assert (of_ann.inquiry_id, of_ann.copay, of_ann.deductible_left) == (second.pk, Decimal("20.00"), None)
    assert [one.inquiry.service_on for one in (of_maria, of_ann)] == [cast.MONDAY, date(2026, 4, 3)]
