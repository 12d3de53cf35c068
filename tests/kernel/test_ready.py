"""A reading made ready answers as its queryset does, for whoever acts and whatever is told."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.models import Practice
from daysheet.kernel.ready import Ready, Told
from daysheet.kernel.tenancy import acting_in
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.practice.models import Provider
from tests import make

by_family: Ready[Patient] = Ready(lambda: Patient.objects.filter(family=Told("family")).order_by("id"))


def test_it_gives_what_the_queryset_gives_for_each_value(practice: Practice) -> None:
    ann, ben, cid = (make.patient(family=name) for name in ("Ash", "Birch", "Cedar"))
    some: Ready[tuple[str]] = Ready(
        lambda: Patient.objects.filter(pk__one_of=Told("ids")).order_by("family").values_list("family")
    )
    flat: Ready[str] = Ready(
        lambda: (
            Patient.objects.filter(registered_at__lt=Told("before"))
            .order_by("-family")
            .values_list("family", flat=True)
        )
    )
    assert (by_family(family="Ash"), by_family(family="Birch")) == ([ann], [ben])
    assert by_family(family="O'Hara'; drop table patient; --%s") == []
    assert some(ids=[ann.pk, cid.pk]) == [("Ash",), ("Cedar",)]
    assert (some(ids=[]), some(ids=[ben.pk])) == ([], [("Birch",)])
    later = datetime(2999, 1, 1, tzinfo=UTC)
    assert flat(before=later) == ["Cedar", "Birch", "Ash"]
    assert (by_family.first(family="Cedar"), by_family.first(family="Nobody")) == (cid, None)


def test_related_rows_come_along_in_the_same_statement(practice: Practice) -> None:
    door, who = make.location(), make.provider()
    Provider.objects.filter(pk=who.pk).update(location=door)
    of_door: Ready[Provider] = Ready(
        lambda: Provider.objects.select_related("location").filter(location_id=Told("door"))
    )
    of_door(door=door.pk)
    with CaptureQueriesContext(connection) as asked:
        (found,) = of_door(door=door.pk)
        assert (found, found.location) == (who, door)
    assert len(asked) == 1


def test_rows_laid_beside_a_row_are_those_that_prefetching_finds(practice: Practice) -> None:
    ash, birch = make.registered("Ash", phones=["+15552010199", "+15552010198"]), make.registered("Birch")
    found = patients.patient(ash.pk)
    with CaptureQueriesContext(connection) as asked:
        numbers = {one.number for one in found.phones.all()}
        assert {one.patient for one in found.phones.all()} == {ash}
        assert (list(found.contacts.all()), list(found.identifiers.all())) == ([], [])
    assert (numbers, len(asked)) == ({"+15552010199", "+15552010198"}, 0)
    assert {
        one.number for one in Patient.objects.prefetch_related("phones").get(pk=ash.pk).phones.all()
    } == numbers
    with pytest.raises(Patient.DoesNotExist):
        patients.patient(practice.pk)
    assert patients.patient(birch.pk).pk == birch.pk


def test_it_asks_in_whichever_practice_acts_and_in_none_without_one(practice: Practice) -> None:
    mine = make.patient(family="Ash")
    assert by_family(family="Ash") == [mine]
    other = make.practice("Southside")
    with acting_in(other.id):
        theirs = make.patient(family="Ash")
        assert by_family(family="Ash") == [theirs]
    with acting_in(None):
        assert by_family(family="Ash") == []
    assert by_family(family="Ash") == [mine]


def test_a_value_that_was_not_told_is_an_error_and_no_wider_answer(practice: Practice) -> None:
    with pytest.raises(KeyError):
        by_family(name="Ash")
