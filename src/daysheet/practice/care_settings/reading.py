"""A setting read from its text: strictly, so that nothing is written of a file that is wrong anywhere. Pure."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import time
from decimal import Decimal, InvalidOperation
from functools import partial
from itertools import pairwise
from typing import Any

from daysheet.practice.care_settings import (
    CareSetting,
    CheckInAsk,
    Clinician,
    Demonstration,
    Equipment,
    FormSheet,
    SampleFee,
    VisitKind,
)
from daysheet.practice.rules import bill_type_problem
from daysheet.ui.trade import TRADES

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CODE = re.compile(r"[A-Z][A-Z0-9]{4}")
SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
DESK_STEPS = frozenset(
    {"identity", "demographics", "coverage", "card", "photo_id", "authorization", "privacy_notice",
     "old_balance", "copay"}
)  # fmt: skip
COPAY_SERVICES = ("98", "UC", "35", "MH", "PT", "33", "AL")
"""Office visit, urgent care, dental, mental health, physical therapy, chiropractic, vision."""
SHIPPED_FORMS = frozenset({"Consent to treatment", "Health questions"})
"""Forms that every office has."""


class SettingIsUnsound(ValueError):
    """A file of a setting that cannot be used: every reason in a sentence."""

    def __init__(self, key: str, wrong: Iterable[str]) -> None:
        self.wrong = tuple(wrong)
        super().__init__(f"The setting {key} cannot be used. " + " ".join(self.wrong))


def read_setting(key: str, text: str) -> CareSetting:
    """Return the setting of a file's text. Raises SettingIsUnsound with all that is wrong, nothing half."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise SettingIsUnsound(key, [f"It is no TOML: {broken}."]) from broken
    wrong: list[str] = []
    found = _setting(key, _Table("the file", table, wrong))
    wrong += [] if wrong else _misfits(found)
    if wrong:
        raise SettingIsUnsound(key, dict.fromkeys(wrong))
    return found


class _Table:
    """A table of the file, asked key by key; what was never asked for is unknown."""

    def __init__(self, where: str, held: object, wrong: list[str]) -> None:
        self.where, self.wrong = where, wrong
        self.held: Mapping[str, Any] = held if isinstance(held, dict) else {}
        self.asked: set[str] = set()
        if not isinstance(held, dict):
            self.say("is not a table")

    def say(self, what: str) -> None:
        """Note what is wrong here."""
        self.wrong.append(f"{self.where[:1].upper()}{self.where[1:]} {what}.")

    def of(self, name: str, sort: type[Any], default: Any = ...) -> Any:
        """Return a value of a sort; a sentence and an empty one where it is missing or of another sort."""
        self.asked.add(name)
        if name not in self.held:
            if default is ...:
                self.say(f"lacks {name}")
                return sort()
            return default
        value = self.held[name]
        if type(value) is not sort:
            self.say(f"has a {name} that is not {_SORTS[sort]}")
            return sort()
        if isinstance(value, str):
            if "\x00" in value:
                self.say(f"has a sign in {name} that no text may hold")
            return value.strip()
        return value

    def texts(self, name: str, default: Any = ...) -> tuple[str, ...]:
        """Return a list of texts."""
        held = self.of(name, list, default)
        if any(type(one) is not str or not one.strip() for one in held):
            self.say(f"has something in {name} that is not a text")
            return ()
        return tuple(one.strip() for one in held)

    def one_of(self, name: str, words: Iterable[str], default: Any = ...) -> str:
        """Return one of some words."""
        value = self.of(name, str, default)
        if value not in words:
            self.say(f"has {name} = {value!r}; it can be {', '.join(words)}")
        return str(value)

    def whole(self, name: str, low: int, high: int, default: Any = ...) -> Any:
        """Return a whole number within bounds."""
        value = self.of(name, int, default)
        if value is not None and not low <= value <= high:
            self.say(f"has {name} = {value}; it goes from {low} to {high}")
        return value

    def money(self, name: str) -> Decimal:
        """Return an amount of money, written as text."""
        value = self.of(name, str)
        try:
            amount = Decimal(value)
        except InvalidOperation:
            amount = Decimal(-1)
        if not re.fullmatch(r"\d{1,5}\.\d\d", value) or amount <= 0:
            self.say(f"has {name} = {value!r}; an amount looks like '95.00'")
        return amount

    def tables(self, name: str, called: str) -> list["_Table"]:
        """Return the tables of a list, each named by what it calls itself."""
        rows = self.of(name, list, [])
        return [
            _Table(f"{name} {row.get(called, number) if isinstance(row, dict) else number}", row, self.wrong)
            for number, row in enumerate(rows, start=1)
        ]

    def table(self, name: str, default: Any = ...) -> "_Table":
        """Return a table within this one."""
        return _Table(name, self.of(name, dict, default), self.wrong)

    def end(self) -> None:
        """Say which keys nobody knows."""
        for name in sorted(set(self.held) - self.asked):
            self.say(f"has a key that nobody knows: {name}")


