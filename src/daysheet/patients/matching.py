"""Whether two records may be one person, with the reasons; and the keys by which search finds one. Pure.

Likeness adds up agreement weights field by field (Fellegi and Sunter 1969): what agrees adds, what differs
takes away, what is missing does neither. Two rules stand above the sum, against the errors that hurt: twins
(same birth, another given name) and parent and child (same name, another birth) are never "strong".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from daysheet.patients.asking import SMALLEST_PART, Kind, Term, national
from daysheet.patients.names import (
    full_names,
    nicknames_agree,
    one_letter_off,
    plain,
    sound,
    sounds,
    spoken,
    words,
)

STRONG = 15.0
POSSIBLE = 7.0
UNNAMED = frozenset({"baby", "babyboy", "babygirl", "boy", "girl", "newborn", "infant", "unknown", "twin"})
NO_BIRTH = frozenset({date(1900, 1, 1), date(1901, 1, 1)})
GENERATION = 14 * 365
Key = tuple[str, str]


class Strength(StrEnum):
    """How much two records look like one person."""

    STRONG = "strong"
    POSSIBLE = "possible"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Who:
    """A person as far as finding and telling apart needs it; empty means not known."""

    family: str
    given: str
    born_on: date | None = None
    middle: str = ""
    suffix: str = ""
    preferred: str = ""
    former_family: str = ""
    sex: str = ""
    phones: tuple[str, ...] = ()
    kin_phones: tuple[str, ...] = ()
    email: str = ""
    street: str = ""
    zip: str = ""
    chart_number: int | None = None
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a record is shown: a word of the table in `wording`, with the text it speaks of."""

    code: str
    text: str = ""
    other: str = ""


