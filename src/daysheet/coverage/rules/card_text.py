"""What the printed words of an insurance card say, each with the line it came from. Pure; nothing here is certain.

A letter is taken for a digit (O for 0, I for 1) only where the shape of the number leaves no other reading.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile

MOST_LINES, LONGEST_LINE = 200, 160
MOST_DOLLARS, LONGEST_NUMBER = 2000, 30

# Labels, as they are printed and as they are misread: ID is also read as lD or 1D.
_ID = r"[I1l|]\s?D"
_NUMBER = r"(?:number|num|nbr|no)\b\.?|#"
_WHO = r"(?:member|mernber|subscriber|enrollee|cardholder|insured|policyholder|beneficiary|recipient)"
_MEMBER = re.compile(
    rf"(?:\b{_WHO}(?:'s)?\s*(?:{_ID}\b|identification)\s*(?:{_NUMBER})?|\b{_WHO}\s*(?:{_NUMBER})"
    rf"|\b(?:medicare|medicaid|policy)\s*(?:{_NUMBER}|{_ID}\b)|\bidentification\s*(?:{_NUMBER})?"
    rf"|^\W*{_ID}\b\s*(?:{_NUMBER})?"
    rf"|(?<!payer\s)(?<!payor\s)(?<!group\s)(?<!grp\s)(?<!plan\s)\b{_ID}\s*(?:{_NUMBER})?\s?:)",
    re.IGNORECASE,
)
_GROUP = re.compile(rf"\b(?:group|grp)\b\.?\s*(?:{_NUMBER}|{_ID}\b)?\s*(?:{_NUMBER})?", re.IGNORECASE)
_PAYER_ID = re.compile(
    rf"\b(?:payer|payor|edi|electronic)\s*(?:payer|payor)?\s*(?:{_ID}\b)\s*(?:{_NUMBER})?", re.IGNORECASE
)
_NAME = re.compile(
    rf"\b(?:{_WHO}(?:'s)?(?:\s*name)?|name(?:\s*of\s*(?:beneficiary|insured))?(?:/nombre)?)\b", re.IGNORECASE
)
_SINCE = re.compile(
    r"\b(?:effective|eff|coverage\s+(?:starts|begins)|member\s+since|medical\s*\(?part\s*b\)?)", re.IGNORECASE
)
_PHARMACY = re.compile(r"\bR[xX]X?\s*-?\s*(?:bin|pcn|grp|group|id)\b[\s:#.]*\S{0,20}", re.IGNORECASE)
"""What the pharmacy alone needs; it is never taken for a group or a member."""
_TOKEN = re.compile(r"[A-Z0-9][A-Z0-9-]{1,29}")
_DAY = re.compile(r"\b(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4}|\d{2})\b")
_WORDED_DAY = re.compile(r"\b([A-Z]{3})[A-Z]{0,6}\.?\s+(\d{1,2}),?\s+(\d{4})\b", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_AMOUNT = re.compile(r"\$\s?(\d{1,4})(?:\.\d\d)?(?![\d,])")
_SERVICES = {
    "specialist": re.compile(r"\bspec(?:ialist)?\b", re.IGNORECASE),
    "urgent": re.compile(r"\burgent(?:\s+care)?\b|\bUC\b", re.IGNORECASE),
    "emergency": re.compile(r"\bemergency(?:\s+room)?\b|\bE\.?R\b", re.IGNORECASE),
    "office": re.compile(r"\b(?:office(?:\s+visit)?|PCP|primary(?:\s+care)?|OV)\b", re.IGNORECASE),
}
_NO_NAME = frozenset(
    "id no number name group grp plan date since service services customer health care card effective member "
    "subscriber provider providers copay rx network ppo hmo pos insurance company medicare medicaid the and or for of"
    .split()
)  # fmt: skip

_HEADS = frozenset({"group", "grp", "number", "no", "id", "name", "plan", "effective", "date", "payer"})
_EDGES = " :.#-=_"

# Positions of a Medicare number: 1 a digit that is not 0, N a digit, A a letter, X either; no S, L, O, I, B, Z.
_MBI = "1AXNAXNAANN"
_LIKE_DIGITS = {"O": "0", "Q": "0", "I": "1", "L": "1", "|": "1", "S": "5", "B": "8", "Z": "2"}
_NO_MBI_LETTER = frozenset("SLOIBZ")
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "|": "1", "S": "5", "B": "8", "Z": "2"})


@dataclass(frozen=True, slots=True)
class Said:
    """What a card says of one thing, and the line in which it stands."""

    value: str
    line: str


@dataclass(frozen=True, slots=True)
class CardText:
    """What could be read; what could not is empty."""

    lines: Sequence[str] = ()
    member_id: Said | None = None
    group_number: Said | None = None
    family: Said | None = None
    given: Said | None = None
    starts_on: Said | None = None
    """As an ISO day."""
    payer_id: Said | None = None
    copays: Mapping[str, Said] = field(default_factory=dict)
    """office, specialist, urgent, emergency: whole dollars."""
    is_medicare: bool = False
    """The member id has the shape of a Medicare number."""


@dataclass(frozen=True, slots=True)
class PlanNames:
    """A plan of the library, as it is looked for on a card."""

    key: str
    plan: str
    payer: str
    payer_id: str = ""


def read(text: str) -> CardText:
    """Return what the words of a card say. Never fails, whatever the text is."""
    lines = _lines(text)
    bare = [_PHARMACY.sub(" ", line) for line in lines]
    medicare = _medicare_number(lines)
    name = _name(bare, lines)
    return CardText(
        lines=lines,
        member_id=medicare or _number(_MEMBER, bare, lines),
        group_number=_number(_GROUP, bare, lines, fewest=2),
        family=Said(name[0], name[2]) if name else None,
        given=Said(name[1], name[2]) if name else None,
        starts_on=_since(lines),
        payer_id=_number(_PAYER_ID, bare, lines, fewest=2),
        copays=_copays(lines),
        is_medicare=medicare is not None,
    )


def plans_on(card: CardText, plans: Sequence[PlanNames]) -> list[tuple[PlanNames, str]]:
    """Return the plans of the library that a card names, with the line; one alone when it is the only or the fullest.

    A plan counts when the card has the words of its name and its payer, by name or payer id.
    """
    folded = [(_folded(line), line) for line in card.lines]
    there = {word for words, _line in folded for word in words}
    found: list[tuple[int, PlanNames, str]] = []
    for one in plans:
        own, payer = _folded(one.plan), _folded(one.payer)
        if not own or not {*own} <= there or not (_is_payer(one, card) or (payer and {*payer} <= there)):
            continue
        line = max(folded, key=lambda pair: len({*own} & {*pair[0]}))[1]
        found.append((len({*own}), one, line))
    most = max((count for count, _one, _line in found), default=0)
    return [(one, line) for count, one, line in found if count == most]


def payers_on(card: CardText, plans: Sequence[PlanNames]) -> list[tuple[str, str]]:
    """Return the payers of the library that a card names, by name or id, each with the line."""
    found: dict[str, str] = {}
    for one in plans:
        payer = {*_folded(one.payer)}
        if _is_payer(one, card) and card.payer_id:
            found.setdefault(one.payer, card.payer_id.line)
        elif line := next((line for line in card.lines if payer and payer <= {*_folded(line)}), ""):
            found.setdefault(one.payer, line)
    return list(found.items())


def same_number(one: str, other: str) -> bool:
    """Return whether two numbers are the same but for blanks, dashes and capitals."""
    return re.sub(r"[\s-]", "", one).upper() == re.sub(r"[\s-]", "", other).upper()


def _lines(text: str) -> list[str]:
    """Return the lines with something in them, without signs that are not seen or turn the line."""
    found = []
    for raw in text[: MOST_LINES * LONGEST_LINE].splitlines():
        plain = "".join(
            one if not unicodedata.category(one).startswith(("C", "Z")) else " " for one in raw[:LONGEST_LINE]
        )
        if any(sign.isalnum() for sign in plain):
            found.append(" ".join(plain.split()))
        if len(found) == MOST_LINES:
            break
    return found


def _after(label: re.Pattern[str], bare: Sequence[str], lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what stands behind a label, or alone under it, with its line.

    Under two headings as many words are theirs in their order; another count of words is nobody's.
    """
    for number, line in enumerate(bare):
        for hit in label.finditer(line):
            rest = line[hit.end() :].strip(_EDGES)
            below = bare[number + 1].strip(_EDGES) if number + 1 < len(bare) else ""
            if rest and not {*rest.casefold().split()} <= _HEADS:
                yield rest, lines[number]
            elif below:
                heads = sorted(
                    one.start() for each in (_MEMBER, _GROUP, _PAYER_ID) for one in each.finditer(line)
                )
                words = below.split()
                if len(heads) > 1 and hit.start() in heads:
                    below = words[heads.index(hit.start())] if len(words) == len(heads) else ""
                yield below, f"{lines[number]} / {lines[number + 1]}"


