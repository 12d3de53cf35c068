"""Advance notices (ABN): only original Medicare, signed before the service, and what follows for the claim."""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from daysheet.charges import commands as charges
from daysheet.charges import queries as slips
from daysheet.charges.models import FeeItem, VisitDiagnosis
from daysheet.claims import queries as claims
from daysheet.coverage import commands, notices
from daysheet.coverage.commands import NoticeFacts
from daysheet.coverage.models import Payer
from daysheet.coverage.notice import AdvanceNotice
from daysheet.coverage.rules.notices import Notice, edition_is_over, missing, proposal_of, wrong, year_after
from daysheet.documents.models import Document
from daysheet.kernel import clock
from daysheet.kernel.errors import NotPermitted, Refusal, StaleForm
from daysheet.kernel.jobs import holding
from daysheet.ui.words import day as say_day
from daysheet.visits.models import Visit
from tests import cast, desk, make

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 9)


class House:
    """An office with a patient of original Medicare."""

    def __init__(self, practice: Any) -> None:
        make.office()
        self.practice = practice
        self.door = make.location()
        self.lee = make.provider(at=self.door)
        self.plan = make.plan("Medicare B", "MEDB", kind="medicare")
        Payer.objects.filter(pk=self.plan.payer_id).update(filing_code="MB")
        self.patient = make.patient()
        self.card = make.coverage(self.patient, self.plan, member_id="1EG4TE5MK73")
        self.now = clock.system_now()
        self.today = clock.local_day(self.now, practice.zone)
        self.by = cast.rosa(practice.pk, self.now)

    def facts(self, **more: Any) -> NoticeFacts:
        said: dict[str, Any] = {
            "service": "Vitamin D test",
            "why": "not_necessary",
            "reason": "Medicare pays for this test once a year.",
            "cost": Decimal("58.00"),
            "service_on": self.today,
            "code": "X0020",
        } | more
        return NoticeFacts(**said)

    def write(self, **more: Any) -> AdvanceNotice:
        replaces = more.pop("replaces_id", None)
        return commands.write_notice(
            self.by,
            patient_id=self.patient.pk,
            facts=self.facts(**more),
            today=self.today,
            replaces_id=replaces,
        )

    def sign(self, held: AdvanceNotice, option: str = "1", **more: Any) -> AdvanceNotice:
        said: dict[str, Any] = {"version": 1, "signed_on": self.today, "signed_by": "Maria Diaz"} | more
        return commands.sign_notice(
            self.by, notice_id=held.pk, option=option, today=more.pop("today", self.today), **said
        )

    def visit(self) -> Visit:
        FeeItem.objects.get_or_create(
            code="X0020", starts_on=date(2025, 1, 1), defaults={"label": "Test", "amount": Decimal(58)}
        )
        visit = Visit.objects.create(
            number=Visit.objects.count() + 1,
            patient=self.patient,
            provider=self.lee,
            location=self.door,
            coverage=self.card,
            service_on=self.today,
            flow_since=self.now,
            arrived_at=self.now,
        )
        VisitDiagnosis.objects.create(visit=visit, rank=1, code="E55.9", label="")
        charges.put_charge(cast.ana(self.practice.pk, self.now), visit_id=visit.pk, code="X0020")
        return visit


@pytest.fixture
def house() -> Iterator[House]:
    practice = make.practice()
    with make.acting(practice), holding():
        yield House(practice)


@pytest.mark.parametrize(
    ("why", "option", "modifiers", "is_billed"),
    [
        ("not_necessary", "1", ("GA",), True),
        ("not_necessary", "2", (), False),
        ("not_necessary", "3", (), False),
        ("not_necessary", "", ("GZ",), True),
        ("never_paid", "1", ("GX", "GY"), True),
        ("never_paid", "2", (), False),
        ("never_paid", "", ("GY",), True),
    ],
    ids=["GA", "not billed", "not wanted", "GZ", "GX and GY", "courtesy, not billed", "GY"],
)
def test_which_modifiers_follow(why: str, option: str, modifiers: tuple[str, ...], is_billed: bool) -> None:
    found = proposal_of(Notice("X0020", why, DAY, year_after(DAY), option, DAY if option else None))
    assert (found.modifiers, found.is_billed) == (modifiers, is_billed)