class Answer(NamedTuple):
    """How many parts of a question a person answers, how well, and by what."""

    met: int
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The sum of the weights, what it amounts to, and the reasons in the order of their weight."""

    score: float
    strength: Strength
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    weight: float
    reason: Reason | None = None


def keys(who: Who) -> set[Key]:
    """Return the rows by which search finds a person: names, sounds, nicknames, phone tails."""
    named = [who.family, who.given, who.middle, who.preferred, who.former_family]
    parts = {part for name in named for part in spoken(name)}
    main = {
        part for name in (who.family, who.given, who.preferred, who.former_family) for part in words(name)
    }
    found: set[Key] = {("name", part) for part in parts}
    found |= {("sound", said) for said in sounds(main)}
    found |= {("near", cut) for part in main for cut in one_letter_off(part)}
    for name in (who.given, who.preferred):
        found |= {("nick", full) for part in words(name) for full in full_names(part)}
    found |= {("phone", tail) for phone in who.phones for tail in tails(phone)}
    found |= {("kin", tail) for phone in who.kin_phones for tail in tails(phone)}
    return found | {
        ("number", plain(number).replace(" ", "")[:40]) for number in who.numbers if plain(number)
    }


def tails(phone: str) -> list[str]:
    """Return the endings of a number, of four digits and more: any part of it begins one of them."""
    digits = national(phone)[-12:]
    return [digits[place:] for place in range(len(digits) - SMALLEST_PART + 1)]


def birth_variants(born_on: date) -> set[date]:
    """Return the birth date and what it becomes by the usual slips of a pen."""
    found = {born_on, born_on - timedelta(days=1), born_on + timedelta(days=1)}
    tens, ones = divmod(born_on.year % 100, 10)
    years = {born_on.year + step for step in (-10, -1, 1, 10)} | {
        born_on.year - born_on.year % 100 + ones * 10 + tens
    }
    shapes = [(year, born_on.month, born_on.day) for year in years]
    shapes += [(born_on.year, born_on.day, born_on.month)]
    shapes += [(born_on.year, born_on.month + step, born_on.day) for step in (-1, 1)]
    for year, month, day in shapes:
        if 1 <= month <= 12 and 1 <= year <= 9999:
            try:
                found.add(date(year, month, day))
            except ValueError:
                continue
    return found


def likeness(new: Who, known: Who) -> Verdict:
    """Return how much a new person looks like a known one, and why."""
    family, given, born = *_names(new, known), _born(new, known)
    if family.weight < 0 and given.weight > 0 and born.weight > 8 and "M" not in (new.sex, known.sex):
        family = _Part(-1.0, Reason("family_changed"))
    rest = [_phone(new, known), _email(new, known), _address(new, known), *_small(new, known)]
    parts = [family, given, born, *rest]
    score = round(sum(part.weight for part in parts), 1)
    reasons = [
        part.reason for part in sorted(parts, key=lambda part: -part.weight) if part.reason and part.weight
    ]
    warning = _told_apart(new, known, given.weight, born.weight)
    strength = Strength.NONE if score < POSSIBLE else Strength.POSSIBLE
    if score >= STRONG and not warning:
        strength = Strength.STRONG
    return Verdict(score, strength, (*([warning] if warning else []), *reasons))


def answers(asked: Sequence[Term], who: Who) -> Answer:
    """Return how many parts of the question a person answers, how well, and by what."""
    hits = [hit for hit in (_answer(term, who) for term in asked) if hit]
    reasons = tuple(dict.fromkeys(part.reason for part in hits if part.reason))
    return Answer(len(hits), sum(part.weight for part in hits), reasons)


def _answer(term: Term, who: Who) -> _Part | None:
    if term.kind is Kind.BORN:
        return _Part(10, Reason("born")) if who.born_on in term.days else None
    tries = _digit_tries(term.text, who) if term.kind is Kind.DIGITS else _word_tries(term.text, who)
    return max(tries, key=lambda part: part.weight, default=None)


def _digit_tries(digits: str, who: Who) -> Iterable[_Part]:
    if who.chart_number is not None and digits == str(who.chart_number):
        yield _Part(12, Reason("chart", digits))
    if any(digits == plain(number).replace(" ", "") for number in who.numbers):
        yield _Part(9, Reason("number", digits))
    if len(digits) < SMALLEST_PART:
        return
    for weight, code, phones in ((9, "phone", who.phones), (6, "kin", who.kin_phones)):
        for phone in map(national, phones):
            if phone.endswith(digits):
                yield _Part(weight, Reason(code if len(digits) < len(phone) else f"{code}_whole", phone[-4:]))
            elif digits in phone:
                yield _Part(weight - 2, Reason(f"{code}_part", digits))


def _word_tries(word: str, who: Who) -> Iterable[_Part]:
    for code, name, weight in (
        ("family", who.family, 10),
        ("given", who.given, 9),
        ("preferred", who.preferred, 8.5),
        ("former", who.former_family, 8),
        ("middle", who.middle, 5),
    ):
        if name and (part := _best_of_name(word, code, name, weight)):
            yield part
    if any(word == plain(number).replace(" ", "") for number in who.numbers):
        yield _Part(9, Reason("number", word))


@lru_cache(maxsize=8192)
def _best_of_name(word: str, code: str, name: str, weight: float) -> _Part | None:
    """Return the best way in which a word means a name; those who are found together share their names."""
    tries = (one for part in spoken(name) for one in _one_word(word, part, code, name, weight))
    return max(tries, key=lambda part: part.weight, default=None)


def _one_word(word: str, part: str, code: str, name: str, weight: float) -> Iterable[_Part]:
    if word == part:
        yield _Part(weight, Reason(code, name))
        return
    if part.startswith(word):
        yield _Part(weight - 3 + len(word) / 10, Reason(f"{code}_begins", name))
    if code in {"given", "preferred"} and nicknames_agree(word, part):
        yield _Part(weight - 2, Reason("nick", word.title(), name))
    if _near(word, part):
        yield _Part(weight - 4, Reason("near", word, name))
    elif sound(word) and sound(word) == sound(part):
        yield _Part(weight - 5, Reason("sound", word, name))


@lru_cache(maxsize=8192)
def _near(one: str, other: str) -> bool:
    if min(len(one), len(other)) < 4:
        return False
    return DamerauLevenshtein.distance(one, other) <= 1 or bool(
        set(one_letter_off(one)) & set(one_letter_off(other))
    )


def _names(new: Who, known: Who) -> tuple[_Part, _Part]:
    """Return what family and given name weigh; names that changed places are the same names."""
    mine, theirs = (plain(new.family), plain(new.given)), (plain(known.family), plain(known.given))
    if all(mine) and mine == theirs[::-1] and mine != theirs:
        return _Part(6, Reason("names_swapped", known.family, known.given)), _Part(2)
    return _family(new, known), _given(new, known)


def _family(new: Who, known: Who) -> _Part:
    if not new.family or not known.family:
        return _Part(0)
    if plain(new.family) == plain(known.family):
        return _Part(6, Reason("same_family", known.family))
    mine, theirs = (
        {*words(new.family), *words(new.former_family)},
        {*words(known.family), *words(known.former_family)},
    )
    if mine & theirs:
        return _Part(5, Reason("family_in_common", " ".join(sorted(mine & theirs))))
    return _alike(new.family, known.family, 4, 3, -5)


def _given(new: Who, known: Who) -> _Part:
    mine, theirs = words(new.given), words(known.given)
    if not mine or not theirs or {*mine, *theirs} & UNNAMED:
        return _Part(0)
    if mine == theirs:
        return _Part(5, Reason("same_given", known.given))
    called, known_as = {*mine, *words(new.preferred)}, {*theirs, *words(known.preferred)}
    if called & known_as:
        return _Part(4.5, Reason("given_in_common", " ".join(sorted(called & known_as)).title()))
    for one in mine:
        for other in theirs:
            if nicknames_agree(one, other):
                return _Part(4.5, Reason("nick", one.title(), other.title()))
    if mine[0][0] == theirs[0][0] and 1 in {len(mine[0]), len(theirs[0])}:
        return _Part(1.5, Reason("same_initial", known.given))
    return _alike(new.given, known.given, 3.5, 3, -6)


def _alike(new: str, known: str, near: float, heard: float, differ: float) -> _Part:
    one, other = plain(new), plain(known)
    first = one[:1] == other[:1]
    typed = _near(one, other) or (
        min(len(one), len(other)) > 4 and JaroWinkler.similarity(one, other) >= 0.93
    )
    if first and typed:
        return _Part(near, Reason("near", new, known))
    if sounds(words(new)) and sounds(words(new)) == sounds(words(known)):
        return _Part(heard, Reason("sound", new, known))
    return _Part(differ)


def _born(new: Who, known: Who) -> _Part:
    if not new.born_on or not known.born_on or {new.born_on, known.born_on} & NO_BIRTH:
        return _Part(0)
    one, other = new.born_on, known.born_on
    if one == other:
        return _Part(9, Reason("same_birth"))
    if (one.month, one.day) == (other.day, other.month) and one.year == other.year:
        return _Part(6, Reason("birth_swapped"))
    if other in birth_variants(one):
        code = "birth_year_differs" if (one.month, one.day) == (other.month, other.day) else "birth_near"
        return _Part(5, Reason(code, str(other.year)))
    return _Part(-7)


def _phone(new: Who, known: Who) -> _Part:
    mine, theirs = {*map(national, new.phones)}, {*map(national, known.phones)}
    if not mine or not theirs:
        return _Part(0)
    shared = sorted(mine & theirs)
    return _Part(4, Reason("same_phone", shared[0][-4:])) if shared else _Part(-0.5)


def _email(new: Who, known: Who) -> _Part:
    same = new.email and new.email.casefold() == known.email.casefold()
    return _Part(4, Reason("same_email")) if same else _Part(0)


def _address(new: Who, known: Who) -> _Part:
    if not (new.street and known.street):
        return _Part(0)
    same = plain(new.street) == plain(known.street) and new.zip[:5] == known.zip[:5]
    return _Part(3, Reason("same_address")) if same else _Part(0)


def _small(new: Who, known: Who) -> Iterable[_Part]:
    sexes = {new.sex, known.sex} - {"", "U"}
    if len(sexes) == 2:
        yield _Part(-2)
    if new.middle and known.middle:
        one, other = plain(new.middle), plain(known.middle)
        same = one == other or (one[:1] == other[:1] and 1 in {len(one), len(other)})
        yield _Part(1.5, Reason("same_middle")) if same else _Part(-2)
    if {*new.numbers} & {*known.numbers}:
        yield _Part(12, Reason("same_number"))


def _told_apart(new: Who, known: Who, given: float, born: float) -> Reason | None:
    """Return why two records that agree in much are likely two people."""
    if new.suffix and known.suffix and plain(new.suffix) != plain(known.suffix):
        return Reason("suffix_differs", new.suffix, known.suffix)
    if given < 0 and born > 8:
        return Reason("maybe_twins")
    if born < 0 and given > 0 and new.born_on and known.born_on:
        years_apart = abs((new.born_on - known.born_on).days) > GENERATION
        return Reason("maybe_parent" if years_apart else "birth_differs")
    return None