def _number(
    label: re.Pattern[str], bare: Sequence[str], lines: Sequence[str], *, fewest: int = 3
) -> Said | None:
    """Return the first number behind a label: a word of capitals and digits with so many digits in it."""
    for rest, line in _after(label, bare, lines):
        whole = ""
        for word in rest.split():
            plain = word.strip(",;:.()")
            if not _TOKEN.fullmatch(plain) or len(whole) + len(plain) > LONGEST_NUMBER:
                break
            if whole and not plain.isdigit():
                break  # another word after the number
            whole += plain
        if sum(sign.isdigit() for sign in whole) >= fewest:
            return Said(whole, line)
    return None


def _medicare_number(lines: Sequence[str]) -> Said | None:
    """Return a number with the shape that CMS gives to Medicare's; mended only where a place allows one reading."""
    says_medicare = any("medicare" in line.casefold() for line in lines)
    for line in lines:
        words = line.upper().split()
        for first in range(len(words)):
            for last in range(first + 1, min(first + 3, len(words)) + 1):
                joined = "".join(words[first:last])
                plain = joined.replace("-", "")
                mended = _as_mbi(plain)
                if mended and (says_medicare or re.fullmatch(r".{4}-.{3}-.{4}", joined)):
                    return Said(mended, line)
    return None


