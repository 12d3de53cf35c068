"""The statements by which search reaches its index: `=` and ranges on plain columns, nothing else.

Row-level security lets only leakproof operators reach an index (FOUNDATION 2B), so whatever is clever
about a name happened when its keys were written.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from daysheet.kernel.tenancy import acting_practice_id
from daysheet.patients.asking import SMALLEST_PART, Kind, Term
from daysheet.patients.names import full_names, one_letter_off, sound

SEVERAL = 20_000
"""Rows of a branch when several parts must meet in one patient; a single part needs no more than ALONE."""
ALONE = 3000
ENOUGH = 5
MOST = 60
AFTER = "\U0010ffff"
KEYED = """(select {term}::int as term, {weight}::int as weight, patient_id from patient_key
where practice_id = %s and kind = %s and {which} limit {each})"""
BORN = """(select {term}::int as term, {weight}::int as weight, id as patient_id from patient
where practice_id = %s and born_on = any(%s) limit {each})"""
CHART = """(select {term}::int as term, {weight}::int as weight, id as patient_id from patient
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
RANKED = """select patient_id from (
  select term, patient_id, max(weight) as weight from ({branches}) as hit group by term, patient_id) as best
group by patient_id having count(*) >= {least}
order by count(*) desc, sum(weight) desc, patient_id limit {most}"""
Branch = tuple[str, list[Any]]


def candidates(asked: Sequence[Term]) -> list[UUID]:
    """Return the patients who answer the question as it stands; near ones too when those are few."""
    each = SEVERAL if len(asked) > 1 else ALONE
    strict = [branch for place, term in enumerate(asked) for branch in _strict(place, term, each)]
    found = _ranked(strict, least=len(asked))
    if len(found) < ENOUGH:
        fuzzy = [branch for place, term in enumerate(asked) for branch in _fuzzy(place, term)]
        more = _ranked(strict + fuzzy, least=1)
        found += [one for one in more if one not in set(found)]
    return found[:MOST]


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


def statement(branches: Sequence[Branch], *, least: int) -> tuple[str, list[Any]]:
    """Return the one statement over all branches, and its values."""
    sql = RANKED.format(branches=" union all ".join(sql for sql, _ in branches), least=int(least), most=MOST)
    return sql, [value for _, values in branches for value in values]


def branches(asked: Sequence[Term]) -> list[Branch]:
    """Return every way in which the parts of a question are looked up."""
    return [
        branch
        for place, term in enumerate(asked)
        for branch in (*_strict(place, term, ALONE), *_fuzzy(place, term))
    ]


def _ranked(chosen: Sequence[Branch], *, least: int) -> list[UUID]:
    if not chosen:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*statement(chosen, least=least))
        return [row[0] for row in cursor.fetchall()]


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
    yield _equal(place, 10, "name", [term.text], each)
    yield _equal(place, 8, "nick", sorted(full_names(term.text)), each)
    yield _begins(place, 6, "name", term.text, each)


def _fuzzy(place: int, term: Term) -> Iterable[Branch]:
    if term.kind is not Kind.WORD:
        return
    cuts = list(one_letter_off(term.text))
    if cuts:
        yield _equal(place, 5, "name", cuts)
        yield _equal(place, 5, "near", [term.text, *cuts])
    if len(term.text) > 2 and sound(term.text):
        yield _equal(place, 4, "sound", [sound(term.text)])


def _equal(place: int, weight: int, kind: str, keys: list[str], most: int = ALONE) -> Branch:
    sql = KEYED.format(term=place, weight=weight, which="key = any(%s)", each=most)
    return sql, [acting_practice_id(), kind, keys]


def _begins(place: int, weight: int, kind: str, start: str, most: int) -> Branch:
    sql = KEYED.format(term=place, weight=weight, which="key >= %s and key < %s", each=most)
    return sql, [acting_practice_id(), kind, start, start + AFTER]
