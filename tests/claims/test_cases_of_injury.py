"""A claim for an injury at work, in a car or of liability goes to the case's insurer, and never to a health plan."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from daysheet.claims import commands, pages
from daysheet.claims.models import Claim
from daysheet.coverage import commands as coverage
from daysheet.coverage.commands import CaseFacts
from daysheet.coverage.injury import InjuryCase
from daysheet.coverage.models import Payer
from daysheet.formats import x12
from daysheet.formats.x12.check import check
from daysheet.kernel.jobs import holding
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit
from tests import cast, make
from tests.claims.office import Loop

pytestmark = pytest.mark.django_db
HURT_ON = date(2026, 3, 2)
"""A week before the cast's Monday."""


def enter(loop: Loop, kind: str = "work", **more: Any) -> InjuryCase:
    with make.acting(loop.office):
        insurer, _ = Payer.objects.get_or_create(
            payer_id="STATEFUND", defaults={"name": "State Fund", "partner": loop.partner}
        )
    said: dict[str, Any] = {"claim_number": "wc-123", "employer": "Bakery Inc"} | more
    facts = CaseFacts(kind=kind, payer_id=insurer.pk, happened_on=HURT_ON, body_part="left wrist", **said)
    return coverage.add_case(loop.by("rosa"), patient_id=loop.diaz.pk, facts=facts, today=cast.MONDAY)


def under(loop: Loop, case: InjuryCase | None, visit: Visit | None = None) -> Visit:
    visit = visit or loop.visit()
    with make.acting(loop.office):
        visit.refresh_from_db()
    return visits.put_visit_under(
        loop.by("rosa"), visit_id=visit.pk, version=visit.version, case_id=case.pk if case else None
    )


def send(loop: Loop, claim: Claim) -> Claim:
    with make.acting(loop.office), holding():
        commands.send_claims(loop.by(), claim_ids=[claim.pk])
        claim.refresh_from_db()
    return claim


def sent(loop: Loop, case: InjuryCase) -> bytes:
    claim = send(loop, commands.make_claim(loop.by(), visit_id=under(loop, case).pk))
    assert claim.state == "sent"
    return bytes(loop.outgoing()[-1].content)


def wire(content: bytes) -> Any:
    (document,) = x12.read(content)
    (claim,) = document.content.claims
    return claim


def test_an_injury_at_work_goes_to_its_insurer_with_the_employer_as_the_insured() -> None:
    loop = Loop()
    content = sent(loop, enter(loop))
    assert b"SBR*P********WC~" in content
    assert b"NM1*IL*2*BAKERY INC*****MI*WC-123~" in content
    assert b"NM1*PR*2*STATE FUND*****PI*STATEFUND~" in content
    assert b"PAT*20~" in content
    assert b"REF*Y4*WC-123~" in content
    assert b"DTP*439*D8*20260302~" in content
    claim = wire(content)
    assert claim.related_causes == ("EM",)
    assert claim.patient.reference("Y4") == "WC-123"
    assert b"XJ4001" not in content  # the member id of the health plan
    assert [one for one in check(content) if one.severity == "error"] == []


def test_a_car_accident_names_its_state_and_the_patient_is_the_insured() -> None:
    loop = Loop()
    content = sent(loop, enter(loop, "auto", state="oh", policy_number="POL9", employer=""))
    assert b"SBR*P*18*******AM~" in content
    assert b"*AA:::OH~" in content
    claim = wire(content)
    assert (claim.related_causes, claim.accident_state) == (("AA",), "OH")
    assert claim.patient is None
    assert claim.subscriber.party.id == "POL9"
    assert claim.subscriber.party.reference("Y4") == "WC-123"
    assert [one for one in check(content) if one.severity == "error"] == []


def test_somebody_elses_liability_insurance_has_that_one_as_the_insured() -> None:
    loop = Loop()
    content = sent(loop, enter(loop, "liability", holder="Mall Owners LLC", employer=""))
    assert b"SBR*P********LM~" in content
    assert b"NM1*IL*2*MALL OWNERS LLC*****MI*WC-123~" in content
    assert wire(content).related_causes == ("OA",)
    assert [one for one in check(content) if one.severity == "error"] == []


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("kind", "holder"), [("work", ""), ("auto", ""), ("auto", "Ann Roe"), ("liability", "Mall")]
)
def test_an_independent_reader_accepts_it(kind: str, holder: str, tmp_path: Any) -> None:
    document = pytest.importorskip("pyx12.x12n_document")
    params = pytest.importorskip("pyx12.params")
    loop = Loop()
    path = tmp_path / "sent.x12"
    path.write_bytes(sent(loop, enter(loop, kind, holder=holder, state="OH" if kind == "auto" else "")))
    assert document.x12n_document(params.params(), str(path), None, None)


def test_claim_and_visit_that_go_different_ways_are_stopped() -> None:
    loop = Loop()
    visit = loop.visit()
    claim = commands.make_claim(loop.by(), visit_id=visit.pk)
    under(loop, enter(loop), visit)
    assert send(loop, claim).state == "held"
    with make.acting(loop.office):
        (mend,) = pages.claim_page(claim, today=cast.MONDAY)["mends"]
    assert mend.finding.rule == "case-and-plan"
    assert "never mixed" in mend.finding.sentence
    assert mend.url == reverse("coverage:cases", args=[loop.diaz.pk])
    under(loop, None, visit)
    assert send(loop, claim).state == "sent"


def test_a_case_without_its_number_waits_until_the_insurer_has_told_it() -> None:
    loop = Loop()
    case = enter(loop, claim_number="")
    claim = commands.make_claim(loop.by(), visit_id=under(loop, case).pk)
    assert send(loop, claim).state == "held"
    with make.acting(loop.office):
        (mend,) = pages.claim_page(claim, today=cast.MONDAY)["mends"]
    assert mend.finding.rule == "case-number"
    facts = CaseFacts("work", case.payer_id, HURT_ON, "left wrist", employer="Bakery Inc", claim_number="77")
    coverage.change_case(
        loop.by("rosa"), case_id=case.pk, version=case.version, facts=facts, today=cast.MONDAY
    )
    assert send(loop, claim).state == "sent"


def test_no_claim_leaves_for_a_case_that_was_never_true() -> None:
    loop = Loop()
    case = enter(loop)
    claim = commands.make_claim(loop.by(), visit_id=under(loop, case).pk)
    coverage.mark_case_in_error(
        loop.by("rosa"), case_id=case.pk, version=case.version, reason="Another patient"
    )
    assert send(loop, claim).state == "held"
    with make.acting(loop.office):
        (mend,) = pages.claim_page(claim, today=cast.MONDAY)["mends"]
    assert mend.finding.rule == "case-stands"
