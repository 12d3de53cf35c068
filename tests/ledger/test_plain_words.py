"""Texts for patients are read by everyone: grade 6 is the aim, over 8 fails (Flesch-Kincaid, a smoke alarm)."""

import ast
import inspect
import re
from types import ModuleType

import pytest

from daysheet.ledger import papers
from daysheet.ledger.queries import plain

VALUES = {"who": "Dr. Lee", "how": "cash", "day": "Mar 9", "number": "12", "why": "hardship", "when": "Mar 9"}


def texts(module: ModuleType) -> list[str]:
    """Return every text of a module that goes through gettext, filled with usual values."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.Call)]
    said = [
        str(call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "_" and isinstance(call.args[0], ast.Constant)
    ]
    return [re.sub(r"%\((\w+)\)s", lambda found: VALUES.get(found[1], "$40.00"), text) for text in said]


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of a text."""
    sentences = max(1, len(re.findall(r"[.!?](?:\s|$)", text)))
    words = re.findall(r"[A-Za-z']+|\$?[\d.,]+", text)
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower())))) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


@pytest.mark.parametrize("text", [one for one in texts(plain) if one.endswith(".")])
def test_a_sentence_of_a_bill_is_plain(text: str) -> None:
    assert grade(text) <= 8


def test_all_of_them_together_are_grade_six_at_most() -> None:
    whole = " ".join(one for one in [*texts(plain), *texts(papers)] if one.endswith("."))
    assert len(whole) > 1000
    assert grade(whole) <= 6
