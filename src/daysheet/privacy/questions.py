"""The questions of a form, written one a line; and the strokes of a signature. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

KINDS = ("yes_no", "choice", "text", "number", "date")
MOST, LONGEST = 60, 300
WIDE, HIGH = 1000, 300
"""The paper under a signature, in its own dots."""
MOST_POINTS, FEWEST_POINTS = 4000, 4
POINT = re.compile(r"([0-9]{1,4}),([0-9]{1,3})")
Strokes = list[list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a form, in two languages."""

    key: str
    kind: str
    en: str
    es: str = ""
    is_required: bool = False
    choices: tuple[tuple[str, str], ...] = field(default=())
    """English, Spanish."""

    def asked(self, language: str) -> str:
        """Return the question in a language, or in English where it has no other."""
        return (self.es if language == "es" else "") or self.en

    def offered(self, language: str) -> list[tuple[str, str]]:
        """Return the answers to choose from: what is kept, and the words."""
        pairs = (("yes", "sí"), ("no", "no")) if self.kind == "yes_no" else self.choices
        return [(en, (es if language == "es" else "") or en) for en, es in pairs]


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that is no question: its number, and what is wrong with it."""

    line: int
    code: str
    """kind, words, choices, too_long, too_many"""


def read_questions(text: str) -> tuple[list[Question], list[Unread]]:
    """Return the questions of lines such as `choice* | Do you smoke? | ¿Fuma? | never = nunca; yes = sí`."""
    questions: list[Question] = []
    wrong: list[Unread] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("|")] + ["", "", ""]
        kind, en, es, offered = cells[0].removesuffix("*").strip(), cells[1], cells[2], cells[3]
        choices = tuple(_pair(one) for one in offered.split(";") if one.strip())
        code = _wrong(kind, en, es, choices, len(questions))
        if code:
            wrong.append(Unread(number, code))
            continue
        key = f"q{len(questions) + 1}"
        questions.append(Question(key, kind, en, es, cells[0].endswith("*"), choices))
    return questions, wrong


def written(questions: Iterable[Question]) -> str:
    """Return questions as lines, as they are typed."""
    lines = []
    for one in questions:
        cells = [one.kind + ("*" if one.is_required else ""), one.en, one.es]
        if one.choices:
            cells.append("; ".join(f"{en} = {es}" if es else en for en, es in one.choices))
        lines.append(" | ".join(cells).rstrip(" |"))
    return "\n".join(lines)


def _pair(text: str) -> tuple[str, str]:
    en, _equals, es = text.partition("=")
    return en.strip(), es.strip()


def _wrong(kind: str, en: str, es: str, choices: Sequence[tuple[str, str]], before: int) -> str:
    if kind not in KINDS:
        return "kind"
    if not en:
        return "words"
    if before >= MOST:
        return "too_many"
    if max(len(en), len(es), *(len(word) for pair in choices for word in pair), 0) > LONGEST:
        return "too_long"
    if kind == "choice" and (len({one for one, _es in choices if one}) < max(2, len(choices))):
        return "choices"
    return ""


def read_strokes(text: str) -> Strokes | None:
    """Return the lines of a signature, such as `10,20 14,25;30,30 31,40`; None for what is none."""
    if len(text) > MOST_POINTS * 9:
        return None
    strokes: Strokes = []
    for line in text.split(";"):
        points = [POINT.fullmatch(point) for point in line.split()]
        if any(point is None for point in points):
            return None
        found = [(int(point[1]), int(point[2])) for point in points if point is not None]
        if any(x > WIDE or y > HIGH for x, y in found):
            return None
        if found:
            strokes.append(found)
    return strokes if sum(map(len, strokes)) <= MOST_POINTS else None


def is_a_mark(strokes: Strokes) -> bool:
    """Return whether somebody has drawn more than a dot."""
    points = {point for stroke in strokes for point in stroke}
    return len(points) >= FEWEST_POINTS
