"""Two records of one person are known as such; twins and parents are told apart."""

from datetime import date

import pytest

from daysheet.patients.matching import Reason, Strength, Who, birth_variants, keys, likeness, tails
from daysheet.patients.names import full_names, one_letter_off, plain, sound

MARIA = Who(
    "Diaz",
    "Maria",
    date(1962, 3, 14),
    sex="F",
    phones=("+15552010142",),
    street="12 Elm St",
    zip="12207",
    email="maria@example.org",
)
STRONG, POSSIBLE, NONE = Strength.STRONG, Strength.POSSIBLE, Strength.NONE


@pytest.mark.parametrize(
    ("told", "new", "strength", "first"),
    [
        ("the same again", Who("Diaz", "Maria", date(1962, 3, 14)), STRONG, "same_birth"),
        ("her nickname", Who("Diaz", "Mia", date(1962, 3, 14)), STRONG, "same_birth"),
        ("without accents", Who("Díaz", "María", date(1962, 3, 14)), STRONG, "same_birth"),
        ("a slip in both names", Who("Dias", "Marai", date(1962, 3, 14)), STRONG, "same_birth"),
        ("day and month swapped", Who("Diaz", "Maria", date(1962, 3, 14)), STRONG, "same_birth"),
        ("year differs", Who("Diaz", "Maria", date(1963, 3, 14), phones=MARIA.phones), STRONG, "same_family"),
        ("sounds alike, year differs", Who("Dias", "Maria", date(1963, 3, 14)), POSSIBLE, "same_given"),
        ("married", Who("Lopez", "Maria", date(1962, 3, 14), sex="F", phones=MARIA.phones), STRONG, "same_birth"),
        ("hyphened", Who("Diaz-Lopez", "Maria", date(1962, 3, 14)), STRONG, "same_birth"),
        ("former name given", Who("Lopez", "Maria", date(1962, 3, 14), former_family="Diaz"), STRONG, "same_birth"),
        ("no birth date", Who("Diaz", "Maria", None, phones=MARIA.phones), STRONG, "same_family"),
        ("placeholder birth", Who("Diaz", "Maria", date(1900, 1, 1)), POSSIBLE, "same_family"),
        ("a twin sister", Who("Diaz", "Carmen", date(1962, 3, 14), phones=MARIA.phones), POSSIBLE, "maybe_twins"),
        ("a twin, all shared", Who("Diaz", "Luz", MARIA.born_on, phones=MARIA.phones, street="12 Elm St", zip="12207",
                                   email=MARIA.email), POSSIBLE, "maybe_twins"),
        ("her daughter", Who("Diaz", "Maria", date(1990, 8, 2), phones=MARIA.phones, street="12 Elm St", zip="12207"),
         POSSIBLE, "maybe_parent"),
        ("a namesake", Who("Diaz", "Maria", date(1971, 11, 30)), NONE, "birth_differs"),
        ("names in each other's field", Who("Maria", "Diaz", date(1962, 3, 14)), STRONG, "same_birth"),
        ("swapped, another birth", Who("Maria", "Diaz", date(1990, 7, 1)), NONE, "maybe_parent"),
        ("her husband", Who("Diaz", "Luis", date(1960, 1, 2), sex="M", phones=MARIA.phones), NONE, "same_family"),
        ("a stranger", Who("Okafor", "Joy", date(1975, 5, 5)), NONE, None),
        ("a stranger born that day", Who("Okafor", "Joy", date(1962, 3, 14)), NONE, "maybe_twins"),
    ],
)  # fmt: skip
def test_how_much_a_new_person_looks_like_ms_diaz(
    told: str, new: Who, strength: Strength, first: str | None
) -> None:
    verdict = likeness(new, MARIA)
    assert (verdict.strength, verdict.reasons[0].code if verdict.reasons else None) == (strength, first), told


