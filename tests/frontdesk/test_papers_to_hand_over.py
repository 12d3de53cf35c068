"""What the patient takes along: the papers of the visit at check-out, printed and ticked as handed over."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from daysheet.documents import commands as documents
from daysheet.documents.models import Document
from daysheet.kernel.ids import new_id
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit, VisitStep
from tests import cast
from tests.house import House, desk


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


def walked_in(house: House, **more: Any) -> Visit:
    """Take Ms. Lee as a walk-in who is ready to go."""
    visit = visits.walk_in(
        house.rosa, patient_id=house.ann.pk, provider_id=house.lee.pk, location_id=house.door.pk, **more
    )
    Visit.objects.filter(pk=visit.pk).update(flow="ready_for_checkout")
    return visit


def post(rosa: Client, visit: Visit, tail: str, **typed: str) -> int:
    return rosa.post(f"/desk/visits/{visit.id}/{tail}", {"_once": str(new_id()), **typed}).status_code


def state(visit: Visit) -> str:
    return VisitStep.objects.get(visit=visit, kind="hand_over").state


def letter(house: House, title: str, **more: Any) -> Document:
    facts = {
        "kind": "letter",
        "media_type": "application/pdf",
        "content": b"%PDF-1.7",
        "patient_id": house.ann.pk,
    }
    return documents.keep_document(house.rosa, title=title, **facts | more)


def test_the_papers_of_the_visit_are_listed_and_handed_over_one_by_one(rosa: Client, house: House) -> None:
    visit = walked_in(house)
    first, last = letter(house, "Note for work"), letter(house, "Note for school")
    letter(house, "Receipt 1", kind="receipt")
    letter(house, "Of another", patient_id=house.diaz.pk)
    Document.objects.filter(pk=letter(house, "Old note").pk).update(made_at=cast.NOW - timedelta(days=9))
    at = f"/desk/visits/{visit.id}/check-out/"
    page = rosa.get(at).content.decode()
    listed = page[page.index('id="to-hand"') :].split("</ul>")[0]
    assert [one in listed for one in ("Note for work", "Note for school")] == [True, True]
    assert [one in listed for one in ("Receipt", "Of another", "Old note")] == [False] * 3
    assert listed.count(">Print<") + listed.count(" Print<") == 2
    assert post(rosa, visit, "check-out/papers/", act="hand", papers=str(first.pk)) == 303
    first.refresh_from_db()
    assert (first.handed_by.split()[0].lower(), state(visit)) == ("rosa", "open")
    assert post(rosa, visit, "check-out/papers/", act="hand", papers=str(last.pk)) == 303
    assert state(visit) == "done"
    assert post(rosa, visit, "check_out/steps/hand_over/", act="undo") == 303
    assert state(visit) == "open"
    assert not Document.objects.filter(handed_at__isnull=False).exists()


def test_all_are_handed_over_at_once_and_one_of_them_not_after_all(rosa: Client, house: House) -> None:
    visit = walked_in(house)
    both = [letter(house, "Note for work"), letter(house, "Referral", kind="referral")]
    papers = ",".join(str(one.pk) for one in both)
    assert papers in rosa.get(f"/desk/visits/{visit.id}/check-out/").content.decode()
    assert post(rosa, visit, "check-out/papers/", act="hand", papers=papers) == 303
    assert state(visit) == "done"
    assert post(rosa, visit, "check-out/papers/", act="back", papers=str(both[0].pk)) == 303
    assert state(visit) == "open"
    assert [one.title for one in Document.objects.filter(handed_at=None)] == ["Note for work"]


def test_a_paper_of_another_is_neither_printed_nor_handed_over_here(rosa: Client, house: House) -> None:
    visit = walked_in(house)
    strange = letter(house, "Of another", patient_id=house.diaz.pk)
    for act, wanted in (("hand", 409), ("back", 409), ("print", 404), ("burn", 404)):
        assert post(rosa, visit, "check-out/papers/", act=act, papers=str(strange.pk)) == wanted
    assert Document.objects.get(pk=strange.pk).handed_at is None
    own = letter(house, "Note")
    assert post(rosa, visit, "check-out/papers/", act="print", papers=str(own.pk)) == 303
