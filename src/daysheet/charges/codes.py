"""ICD-10-CM in memory: a compact file cut at set-up, found by code or by words.

`python -m daysheet.charges.codes build` cuts the file from the package simple_icd_10_cm (public domain codes).
"""

import sys
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from daysheet.charges.rules import DIAGNOSIS, as_diagnosis

BUILT = Path(__file__).parent / "data" / "built" / "icd10cm.tsv"
SMALL = frozenset(("a", "an", "and", "by", "for", "from", "in", "nos", "of", "on", "or", "the", "to", "with"))


@dataclass(frozen=True, slots=True)
class IcdCode:
    """A diagnosis code of the loaded list; one that is not billable asks for a more exact one."""

    code: str
    label: str
    billable: bool

    @property
    def why(self) -> str:
        """Return what a chooser should know: nothing, or that a more exact code is needed."""
        return "" if self.billable else "choose a more exact code"


@dataclass(frozen=True, slots=True)
class _List:
    """The list twice: by code, and by rank (billable first, short labels first) for words."""

    by_code: list[IcdCode]
    bare: list[str]
    """The codes without dots, sorted: a prefix is a slice of it."""
    by_rank: list[IcdCode]
    texts: list[str]
    words: list[str]
    places: dict[str, list[int]]
    """Where in the order of rank a word stands, ascending."""


def search_icd(text: str, limit: int = 20) -> list[IcdCode]:
    """Return the codes that begin with the text, or whose label holds all its words (their beginnings)."""
    listed = _loaded()
    typed = text.strip().lower()
    bare = typed.replace(".", "").upper()
    if len(bare) >= 2 and bare[0].isalpha() and bare[1].isdigit():
        first = bisect_left(listed.bare, bare)
        last = bisect_left(listed.bare, bare + "~", lo=first)
        return listed.by_code[first : min(last, first + limit)]
    asked = [word for word in _words(typed) if word not in SMALL]
    long = [word for word in asked if len(word) >= 2]
    if not long:
        return []
    places = min((_places(listed, word) for word in long), key=len)
    marks = [f" {word}" for word in asked]
    found = (place for place in places if all(mark in listed.texts[place] for mark in marks))
    return [listed.by_rank[place] for place in islice(found, limit)]


def icd(code: str) -> IcdCode | None:
    """Return a code of the loaded list; None for one that the list does not know, which is no error."""
    listed = _loaded()
    bare = as_diagnosis(code).replace(".", "")
    at = bisect_left(listed.bare, bare)
    return listed.by_code[at] if at < len(listed.bare) and listed.bare[at] == bare else None


def is_loaded() -> bool:
    """Return whether set-up has cut the list."""
    return BUILT.is_file()


def warm() -> None:
    """Read the list now, so that the first search of the day does not wait for it."""
    _loaded()


def build(target: Path = BUILT) -> int:
    """Cut the compact file from the package and return how many codes it holds."""
    import simple_icd_10_cm as source

    rows = []
    for code in source.get_all_codes(with_dots=True):
        if DIAGNOSIS.fullmatch(code):
            label = " ".join(source.get_description(code).split())
            rows.append((code.replace(".", ""), code, label, "1" if source.is_leaf(code) else "0"))
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".new")
    fresh.write_text("".join(f"{code}\t{label}\t{leaf}\n" for _, code, label, leaf in sorted(rows)), "utf-8")
    fresh.replace(target)
    return len(rows)


@cache
def _loaded() -> _List:
    by_code = []
    for line in BUILT.read_text("utf-8").splitlines() if is_loaded() else ():
        code, label, leaf = line.split("\t")
        by_code.append(IcdCode(code, label, leaf == "1"))
    by_rank = sorted(by_code, key=lambda one: (not one.billable, len(one.label), one.code))
    texts: list[str] = []
    places: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(by_rank):
        words = _words(one.label.lower())
        texts.append(f" {' '.join(words)}")
        for word in set(words) - SMALL:
            places[word].append(at)
    return _List(
        by_code, [one.code.replace(".", "") for one in by_code], by_rank, texts, sorted(places), dict(places)
    )


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text).split()


def _places(listed: _List, beginning: str) -> list[int]:
    first = bisect_left(listed.words, beginning)
    last = bisect_left(listed.words, beginning + "\uffff", lo=first)
    if last - first == 1:
        return listed.places[listed.words[first]]
    return sorted({place for word in listed.words[first:last] for place in listed.places[word]})


if __name__ == "__main__":
    if sys.argv[1:] != ["build"]:
        sys.exit("usage: python -m daysheet.charges.codes build")
    print(f"{build():,} ICD-10-CM codes in {BUILT.name}")
