"""A set as a whole: the levels of its hierarchy (HL) and its tracing numbers."""

from collections.abc import Iterator

from daysheet.formats.x12.check.finding import Hit, rule
from daysheet.formats.x12.segment import Segment

HL = "837P 837I 837D 270 271 276 277 277CA 277RFAI 278 278R 278X"
PARENTS: dict[str, dict[str, tuple[str, ...]]] = {
    "837": {"22": ("20",), "23": ("22",)},
    "270": {"21": ("20",), "22": ("21",), "23": ("22",)},
    "271": {"21": ("20",), "22": ("21",), "23": ("22",)},
    "276": {"21": ("20",), "19": ("21",), "22": ("19",), "23": ("22",)},
    "277": {"21": ("20",), "19": ("21",), "22": ("19",), "23": ("22",), "PT": ("19",)},
    "278": {"21": ("20",), "22": ("21",), "23": ("22",), "EV": ("22", "23"), "SS": ("EV",)},
}
MOST_LOST = 20
"""Numbers in a row that may be passed over and remembered."""


class Levels:
    """Each HL of a set as it passes: what it says, and what was said before."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.parents = PARENTS.get(kind[:3], {})
        self.levels: dict[str, str] = {}
        self.current: Segment = Segment(["HL"])
        self.expected = 1
        self.lost: set[str] = set()
        """Numbers that were passed over: a level that points to one of them was told when it was."""
        self.waiting: dict[str, Segment] = {}
        self.announced: set[str] = set()

    def meet(self, item: Segment) -> None:
        """Take in an HL."""
        self.current = item

    def keep(self) -> None:
        """Remember the HL for those that follow."""
        item = self.current
        is_new = item[1] not in self.levels
        self.levels.setdefault(item[1], item[3])
        self.waiting.pop(item[2], None)
        # a number that was there already stands for the one that belongs here
        number = int(item[1][:9]) if is_new and item[1].isdigit() and item[1].isascii() else self.expected
        self.lost.update(map(str, range(self.expected, min(number, self.expected + MOST_LOST))))
        self.expected = number + 1
        if item[4] == "1":
            self.waiting[item[1]] = item
            self.announced.add(item[1])


@rule("hierarchy.number", kinds=HL, at="2000A HL01", snip=2, fix="Number the levels 1, 2, 3.", piece="level")
def number(levels: Levels) -> Iterator[Hit]:
    item = levels.current
    if item[1] != str(levels.expected) and item[1] in levels.levels:
        yield Hit(item, 1, f"Two levels have the number {item[1][:12]}.")


@rule(
    "hierarchy.order",
    kinds=HL,
    at="2000A HL01",
    snip=2,
    fix="Number the levels 1, 2, 3.",
    piece="level",
    severity="warning",
)
def order(levels: Levels) -> Iterator[Hit]:
    item = levels.current
    if item[1] != str(levels.expected) and item[1] not in levels.levels:
        yield Hit(item, 1, f"The level is number {levels.expected} of the set.")


@rule("hierarchy.parent", kinds=HL, at="2000B HL02", snip=2, fix="Point to the level above.", piece="level")
def parent(levels: Levels) -> Iterator[Hit]:
    item = levels.current
    wanted = levels.parents.get(item[3])
    if wanted is None:
        return
    above = levels.levels.get(item[2])
    if above is None:
        if item[2] not in levels.lost:
            yield Hit(item, 2, "The level above is not there.")
    elif above not in wanted:
        yield Hit(item, 2, f"The level above is of another kind ({above[:2]}).")


@rule(
    "hierarchy.parent-of-the-first", kinds=HL, at="2000A HL02", snip=2, fix="Leave HL02 out.", piece="level"
)
def parent_of_the_first(levels: Levels) -> Iterator[Hit]:
    item = levels.current
    if item[3] == "20" and item[2]:
        yield Hit(item, 2, "The first level stands below nothing.")


@rule(
    "hierarchy.child-missing",
    kinds=HL,
    at="2000A HL04",
    snip=2,
    fix="Say 0, or add the level.",
    piece="levels",
)
def child_missing(levels: Levels) -> Iterator[Hit]:
    for item in levels.waiting.values():
        yield Hit(item, 4, "A level below is announced, and none follows.")


@rule(
    "hierarchy.child-unannounced",
    kinds=HL,
    at="2000A HL04",
    snip=2,
    fix="Say 1 in the level above.",
    piece="level",
    severity="warning",
)
def child_unannounced(levels: Levels) -> Iterator[Hit]:
    item = levels.current
    if item[2] in levels.levels and item[2] not in levels.announced and levels.parents.get(item[3]):
        yield Hit(item, 2, "The level above says that none follows.")
