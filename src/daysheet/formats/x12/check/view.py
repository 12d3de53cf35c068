"""A claim and a paid claim as the rules look at them: the segments by what they mean, read once."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar

from daysheet.formats.x12.guides.reading import to_day, to_number
from daysheet.formats.x12.loop import Loop
from daysheet.formats.x12.segment import Segment

from .codes import Codes

T = TypeVar("T")
NOTHING = Segment([""])
MOST_JUDGED = 20_000
"""Texts that are remembered as judged; then the memory is emptied, so that it stays small in a file of any size."""
ONCE = frozenset(("2010BA", "2010CA", "2330A"))
"""Loops that name an insured or a patient: such a name seldom comes again, and is not remembered."""
UNITS = {"SV1": 4, "SV2": 5, "SV3": 6}
POINTERS = {"SV1": 7, "SV3": 11}
Coded = tuple[list[str], Segment, int]
"""The parts of one code, its segment, its element."""


class lazy(Generic[T]):  # noqa: N801  (stands where a decorator stands)
    """A value that is worked out when it is first asked for; unlike functools' own, without a lock before Python 3.12."""

    def __init__(self, work: Callable[[Any], T]) -> None:
        self.work = work
        self.name = work.__name__
        self.__doc__ = work.__doc__

    def __get__(self, item: Any, owner: object = None) -> T:
        value = item.__dict__[self.name] = self.work(item)
        return value


class Above:
    """What stands above the claims of a set while it is read, and what was met before."""

    def __init__(self, kind: str, codes: Codes) -> None:
        self.kind, self.codes = kind, codes
        self.header: Loop | None = None
        self.office: Loop | None = None
        self.insured: Loop | None = None
        self.patient: Loop | None = None
        self.claim_ids: set[str] = set()
        self.line_numbers: set[str] = set()
        self.fresh: list[Loop] = []
        self.sent_on: date | None = None
        self.judged: set[tuple[object, ...]] = set()

    def meet(self, loop: Loop) -> None:
        """Take in a loop that is not a claim."""
        if loop.id == "ST":
            self.header = loop
            bht = loop.first("BHT")
            self.sent_on = to_day(bht[4]) if bht else None
        elif loop.id == "2000A":
            self.office, self.insured, self.patient = loop, None, None
            self.fresh.append(loop)
        elif loop.id == "2000B":
            self.insured, self.patient = loop, None
            self.fresh.append(loop)
        elif loop.id == "2000C":
            self.patient = loop
            self.fresh.append(loop)


class Line:
    """One service line of a claim (2400)."""

    __slots__ = (
        "charge", "dtp", "loop", "lx", "marks", "modifiers", "money", "pointers", "procedure", "procedure_kind", "refs",
        "served", "sv",
    )  # fmt: skip

    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        self.lx = loop.segments[0]
        self.sv = NOTHING
        self.dtp: dict[str, Segment] = {}
        self.refs: dict[str, Segment] = {}
        self.marks: list[str] = []
        for item in loop.segments:
            name = item.id
            if name == "DTP":
                self.dtp.setdefault(item[1], item)
                if item[2] == "RD8":
                    self.marks.append("RD8")
            elif name == "REF":
                if item[1] != "6R":
                    self.marks.append(f"REF {item[1]}")
                self.refs.setdefault(item[1], item)
            elif name == "PWK":
                self.marks.append("PWK")
            elif name in ("SV1", "SV2", "SV3") and self.sv is NOTHING:
                self.sv = item
        self.money = 3 if self.sv.id == "SV2" else 2  # which element holds the charge
        self.charge = to_number(self.sv[self.money])
        parts = self.sv.components(self.money - 1)
        self.procedure_kind = parts[0]
        self.procedure = parts[1] if len(parts) > 1 else ""
        self.modifiers = parts[2:6]
        place = POINTERS.get(self.sv.id, 0)
        pointed = self.sv[place] if place else ""
        self.pointers = pointed.split(self.sv.delimiters.component) if pointed else []
        self.served = span(self.dtp.get("472"))
        if self.modifiers and any(self.modifiers):
            self.marks.append("modifier")
        if self.sv[3] == "MJ":
            self.marks.append("MJ")
        if "." in self.sv[UNITS.get(self.sv.id, 0)]:
            self.marks.append("fraction")
        if self.sv[5 if self.sv.id == "SV1" else 3]:
            self.marks.append("line place")
        if loop.loops:
            self.marks += ["people", *(inner.id for inner in loop.loops)]

    @property
    def served_on(self) -> date | None:
        """Return the first day of the service, if it says one."""
        return self.served[0]


