"""Looks a file through at SNIP 1 to 7 and says what is wrong, in the order of the file, one finding after the other.

1 envelopes, 2 what a guide requires of loops, segments and elements, 3 sums, 4 what depends on something else,
5 codes, 6 the kind of service, 7 a payer's own rules (a profile). Nothing is read twice and nothing is kept but the
largest claim, so the first finding of a large file comes at once.
"""

from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from functools import cache
from itertools import chain, pairwise
from operator import itemgetter

from daysheet.formats.x12.documents import GRAMMARS
from daysheet.formats.x12.envelope import EnvelopeReader, TransactionSet
from daysheet.formats.x12.guides.reading import to_number
from daysheet.formats.x12.loop import Loop
from daysheet.formats.x12.problems import Problem
from daysheet.formats.x12.segment import Segment
from daysheet.formats.x12.text import Source

from .codes import Codes
from .excuse import Strays, breaks_sums, is_lost, judged
from .finding import FAMILIES, RULES, Rule, rules_for
from .profile import Profile, read_profile
from .rules.eligibility import Part
from .rules.payment import Whole
from .rules.sets import Levels
from .structure import double, faults, form_of, is_again, without_doubles
from .table import structure_of
from .view import Above, Claim, Paid

__all__ = [
    "FAMILIES", "LEVELS", "RULES", "Codes", "Profile", "check", "check_set", "check_sets", "read_profile"
]  # fmt: skip

LEVELS = frozenset(range(1, 8))
MOST = 10_000
"""Findings of one file; what comes after is counted, not told."""
MOST_ABOVE = 100
"""Faults above a claim that are held against what is said of it; a real file has three levels there."""
OLD_VERSION = "004010"
WHAT_HOLDS_EVER = frozenset((1, 3))
CLAIMS = ("837P", "837I", "837D")
ALWAYS = frozenset(("",))


def check(
    source: Source,
    *,
    codes: Codes | None = None,
    profile: Profile | None = None,
    levels: Iterable[int] = LEVELS,
    most: int = MOST,
    without: Iterable[str] = (),
) -> Iterator[Problem]:
    """Return what is wrong with a file, as it is found; the good parts stay usable.

    `codes` answers for code lists, `profile` holds one payer's own rules, `levels` chooses SNIP levels, `without`
    leaves out rules by their code. After `most` findings a last note says how many more there are.
    """
    found = check_sets(source, codes=codes, profile=profile, levels=levels, most=most, without=without)
    return map(itemgetter(1), found)  # a stream, also where this is compiled


def check_sets(
    source: Source,
    *,
    codes: Codes | None = None,
    profile: Profile | None = None,
    levels: Iterable[int] = LEVELS,
    most: int = MOST,
    without: Iterable[str] = (),
) -> Iterator[tuple[int, Problem]]:
    """Return the same findings, each with the number of its set in the file (1, 2, ...; 0 is an envelope)."""
    wanted, left_out = frozenset(levels), frozenset(without)
    told = 0
    checker = _Checker(codes or Codes(), profile, wanted, left_out)
    for number, finding in checker.findings(source):
        if not checker.is_wanted(finding):
            continue
        if told < most:
            told += 1
            yield number, finding
        else:
            checker.beyond += 1
    if checker.beyond:
        yield 0, Problem("note", "file.more", f"{checker.beyond:,} more findings are not told.", 1)


def check_set(tset: TransactionSet, levels: Iterable[int]) -> Iterator[Problem]:
    """Return the findings of one set while it is read, its envelope's at the end; it is read to its end."""
    checker = _Checker(Codes(), None, frozenset(levels), frozenset())
    return filter(checker.is_wanted, checker.of_set(tset))


@cache
def _chosen(
    kind: str, piece: str, levels: frozenset[int], without: frozenset[str]
) -> list[tuple[frozenset[str], list[Rule]]]:
    """Return the rules for a piece, by what must be there for them."""
    found: dict[str, list[Rule]] = {}
    for one in rules_for(kind, piece, levels):
        if one.code not in without:
            found.setdefault(one.when, []).append(one)
    return [(frozenset(when.split("|")), rules) for when, rules in found.items()]