def test_names_in_each_others_field_are_told_as_such() -> None:
    verdict = likeness(Who("Maria", "Diaz", MARIA.born_on), MARIA)
    assert Reason("names_swapped", "Diaz", "Maria") in verdict.reasons


def test_junior_is_not_senior_even_when_all_else_agrees() -> None:
    junior = Who("Roy", "Sam", date(1980, 1, 1), suffix="Jr", phones=("+15552010142",))
    senior = Who("Roy", "Sam", date(1980, 1, 1), suffix="Sr.", phones=("+15552010142",))
    verdict = likeness(junior, senior)
    assert (verdict.strength, verdict.reasons[0].code) == (POSSIBLE, "suffix_differs")


def test_twins_whose_names_differ_in_the_first_letter_are_twins() -> None:
    verdict = likeness(Who("Roy", "Jayden", date(2015, 6, 1)), Who("Roy", "Hayden", date(2015, 6, 1)))
    assert (verdict.strength, verdict.reasons[0].code) == (POSSIBLE, "maybe_twins")


def test_what_is_missing_counts_neither_for_nor_against() -> None:
    bare = Who("Diaz", "Maria", date(1962, 3, 14))
    assert likeness(bare, MARIA).score == likeness(MARIA, bare).score == 20.0


def test_a_newborn_without_a_name_is_compared_by_the_rest() -> None:
    verdict = likeness(Who("Diaz", "Baby Girl", date(2026, 3, 1)), Who("Diaz", "Carmen", date(2026, 3, 1)))
    assert (verdict.score, verdict.strength) == (15.0, STRONG)


@pytest.mark.parametrize(
    ("one", "other"),
    [("catherine", "katherine"), ("smith", "smyth"), ("stephen", "steven"), ("diaz", "dias"), ("lee", "leigh"),
     ("philip", "filip"), ("wright", "rite")],
)  # fmt: skip
def test_names_that_sound_alike_have_one_sound(one: str, other: str) -> None:
    assert sound(one) == sound(other) != ""


def test_other_scripts_have_no_latin_sound() -> None:
    assert [sound(word) for word in ("مريم", "李", "42", "")] == ["", "", "", ""]


@pytest.mark.parametrize(
    ("short", "full"),
    [("bill", "william"), ("lupe", "guadalupe"), ("pepe", "jose"), ("beth", "elizabeth"), ("mia", "maria")],
)
def test_a_nickname_leads_to_the_full_name(short: str, full: str) -> None:
    assert full in full_names(short)


def test_names_are_made_plain() -> None:
    assert plain("  O’Brien-SMITH, José  ") == "obrien smith jose"
    assert plain("Łukasz Strauß Østergård") == "lukasz strauss ostergard"
    assert plain("\U0001f642 !?") == ""


def test_a_near_spelling_shares_a_word_with_one_letter_left_out() -> None:
    assert set(one_letter_off("maria")) & set(one_letter_off("amria"))
    assert "dia" in set(one_letter_off("diaz")) & set(one_letter_off("dias"))
    assert one_letter_off("lee") == ()


def test_any_part_of_a_phone_of_four_digits_begins_one_of_its_tails() -> None:
    assert tails("+15552010142") == [
        "5552010142",
        "552010142",
        "52010142",
        "2010142",
        "010142",
        "10142",
        "0142",
    ]


def test_the_keys_of_a_long_name_stay_short_enough_for_an_index() -> None:
    long = keys(Who("x" * 300, " ".join(f"name{n}" for n in range(80))))
    assert max(len(key) for _, key in long) == 40
    assert len(long) < 160


def test_birth_dates_vary_by_the_usual_slips_and_stay_real_days() -> None:
    assert date(1926, 3, 14) in birth_variants(date(1962, 3, 14))
    assert date(1962, 4, 3) in birth_variants(date(1962, 3, 4))
    assert date(1999, 12, 31) in birth_variants(date(2000, 1, 1))
    assert all(day.month == 2 or day.day != 29 or day.month != 2 for day in birth_variants(date(2024, 2, 29)))