def _as_mbi(plain: str) -> str:
    if len(plain) != len(_MBI):
        return ""
    mended = ""
    for place, sign in zip(_MBI, plain, strict=True):
        one = (
            _LIKE_DIGITS.get(sign, sign)
            if place in "1N" or (place == "X" and sign in _NO_MBI_LETTER)
            else sign
        )
        is_digit = one.isascii() and one.isdigit()
        is_letter = one.isascii() and one.isalpha() and one not in _NO_MBI_LETTER
        fits = {"1": is_digit and one != "0", "N": is_digit, "A": is_letter, "X": is_digit or is_letter}
        if not fits[place]:
            return ""
        mended += one
    return mended


def _name(bare: Sequence[str], lines: Sequence[str]) -> tuple[str, str, str] | None:
    """Return family name, given name and line of whom the card is for."""
    for rest, line in _after(_NAME, bare, lines):
        found = re.match(r"[A-Za-zÀ-ÖØ-öø-ÿ'. ,-]{3,60}", rest)
        words = found[0].replace(".", " ").strip(" ,-") if found else ""
        words = " ".join(takewhile(lambda word: word.strip(",").casefold() not in _NO_NAME, words.split()))
        parts = words.replace(",", " ").split()
        if not 2 <= len(parts) <= 4:
            continue
        if found and rest[found.end() :][:1].isdigit() and found[0][-1:] != " ":
            continue  # a number that begins with letters
        if "," in words:
            family, _comma, given = (part.strip() for part in words.partition(","))
            if family and given:
                return family, given.split()[0], line
            continue
        if len(parts) > 2 and parts[-1].upper() in {"JR", "SR", "II", "III", "IV"}:
            parts = parts[:-1]
        if len(parts[-1]) > 1:
            return parts[-1], parts[0], line
    return None


def _since(lines: Sequence[str]) -> Said | None:
    for rest, line in _after(_SINCE, lines, lines):
        if found := _day(rest):
            return Said(found.isoformat(), line)
    return None


def _day(text: str) -> date | None:
    try:
        if hit := _DAY.search(text):
            month, day, year = int(hit[1]), int(hit[2]), int(hit[3])
        elif (hit := _WORDED_DAY.search(text)) and hit[1].lower() in _MONTHS:
            month, day, year = _MONTHS.index(hit[1].lower()) + 1, int(hit[2]), int(hit[3])
        else:
            return None
        found = date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None
    return found if 1966 <= found.year <= 2099 else None


def _copays(lines: Sequence[str]) -> dict[str, Said]:
    """Return the copays: as many amounts as services pair in their order, else a service takes the amount behind it."""
    found: dict[str, Said] = {}
    for number, line in enumerate(lines):
        labels = sorted((hit.start(), name) for name, one in _SERVICES.items() for hit in one.finditer(line))
        amounts = [(hit.start(), hit[1]) for hit in _AMOUNT.finditer(line)]
        told = line
        if labels and not amounts and number + 1 < len(lines):
            below = lines[number + 1]
            amounts = [(len(line) + hit.start(), hit[1]) for hit in _AMOUNT.finditer(below)]
            if len(amounts) != len(labels) or any(one.search(below) for one in _SERVICES.values()):
                continue
            told = f"{line} / {below}"
        if len(labels) == len(amounts):
            pairs = [(name, amount) for (_at, name), (_there, amount) in zip(labels, amounts, strict=True)]
        else:
            pairs = [
                (name, amount)
                for at, name in labels
                if (amount := next((one for there, one in amounts if there > at), ""))
            ]
        for name, amount in pairs:
            if int(amount) <= MOST_DOLLARS:
                found.setdefault(name, Said(str(int(amount)), told))
    return found


def _is_payer(one: PlanNames, card: CardText) -> bool:
    """Return whether the card's payer id is that of a plan; signs that are easily misread count as the same."""
    if not (one.payer_id and card.payer_id):
        return False
    return one.payer_id.upper().translate(_ALIKE) == card.payer_id.value.upper().translate(_ALIKE)


def _folded(text: str) -> list[str]:
    """Return the words of a text as they compare: names of the library allow for signs that are easily misread."""
    return [word.upper().translate(_ALIKE) for word in re.findall(r"[^\W_]+", text)]