@cache
def _ruled_kinds() -> frozenset[str]:
    return frozenset(kind for one in RULES.values() for kind in one.kinds)


class _Checker:
    """One pass over a file."""

    def __init__(
        self, codes: Codes, profile: Profile | None, levels: frozenset[int], without: frozenset[str]
    ) -> None:
        self.codes, self.profile, self.levels, self.without = codes, profile, levels, without
        self.beyond = 0

    def findings(self, source: Source) -> Iterator[tuple[int, Problem]]:
        reader = EnvelopeReader(source, is_passing=True)
        told = number = 0
        for number, tset in enumerate(reader, 1):
            reader.acks.clear()
            for finding in reader.problems[told:]:
                yield 0, finding
            told = len(reader.problems)
            for finding in self.of_set(tset):
                yield number, finding
        for finding in reader.problems[told:]:
            yield 0, finding
        if not reader.interchanges and not reader.problems:
            message = "No interchange begins in this file (ISA)."
            yield 0, Problem("error", "envelope.isa-missing", message, 1, segment="ISA")

    def of_set(self, tset: TransactionSet) -> Iterator[Problem]:
        """Return the findings of one set, by the rules of its version."""
        return self._fit_for(tset)._set(tset)

    def _fit_for(self, tset: TransactionSet) -> "_Checker":
        """Return the checker for the version of a set: of an old one only envelopes and sums are looked at."""
        if tset.guide[:6] != OLD_VERSION:
            return self
        return _Checker(self.codes, self.profile, self.levels & WHAT_HOLDS_EVER, self.without)

    def _set(self, tset: TransactionSet) -> Iterator[Problem]:
        """Look one set through, loop by loop."""
        grammar = GRAMMARS.get(tset.kind)
        loops = grammar.walk(tset.segments, tset.report) if grammar else iter(())
        head = next(loops, None)
        form = form_of(tset.kind, tset.guide, head) if head else tset.kind
        structure, pieces = structure_of(form), _Pieces(self, tset, form)
        if head is None:
            for _ in tset.segments:
                pass
        else:
            strays = Strays()
            for loop, behind in pairwise(chain((head,), loops, (None,))):
                assert loop is not None
                if is_again(loop, behind):  # what follows is looked at as if it stood there once
                    yield double(loop)
                    continue
                found = without_doubles(loop)
                if structure and 2 in self.levels:
                    found += faults(structure, loop)
                if found:
                    found = strays.left(found)
                told = pieces.but_lost_levels(list(pieces.of(loop)), found)
                if found or len(told) > 1 or (told and pieces.broken):
                    pieces.sums_hold = pieces.sums_hold and not breaks_sums(found)
                    told = list(judged(found, told, pieces.broken))
                if form in CLAIMS and (found or pieces.broken):
                    pieces.broken = [] if loop.id == "2300" else [*pieces.broken, *found][-MOST_ABOVE:]
                yield from self._in_order(chain(found, told))
        yield from sorted(pieces.at_end(), key=_place)
        yield from (item for item in tset.problems if item.code.startswith("envelope."))

    def _in_order(self, met: Iterable[Problem]) -> list[Problem]:
        """Return the findings of a loop in the order of the file, and count those that are too many to keep."""
        found: list[Problem] = []
        for one in met:
            if len(found) < MOST:
                found.append(one)
            elif self.is_wanted(one):
                self.beyond += 1
        found.sort(key=_place)
        return found

    def is_wanted(self, finding: Problem) -> bool:
        return finding.snip in self.levels and finding.code not in self.without

    def rules(self, kind: str, piece: str) -> list[tuple[frozenset[str], list[Rule]]]:
        # what is chosen is kept: a kind that no rule knows comes from the file and may be anything
        return _chosen(kind, piece, self.levels, self.without) if kind in _ruled_kinds() else []