class Other:
    """Another plan of the patient (2320)."""

    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        self.sbr = loop.segments[0]
        self.payer = next((inner for inner in loop.loops if inner.id == "2330B"), None)
        self.payer_id = self.payer.segments[0][9] if self.payer else ""
        self.cas = [item for item in loop.segments if item.id == "CAS"]
        self.amounts = {item[1]: item for item in loop.segments if item.id == "AMT"}
        self.paid = to_number(self.amounts["D"][2]) if "D" in self.amounts else None
        found = (
            [item for item in self.payer.segments if item.id == "DTP" and item[1] == "573"]
            if self.payer
            else []
        )
        self.paid_on = found[0] if found else None


class Claim:
    """One claim (2300) below its office, insured and patient."""

    def __init__(self, loop: Loop, above: Above) -> None:
        self.loop, self.above, self.codes, self.kind = loop, above, above.codes, above.kind
        self.clm = loop.segments[0]
        self.new_loops, above.fresh = [*above.fresh, loop], []
        self.dtp: dict[str, Segment] = {}
        self.refs: dict[str, Segment] = {}
        self.by_id: dict[str, list[Segment]] = {}
        for item in loop.segments:
            name = item.id
            if name == "DTP":
                self.dtp.setdefault(item[1], item)
            elif name == "REF":
                self.refs.setdefault(item[1], item)
            self.by_id.setdefault(name, []).append(item)
        self.pending: list[tuple[object, ...]] = []
        self.lines = [Line(inner) for inner in loop.loops if inner.id == "2400"]
        self.billed = [line for line in self.lines if line.sv is not NOTHING]
        self.others = [Other(inner) for inner in loop.loops if inner.id == "2320"]
        self.place, self.place_kind, self.frequency = (*self.clm.components(5), "", "", "")[:3]
        self.sbr = (above.insured.first("SBR") if above.insured else None) or NOTHING
        self._survey()
        self.marks = self._marks()

    def _survey(self) -> None:
        """Take out what a rule has to look at: names, towns, specialties, services that no claim before has brought.

        A doctor, a town, a service of a day come again and again in a large file. What rules said nothing of when it
        came first (see `settle`) they pass over when it comes again.
        """
        self.own_people = _named(self.loop)
        self.new_people = [one for top in self.new_loops[:-1] for one in _named(top)] + self.own_people
        self.new_names: list[tuple[str, Segment]] = []
        self.new_births: list[tuple[str, Segment]] = []
        self.new_numbers: list[tuple[str, Segment]] = []
        self.new_specialties: list[Segment] = []
        for name, head, loop in self.new_people:
            if name in ONCE or self._is_new("NM1", name, *head.elements):
                self.new_names.append((name, head))
            if (born := loop.first("DMG")) is not None:
                self.new_births.append((name, born))
            for item in loop.segments:
                if item.id == "REF":
                    self.new_numbers.append((name, item))
                elif item.id == "PRV" and self._is_new("PRV", item[3]):
                    self.new_specialties.append(item)
        for top in self.new_loops:
            self.new_specialties += [
                item for item in top.segments if item.id == "PRV" and self._is_new("PRV", item[3])
            ]
        self.new_towns = [
            (inner.id, item)
            for top in self.new_loops
            for whole in top.loops
            for inner in (whole, *(whole.loops if whole.id == "2320" else ()))
            for item in inner.segments
            if item.id == "N4" and self._is_new("N4", inner.id, *item.elements[2:])
        ]
        self.new_lines = [
            line
            for line in self.billed
            if self._is_new(
                line.sv.id,
                line.served_on,
                *line.sv.elements[1 : line.money],
                *line.sv.elements[line.money + 1 :],
            )
        ]
        codes = self.by_id.get("HI", ())
        self.new_codes = bool(codes) and self._is_new("HI", self.served_on, *[item.text() for item in codes])
        self.new_place = self._is_new("CLM", self.clm[5])

    def _is_new(self, *key: object) -> bool:
        """Return whether rules have not yet passed over a segment; the key begins with its id."""
        if key in self.above.judged:
            return False
        self.pending.append(key)
        return True

    def settle(self, spoken: set[str]) -> None:
        """Remember what was new and gave rules no reason to speak; `spoken` are the segments that they spoke of."""
        judged = self.above.judged
        if len(judged) > MOST_JUDGED:
            judged.clear()
        judged.update([key for key in self.pending if key[0] not in spoken])

    def _marks(self) -> set[str]:
        """Return what is there: loops, segments, kinds of dates and numbers, and what is new (see `_survey`)."""
        marks = {"", f"SBR09 {self.sbr[9]}", f"place {self.place}", f"frequency {self.frequency}"}
        marks.update(self.by_id)
        marks.update([inner.id for inner in self.loop.loops])
        marks.update([top.id for top in self.new_loops])
        marks.update([f"DTP {one}" for one in self.dtp])
        marks.update([item[2] for item in self.dtp.values()])
        marks.update([f"REF {one}" for one in self.refs])
        for line in self.lines:
            marks.update(line.marks)
        marks.update([mark for mark, is_there in (
            ("CLM11", self.clm[11]), ("SBR05", self.sbr[5]), ("sums", "AMT" in self.by_id or self.others),
            ("codes", len(self.by_id.get("HI", ())) > 1), ("later plan", self.sbr[1] != "P" or self.sbr[5]),
            ("people", len(self.new_loops) > 1 or any(inner.id != "2400" for inner in self.loop.loops)),
            ("new name", self.new_names), ("new birth", self.new_births), ("new number", self.new_numbers),
            ("new specialty", self.new_specialties), ("new town", self.new_towns), ("new line", self.new_lines),
            ("new diagnosis", self.new_codes), ("new place", self.new_place),
        ) if is_there])  # fmt: skip
        return marks

    @lazy
    def diagnoses(self) -> list[tuple[str, str, Segment, int]]:
        """Return each diagnosis: its qualifier, its code, where it stands."""
        found = []
        for item in self.by_id.get("HI", ()):
            for element in range(1, len(item)):
                parts = item.components(element)
                if parts[0] in DIAGNOSES and len(parts) > 1:
                    found.append((parts[0], parts[1], item, element))
        return found

    @lazy
    def coded(self) -> dict[str, list[Coded]]:
        """Return what the HI segments say, by qualifier: the parts of each code, and where it stands."""
        found: dict[str, list[Coded]] = {}
        for item in self.by_id.get("HI", ()):
            for element in range(1, len(item)):
                if item[element]:
                    parts = [*item.components(element), "", "", "", ""]
                    found.setdefault(parts[0], []).append((parts, item, element))
        return found

    @lazy
    def served_on(self) -> date | None:
        """Return the first day of service that a line, or the claim, says."""
        days = [day for line in self.lines if (day := line.served_on)]
        for qualifier in ("434", "472"):
            if not days and qualifier in self.dtp:
                day = to_day(self.dtp[qualifier][3][:8])
                days = [day] if day else []
        return min(days) if days else None

    @property
    def insured_is_patient(self) -> bool:
        """Return whether the claim is for the insured person."""
        return self.above.patient is None and self.sbr[2] == "18"

    @lazy
    def people(self) -> list[tuple[str, Segment, Loop]]:
        """Return every named party at and above the claim, with its loop."""
        found = []
        for top in (self.above.office, self.above.insured, self.above.patient, self.loop):
            if top is not None:
                found += _named(top)
        return found

    @lazy
    def insured_person(self) -> Loop | None:
        """Return the loop of the insured."""
        return self.within("2010BA")

    def within(self, loop_id: str) -> Loop | None:
        """Return the first loop of this id at or above the claim."""
        for top in (self.loop, self.above.patient, self.above.insured, self.above.office):
            for inner in top.loops if top else ():
                if inner.id == loop_id:
                    return inner
        return None

    def amount(self, at: Segment, element: int) -> Decimal | None:
        """Return a number as written, or None where there is none."""
        return to_number(at[element])


