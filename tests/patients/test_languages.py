"""A patient's language is the same one, however another system calls it, and never English by default of a word."""

import pytest

from daysheet.movein.rules.fields import KINDS
from daysheet.patients.forms import LANGUAGES
from daysheet.patients.rules.languages import SPOKEN, language_of
from tests.movein.test_understand_values import judged


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("en-US", "en"), ("ENG", "en"), ("English", "en"), ("es_MX", "es"), ("Spanish; Castilian", "es"),
        ("Español", "es"), ("Vietnamese", "vi"), ("vie", "vi"), ("Chinese - Mandarin", "zh"),
        ("Chinese (Cantonese)", "zh"), ("zh-Hant-TW", "zh"), ("Haitian; Haitian Creole", "ht"),
        ("American Sign Language", "ase"), ("", ""), ("Declined to specify", ""), ("Hmong", "und"), ("de", "und"),
        ("tlh-\u202e" * 50, "und"),
    ],
)  # fmt: skip
def test_a_language_by_any_name(text: str, code: str) -> None:
    assert language_of(text) == code


def test_a_chart_offers_each_language_that_is_read() -> None:
    assert set(SPOKEN) == {code for code, _name in LANGUAGES}


@pytest.mark.parametrize(
    ("cell", "code", "told"),
    [("Vietnamese", "vi", []), ("", None, []), ("Hmong", "und", [["Language", "language", "Hmong"]])],
)
def test_a_language_of_the_old_system_is_not_lost(cell: str, code: str | None, told: list[list[str]]) -> None:
    assert "language" in KINDS["patients"].fields
    row = judged("patients", key="1", family="Roe", given="Ann", born_on="1980-01-02", language=cell)
    assert row.is_good
    assert row.says.get("language") == code
    assert [[one.column.capitalize(), one.code, one.said] for one in row.lost] == told
