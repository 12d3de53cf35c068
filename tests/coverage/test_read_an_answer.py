"""What an answer's lines mean at the desk: verdict, copay, deductible left, and where each figure stands."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from daysheet.coverage.rules.answer import Reading, read_answer
from daysheet.formats import x12

MONDAY = date(2026, 3, 9)


def answered(*benefits: x12.Benefit, **more: Any) -> Reading:
    answer = x12.EligibilityAnswer(payer=x12.Party("BLUE PPO"), benefits=benefits, **more)
    return read_answer(answer, service_on=MONDAY, plan="Blue PPO")


def line(code: str, *services: str, **more: Any) -> x12.Benefit:
    return x12.Benefit(code, service_types=services, **more)


ACTIVE = line("1", "30")


def copay(amount: str, *services: str, **more: Any) -> x12.Benefit:
    return line("B", *services, amount=Decimal(amount), **more)


def test_an_active_plan_is_covered() -> None:
    reading = answered(ACTIVE)
    assert (reading.verdict, reading.sentence) == ("eligible", "Active with Blue PPO on Mar 9, 2026.")


def test_an_inactive_plan_is_not_covered_and_no_copay_is_read_from_it() -> None:
    reading = answered(line("6", "30"), copay("20.00", "98", network="Y"))
    assert (reading.verdict, reading.copay) == ("inactive", None)
    assert reading.next_action == "Ask the patient for a new card; the visit may be self-pay."


@pytest.mark.parametrize(
    ("qualifier", "day", "sentence"),
    [
        ("347", date(2026, 2, 28), "Blue PPO ended on Feb 28, 2026, before the visit."),
        ("346", date(2026, 4, 1), "Blue PPO begins on Apr 1, 2026, after the visit."),
    ],
)
def test_a_plan_whose_days_do_not_hold_the_visit_is_not_covered(
    qualifier: str, day: date, sentence: str
) -> None:
    reading = answered(ACTIVE, dates=(x12.Dates(qualifier, day),))
    assert (reading.verdict, reading.sentence) == ("inactive", sentence)


def test_the_last_day_of_a_plan_is_still_covered() -> None:
    assert answered(ACTIVE, dates=(x12.Dates("347", MONDAY),)).verdict == "eligible"


def test_an_answer_without_a_word_on_cover_says_so() -> None:
    reading = answered(copay("20.00", "98"))
    assert reading.verdict == "cannot_say"
    assert reading.lines == ("Copay $20.00, for office visit.",)


@pytest.mark.parametrize(
    ("lines", "amount", "line_number"),
    [
        ([copay("40.00", "30", network="Y"), copay("20.00", "98", network="Y")], "20.00", 3),
        ([copay("80.00", "98", network="N"), copay("20.00", "98", network="Y")], "20.00", 3),
        ([copay("80.00", "98", network="N"), copay("25.00", "30", network="Y")], "25.00", 3),
        ([copay("20.00", "98"), copay("30.00", "98", network="W")], "30.00", 3),
        ([copay("50.00", "UC", network="Y"), copay("20.00", "33", "98", network="Y")], "20.00", 3),
        ([copay("15.00", network="Y")], "15.00", 2),
        ([copay("0.00", "98", network="Y")], "0.00", 2),
        (
            [
                copay("35.00", "98", network="Y", coverage_level="FAM"),
                copay("20.00", "98", network="Y", coverage_level="IND"),
            ],
            "20.00",
            3,
        ),
    ],
    ids=[
        "office visit before the whole plan",
        "in network before out of network",
        "the whole plan in network before the visit out of network",
        "a named network before none",
        "among several services",
        "no service named",
        "nothing to pay",
        "the individual before the family",
    ],
)
def test_the_copay_is_the_line_that_fits_best(lines: list[Any], amount: str, line_number: int) -> None:
    figure = answered(ACTIVE, *lines).copay
    assert figure is not None
    assert (figure.value, figure.line) == (Decimal(amount), line_number)


def test_a_copay_out_of_network_or_of_another_service_is_never_taken() -> None:
    assert (
        answered(ACTIVE, copay("80.00", "98", network="N"), copay("50.00", "UC", network="Y")).copay is None
    )


def test_two_lines_that_fit_alike_and_differ_are_both_named() -> None:
    figure = answered(
        ACTIVE,
        copay("20.00", "98", network="Y", messages=("PRIMARY CARE",)),
        copay("30.00", "98", network="Y", messages=("SPECIALIST",)),
    ).copay
    assert figure is not None
    assert (figure.value, figure.line, figure.rivals) == (Decimal("20.00"), 2, (3,))
    assert figure.how == "service type 98 (office visit), in network, line 2 of the answer"


def test_the_deductible_left_is_what_the_plan_says_remains() -> None:
    reading = answered(
        ACTIVE,
        line("C", "30", amount=Decimal("1500"), period="23", network="Y", coverage_level="IND"),
        line("C", "30", amount=Decimal("1280"), period="29", network="Y", coverage_level="IND"),
        line("C", "30", amount=Decimal("3000"), period="29", network="Y", coverage_level="FAM"),
    )
    assert reading.deductible is not None
    assert reading.deductible_left is not None
    assert (reading.deductible.value, reading.deductible_left.value) == (Decimal(1500), Decimal(1280))


def test_the_deductible_left_follows_from_what_was_met() -> None:
    reading = answered(
        ACTIVE,
        line("C", "30", amount=Decimal("1500"), period="23", network="Y"),
        line("C", "30", amount=Decimal("220"), period="24", network="Y"),
    )
    assert reading.deductible_left is not None
    assert reading.deductible_left.value == Decimal("1280")
    assert reading.deductible_left.how == "$1,500.00 in line 2 less $220.00 met in line 3"


def deductible(amount: str, period: str, level: str = "", *services: str, **more: Any) -> x12.Benefit:
    facts: dict[str, Any] = {"network": "Y"} | more
    sum_of = Decimal(amount)
    return line("C", *(services or ("30",)), amount=sum_of, period=period, coverage_level=level, **facts)


@pytest.mark.parametrize(
    ("lines", "total", "left"),
    [
        (
            [
                deductible("1500", "23", "IND"),
                deductible("3000", "23", "FAM"),
                deductible("2800", "29", "FAM"),
            ],
            "1500",
            None,
        ),
        (
            [
                deductible("1500", "23", "IND"),
                deductible("200", "24", "IND"),
                deductible("2800", "29", "FAM"),
            ],
            "1500",
            "1300",
        ),
        ([deductible("3000", "23", "FAM"), deductible("200", "24", "IND")], "3000", None),
        ([deductible("3000", "23", "FAM"), deductible("900", "29", "IND")], "3000", "900"),
        ([deductible("0", "23", "IND", "98"), deductible("1200", "29", "IND")], "0", None),
        ([deductible("1500", "23"), deductible("900", "29", "IND")], "1500", "900"),
        ([deductible("1500", "33"), deductible("600", "23")], "600", None),
    ],
    ids=[
        "of the family alone",
        "of the family beside what one person met",
        "what one person met of the family's",
        "of one person out of the family's",
        "of the plan beside the visit's own",
        "of one person where nobody is named",
        "of a whole life is no sum of a year",
    ],
)
def test_what_is_left_is_left_of_the_sum_beside_it(lines: list[Any], total: str, left: str | None) -> None:
    reading = answered(ACTIVE, *lines)
    assert reading.deductible is not None
    assert reading.deductible.value == Decimal(total)
    told = reading.deductible_left and reading.deductible_left.value
    assert told == (None if left is None else Decimal(left))


def test_what_medicare_asks_for_a_stay_in_hospital_is_not_asked_at_a_visit() -> None:
    of_stays, of_doctors = {"network": "", "insurance_type": "MA"}, {"network": "", "insurance_type": "MB"}
    reading = answered(
        ACTIVE,
        deductible("1736", "26", "", **of_stays),
        deductible("1736", "29", "", **of_stays),
        deductible("283", "23", "", **of_doctors),
        deductible("40", "29", "", **of_doctors),
        copay("434.00", "30", **of_stays),
    )
    assert reading.copay is None
    assert reading.deductible is not None
    assert reading.deductible_left is not None
    assert (reading.deductible.value, reading.deductible_left.value) == (Decimal(283), Decimal(40))


def test_of_several_periods_the_one_that_holds_the_visit_speaks() -> None:
    last_year = x12.Dates("291", date(2025, 1, 1), date(2025, 12, 31))
    this_year = x12.Dates("291", date(2026, 1, 1), date(2026, 12, 31))
    reading = answered(line("1", "30", dates=(last_year,)), line("1", "30", dates=(this_year,)))
    assert (reading.verdict, reading.starts_on) == ("eligible", date(2026, 1, 1))
    assert answered(line("1", "30", dates=(last_year,))).verdict == "inactive"


def test_a_deductible_over_a_thousand_keeps_every_digit() -> None:
    reading = answered(ACTIVE, line("C", "30", amount=Decimal("12345.67"), period="29", network="Y"))
    assert reading.deductible_left is not None
    assert reading.deductible_left.value == Decimal("12345.67")


def test_out_of_pocket_and_coinsurance_are_read_too() -> None:
    reading = answered(
        ACTIVE,
        line("G", "30", amount=Decimal("6000"), period="23", network="Y"),
        line("G", "30", amount=Decimal("5100"), period="29", network="Y"),
        line("A", "98", percent=Decimal("0.2"), network="Y"),
        line("A", "98", percent=Decimal("0.4"), network="N"),
    )
    assert reading.out_of_pocket is not None
    assert reading.out_of_pocket_left is not None
    assert reading.coinsurance is not None
    assert (reading.out_of_pocket.value, reading.out_of_pocket_left.value) == (Decimal(6000), Decimal(5100))
    assert reading.coinsurance.value == Decimal("0.2")


def test_another_payer_is_named_and_asked_about() -> None:
    reading = answered(ACTIVE, line("R", "30", others=(x12.Party("SUNRISE MEDICAID", id="SUN1"),)))
    assert [(one.name, one.id, one.line) for one in reading.other_payers] == [("SUNRISE MEDICAID", "SUN1", 2)]
    assert reading.next_action == "SUNRISE MEDICAID may have to pay first: ask the patient."


def test_an_ended_plan_that_names_its_successor_says_whose_card_to_ask_for() -> None:
    reading = answered(line("6", "30"), line("R", "30", others=(x12.Party("SUNRISE MEDICAID"),)))
    assert reading.next_action == "SUNRISE MEDICAID may be the plan now: ask the patient for that card."


def test_a_refusal_beside_a_single_benefit_hides_nothing_else() -> None:
    refused = line("B", "MH", rejections=(x12.Rejection("subscriber", "54"),))
    reading = answered(ACTIVE, copay("20.00", "98", network="Y"), refused)
    assert reading.verdict == "eligible"
    assert reading.copay is not None
    assert reading.lines[2] == "Copay, for mental health, refused: service not supported (AAA 54)."


@pytest.mark.parametrize(
    ("code", "verdict", "sentence"),
    [
        ("42", "cannot_say", "The plan cannot answer at this moment. (AAA 42)"),
        ("71", "not_found", "The plan has another birth date for this member. (AAA 71)"),
        ("72", "not_found", "The plan does not know this member id. (AAA 72)"),
        ("73", "not_found", "The plan has this member id under another name. (AAA 73)"),
        ("75", "not_found", "The plan knows no member with this number. (AAA 75)"),
        ("43", "cannot_say", "The plan does not answer this office: provider id missing or wrong. (AAA 43)"),
        ("ZZ", "cannot_say", "The plan did not answer: code ZZ, which is not known here. (AAA ZZ)"),
    ],
)
def test_a_refusal_of_the_payer_is_a_sentence_and_a_next_act(code: str, verdict: str, sentence: str) -> None:
    reading = answered(rejections=(x12.Rejection("subscriber", code, "C"),))
    assert (reading.verdict, reading.sentence, reading.aaa_code) == (verdict, sentence, code)
    assert reading.next_action


def test_the_closest_refusal_decides() -> None:
    reading = answered(rejections=(x12.Rejection("payer", "42"), x12.Rejection("subscriber", "75")))
    assert reading.aaa_code == "75"


@pytest.mark.parametrize(
    ("benefit", "words"),
    [
        (
            copay("20", "98", network="Y", coverage_level="IND", period="27"),
            "Copay $20.00, for office visit, individual, in network, visit.",
        ),
        (line("A", "98", percent=Decimal("0.2")), "Coinsurance 20%, for office visit."),
        (line("F", "33", quantity=Decimal(20), quantity_qualifier="VS"), "Limit 20 VS, for chiropractic."),
        (line("QQ", "30"), "Code QQ (not known here), for health plan as a whole."),
        (
            line("1", "Q9", messages=("CALL FIRST",)),
            "Active, for service type q9. CALL FIRST.",
        ),
    ],
)
def test_every_line_is_a_sentence(benefit: x12.Benefit, words: str) -> None:
    assert answered(benefit).lines == (words,)