def _place(item: Problem) -> tuple[int, int]:
    return item.position, item.element


def _levels(loop: Loop, kind: str) -> Iterator[Segment]:
    """Give the HL segments of a loop; in a claim file each level is a loop of its own."""
    if kind not in CLAIMS:
        return (item for item in loop.every() if item.id == "HL")
    return iter(loop.segments[:1] if loop.segments and loop.segments[0].id == "HL" else ())


class _Pieces:
    """What the rules look at in one set, as its loops pass."""

    def __init__(self, checker: _Checker, tset: TransactionSet, form: str) -> None:
        self.checker, self.kind = checker, form
        at = tset.interchange.at
        self.today = at.date() if at else None
        self.above = Above(form, checker.codes)
        self.levels = Levels(form)
        self.part = Part(form, checker.codes, self.today)
        self.paid = Decimal(0)
        self.beside: list[Segment] = []
        self.sums_hold = True
        self.broken: list[Problem] = []
        """What is wrong above the next claim."""
        self.has_lost = False
        """Whether something strayed since the last level: the level that it belongs to is not there."""
        self.has_ever_lost = False

    def but_lost_levels(self, told: list[Problem], found: list[Problem]) -> list[Problem]:
        """Return what the rules say, without what they say of levels after one that was lost with its first segment."""
        if self.has_lost and any(one.code.startswith("hierarchy.") for one in told):
            told = [one for one in told if not one.code.startswith("hierarchy.")]
            self.has_lost = False
        if is_lost(found):
            self.has_lost = self.has_ever_lost = True
        return told

    def of(self, loop: Loop) -> Iterator[Problem]:
        """Return what the rules say of a loop."""
        self.above.meet(loop)
        for item in _levels(loop, self.kind):
            yield from self._level(item)
        if self.kind in CLAIMS and loop.id == "2300":
            yield from self._claim(loop)
        elif self.kind == "835":
            yield from self._payment(loop)
        elif self.kind == "999":  # its answers are weighed against each other at the end
            self.part.loop.segments += loop.every()
        elif self.kind not in CLAIMS:
            self.part.loop = loop
            yield from self._by("part", self.part)

    def _level(self, item: Segment) -> Iterator[Problem]:
        self.levels.meet(item)
        yield from self._by("level", self.levels)
        self.levels.keep()

    def _claim(self, loop: Loop) -> Iterator[Problem]:
        claim = Claim(loop, self.above)
        found = self._by("claim", claim, claim.marks)
        claim.settle({one.segment for one in found})
        yield from found
        if self.checker.profile and 7 in self.checker.levels:
            yield from self.checker.profile.findings(claim)
        self.above.claim_ids.add(claim.clm[1])

    def _payment(self, loop: Loop) -> Iterator[Problem]:
        if loop.id == "2100":
            paid = Paid(loop, self.above)
            self.paid += to_number(paid.clp[4]) or Decimal(0)
            yield from self._by("payment", paid)
        elif loop.id == "PLB":
            self.beside += [item for item in loop.segments if item.id == "PLB"]

    def at_end(self) -> Iterator[Problem]:
        """Return what can only be said when the whole set has passed; where something strayed, no counts of it."""
        told = self._by("levels", self.levels)
        if self.kind == "999":
            told += self._by("part", self.part)
        for one in told:
            if not (self.has_ever_lost and (one.snip == 3 or one.code.startswith("hierarchy."))):
                yield one
        if self.kind == "835" and self.above.header is not None:
            whole = Whole(self.above.header, self.paid, self.beside, self.checker.codes, self.today)
            told = [one for one in self._by("whole", whole) if self.sums_hold or one.snip != 3]
            yield from judged([], told)

    def _by(self, piece: str, thing: object, marks: Collection[str] = ALWAYS) -> list[Problem]:
        found: list[Problem] = []
        for any_of, chosen in self.checker.rules(self.kind, piece):
            if not any_of.isdisjoint(marks):
                for one in chosen:
                    found += [one.told(hit) for hit in one.test(thing)]
        return found
