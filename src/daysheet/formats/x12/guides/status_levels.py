"""The levels of the question after claims (276) and of its answer (277): payer, receiver, provider, insured, patient."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from daysheet.formats.x12.envelope import TransactionSet, moment
from daysheet.formats.x12.loop import Grammar, Loop, Rule, rule
from daysheet.formats.x12.problems import CannotBuild
from daysheet.formats.x12.segment import Segment, segment

from . import reading, writing
from .parts import Party, Reference


class Level(NamedTuple):
    """One level: the letter of its loops, its code (HL03), what we call it, who stands there (NM101)."""

    letter: str
    code: str
    name: str
    entity: str


LEVELS = (
    Level("A", "20", "payer", "PR"),
    Level("B", "21", "receiver", "41"),
    Level("C", "19", "provider", "1P"),
    Level("D", "22", "subscriber", "IL"),
    Level("E", "23", "dependent", "QC"),
)
PERSONS = 3
"""From this level on people are named, and several claims may be told of one."""
_OF_THE_PARTY = frozenset(("NM1", "N3", "N4", "PER", "DMG"))


def grammar(line: str, traced: str) -> Grammar:
    """Return the loops of a set; `line` begins the id of its service lines, `traced` holds the levels with a trace."""
    rules = []
    for level in LEVELS:
        letter = level.letter
        inside: list[Rule] = [rule(f"2100{letter} NM1")]
        if letter in traced:
            lines = rule(f"{line}{letter} SVC")
            inside += [rule(f"2200{letter} TRN", lines), lines]
        rules.append(rule(f"2000{letter} HL 3={level.code}", *inside, streamed=True))
    return Grammar(*rules)


class Tracked(NamedTuple):
    """One claim asked after, or one answer: who stands above it, its trace, what is said, its lines."""

    people: tuple[Party | None, ...]
    depth: int
    trace: Segment | None
    said: list[Segment]
    lines: list[Loop]


class LevelReader:
    """The claims of a set in order; `reference` and `at` are those of its header."""

    def __init__(self, tset: TransactionSet, loops: Grammar) -> None:
        self.tset, self.loops = tset, loops
        self.reference = ""
        self.at: datetime | None = None
        self._people: list[Party | None] = [None] * len(LEVELS)

    def __iter__(self) -> Iterator[Tracked]:
        for loop in self.loops.walk(self.tset.segments, self.tset.report):
            if loop.id == "ST":
                bht = loop.first("BHT")
                if bht is not None:
                    self.reference, self.at = bht[3], moment(bht[4], bht[5])
            elif loop.id != "SE":
                yield from self._level(loop)

    def _level(self, loop: Loop) -> Iterator[Tracked]:
        depth = "ABCDE".index(loop.id[-1])
        if depth and self._people[depth - 1] is None:
            self._report("status.level-missing", f"No {LEVELS[depth - 1].name} stands above the level.", loop)
        traced = [inner for inner in loop.loops if inner.id.startswith("2200")]
        is_head = bool(traced) or loop.segments[0][4] == "1" or depth == 0
        party, loose = self._who(loop, depth, is_head)
        self._people[depth:] = [party, *[None] * (len(LEVELS) - depth - 1)]
        people = tuple(self._people)
        for inner in traced:
            yield Tracked(people, depth, inner.segments[0], inner.segments[1:], inner.loops)
        lines = [inner for inner in loop.loops if inner.id[:4] in ("2210", "2220")]
        if loose or lines or not (is_head or traced):
            message = "The claim has no trace number: its answer cannot be found again."
            self._report("status.trace-missing", message, loop)
            yield Tracked(people, depth, None, loose, lines)

    def _who(self, loop: Loop, depth: int, is_head: bool) -> tuple[Party, list[Segment]]:
        """Return who the level names, and what stands there without a trace."""
        named = [inner for inner in loop.loops if inner.id.startswith("2100")]
        rest = [item for inner in named for item in inner.segments[1:]]
        own = [item for item in [*loop.segments[1:], *rest] if is_head or item.id in _OF_THE_PARTY]
        kept = {id(item) for item in own}
        loose = [item for item in [*loop.segments[1:], *rest] if id(item) not in kept]
        if not named:
            message = f"The {LEVELS[depth].name} is not named."
            self._report("status.party-missing", message, loop)
            return Party("", extras=tuple(own)), loose
        head = named[0].segments[0]
        second = [inner.segments[0] for inner in named[1:]]
        party = reading.party(self.tset, Loop(named[0].id, [head, *own, *second]))
        usual = head[1] == LEVELS[depth].entity
        return replace(party, entity="" if usual else head[1]), loose

    def _report(self, code: str, message: str, loop: Loop) -> None:
        self.tset.report("error", code, message, loop.segments[0], loop=loop.id)


def numbers(
    items: list[Segment], fields: dict[str, str]
) -> tuple[dict[str, str], tuple[Reference, ...], list[Segment]]:
    """Return the numbers that have a field by its name, the other numbers, and what is no number."""
    found: dict[str, str] = {}
    references, rest = [], []
    for item in items:
        name = fields.get(item[1], "") if item.id == "REF" else ""
        if name and name not in found and len(item) == 3:
            found[name] = item[2]
        elif item.id == "REF" and len(item) <= 4:
            references.append(reading.reference(item))
        else:
            rest.append(item)
    return found, tuple(references), rest


Told = tuple[Sequence[Party | None], list[Segment]]
"""Who stands above, from the payer down, and the segments that follow the names."""


class _Node:
    """A level that is being written."""

    __slots__ = ("depth", "has_more", "lines", "number", "parent", "party")

    def __init__(self, number: int, parent: int, depth: int, party: Party) -> None:
        self.number, self.parent, self.depth, self.party = number, parent, depth, party
        self.has_more = False
        self.lines: list[Segment] = []

    def segments(self) -> Iterator[Segment]:
        level = LEVELS[self.depth]
        # TR3 276 2000E HL04: nothing stands below a dependent, and nothing says so
        more = "" if level.letter == "E" else "01"[self.has_more]
        above = str(self.parent) if self.parent else ""
        yield segment("HL", str(self.number), above, level.code, more)
        party = self.party
        if self.depth >= PERSONS and (party.born_on or party.gender):
            yield segment("DMG", "D8" if party.born_on else "", writing.day(party.born_on), party.gender)
            party = replace(party, born_on=None, gender="")
        yield from writing.party(party, party.entity or level.entity)
        yield from self.lines


def write_levels(items: Sequence[Told]) -> Iterator[Segment]:
    """Return the levels of a set; neighbours share the levels that are the same.

    Raises CannotBuild when a name or a number is missing, or a level between two others.
    """
    nodes: list[_Node] = []
    path: list[_Node] = []
    for people, lines in items:
        wanted = [party for party in people if party is not None]
        if len(wanted) < 2 or list(people[: len(wanted)]) != wanted:
            raise CannotBuild("A claim stands below its payer, receiver, provider, insured, in this order.")
        del path[_shared(path, wanted) :]
        for depth in range(len(path), len(wanted)):
            _require(wanted[depth], depth)
            node = _Node(len(nodes) + 1, path[-1].number if path else 0, depth, wanted[depth])
            if path:
                path[-1].has_more = True
            nodes.append(node)
            path.append(node)
        path[-1].lines += lines
    for node in nodes:
        yield from node.segments()


def _shared(path: list[_Node], wanted: list[Party]) -> int:
    """Return how many levels of the path stay: a level with an own answer takes nothing more, unless a person's."""
    same = 0
    while same < min(len(path), len(wanted)) and path[same].party == wanted[same]:
        same += 1
    goes_on = same == len(path) and same > PERSONS
    if (same == len(path) or same == len(wanted)) and not goes_on:
        same -= 1
    return max(same, 0)


def _require(party: Party, depth: int) -> None:
    level = LEVELS[depth]
    place = f"2100{level.letter} NM1"
    if level.name not in ("receiver", "provider"):
        writing.required(party.name, f"The name of the {level.name} ({place}03)")
    if level.name != "dependent":
        writing.required(party.id, f"The id of the {level.name} ({place}09)")
        writing.required(party.id_qualifier, f"The kind of id of the {level.name} ({place}08)")
