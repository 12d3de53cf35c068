"""The ICD-10-CM list: cut at set-up, found by code or by words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from daysheet.charges import codes


@pytest.fixture(autouse=True)
def small_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nine codes, as the file holds them."""
    built = tmp_path / "icd10cm.tsv"
    built.write_text(
        "E11\tType 2 diabetes mellitus\t0\n"
        "E11.65\tType 2 diabetes mellitus with hyperglycemia\t1\n"
        "E11.9\tType 2 diabetes mellitus without complications\t1\n"
        "I10\tEssential (primary) hypertension\t1\n"
        "M54.5\tLow back pain\t0\n"
        "M54.50\tLow back pain, unspecified\t1\n"
        "M54.51\tVertebrogenic low back pain\t1\n"
        "S93.401A\tSprain of unspecified ligament of right ankle, initial encounter\t1\n"
        "S93.402A\tSprain of unspecified ligament of left ankle, initial encounter\t1\n"
    )
    monkeypatch.setattr(codes, "BUILT", built)
    codes._loaded.cache_clear()
    yield
    codes._loaded.cache_clear()


def found(text: str, limit: int = 20) -> list[str]:
    return [one.code for one in codes.search_icd(text, limit)]


def test_a_code_is_found_by_its_beginning_with_or_without_the_dot() -> None:
    assert found("m54.5") == found("M545") == ["M54.5", "M54.50", "M54.51"]
    assert found("e11", 2) == ["E11", "E11.65"]


def test_words_are_found_by_their_beginnings_in_any_order_billable_first() -> None:
    assert found("back low") == ["M54.50", "M54.51", "M54.5"]
    assert found("sprain left ank") == ["S93.402A"]
    assert found("type 2 hyper") == ["E11.65"]


def test_what_is_not_there_is_not_found_and_small_words_find_nothing() -> None:
    assert found("unicorn") == found("of the") == found("") == found("Z99.9") == []


def test_a_code_that_is_not_exact_enough_says_so() -> None:
    general, exact = codes.icd("M54.5"), codes.icd("m5450")
    assert general
    assert exact
    assert (general.billable, general.why) == (False, "choose a more exact code")
    assert (exact.billable, exact.why) == (True, "")
    assert codes.icd("Q99.9") is None


def test_without_the_list_nothing_is_found_and_nothing_falls(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(codes, "BUILT", tmp_path / "none.tsv")
    codes._loaded.cache_clear()
    assert codes.search_icd("back") == []
    assert codes.icd("M54.50") is None


def test_the_file_is_cut_from_the_package(tmp_path: Path) -> None:
    pytest.importorskip("simple_icd_10_cm")
    target = tmp_path / "built" / "icd10cm.tsv"
    assert codes.build(target) > 90_000
    lines = target.read_text("utf-8").splitlines()
    assert "M54.50\tLow back pain, unspecified\t1" in lines
    assert "M54.5\tLow back pain\t0" in lines
    assert lines == sorted(lines, key=lambda line: line.split("\t")[0].replace(".", ""))
