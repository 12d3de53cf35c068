"""Coverage on screen: the panel of a patient, the card's form, what the plan said, the payers."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.coverage import commands, queries
from daysheet.coverage.models import Coverage, EligibilityInquiry, Payer
from daysheet.documents import commands as documents
from daysheet.formats import x12
from daysheet.kernel import clock
from daysheet.kernel.models import AuditLine
from daysheet.patients import queries as patients
from daysheet.tasks.models import WorkqueueItem
from tests import cast, desk, make
from tests.coverage.answering import ACTIVE, COPAY, LEFT, ODD, reply, take_in
from tests.pictures import PNG

pytestmark = pytest.mark.django_db


def carded(**more: Any) -> Coverage:
    return make.coverage(make.patient(), make.plan(by_partner=make.partner()), **more)


def rosa() -> Any:
    return desk.signed_in(make.member())


def answered(office: Any, card: Coverage, *benefits: x12.Benefit, **more: Any) -> EligibilityInquiry:
    now = clock.system_now()
    today = clock.local_day(now, office.zone)
    asked = commands.ask_eligibility(cast.rosa(office.pk, now), coverage_id=card.pk, service_on=today)
    take_in(office.pk, reply(asked, *benefits, **more), now)
    return asked


def panel(browser: Any, card: Coverage) -> str:
    at = reverse("coverage:patient-panel", args=[card.patient_id])
    return browser.get(at, headers={"HX-Request": "true"}).content.decode()


def card_fields(browser: Any, at: str) -> dict[str, str]:
    return desk.hidden_fields(browser.get(at).content.decode(), form='id="coverage-form"')


def test_the_panel_shows_copay_and_deductible_left_on_top(office: Any) -> None:
    card = carded()
    answered(office, card, ACTIVE, COPAY, LEFT)
    body = panel(rosa(), card)
    assert body.index("$20.00") < body.index("$1,280.00") < body.index("XJ4001")
    assert "Covered: Blue PPO" in body
    assert body.lstrip().startswith("<section")


def test_the_panel_of_an_unasked_card_offers_one_button(office: Any) -> None:
    card = carded()
    body = panel(rosa(), card)
    assert body.count("Ask now") == 1
    assert "enrollment to be verified" in body


def test_asking_by_button_puts_the_question_into_the_outbox(office: Any) -> None:
    card, browser = carded(), rosa()
    at = reverse("coverage:eligibility-ask", args=[card.pk])
    fields = desk.hidden_fields(panel(browser, card), form=f'action="{at}"')
    answer = browser.post(at, fields, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "waiting for the answer" in answer.content.decode()
    assert EligibilityInquiry.objects.get().envelope is not None
    plain = browser.post(at, fields | {"_once": "x"})
    assert (plain.status_code, plain["Location"].startswith("/coverage/answers/")) == (303, True)
    assert EligibilityInquiry.objects.count() == 1


def test_a_refusal_to_ask_keeps_the_card_in_sight(office: Any) -> None:
    card, browser = make.coverage(make.patient(), make.plan()), rosa()
    at = reverse("coverage:eligibility-ask", args=[card.pk])
    form = browser.get(reverse("coverage:coverage-edit", args=[card.pk])).content.decode()
    fields = desk.hidden_fields(form, form='id="coverage-form"')
    answer = browser.post(at, fields, headers={"HX-Request": "true"})
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "not connected to this office" in body
    assert "XJ4001" in body


def test_the_answer_page_tells_where_each_number_stands_and_shows_every_line(office: Any) -> None:
    card = carded()
    out = x12.Benefit("A", service_types=("98",), percent=Decimal("0.4"), network="N")
    other = x12.Benefit("R", service_types=("30",), others=(x12.Party("SUNRISE", entity="PRP"),))
    asked = answered(office, card, ACTIVE, COPAY, LEFT, ODD, out, other)
    body = rosa().get(reverse("coverage:eligibility-answer", args=[asked.pk])).content.decode()
    for words in (
        "service type 98 (office visit), in network, line 2 of the answer",
        "<summary>$20.00 copay ",
        "<summary>40% share ",
        "Code QQ (not known here)",
        "The plan names another payer",
        "EB*QQ",
    ):
        assert words in body
    assert AuditLine.objects.get(action="coverage.answer.viewed").patient_ids == [card.patient_id]


@pytest.mark.parametrize("state", ["waiting", "silent", "not found"])
def test_the_answer_page_never_hides_the_card(office: Any, state: str) -> None:
    card = carded()
    if state == "not found":
        asked = answered(office, card, rejections=(x12.Rejection("subscriber", "75", "C"),))
    else:
        now = clock.system_now()
        asked = commands.ask_eligibility(
            cast.rosa(office.pk, now), coverage_id=card.pk, service_on=now.date()
        )
        if state == "silent":
            commands.give_up_waiting(cast.system(office.pk, now + timedelta(days=1)), inquiry_id=asked.pk)
    body = rosa().get(reverse("coverage:eligibility-answer", args=[asked.pk])).content.decode()
    said = {
        "waiting": "Waiting for the answer.",
        "silent": "Blue PPO did not answer.",
        "not found": "The plan knows no member with this number. (AAA 75)",
    }
    assert said[state] in body
    assert "XJ4001" in body
    assert "Who said it" not in body  # nobody did: the plan's machine answers


def test_the_raw_answer_is_handed_out_as_it_came(office: Any) -> None:
    asked = answered(office, carded(), ACTIVE)
    raw = rosa().get(reverse("coverage:eligibility-raw", args=[asked.pk]))
    assert raw.content.startswith(b"ISA*")
    assert AuditLine.objects.filter(action="coverage.answer.downloaded").count() == 1


def test_a_card_is_entered_by_form_and_a_second_primary_is_refused_kindly(office: Any) -> None:
    maria, plan, browser = make.patient(), make.plan(), rosa()
    at = reverse("coverage:coverage-add", args=[maria.pk])
    told = {
        "plan": str(plan.pk),
        "member_id": "xj1",
        "rank": "1",
        "starts_on": "1/1/2026",
        "relationship": "self",
    }
    assert browser.post(at, card_fields(browser, at) | told).status_code == 303
    harbor = make.plan("Harbor HMO", "HARBOR")
    again = browser.post(at, card_fields(browser, at) | told | {"plan": str(harbor.pk), "member_id": "H77"})
    body = again.content.decode()
    assert again.status_code == 409
    assert "Blue PPO is primary from Jan 1, 2026" in body
    assert "H77" in body
    assert Coverage.objects.count() == 1


def test_an_empty_form_says_what_is_missing(office: Any) -> None:
    maria, browser = make.patient(), rosa()
    at = reverse("coverage:coverage-add", args=[maria.pk])
    assert browser.post(at, card_fields(browser, at) | {"member_id": "X"}).status_code == 422


def test_another_windows_change_is_not_overwritten(office: Any) -> None:
    card, browser = carded(), rosa()
    at = reverse("coverage:coverage-edit", args=[card.pk])
    fields = card_fields(browser, at)
    Coverage.objects.filter(pk=card.pk).update(version=2, member_id="THEIRS")
    told = {
        "plan": str(card.plan_id),
        "member_id": "MINE",
        "rank": "1",
        "starts_on": "1/1/2026",
        "relationship": "self",
    }
    answer = browser.post(at, fields | told)
    assert answer.status_code == 409
    assert "Somebody else has changed this coverage meanwhile" in answer.content.decode()
    assert Coverage.objects.get().member_id == "THEIRS"


def test_a_coverage_ends_with_its_last_day(office: Any) -> None:
    card, browser = carded(), rosa()
    at = reverse("coverage:coverage-end", args=[card.pk])
    assert browser.post(at, card_fields(browser, at) | {"last_day": "2/28/2026"}).status_code == 303
    assert str(Coverage.objects.get().ends_on) == "2026-03-01"


def test_the_banner_says_how_the_patient_is_covered(office: Any) -> None:
    card = carded()
    answered(office, card, ACTIVE, COPAY)
    now = clock.system_now()
    who = patients.banner(cast.rosa(office.pk, now), card.patient_id, today=clock.local_day(now, office.zone))
    ((state, words),) = who["coverage"]
    assert state == "eligible"
    assert words.startswith("Covered: Blue PPO, asked ")


def test_a_manager_enters_a_payer_and_its_plan(office: Any) -> None:
    browser, at = desk.signed_in(make.member("office_manager", "ana")), reverse("coverage:payer-add")
    fields = desk.hidden_fields(browser.get(at).content.decode(), form='id="payer-form"')
    told = {
        "name": "Harbor HMO",
        "payer_id": "HARBOR",
        "filing_code": "HM",
        "filing_limit_days": "120",
        "appeal_limit_days": "60",
        "phone": "(413) 555-0199",
    }
    made = browser.post(at, fields | told)
    assert made.status_code == 303
    payer = Payer.objects.get()
    plan_at = reverse("coverage:plan-add", args=[payer.pk])
    fields = desk.hidden_fields(browser.get(plan_at).content.decode(), form='id="plan-form"')
    plan = {"plan_name": "Harbor Basic", "kind": "hmo", "office_copay": "15"}
    assert browser.post(plan_at, fields | plan).status_code == 303
    assert "Harbor Basic</td>" in browser.get(reverse("coverage:payers")).content.decode()
    assert browser.get(reverse("coverage:payer", args=[payer.pk])).status_code == 200
    assert payer.plans.get().office_copay == Decimal("15.00")


def test_the_scanned_card_stands_beside_the_coverage_and_its_form(office: Any) -> None:
    card = carded()
    scan = documents.file_document(
        cast.rosa(office.pk), patient_id=card.patient_id, kind="card_front", title="Card, front", content=PNG
    )
    at = reverse("documents:document-view", args=[scan.pk])
    browser = rosa()
    assert at in panel(browser, card)
    assert at in browser.get(reverse("coverage:coverage-edit", args=[card.pk])).content.decode()
    biller = desk.signed_in(make.member("billing_clerk", "bo"))
    assert at not in panel(biller, card)


def test_a_manager_mends_a_payers_id_and_kind_and_puts_it_out_of_use(office: Any) -> None:
    plan = make.plan("Blue PPO", "BLUE")
    make.plan("Harbor", "HARBOR")
    for name, transport in (
        ("Text messages", "telephone"),
        ("Mail server", "smtp"),
        ("Clearwater", "folder"),
    ):
        make.partner(name, transport)
    browser = desk.signed_in(make.member("office_manager", "ana"))
    at = reverse("coverage:payer", args=[plan.payer_id])
    shown = browser.get(at).content.decode()
    assert 'value="BLUE"' in shown
    assert "carry the new id" in shown
    assert ("Clearwater" in shown, "Text messages" in shown, "Mail server" in shown) == (True, False, False)
    told = desk.hidden_fields(shown, form='id="payer-form"') | {
        "name": "Blue", "payer_id": "HARBOR", "filing_code": "BL", "filing_limit_days": "90",
        "appeal_limit_days": "180", "enrolment_rule": "none", "is_active": "on",
    }  # fmt: skip
    taken = browser.post(at, told)
    assert (taken.status_code, "This id is taken" in taken.content.decode()) == (409, True)
    assert browser.post(at, told | {"payer_id": "BLUE2", "_once": "a"}).status_code == 303
    payer = Payer.objects.get(pk=plan.payer_id)
    assert (payer.payer_id, payer.filing_code, payer.is_active) == ("BLUE2", "BL", True)
    del told["is_active"]
    assert browser.post(at, told | {"payer_id": "BLUE2", "_once": "b"}).status_code == 303
    assert plan not in queries.plans()


def test_the_desk_does_not_manage_payers_and_an_auditor_changes_no_card(office: Any) -> None:
    card = carded()
    assert rosa().get(reverse("coverage:payers")).status_code == 403
    auditor = desk.signed_in(make.member("auditor", "ines"))
    assert auditor.get(reverse("coverage:coverage-edit", args=[card.pk])).status_code == 403
    assert "Ask now" not in panel(auditor, card)


def test_another_practices_card_is_not_found(office: Any) -> None:
    card = carded()
    asked = answered(office, card, ACTIVE)
    with make.acting(make.practice("Southside")):
        browser = desk.signed_in(make.member("office_manager", "eve"))
        for name, key in (
            ("patient-panel", card.patient_id),
            ("coverage-add", card.patient_id),
            ("coverage-edit", card.pk),
            ("coverage-end", card.pk),
            ("eligibility-answer", asked.pk),
            ("eligibility-raw", asked.pk),
            ("payer", card.plan.payer_id),
        ):
            assert browser.get(reverse(f"coverage:{name}", args=[key])).status_code == 404


def test_the_panel_takes_the_same_statements_for_one_and_for_five_cards(office: Any) -> None:
    card, browser = carded(), rosa()
    answered(office, card, ACTIVE, COPAY)
    panel(browser, card)
    counts = []
    for more in (0, 4):
        for number in range(more):
            other = make.plan(f"Old plan {number}", f"OLD{number}", by_partner=card.plan.payer.partner)
            make.coverage(
                card.patient,
                other,
                rank=2 + number % 2,
                starts_on=f"20{10 + number}-01-01",
                ends_on=f"20{10 + number}-06-01",
            )
        with CaptureQueriesContext(connection) as seen:
            panel(browser, card)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_complaint_13_after_a_failure_the_panel_still_shows_card_and_next_act(office: Any) -> None:
    card = carded()
    answered(office, card, rejections=(x12.Rejection("subscriber", "75", "C"),))
    body = panel(rosa(), card)
    for words in ("Blue PPO", "XJ4001", "The plan knows no member with this number. (AAA 75)", "Compare"):
        assert words in body
    item = WorkqueueItem.objects.get()
    assert (item.reason_code, item.role) == ("AAA-75", "receptionist")


def test_complaint_17_the_form_holds_nothing_of_another_patients_card(office: Any) -> None:
    card, browser = carded(member_id="XJ4SECRET"), rosa()
    assert "XJ4SECRET" in browser.get(reverse("coverage:coverage-edit", args=[card.pk])).content.decode()
    ann = make.coverage(make.patient("Lee", "Ann"), card.plan, member_id="ANN1", rank=2)
    pages = {
        "own": browser.get(reverse("coverage:coverage-edit", args=[ann.pk])).content.decode(),
        "new": browser.get(reverse("coverage:coverage-add", args=[ann.patient_id])).content.decode(),
        "panel": panel(browser, ann),
    }
    assert [name for name, body in pages.items() if "XJ4SECRET" in body] == []
    assert 'value="ANN1"' in pages["own"]
    assert 'value="ANN1"' not in pages["new"]


def test_complaint_wrong_chart_a_card_for_one_patient_is_not_saved_for_another(office: Any) -> None:
    maria, ann, plan = make.patient(), make.patient("Lee", "Ann"), make.plan(by_partner=make.partner())
    browser = rosa()
    hers, other = (reverse("coverage:coverage-add", args=[one.pk]) for one in (maria, ann))
    said = {"plan": str(plan.pk), "member_id": "XYZ123", "relationship": "self", "rank": "1"}
    answer = browser.post(other, said | card_fields(browser, hers))
    assert answer.status_code == 409
    assert "opened for another patient" in answer.content.decode()
    assert not Coverage.objects.exists()