def test_what_a_line_lacks_and_carries_wrongly() -> None:
    found = proposal_of(Notice("X0020", "not_necessary", DAY, year_after(DAY), "1", DAY))
    assert missing(found, ("25",)) == ["GA"]
    assert wrong(found, ("25", "GZ")) == ["GZ"]
    assert year_after(date(2028, 2, 29)) == date(2029, 3, 1)


def test_another_plan_than_original_medicare_takes_none(house: House) -> None:
    Payer.objects.filter(pk=house.plan.payer_id).update(filing_code="16")  # Medicare Advantage
    with pytest.raises(commands.NoticeIsWrong, match="Only original Medicare"):
        house.write()
    assert not AdvanceNotice.objects.exists()


def test_a_signature_after_the_service_is_refused(house: House) -> None:
    held = house.write()
    tomorrow = house.today + timedelta(days=1)
    with pytest.raises(commands.NoticeIsWrong, match="after the service"):
        commands.sign_notice(
            house.by,
            notice_id=held.pk,
            version=1,
            option="1",
            signed_on=tomorrow,
            signed_by="M",
            today=tomorrow,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        AdvanceNotice.objects.update(option="1", signed_by="M", signed_on=tomorrow)


def test_a_service_that_has_gone_by_takes_no_notice(house: House) -> None:
    with pytest.raises(commands.NoticeIsWrong, match="before the service"):
        house.write(service_on=house.today - timedelta(days=1))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"service": " "}, "service"),
        ({"reason": ""}, "reason"),
        ({"why": "because"}, "why"),
        ({"cost": Decimal("-1")}, "cost"),
    ],
    ids=["no service", "no reason", "no kind", "below zero"],
)
def test_the_patient_must_be_able_to_read_it(house: House, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(commands.NoticeIsWrong) as no:
        house.write(**wrong)
    assert field in no.value.fields


def test_a_signed_one_stays_and_another_takes_its_place(house: House) -> None:
    held = house.sign(house.write(), "2")
    assert held.expires_on == year_after(house.today)
    with pytest.raises(commands.NoticeIsSigned):
        commands.change_notice(house.by, notice_id=held.pk, version=2, facts=house.facts(), today=house.today)
    new = house.write(replaces_id=held.pk)
    assert [one.pk for one in notices.notices(house.patient.pk)] == [new.pk]
    with pytest.raises(commands.NoticeIsWrong, match="taken its place"):
        house.write(replaces_id=held.pk)
    commands.mark_notice_in_error(house.by, notice_id=new.pk, version=1, reason="Mistake")
    assert [one.pk for one in notices.notices(house.patient.pk)] == [held.pk]


def test_two_windows_do_not_both_change_it(house: House) -> None:
    held = house.write()
    commands.change_notice(
        house.by, notice_id=held.pk, version=1, facts=house.facts(service="Blood test"), today=house.today
    )
    with pytest.raises(StaleForm):
        house.sign(held)


def test_who_may_not_edit_coverage_writes_none(house: House) -> None:
    with pytest.raises(NotPermitted):
        commands.write_notice(
            cast.auditor(house.practice.pk, house.now),
            patient_id=house.patient.pk,
            facts=house.facts(),
            today=house.today,
        )
    assert not AdvanceNotice.objects.exists()


def test_the_slip_proposes_the_modifier_and_one_press_puts_it_on(house: House) -> None:
    house.sign(house.write())
    visit = house.visit()
    slip = slips.slip(visit.pk)
    assert slip is not None
    (noticed,) = slip.noticed
    assert noticed.to_add == ["GA"]
    by = cast.ana(house.practice.pk, house.now)
    charge = charges.take_proposal(by, charge_id=noticed.charge.pk, version=1)
    assert charge.modifiers == ["GA"]
    with pytest.raises(charges.NothingIsProposed):
        charges.take_proposal(by, charge_id=charge.pk, version=2)
    charges.post_charges(by, visit_id=visit.pk)
    assert claims.charges_to_bill(visit.pk).count() == 1


def test_option_2_bills_the_patient_and_never_medicare(house: House) -> None:
    house.sign(house.write(), "2")
    visit = house.visit()
    charges.post_charges(cast.ana(house.practice.pk, house.now), visit_id=visit.pk)
    assert claims.charges_to_bill(visit.pk).count() == 0
    assert claims.visits_to_bill() == []
    slip = slips.slip(visit.pk)
    assert slip is not None
    assert slip.lines[0].due.patient == 58


def test_option_3_is_not_posted_at_all(house: House) -> None:
    house.sign(house.write(), "3")
    visit = house.visit()
    with pytest.raises(Refusal, match="did not want"):
        charges.post_charges(cast.ana(house.practice.pk, house.now), visit_id=visit.pk)


def test_a_notice_means_nothing_for_a_visit_that_another_plan_pays(house: House) -> None:
    house.sign(house.write(), "2")
    visit = house.visit()
    other = make.coverage(house.patient, make.plan(), rank=2)
    Visit.objects.filter(pk=visit.pk).update(coverage=other)
    charges.post_charges(cast.ana(house.practice.pk, house.now), visit_id=visit.pk)
    assert claims.charges_to_bill(visit.pk).count() == 1


def test_the_paper_holds_what_the_patient_reads_and_no_medicare_number(house: House) -> None:
    paper = commands.print_notice(house.by, notice_id=house.sign(house.write()).pk)
    text = " ".join(
        page.extract_text()
        for page in PdfReader(io.BytesIO(bytes(Document.objects.get(pk=paper.pk).content))).pages
    )
    for said in (
        "Advance Beneficiary Notice",
        "Vitamin D test",
        "$58.00",
        "Maria Diaz",
        "CMS-R-131",
        "01/31/2026)",
        "OPTION 3.",
    ):
        assert said in text
    assert "1EG4TE5MK73" not in text
    assert len(PdfReader(io.BytesIO(bytes(Document.objects.get(pk=paper.pk).content))).pages) == 1


class TestOnScreen:
    """The panel and the forms, as Rosa sees them."""

    @pytest.fixture
    def client(self, house: House) -> Any:
        return desk.signed_in(make.member("receptionist", at=house.door))

    def post(self, client: Any, address: str, facts: dict[str, str]) -> Any:
        hidden = desk.hidden_fields(client.get(address).text, form=f'action="{address}"')
        return client.post(address, hidden | facts)

    def test_a_notice_is_written_signed_printed_and_replaced(self, house: House, client: Any) -> None:
        typed = {
            "service": "Vitamin D test", "code": "x0020", "why": "not_necessary", "reason": "Once a year.", "cost": "58",
            "service_on": house.today.isoformat(),
        }  # fmt: skip
        address = reverse("coverage:notice-add", args=[house.patient.pk])
        assert self.post(client, address, typed | {"cost": ""}).status_code == 422
        assert self.post(client, address, typed).status_code == 303
        held = AdvanceNotice.objects.get()
        sign = reverse("coverage:notice-sign", args=[held.pk])
        said = {"option": "1", "signed_by": "Maria Diaz", "signed_on": house.today.isoformat()}
        assert self.post(client, sign, said).status_code == 303
        panel = reverse("coverage:notices", args=[house.patient.pk])
        page = client.get(panel, headers={"HX-Request": "true"}).text
        assert "option 1" in page
        assert "On the claim: GA." in page
        held.refresh_from_db()
        last = held.expires_on - timedelta(days=1)
        assert f"it speaks until {say_day(last)}." in page
        paper = reverse("coverage:notice-print", args=[held.pk])
        answer = client.post(paper, desk.hidden_fields(page, form=f'action="{paper}"'))
        assert answer.status_code == 303
        again = reverse("coverage:notice-replace", args=[held.pk])
        assert self.post(client, again, typed).status_code == 303
        assert "In the place of an earlier one." in client.get(panel).text

    def test_after_the_last_day_of_the_form_the_newest_is_asked_for(
        self, house: House, client: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        panel = reverse("coverage:notices", args=[house.patient.pk])
        days = (date(2026, 5, 12), date(2026, 5, 13))
        assert [edition_is_over(day) for day in days] == [False, True]
        asked = "the newest form from cms.gov"
        for over in (False, True):
            monkeypatch.setattr(
                "daysheet.coverage.views.notices.edition_is_over", lambda _day, over=over: over
            )
            assert (asked in client.get(panel).text) is over

    def test_the_panel_takes_as_many_statements_for_ten_as_for_one(self, house: House, client: Any) -> None:
        address = reverse("coverage:notices", args=[house.patient.pk])

        def statements() -> int:
            with CaptureQueriesContext(connection) as counted:
                assert client.get(address, headers={"HX-Request": "true"}).status_code == 200
            return len(counted)

        house.write()
        statements()
        one = statements()
        for n in range(9):
            house.write(code=f"X002{n}")
        assert statements() == one
