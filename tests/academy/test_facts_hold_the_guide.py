"""Every number of the guide is in the registry exactly once, and stands against the figure of today."""

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

from daysheet.academy.facts import registry

FROZEN = Path(__file__).parent / "guide_numbers.tsv"
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def frozen() -> Counter[tuple[int, Decimal]]:
    lines = (line.split("\t") for line in FROZEN.read_text().splitlines())
    return Counter((int(line), Decimal(number)) for line, *numbers in lines for number in numbers)


def numbers_of(text: str) -> Counter[tuple[int, Decimal]]:
    """The extractor: each number of a text with its line."""
    return Counter(
        (place, Decimal(found.rstrip(",").replace(",", "")))
        for place, line in enumerate(text.splitlines(), 1)
        for found in NUMBER.findall(line)
    )


def test_the_frozen_list_is_what_the_extractor_reads(public_files: Path) -> None:
    guide = (public_files / "000_8e85b09324e5a9d6.txt").read_text(encoding="utf-8")
    assert len(guide.splitlines()) == 434
    assert numbers_of(guide) == frozen()


def test_every_number_of_the_guide_is_in_the_registry_exactly_once() -> None:
    held = Counter((line, fact.guide_value) for fact in registry.facts() for line in fact.guide_lines)
    assert held == frozen()


def test_the_national_median_is_older_than_the_published_one() -> None:
    fact = registry.fact("pay.national.median")
    assert (fact.guide_value, fact.official_value, fact.status) == (44640, 45930, "older")
    assert fact.release == "OEWS May 2025"
    assert fact.lines == "205"
    assert fact.error == Decimal("0.3")


def test_an_hour_is_a_year_by_2080() -> None:
    assert registry.fact("pay.national.hourly").official_value == Decimal("22.08")


def test_openings_are_told_in_jobs_and_conflict() -> None:
    fact = registry.fact("outlook.openings")
    assert (fact.official_value, fact.status) == (85900, "conflicts")


def test_a_range_agrees_while_the_figure_lies_inside_it() -> None:
    assert registry.fact("pay.setting.hospitals.low").status == "agrees"
    assert registry.fact("pay.setting.hospitals.high").status == "agrees"
    assert registry.fact("cost.technical.tuition.high").status == "conflicts"


def test_a_number_without_a_publisher_says_so() -> None:
    fact = registry.fact("premium.cmaa.low")
    assert (fact.status, fact.official_value, fact.value) == ("unsourced", None, 2000)


def test_every_state_has_its_two_figures() -> None:
    states = registry.facts("pay.state.")
    assert len([fact for fact in states if fact.key.endswith((".median", ".p90"))]) == 102
    assert registry.fact("pay.state.CA.median").official_value == 54490
    assert registry.fact("pay.state.SD.p90").official_value == 53120


def test_every_status_is_one_of_the_five_words() -> None:
    assert {fact.status for fact in registry.facts()} <= set(registry.STATUSES)
