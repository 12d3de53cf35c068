"""A notice is acknowledged or the reason why not is kept; a consent can be taken back."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import NotPermitted, Refusal
from daysheet.kernel.models import AuditLine, Practice
from daysheet.privacy import commands, queries
from daysheet.privacy.models import Consent
from daysheet.privacy.rules import Signed, missing
from tests import cast, make
from tests.desk import signed_in

ALL = ["npp", "treatment", "assignment_of_benefits"]


def test_a_signature_is_kept_with_name_day_and_line(practice: Practice) -> None:
    diaz = make.patient()
    signed = commands.sign_notice(cast.rosa(practice.pk), patient_id=diaz.pk, signed_by="Maria Diaz")
    assert (signed.kind, signed.edition, signed.signed_on, signed.signed_by) == (
        "npp",
        "2026",
        cast.MONDAY,
        "Maria Diaz",
    )
    line = AuditLine.objects.get(action="privacy.notice.signed")
    assert (line.patient_ids, line.details) == ([diaz.pk], {"kind": "npp", "edition": "2026"})
    assert queries.missing_notices(diaz.pk, cast.MONDAY) == ["treatment", "assignment_of_benefits"]


def test_a_refusal_with_its_reason_settles_the_notice_too(practice: Practice) -> None:
    diaz = make.patient()
    assert queries.missing_notices(diaz.pk, cast.MONDAY) == ALL
    commands.note_refusal(
        cast.rosa(practice.pk), patient_id=diaz.pk, kind="npp", because="Patient declined to sign"
    )
    assert queries.missing_notices(diaz.pk, cast.MONDAY) == ["treatment", "assignment_of_benefits"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"signed_by": " "}, "signed_by"),
        ({"signed_by": "x" * 300}, "signed_by"),
        ({"signed_by": "Maria", "signed_on": date(2026, 3, 10)}, "signed_on"),
        ({"signed_by": "Maria", "signed_on": date(1950, 1, 1)}, "signed_on"),
        ({"signed_by": "Maria", "kind": "x"}, "kind"),
    ],
)
def test_an_unsound_signature_is_refused_and_leaves_no_trace(
    practice: Practice, facts: dict[str, Any], field: str
) -> None:
    diaz = make.patient()
    with pytest.raises(commands.UnsoundSignature) as refusal:
        commands.sign_notice(cast.rosa(practice.pk), patient_id=diaz.pk, **facts)
    assert list(refusal.value.fields) == [field]
    assert Consent.objects.count() == AuditLine.objects.count() == 0


def test_a_consent_taken_back_is_missing_again_and_stays_in_the_record(practice: Practice) -> None:
    diaz = make.patient()
    rosa = cast.rosa(practice.pk)
    consent = commands.sign_notice(rosa, patient_id=diaz.pk, kind="treatment", signed_by="Maria Diaz")
    commands.withdraw_consent(rosa, consent_id=consent.pk)
    assert "treatment" in queries.missing_notices(diaz.pk, cast.MONDAY)
    assert Consent.objects.get().withdrawn_at == cast.NOW
    with pytest.raises(Refusal):
        commands.withdraw_consent(rosa, consent_id=consent.pk)


@pytest.mark.parametrize("who", [cast.auditor, cast.omar, cast.carla], ids=lambda who: who.__name__)
def test_a_role_that_may_not_edit_signs_nothing(practice: Practice, who: Callable[[UUID], Actor]) -> None:
    diaz = make.patient()
    with pytest.raises(NotPermitted):
        commands.sign_notice(who(practice.pk), patient_id=diaz.pk, signed_by="Maria Diaz")
    assert Consent.objects.count() == 0


def test_many_patients_are_asked_in_one_statement(practice: Practice) -> None:
    several = [make.patient(given=f"Ann{n}").pk for n in range(5)]
    with CaptureQueriesContext(connection) as asked:
        assert queries.missing_of(several, cast.MONDAY) == dict.fromkeys(several, ALL)
    assert len(asked) == 1


def test_only_this_edition_counts() -> None:
    assert missing([Signed("npp", "2025", date(2025, 1, 2), "")], edition="2026") == ALL
    assert missing([Signed("npp", "2026", None, "declined")], edition="2026") == ALL[1:]


def sign(desk: Client, patient_id: UUID, **typed: str) -> Any:
    return desk.post(reverse("privacy:notice-sign", args=[patient_id]), typed)


def test_the_panel_lists_what_is_missing_and_what_is_signed(practice: Practice) -> None:
    desk = signed_in(make.member())
    diaz = make.registered()
    address = reverse("privacy:patient-panel", args=[diaz.pk])
    panel = desk.get(address, HTTP_HX_REQUEST="true").content.decode()
    assert panel.strip().startswith('<section id="privacy-panel"')
    assert panel.count("Not signed") == 3
    answer = sign(
        desk, diaz.pk, kind="npp", signed_by="<script>alert(1)</script> (mother)", signed_on="", because=""
    )
    assert answer.status_code == 303
    body = desk.get(answer["Location"]).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; (mother)" in body
    assert sign(desk, diaz.pk, kind="treatment", signed_by="", signed_on="", because="").status_code == 422
    assert (
        sign(desk, diaz.pk, kind="treatment", signed_by="x" * 250, signed_on="", because="").status_code
        == 409
    )
    answer = sign(
        desk, diaz.pk, kind="treatment", signed_by="", signed_on="", because="Patient declined to sign"
    )
    assert "Reason given" in desk.get(answer["Location"]).content.decode()


def test_a_consent_is_withdrawn_from_the_panel_once(practice: Practice) -> None:
    desk = signed_in(make.member())
    diaz = make.registered()
    consent = commands.sign_notice(
        cast.rosa(practice.pk), patient_id=diaz.pk, kind="texting", signed_by="Maria"
    )
    address = reverse("privacy:consent-withdraw", args=[consent.pk])
    assert desk.post(address).status_code == 303
    again = desk.post(address)
    assert (again.status_code, "That consent was withdrawn already." in again.content.decode()) == (409, True)
    assert desk.get(reverse("privacy:notice-sign", args=[diaz.pk])).status_code == 200
