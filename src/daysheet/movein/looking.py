"""A file looked through: what would come of each row, found without writing anything."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor
from daysheet.kernel.models import Practice
from daysheet.movein.models import OldFile, OldRow
from daysheet.movein.opening import judged_rows, sheet_of, twins_in
from daysheet.movein.rules.fields import KINDS
from daysheet.movein.rules.judging import Judged
from daysheet.movein.taking import alerts, recalls
from daysheet.movein.taking.coming import Words, flat
from daysheet.movein.taking.visits import gone_by, taken_times
from daysheet.movein.wording import FIELD_WORDS
from daysheet.patients.many import by_number
from daysheet.patients.wording import say

SHOWN = 200
ALIKE_SHOWN = 5000
"""So many who may have a chart already can be decided row by row; those behind them go by the answer for all."""
APPOINTMENTS, RECALLS, ALERTS = "appointments", "recalls", "alerts"
STAYS_OUT = {"bad", "left", "nobody"}
"""What becomes of rows that are not taken: no value of theirs becomes words on a chart."""
MONEY = ("patient_due", "plan_due")
CODED = ("sex", "status", "relationship", "rank", "audience")
CODES = frozenset({"sex", "status", "relation", "rank", "audience"})
NAMED = {"provider": "providers", "location": "locations", "type": "types"}


def today(by: Actor) -> date:
    """Return the office's day."""
    return by.now.astimezone(Practice.objects.get(pk=by.practice_id).zone).date()


def missing_fields(file: OldFile) -> str:
    """Return in words what a row cannot be without and no column tells; empty when nothing is missing."""
    lacking = [
        " / ".join(str(FIELD_WORDS[key]) for key in group)
        for group in KINDS[file.kind].needs
        if not any(key in file.mapped for key in group)
    ]
    if not lacking:
        return ""
    return _("Say which column tells: %(fields)s.") % {"fields": ", ".join(lacking)}


def found_in(
    file: OldFile, *, today: date, now: datetime, rows: list[Judged] | None = None
) -> dict[str, Any]:
    """Return what looking a file through finds: counts, flaws by row, who may be here, words nobody knows, money.

    The rows are read anew where they are not given. Of appointments also which are of days gone by or cancelled, and
    whose time is taken here already.
    """
    rows = judged_rows(file, sheet_of(file), today=today) if rows is None else rows
    known = {row.key: row.mark for row in taken_before(file)}
    twins = twins_in(file, rows)
    counted = ("bad", "known", "changed", "alike", "new", "lost", "left", "nobody", "taken")
    found: dict[str, Any] = {"read": len(rows)} | dict.fromkeys(counted, 0)
    nobody = _without_a_patient(file, rows) if "patient_key" in KINDS[file.kind].fields else set()
    coming: list[Judged] = []
    flaws: list[list[Any]] = []
    alike: list[list[Any]] = []
    for judged in rows:
        fate = _fate(judged, known, judged.number in twins)
        if fate == "new" and _is_left(file.kind, judged.says, today):
            fate = "left"
        if fate == "new" and judged.number in nobody:
            fate = "nobody"
        if fate == "new":
            coming.append(judged)
        found[fate] += 1
        is_lost = bool(judged.lost) and fate not in STAYS_OUT
        found["lost"] += is_lost
        if fate == "bad" and len(flaws) < SHOWN:
            flaws.append([judged.number, *judged.flaws[0].told(), True])
        elif is_lost and len(flaws) < SHOWN:
            flaws.append([judged.number, *judged.lost[0].told(), False])
        if fate == "alike" and len(alike) < ALIKE_SHOWN:
            twin = twins[judged.number]
            who = f"{judged.says.get('family', '')}, {judged.says.get('given', '')}"
            whom = str(twin.patient_id) if twin.patient_id else ""
            reasons = [say(reason) for reason in twin.reasons[:4]]
            alike.append([judged.number, who, whom, twin.chart_number, twin.other_row, reasons])
    if file.kind == APPOINTMENTS:
        taken = taken_times(file, coming, now)
        flaws += [[number, "", "time_taken", "", True] for number in taken[: SHOWN - len(flaws)]]
        found |= {"taken": len(taken), "new": found["new"] - len(taken)}
    if file.kind == RECALLS:
        lacking = recalls.nameless(file, coming)
        flaws += [[one.number, "", "no_recall", one.says.get("type", ""), True] for one in lacking][:SHOWN]
        lost = found["lost"] - sum(bool(one.lost) for one in lacking)
        found |= {"bad": found["bad"] + len(lacking), "new": found["new"] - len(lacking), "lost": lost}
    stopped = {one[0] for one in flaws if one[-1]}
    flaws = sorted((one for one in flaws if one[-1] or one[0] not in stopped), key=lambda one: one[0])
    money = _money(one for one in rows if one.number not in nobody)
    return found | {"flaws": flaws, "twins": alike, "strange": _strange(file, rows), "money": money}


