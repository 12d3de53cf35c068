"""What is typed of teeth is read, or refused in a sentence; and which kind of claim a service wants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daysheet.charges import rules
from daysheet.charges.mouth_words import in_words
from daysheet.charges.rules import kinds, mouth
from daysheet.charges.rules.kinds import Billed
from daysheet.charges.rules.mouth import Mouth, NotInTheMouth, TreatedTooth, read_mouth, typed

DENTISTS, BOTH = frozenset({"dental"}), frozenset({"dental", "professional"})
MEDICAL = frozenset({"professional"})
TEETH = [str(n) for n in (*range(1, 33), *range(51, 83))] + [
    one + more for one in "ABCDEFGHIJKLMNOPQRST" for more in ("", "S")
]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("14 MOD", "Tooth 14: mesial, occlusal, distal"),
        ("14mod", "Tooth 14: mesial, occlusal, distal"),
        ("#14 m o d", "Tooth 14: mesial, occlusal, distal"),
        ("3 MO, 4 DO", "Tooth 3: mesial, occlusal; Tooth 4: distal, occlusal"),
        ("3 MO 4 DO", "Tooth 3: mesial, occlusal; Tooth 4: distal, occlusal"),
        ("8 MIFL", "Tooth 8: mesial, incisal, facial, lingual"),
        ("30", "Tooth 30"),
        ("K, L", "Milk tooth K; Milk tooth L"),
        ("K L", "Milk tooth K: lingual"),
        ("a o", "Milk tooth A: occlusal"),
        ("64", "Extra tooth 64 beside 14"),
        ("AS; 58 I", "Extra tooth AS beside A; Extra tooth 58 beside 8: incisal"),
        ("UR", "Upper right quarter"),
        ("ur ll", "Upper right quarter; Lower left quarter"),
        ("wm", "Whole mouth"),
        ("UJ", "Upper jaw"),
        ("S-UF", "Upper front sixth"),
        ("", ""),
        ("  ,, ", ""),
    ],
)
def test_it_is_read_as_a_dentist_types_it(written: str, words: str) -> None:
    assert in_words(read_mouth(written)) == words


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("MOD", "MOD are surfaces: write the tooth before them, such as 14 MOD."),
        ("UR MOD", "MOD are surfaces"),
        ("8 MO", "Tooth 8 is a front tooth: it bites with an edge, write I instead of O."),
        ("14 MI", "Tooth 14 is a back tooth: it bites with a face, write O instead of I."),
        ("58 O", "Tooth 58 is a front tooth"),
        ("CS O", "Tooth CS is a front tooth"),
        ("33", "“33” is no tooth and no area."),
        ("83 M", "“83” is no tooth and no area."),
        ("0", "“0” is no tooth and no area."),
        ("03 M", "Write a tooth without a zero before it"),
        ("14X", "“14X” is no tooth and no area."),
        ("14 MOX", "“MOX” is no tooth and no area."),
        ("14 MOM", "Tooth 14: a surface is named twice."),
        ("14 BF", "B and F are the same side."),
        ("14 O, 14 M", "A tooth stands twice on the line"),
        ("UR UR", "An area of the mouth stands twice on the line."),
        ("UR, 3", "names a tooth and an area: name the tooth alone"),
        ("WM UR UL LL LR UJ", "A line names at most 5 areas."),
        ("1 " * 101, "That is too long: 200 letters at most."),
        ("ⅩⅣ", "is no tooth and no area."),
        ("１４", "is no tooth and no area."),
        ("14\x00", "is no tooth and no area."),
        ("<b>14</b>", "is no tooth and no area."),
    ],
)
def test_what_no_mouth_has_is_refused_in_a_sentence(written: str, sentence: str) -> None:
    with pytest.raises(NotInTheMouth) as no:
        read_mouth(written)
    assert sentence in str(no.value)
    assert str(no.value).endswith(".")


def heard(text: str) -> tuple[Mouth | None, str]:
    """What was read of a text, or why nothing was."""
    try:
        return read_mouth(text), ""
    except NotInTheMouth as no:
        return None, str(no)


@given(st.text())
def test_any_text_is_read_or_refused_and_what_is_read_is_sound(text: str) -> None:
    found, said = heard(text)
    assert said.endswith(".") if found is None else mouth.mouth_problem(found) == ""
    assert len(said) < 250


@given(st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUW ,;#-", max_size=60))
def test_what_looks_like_teeth_is_read_or_refused_too(text: str) -> None:
    found, said = heard(text)
    assert said.endswith(".") if found is None else mouth.mouth_problem(found) == ""


@given(st.lists(st.sampled_from(TEETH), unique=True, max_size=12), st.sets(st.sampled_from("MDBL")))
def test_what_was_read_is_typed_and_read_back(numbers: list[str], sides: set[str]) -> None:
    told = Mouth(tuple(TreatedTooth(one, "".join(sorted(sides))) for one in numbers))
    assert read_mouth(typed(told)) == told


@pytest.mark.parametrize("code", ["00", "01", "02", "03", "08", "10", "20", "30", "40", "L", "R"])
def test_an_area_is_typed_by_its_letters(code: str) -> None:
    told = Mouth(areas=(code,))
    assert read_mouth(typed(told)) == told


def test_front_and_back_are_told_apart_for_every_tooth() -> None:
    front = {number for number in TEETH if mouth.surfaces_problem(TreatedTooth(number, "O"))}
    back = {number for number in TEETH if mouth.surfaces_problem(TreatedTooth(number, "I"))}
    assert len(front) == 2 * (12 + 12)
    assert front | back == set(TEETH)
    assert not front & back


def test_the_day_of_an_earlier_placement_belongs_to_a_replacement() -> None:
    assert mouth.prosthesis_problem("R", has_prior_day=True) == ""
    assert "choose Replacement" in mouth.prosthesis_problem("I", has_prior_day=True)
    assert "choose Replacement" in mouth.prosthesis_problem("", has_prior_day=True)
    assert "first time" in mouth.prosthesis_problem("X", has_prior_day=False)


# --- The kind of claim --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "bills", "kind"),
    [
        (Billed("X0020"), MEDICAL, "professional"),
        (Billed("D0011"), MEDICAL, "professional"),
        (Billed("X0020"), DENTISTS, "dental"),
        (Billed("X0020"), BOTH, "professional"),
        (Billed("D0011"), BOTH, "dental"),
        (Billed("D001"), BOTH, "professional"),
        (Billed("X0020", is_dental=True), BOTH, "dental"),
        (Billed("X0020"), frozenset({"institutional"}), "institutional"),
        (Billed("X0020"), frozenset({"institutional", "professional"}), "professional"),
        (Billed("D0011"), frozenset({"institutional", "dental"}), "dental"),
        (Billed("X0020"), frozenset({"institutional", "dental"}), "institutional"),
        (Billed("X0020"), frozenset(), "professional"),
    ],
)
def test_the_settings_decide_and_where_there_are_several_the_code(
    service: Billed, bills: frozenset[str], kind: str
) -> None:
    assert kinds.kind_of(service, bills) == kind


def test_two_kinds_on_one_slip_are_told_with_what_to_do() -> None:
    services = [Billed("D0011"), Billed("X0020"), Billed("X0030")]
    assert kinds.mixed(services, BOTH) == (
        "The slip has dental services (D0011) and professional services (X0020, X0030): one claim never holds "
        "both. Take those of one kind off (void what is posted), and enter them on a visit of their own."
    )
    assert kinds.mixed(services, DENTISTS) == kinds.mixed(services, MEDICAL) == kinds.mixed([], BOTH) == ""


def test_a_dental_line_needs_no_diagnosis_and_another_does() -> None:
    one = rules.Decimal(1)
    assert rules.line_problem("D0011", one, (), (), is_dental=True) is None
    assert rules.line_problem("X0020", one, (), ()) == (
        "pointers",
        "Point to one to four diagnoses, each once.",
    )