_SORTS = {str: "a text", int: "a whole number", bool: "true or false", list: "a list", dict: "a table"}


def _setting(key: str, top: _Table) -> CareSetting:
    billing = top.table("billing", {})
    percent = billing.whole("discount_percent", 0, 100, None)
    note = billing.of("others_note", str, "")
    billing.end()
    service = top.one_of("copay_service", COPAY_SERVICES, "98")
    specialties = _specialties(top)
    visits = _each(top, "visits", "name", partial(_visit, service=service, specialties=specialties))
    found = CareSetting(
        key=key,
        name=top.of("name", str),
        about=top.of("about", str),
        kind=top.one_of("kind", ("office", "billing", "payer"), "office"),
        claim=top.one_of("claim", ("professional", "dental", "institutional", "none")),
        claim_words=top.of("claim_words", str),
        place_of_service=top.of("place_of_service", str, "11"),
        opens=top.texts("opens"),
        lacks=top.texts("lacks", []),
        rooms=top.texts("rooms", []),
        equipment=_each(top, "equipment", "what", _equipment),
        opening=_week(top, "opening"),
        clinic=_week(top, "clinic"),
        visits=visits,
        forms=_each(top, "forms", "title", _form),
        check_in=_each(top, "check_in", "step", _ask),
        fees=_each(top, "fees", "code", _fee),
        discount_percent=None if percent is None else Decimal(percent),
        others_note=note,
        demonstration=_demonstration(top.table("demonstration")),
        services={one.name: one.services for one in visits if one.services},
        words=top.one_of("words", ("", *TRADES), ""),
        specialties=tuple(specialties.items()),
        bill_type=top.of("bill_type", str, ""),
    )
    if not re.fullmatch(r"\d\d", found.place_of_service):
        top.say("has a place_of_service that is not two digits")
    if found.bill_type and (problem := bill_type_problem(found.bill_type)):
        top.say(f"has a bill_type that cannot be: {problem[:1].lower()}{problem[1:-1]}")
    top.end()
    return found


def _each(top: _Table, name: str, called: str, read: Callable[[_Table], Any]) -> tuple[Any, ...]:
    found = []
    for row in top.tables(name, called):
        found.append(read(row))
        row.end()
    return tuple(found)


def _specialties(top: _Table) -> dict[str, tuple[str, ...]]:
    """Return the specialties that the file names, each with its taxonomy codes."""
    table = top.table("specialties", {})
    found = {name: table.texts(name) for name in table.held}
    if not all(re.fullmatch(r"[0-9A-Z]{9}X", one) for codes in found.values() for one in codes):
        table.say("has a code that is not ten signs, the last an X")
    return found


def _visit(row: _Table, service: str, specialties: Mapping[str, tuple[str, ...]]) -> VisitKind:
    by = row.one_of("by", specialties, "") if "by" in row.held else ""
    needs = row.of("needs", dict, {})
    if any(type(count) is not int or not 1 <= count <= 9 for count in needs.values()):
        row.say("needs 1 to 9 of a kind")
    return VisitKind(
        name=row.of("name", str),
        minutes=row.whole("minutes", 5, 480),
        before=row.whole("before", 0, 120, 0),
        after=row.whole("after", 0, 120, 0),
        prep=row.of("prep", str, ""),
        youngest=row.whole("youngest", 0, 130, None),
        oldest=row.whole("oldest", 0, 130, None),
        sex=row.one_of("sex", ("F", "M"), "F") if "sex" in row.held else "",
        patients=row.one_of("patients", ("all", "new", "established"), "all"),
        copay=row.of("copay", bool, True),
        copay_service=row.one_of("copay_service", COPAY_SERVICES, service),
        needs=tuple(needs.items()),
        services=row.texts("services", []),
        by=specialties.get(by, ()),
    )