def taken_before(file: OldFile, keys: Iterable[str] | None = None) -> Iterable[OldRow]:
    """Return the rows of this old system and kind that were taken before; of some keys alone, if they are given."""
    rows = OldRow.objects.filter(system=file.system, kind=file.kind, outcome__in=("taken", "joined"))
    return rows if keys is None else rows.filter(key__in=list(keys))


def _fate(judged: Judged, known: dict[str, str], is_alike: bool) -> str:
    if not judged.is_good:
        return "bad"
    if judged.key in known:
        return "known" if known[judged.key] == judged.mark() else "changed"
    return "alike" if is_alike else "new"


def _is_left(kind: str, says: dict[str, Any], today: date) -> bool:
    """Return whether a row is left in the old system on purpose."""
    if kind == APPOINTMENTS:
        return bool(gone_by(says, today))
    return (kind == ALERTS and alerts.is_over(says, today)) or (kind == RECALLS and recalls.is_stopped(says))


def _money(rows: Iterable[Judged]) -> dict[str, str]:
    sums = {key: Decimal(0) for key in MONEY}
    for judged in rows:
        for key in MONEY:
            sums[key] += judged.says.get(key, Decimal(0))
    return {key: f"{amount:.2f}" for key, amount in sums.items() if amount}


def _strange(file: OldFile, rows: Iterable[Judged]) -> dict[str, dict[str, int]]:
    """Return the words of a file that mean nothing here, with the number of their rows: clinicians, codes of sexes."""
    named = [key for key in NAMED if key in file.mapped and "*" not in file.meanings.get(key, {})]
    columns = {file.mapped[key]: key for key in CODED if key in file.mapped}
    here = _names_here(file) if named else {}
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for judged in rows:
        for key in named:
            said = str(judged.says.get(key, ""))
            if said and flat(said) not in here[key]:
                found[key][said] += 1
        for flaw in (*judged.lost, *judged.flaws):
            if flaw.column in columns and flaw.said and flaw.code in CODES:
                found[columns[flaw.column]][flaw.said] += 1
    return {key: dict(counts.most_common(40)) for key, counts in found.items()}


def _names_here(file: OldFile) -> dict[str, Collection[str]]:
    """Return by field the words of an old system that mean something here."""
    if file.kind == RECALLS:
        return {"type": recalls.kinds_here()}
    words = Words.now()
    return {key: getattr(words, name) for key, name in NAMED.items()}


def _without_a_patient(file: OldFile, rows: list[Judged]) -> set[int]:
    """Return the rows, by number, that name a patient who is not here."""
    keys = {str(judged.says.get("patient_key", "")) for judged in rows if judged.is_good}
    here = by_number(file.system, keys)
    return {
        judged.number for judged in rows if judged.is_good and str(judged.says.get("patient_key")) not in here
    }