DIAGNOSES = frozenset(("ABK", "ABF", "BK", "BF", "ABJ", "BJ", "APR", "PR", "ABN", "BN"))


def _named(top: Loop) -> list[tuple[str, Segment, Loop]]:
    found = [(top.id, top.segments[0], top)] if top.segments and top.segments[0].id in ("NM1", "N1") else []
    for inner in top.loops:
        if inner.loops or inner.segments[0].id in ("NM1", "N1"):
            found += _named(inner)
    return found


class Paid:
    """One remitted claim (2100)."""

    def __init__(self, loop: Loop, above: Above) -> None:
        self.loop, self.above, self.codes = loop, above, above.codes
        self.clp = loop.segments[0]
        self.by_id: dict[str, list[Segment]] = {}
        for item in loop.segments:
            self.by_id.setdefault(item.id, []).append(item)
        self.services = [inner for inner in loop.loops if inner.id == "2110"]

    @lazy
    def adjustments(self) -> list[tuple[Segment, str]]:
        """Return every CAS of the claim and its lines, with its loop."""
        found = [(item, "2100") for item in self.by_id.get("CAS", ())]
        return found + [
            (item, "2110") for inner in self.services for item in inner.segments if item.id == "CAS"
        ]

    def named(self, code: str) -> Segment | None:
        """Return who plays a part in the claim."""
        return next((item for item in self.by_id.get("NM1", ()) if item[1] == code), None)


def first(loop: Loop | None, name: str) -> Segment | None:
    """Return the first own segment of a loop that may not be there."""
    return loop.first(name) if loop else None


def triplets(cas: Segment) -> list[tuple[int, str, str]]:
    """Return the places, reasons and amounts of a CAS."""
    return [
        (place, cas[place], cas[place + 1])
        for place in range(2, min(len(cas), 20), 3)
        if cas[place] or cas[place + 1]
    ]


def span(item: Segment | None, element: int = 3) -> tuple[date | None, date | None]:
    """Return the first and the last day that a DTP says."""
    if item is None:
        return None, None
    first, _, last = item[element].partition("-")
    begin = to_day(first[:8])
    return begin, (to_day(last[:8]) if last else begin)