def _equipment(row: _Table) -> Equipment:
    names = row.texts("names", [])
    rooms = row.texts("rooms", [])
    if names and rooms:
        row.say("has both names and rooms; it can have one of them")
    what = row.of("what", str)
    sort = row.one_of("sort", ("room", "equipment", "staff"))
    return Equipment(what, sort, rooms or names or (what,), is_room=bool(rooms))


def _form(row: _Table) -> FormSheet:
    return FormSheet(
        title=row.of("title", str),
        text=row.of("text", str),
        title_es=row.of("title_es", str, ""),
        text_es=row.of("text_es", str, ""),
        questions=row.of("questions", str, ""),
        consent=row.of("consent", str, ""),
        is_signed=row.of("signature", bool, True),
    )


def _ask(row: _Table) -> CheckInAsk:
    step = row.of("step", str)
    form = row.of("form", str, "")
    if step not in DESK_STEPS | {"form"}:
        row.say(f"is no step of a check-in; a step is form or one of {', '.join(sorted(DESK_STEPS))}")
    if (step == "form") != bool(form):
        row.say("names a form where the step is form, and only there")
    return CheckInAsk(
        step=step,
        form=form,
        often=row.one_of("often", ("every_visit", "yearly", "changed", "once", "never")),
        is_required=row.of("required", bool),
        visit=row.of("visit", str, ""),
        youngest=row.whole("youngest", 0, 130, None),
        oldest=row.whole("oldest", 0, 130, None),
    )


def _fee(row: _Table) -> SampleFee:
    code = row.of("code", str)
    if not CODE.fullmatch(code):
        row.say("is no code of our own: a letter, then four letters or digits")
    revenue = row.of("revenue", str, "")
    if revenue and not re.fullmatch(r"[0-9]{4}", revenue):
        row.say(f"has revenue = {revenue!r}; a revenue code has four digits")
    favourite = row.of("favourite", bool, True)
    return SampleFee(
        code,
        row.of("label", str),
        row.money("amount"),
        favourite,
        revenue,
        mouth_need=row.one_of("needs", ("tooth", "surfaces", "area"), "tooth") if "needs" in row.held else "",
        is_prosthesis=row.of("prosthesis", bool, False),
    )


def _demonstration(row: _Table) -> Demonstration:
    later, ages = row.of("later", dict, {}), row.of("ages", dict, {})
    if not all(name.isdigit() and int(name) <= 130 for name in ages):
        row.say("has an age that is no number")
        ages = {}
    if not all(type(weight) is int and weight > 0 for weight in (*later.values(), *ages.values())):
        row.say("has a weight that is no whole number above zero")
    mouth = row.table("mouth", {})
    found = Demonstration(
        name=row.of("name", str),
        clinicians=_each(row, "clinicians", "family", _clinician),
        first=row.texts("first", []),
        later=tuple(later.items()),
        walk_in=row.of("walk_in", str, ""),
        follow_up=row.of("follow_up", str, ""),
        reasons=row.texts("reasons", []),
        diagnoses=tuple(tuple(one.split()) for one in row.texts("diagnoses", [])),
        extras=row.texts("extras", []),
        mouth=tuple((code, mouth.texts(code)) for code in mouth.held),
        prostheses=row.texts("prostheses", []),
        ages=tuple((int(name), weight) for name, weight in ages.items()),
        clients=row.texts("clients", []),
    )
    row.end()
    return found


def _clinician(row: _Table) -> Clinician:
    return Clinician(*(row.of(name, str) for name in ("given", "family", "credential", "taxonomy")))


