"""The desk reads American words: license, enrollment, favorite."""

import re
from pathlib import Path

import daysheet

ROOMS = Path(daysheet.__file__).parent
SAID = re.compile(
    r'(?:\b_|gettext_lazy|ngettext|ngettext_lazy)\(\s*(?:"[^"]*"\s*,?\s*)+|{% trans %}.*?{% endtrans %}', re.S
)
BRITISH = re.compile(
    r"licence|enrolment|favourite|colour|centre|cheque|organis|recognis|behaviour|catalogue", re.I
)


def test_no_sentence_is_spelt_as_in_britain() -> None:
    wrong = {
        f"{path.relative_to(ROOMS)}: {said.group(0)[:80]}"
        for path in [*ROOMS.rglob("*.html"), *ROOMS.rglob("*.py")]
        for said in SAID.finditer(path.read_text())
        if BRITISH.search(said.group(0))
    }
    assert wrong == set()
