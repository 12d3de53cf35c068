"""Loops: which segments belong together, found by a guide's table while they stream by."""

from collections.abc import Callable, Iterable, Iterator

from .record import record
from .segment import Segment

LARGEST_LOOP = 100_000
"""Segments of one claim, or another loop that is handed out whole: a real one has some hundreds."""
_TOO_LARGE = f"A loop has more than {LARGEST_LOOP:,} segments; what comes after them was left out."


@record
class Rule:
    """A loop of a guide: the segment that opens it, the value it must carry, the loops inside."""

    id: str
    opens: str
    element: int = 0
    values: frozenset[str] = frozenset()
    inside: tuple["Rule", ...] = ()
    streamed: bool = False


def rule(text: str, *inside: Rule, streamed: bool = False) -> Rule:
    """Return a rule written as `loop segment element=value,value`."""
    loop, opens, *condition = text.split()
    if not condition:
        return Rule(loop, opens, inside=inside, streamed=streamed)
    element, _, values = condition[0].partition("=")
    return Rule(loop, opens, int(element), frozenset(values.split(",")), inside, streamed)


class Loop:
    """One loop of a file: its own segments in order, and the loops inside it."""

    __slots__ = ("id", "loops", "segments")

    def __init__(self, id: str, segments: list[Segment]) -> None:  # noqa: A002  (the guide's own word)
        self.id = id
        self.segments = segments
        self.loops: list[Loop] = []

    def first(self, segment_id: str) -> Segment | None:
        """Return the first own segment with this id."""
        for segment in self.segments:
            if segment.id == segment_id:
                return segment
        return None

    def every(self) -> Iterator[Segment]:
        """Return all segments, those of inner loops included, in order."""
        yield from self.segments
        for loop in self.loops:
            yield from loop.every()


class _Node:
    """A rule at its place in the guide, with all that may open while it is the innermost loop."""

    __slots__ = ("depth", "element", "inner", "openers", "rule", "values")

    def __init__(self, rule: Rule, depth: int) -> None:
        self.rule = rule
        self.element, self.values = rule.element, rule.values
        self.depth = depth
        self.inner = [_Node(inner, depth + 1) for inner in rule.inside]
        self.openers: dict[str, list[_Node]] = {}

    def prepare(self, path: tuple["_Node", ...]) -> None:
        """Note for each segment id what it may open from here, the nearest first."""
        path = (*path, self)
        for node in reversed(path):
            for candidate in node.inner:
                self.openers.setdefault(candidate.rule.opens, []).append(candidate)
        for inner in self.inner:
            inner.prepare(path)


class Grammar:
    """The loops of one guide, ready for matching.

    `streamed` loops are handed out one by one, complete with the unstreamed loops inside them, so that
    a set of any size is read in the memory of its largest claim.
    """

    def __init__(self, *rules: Rule) -> None:
        trailer = Rule("SE", "SE", streamed=True)
        self._root = _Node(Rule("ST", "ST", inside=(*rules, trailer), streamed=True), 0)
        self._root.prepare(())

    def name_loops(self, segments: Iterable[Segment]) -> Iterator[tuple[str, Segment]]:
        """Return each segment with the id of the loop it stands in."""
        current = self._root
        for segment in segments:
            candidates = current.openers.get(segment.id)
            if candidates is not None:
                current = _match(candidates, segment) or current
            yield current.rule.id, segment

    def walk(self, segments: Iterable[Segment], report: Callable[..., None] | None = None) -> Iterator[Loop]:
        """Return the streamed loops one after the other, each complete.

        Of a loop with more than LARGEST_LOOP segments the rest is left out, and `report` hears of it as a set's does.
        """
        unit = Loop("ST", [])
        path = [unit]
        openers = self._root.openers
        append = unit.segments.append
        room = LARGEST_LOOP
        for segment in segments:
            # most segments open nothing
            node = _match(openers[segment.id], segment) if segment.id in openers else None
            if node is None or not node.rule.streamed:
                room -= 1
                if room < 0:
                    if room == -1 and report is not None:
                        report("error", "envelope.loop-size", _TOO_LARGE, segment, loop=unit.id, snip=1)
                    continue
            if node is None:
                append(segment)
                continue
            depth = node.depth
            loop = Loop(node.rule.id, [segment])
            if node.rule.streamed:
                yield unit
                unit, room = loop, LARGEST_LOOP
                path = [loop] * (depth + 1)  # an outer unit that was handed out takes nothing more
            else:
                path[depth - 1].loops.append(loop)
                path[depth:] = [loop]
            append = loop.segments.append
            openers = node.openers
        yield unit


def _match(candidates: list[_Node], segment: Segment) -> _Node | None:
    elements = segment.elements
    for node in candidates:
        at = node.element
        if not at or (elements[at] if at < len(elements) else "") in node.values:
            return node
    return None