def _week(top: _Table, name: str) -> tuple[tuple[int, time, time], ...]:
    """Return the hours of a week, such as `mon-fri = ["08:00-12:00", "13:00-17:00"]`."""
    row, found = top.table(name, {}), []
    for days, spans in row.held.items():
        row.asked.add(days)
        first, _dash, last = days.partition("-")
        if first not in DAYS or (last or first) not in DAYS or type(spans) is not list:
            row.say(f"has {days}; write days as mon or mon-fri, and a list of hours")
            continue
        for span in spans:
            fits = SPAN.fullmatch(str(span))
            begins, ends = (
                (time(int(fits[1]), int(fits[2])), time(int(fits[3]), int(fits[4])))
                if fits
                else (time(), time())
            )
            if begins >= ends:
                row.say(f"has the hours {span!r}; they look like 08:00-17:00")
            week = range(DAYS.index(first), DAYS.index(last or first) + 1)
            found += [(day, begins, ends) for day in week]
    hours = sorted(found)
    if any(a[0] == b[0] and b[1] < a[2] for a, b in pairwise(hours)):
        row.say("has hours that overlap")
    return tuple(hours)


def _misfits(found: CareSetting) -> Iterable[str]:
    """Yield what stands twice, and what is named without standing anywhere."""
    own = {
        "room": found.rooms,
        "kind of equipment": [one.what for one in found.equipment],
        "piece of equipment": [name for one in found.equipment for name in one.names],
        "visit": [one.name for one in found.visits],
        "form": [one.title for one in found.forms],
        "code": [one.code for one in found.fees],
        "check-in rule": [
            " ".join(str(part) for part in (a.step, a.form, a.visit, a.youngest, a.oldest)) for a in found.check_in
        ],
    }  # fmt: skip
    for what, names in own.items():
        for name, count in Counter(one.casefold() for one in names).items():
            if count > 1:
                yield f"There are two {what}s called {name}."
    if not found.bill_type and any(one.revenue for one in found.fees):
        yield "A fee has a revenue code, and no bill_type says that the facility's services are billed."
    rooms, kinds = set(found.rooms), {one.what for one in found.equipment}
    visits, codes = {one.name for one in found.visits}, {one.code for one in found.fees}
    forms = {one.title for one in found.forms} | SHIPPED_FORMS
    play = found.demonstration
    named: list[tuple[str, str, str, Iterable[str]]] = []
    for kind in found.visits:
        named += [(f"The visit {kind.name}", what, "equipment", kinds) for what, _n in kind.needs]
        named += [(f"The visit {kind.name}", code, "fees", codes) for code in kind.services]
        if kind.youngest is not None and kind.oldest is not None and kind.youngest > kind.oldest:
            yield f"The visit {kind.name} has ages in the wrong order."
    for one in found.equipment:
        named += [(f"The equipment {one.what}", room, "rooms", rooms) for room in one.names if one.is_room]
    shipped = [one for one in found.check_in if one.step != "form" or one.form in SHIPPED_FORMS]
    whole = {(one.step, one.form) for one in shipped if not one.visit and one.youngest is one.oldest is None}
    for ask in shipped:
        if (ask.step, ask.form) not in whole:
            yield (
                f"{ask.form or ask.step} is asked of some patients alone: an office's rule takes the place of the "
                "shipped one, so say too how often it is asked of everybody."
            )
    for ask in found.check_in:
        named += [("A check-in rule", ask.visit, "visits", visits)] if ask.visit else []
        named += [("A check-in rule", ask.form, "forms", forms)] if ask.form else []
    told = [*play.first, *(name for name, _weight in play.later), play.walk_in, play.follow_up]
    named += [("The demonstration", name, "visits", visits) for name in told if name]
    named += [("The demonstration", code, "fees", codes) for code in play.extras]
    told_of = (*(code for code, _places in play.mouth), *play.prostheses)
    named += [("The demonstration", code, "fees", codes) for code in told_of]
    for who, name, where, known in named:
        if name not in known:
            yield f"{who} names {name}, which is not among the {where}."
    if found.kind == "office" and not (found.visits and found.fees and found.rooms and play.clinicians):
        yield "An office needs rooms, visits, fees, and clinicians for its demonstration."
