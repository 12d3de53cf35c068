"""The statements by which search reaches its index: `=` and ranges on plain columns, nothing else.

Row-level security lets only leakproof operators reach an index (FOUNDATION 2B), so whatever is clever
about a name happened when its keys were written.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from daysheet.kernel.planned import planned_cursor
from daysheet.kernel.tenancy import acting_practice_id
from daysheet.patients.asking import SMALLEST_PART, Kind, Term
from daysheet.patients.names import full_names, one_letter_off, sound

Branch = tuple[str, list[Any]]

SEVERAL = 20_000
"""Rows of a branch when several parts must meet in one patient; a single part needs no more than ALONE."""
ALONE = 3000
MOST = 60
AFTER = "\U0010ffff"
KEYED = """(select {term}::int as term, ({weight})::int as weight, patient_id from patient_key
where practice_id = %s and kind = %s and {which} limit {each})"""
BORN = """(select {term}::int as term, ({weight})::int as weight, id as patient_id from patient
where practice_id = %s and born_on = any(%s) limit {each})"""
CHART = """(select {term}::int as term, ({weight})::int as weight, id as patient_id from patient
where practice_id = %s and chart_number = %s)"""
ALIKE = """select patient_id from (
  select id as patient_id from patient where practice_id = %(in)s and born_on = any(%(days)s)
  union (
    select patient_id from patient_key where practice_id = %(in)s and kind = 'sound' and key = any(%(family)s)
    intersect (
      select patient_id from patient_key
      where practice_id = %(in)s and kind = 'nick' and key = any(%(nicks)s)
      union all
      select patient_id from patient_key
      where practice_id = %(in)s and kind = 'sound' and key = any(%(given)s))
    limit 300)
  union (
    select patient_id from patient_key where practice_id = %(in)s and kind = 'phone' and key = any(%(phones)s)
    limit 100)) as alike"""
FOUND = """with strict as materialized (
  select patient_id, {best} from ({strict}) as hit group by patient_id),
whole as materialized (
  select patient_id, {weight} as weight from strict where {met} = {parts} order by {first}2 desc, 1 limit {most}),
loose as (
  select patient_id, {again} from (
    select patient_id, {parted} from strict where {few} union all {near}) as hit group by patient_id)
select patient_id from (
  select 0 as turn, {parts} as met, weight, patient_id from whole union all (
    select 1, {met}, {weight}, patient_id from loose order by 2 desc, {first}3 desc, 4 limit {most})) as hit
order by turn, met desc, {first}weight desc, patient_id"""
FIRST = "patient_id = any(%s) desc, "
FEW = "(select count(*) from whole) < 5"
"""Whether so few answer the question as it stands that near spellings are asked for too."""
NOBODY: Branch = ("select 0 as term, 0 as weight, null::uuid as patient_id where false", [])


def candidates(asked: Sequence[Term], first: Collection[UUID] = ()) -> list[UUID]:
    """Return the patients who answer the question as it stands; near ones too when those are few.

    Of more than MOST who answer it as well, those of `first` are among them.
    """
    found = statement(asked, first)
    if found is None:
        return []
    with planned_cursor() as cursor:
        cursor.execute(*found)
        return list(dict.fromkeys(row[0] for row in cursor.fetchall()))[:MOST]


def look_alikes(
    *,
    family_sounds: Iterable[str],
    given_sounds: Iterable[str],
    nicks: Iterable[str],
    days: Iterable[date],
    phones: Iterable[str],
) -> list[UUID]:
    """Return the patients worth comparing: born about then, named about so, or with the same phone."""
    values = {
        "in": acting_practice_id(),
        "days": list(days),
        "family": list(family_sounds),
        "nicks": list(nicks),
        "given": list(given_sounds),
        "phones": list(phones),
    }
    with connection.cursor() as cursor:
        cursor.execute(ALIKE, values)
        return [row[0] for row in cursor.fetchall()]


def statement(asked: Sequence[Term], first: Collection[UUID] = ()) -> tuple[str, list[Any]] | None:
    """Return the one statement over all ways in which the parts are looked up, and its values; none without a way.

    Near spellings stand behind a condition on what was found as it stands: the database reads them only then.
    """
    each = SEVERAL if len(asked) > 1 else ALONE
    strict = [branch for place, term in enumerate(asked) for branch in _strict(place, term, each)]
    if not strict:
        return None
    fuzzy = [branch for place, term in enumerate(asked) for branch in _fuzzy(place, term)]
    places = range(len(asked))
    parted = ", ".join(f"w{place}" for place in places)
    of_term = "case when term = {0} then weight end as w{0}"
    spread = ", ".join(of_term.format(place) for place in places)
    sql = FOUND.format(
        best=", ".join(f"max(weight) filter (where term = {place}) as w{place}" for place in places),
        again=", ".join(f"max(w{place}) as w{place}" for place in places),
        parted=parted,
        met=f"num_nonnulls({parted})",
        weight=" + ".join(f"coalesce(w{place}, 0)" for place in places),
        strict=" union all ".join(branch for branch, _ in strict),
        near=f"select patient_id, {spread} from ({' union all '.join(branch for branch, _ in fuzzy or [NOBODY])}) as hit",  # noqa: S608
        few=FEW,
        parts=len(asked),
        most=MOST,
        first=FIRST if first else "",
    )
    before = [list(first)] if first else []
    as_is, nearly = ([value for _, values in found for value in values] for found in (strict, fuzzy))
    return sql, [*as_is, *before, *nearly, *before, *before]


def _strict(place: int, term: Term, each: int) -> Iterable[Branch]:
    owner = acting_practice_id()
    if term.kind is Kind.BORN:
        if term.days:
            yield BORN.format(term=place, weight=10, each=each), [owner, list(term.days)]
        return
    yield _equal(place, 9, "number", [term.text], each)
    if term.kind is Kind.DIGITS:
        if len(term.text) <= 15:
            yield CHART.format(term=place, weight=12), [owner, int(term.text)]
        if len(term.text) >= SMALLEST_PART:
            yield _begins(place, 8, "phone", term.text, each)
            yield _begins(place, 5, "kin", term.text, each)
        return
    yield _equal(place, 8, "nick", sorted(full_names(term.text)), each)
    # In the order of the key, so that what is equal stands before what only begins so.
    yield _begins(place, 6, "name", term.text, each, equal=10)


def _fuzzy(place: int, term: Term) -> Iterable[Branch]:
    if term.kind is not Kind.WORD:
        return
    cuts = list(one_letter_off(term.text))
    if cuts:
        yield _equal(place, 5, "name", cuts, ALONE, only=FEW)
        yield _equal(place, 5, "near", [term.text, *cuts], ALONE, only=FEW)
    if len(term.text) > 2 and sound(term.text):
        yield _equal(place, 4, "sound", [sound(term.text)], ALONE, only=FEW)


def _equal(place: int, weight: int, kind: str, keys: list[str], most: int, only: str = "true") -> Branch:
    which = f"key = any(%s) and {only}"
    return KEYED.format(term=place, weight=weight, which=which, each=most), [acting_practice_id(), kind, keys]


def _begins(place: int, weight: int, kind: str, start: str, most: int, equal: int | None = None) -> Branch:
    owner, after = acting_practice_id(), start + AFTER
    which = "key >= %s and key < %s"
    if equal is None:
        return KEYED.format(term=place, weight=weight, which=which, each=most), [owner, kind, start, after]
    either = f"case when key = %s then {equal} else {weight} end"
    sql = KEYED.format(term=place, weight=either, which=f"{which} order by key", each=most)
    return sql, [start, owner, kind, start, after]
