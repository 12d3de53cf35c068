"""The mailroom on screen: found by number, read in words, taken in by hand, sent again by those who may."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.kernel.jobs import holding
from daysheet.kernel.models import AuditLine
from daysheet.mailroom import commands
from daysheet.mailroom.models import Envelope
from tests import cast, desk, make
from tests.formats.x12.clean import wire
from tests.formats.x12.faults import FAULTS
from tests.mailroom.texts import ANSWER, CLAIMS, interchange

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings: Any, tmp_path: Path) -> Iterator[Any]:
    settings.MAIL_FOLDERS = tmp_path
    practice = make.practice()
    with make.acting(practice), holding():
        yield practice


def posted(office: Any, **more: Any) -> Envelope:
    partner = commands.partners.TradingPartner.objects.first() or make.partner()
    facts: dict[str, Any] = {"kind": "837P", "content": CLAIMS} | more
    return commands.post_envelope(cast.ben(office.pk), partner_id=partner.pk, **facts)


def ben() -> Any:
    return desk.signed_in(make.member("biller", "ben"))


def test_the_list_is_found_by_our_number_and_by_the_control_number(office: Any) -> None:
    first = posted(office)
    second = posted(office, content=interchange("GS*HC*A*B*1*1*99*X*1", control=99))
    browser, at = ben(), reverse("mailroom:envelopes")
    by_control = browser.get(at, {"number": "99"}).content.decode()
    assert str(second.pk) in by_control
    assert str(first.pk) not in by_control
    assert str(first.pk) in browser.get(at, {"number": str(first.number)}).content.decode()
    assert browser.get(at, {"number": "²"}).status_code == 200  # a digit to some, a number to nobody
    assert (
        "Nothing matches these filters."
        in browser.get(at, {"kind": "837P", "state": "failed"}).content.decode()
    )


def test_a_nonsense_filter_filters_nothing(office: Any) -> None:
    envelope = posted(office)
    answer = ben().get(reverse("mailroom:envelopes"), {"partner": "x", "page": "minus one"})
    assert answer.status_code == 200
    assert str(envelope.pk) in answer.content.decode()


def test_an_envelope_is_read_in_words_and_the_reading_names_the_patient(office: Any) -> None:
    maria = make.patient()
    envelope = posted(office, patient_ids=[maria.pk])
    answer = ben().get(reverse("mailroom:envelope", args=[envelope.pk]))
    assert "000000017" in answer.content.decode()
    assert "ST*837*0001" in answer.content.decode()
    line = AuditLine.objects.get(action="mailroom.envelope.viewed")
    assert (line.patient_ids, line.actor_name) == ([maria.pk], "Ben")


def test_the_raw_file_is_the_bytes_as_they_left(office: Any) -> None:
    maria = make.patient()
    envelope = posted(office, patient_ids=[maria.pk])
    answer = ben().get(reverse("mailroom:envelope-raw", args=[envelope.pk]))
    assert answer.content == CLAIMS
    assert answer["Content-Disposition"] == f'attachment; filename="envelope-{envelope.number}.edi"'
    assert AuditLine.objects.get(action="mailroom.envelope.downloaded").patient_ids == [maria.pk]


@pytest.mark.parametrize("content", [b"", b"\xff\x00garbage", ANSWER[:150], b"ISA" + b"*" * 200])
def test_garbage_is_shown_without_a_fault(office: Any, content: bytes) -> None:
    (envelope,) = commands.receive(cast.system(office.pk), partner_id=make.partner().pk, content=content)
    assert ben().get(reverse("mailroom:envelope", args=[envelope.pk])).status_code == 200


def test_a_hostile_file_is_shown_as_text(office: Any) -> None:
    evil = interchange("ST*271*0001*005010X279A1", "NM1*IL*1*<script>alert(1)</script>", "SE*2*0001")
    (envelope,) = commands.receive(cast.system(office.pk), partner_id=make.partner().pk, content=evil)
    body = ben().get(reverse("mailroom:envelope", args=[envelope.pk])).content.decode()
    assert "<script>alert(1)" not in body


def test_a_file_is_taken_in_by_hand_and_the_second_time_says_so(office: Any) -> None:
    partner, browser, at = make.partner(), ben(), reverse("mailroom:envelope-upload")
    for _ in range(2):
        fields = desk.hidden_fields(browser.get(at).content.decode(), form='id="upload-form"')
        file = SimpleUploadedFile("a.271", ANSWER)
        answer = browser.post(at, fields | {"partner": str(partner.pk), "file": file})
        assert answer.status_code == 303
    assert bytes(Envelope.objects.get().content) == ANSWER
    assert "here already" in browser.get(answer["Location"]).content.decode()


def test_an_upload_without_a_file_says_what_is_missing(office: Any) -> None:
    partner, browser, at = make.partner(), ben(), reverse("mailroom:envelope-upload")
    fields = desk.hidden_fields(browser.get(at).content.decode(), form='id="upload-form"')
    assert browser.post(at, fields | {"partner": str(partner.pk)}).status_code == 422
    assert Envelope.objects.count() == 0


def looked_at(content: bytes, browser: Any = None) -> Any:
    file = SimpleUploadedFile("from-the-portal.x12", content)
    return (browser or ben()).post(reverse("mailroom:file-look"), {"file": file})


def test_a_file_is_looked_at_and_nothing_of_it_is_kept(office: Any) -> None:
    answer = looked_at(wire("837P", *FAULTS["codes.diagnosis"].changes))
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "1 thing was found in the file" in body
    assert "2300 HI01, segment 71" in body
    assert body.count("ZZZZZ is not a diagnosis of that day.") == 2  # above, and beside the segment
    assert "OCAMPO" in body
    assert Envelope.objects.count() == 0
    line = AuditLine.objects.get(action="mailroom.file.looked-at")
    assert "OCAMPO" not in str(vars(line))


def test_a_sound_file_is_said_to_be_sound(office: Any) -> None:
    assert "Nothing is wrong with the file." in looked_at(wire("835")).content.decode()


@pytest.mark.parametrize("content", [b"\x00\xff" * 300, b"<script>alert(1)</script>", wire("837P")[:700]])
def test_whatever_is_looked_at_is_shown_as_text(office: Any, content: bytes) -> None:
    answer = looked_at(content)
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content
    assert b"found in the file" in answer.content


def test_a_file_too_large_to_check_is_still_read(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daysheet.mailroom.showing.LARGEST_CHECKED", 1000)
    body = looked_at(wire("837P")).content.decode()
    assert "too large to be checked on this page" in body
    assert "OCAMPO" in body


def test_an_envelope_is_searched_and_read_part_by_part(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daysheet.mailroom.showing.PART", 20)
    sent = posted(office, content=wire("837P"))
    browser, address = ben(), f"/mail/{Envelope.objects.get().pk}/"
    first = browser.get(address).content.decode()
    assert ("OCAMPO" in first, "OKAFOR" in first, "page=2" in first) == (True, False, True)
    found = browser.get(address, {"q": "okafor"}).content.decode()
    assert ("OCAMPO" in found, found.count("OKAFOR*")) == (False, 3)
    assert "OKAFOR" in browser.get(address, {"page": "4"}).content.decode()
    assert browser.get(address, {"page": "x", "q": "\x00"}).status_code == 200
    assert sent.kind == "837P"


def test_the_front_desk_looks_at_no_file(office: Any) -> None:
    assert looked_at(wire("835"), desk.signed_in(make.member())).status_code == 403


def test_sending_again_what_is_on_its_way_is_refused_in_a_sentence(office: Any) -> None:
    envelope, browser = posted(office), ben()
    commands.note_delivered(cast.system(office.pk), envelope_id=envelope.pk, sentence="Gone.")
    page = reverse("mailroom:envelope", args=[envelope.pk])
    fields = desk.hidden_fields(browser.get(page).content.decode(), form=f'action="{page}resend/"')
    assert browser.post(f"{page}resend/", fields).status_code == 303
    again = browser.post(f"{page}resend/", fields | {"_once": "another"})
    assert again.status_code == 409
    assert "on its way already" in again.content.decode()


def test_the_front_desk_sees_no_mail_and_an_auditor_sees_but_sends_nothing(office: Any) -> None:
    envelope = posted(office)
    page = reverse("mailroom:envelope", args=[envelope.pk])
    assert desk.signed_in(make.member("receptionist", "rosa")).get(page).status_code == 403
    auditor = desk.signed_in(make.member("auditor", "ines"))
    assert "resend" not in auditor.get(page).content.decode()
    assert Envelope.objects.get(pk=envelope.pk).state == "queued"


def test_another_practices_envelope_is_not_found(office: Any) -> None:
    envelope = posted(office)
    other = make.practice("Southside")
    with make.acting(other):
        browser = desk.signed_in(make.member("office_manager", "eve"))
        for name in ("envelope", "envelope-raw"):
            assert browser.get(reverse(f"mailroom:{name}", args=[envelope.pk])).status_code == 404


def test_the_list_takes_the_same_statements_for_two_and_for_twenty(office: Any) -> None:
    browser, at = ben(), reverse("mailroom:envelopes")
    posted(office)
    browser.get(at)
    counts = []
    for more in (1, 18):
        for _ in range(more):
            posted(office)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            browser.get(at)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_partner_is_corrected_and_a_second_window_is_told(office: Any) -> None:
    house, browser = make.partner(), desk.signed_in(make.member("office_manager", "ana"))
    at = reverse("mailroom:partner", args=[house.pk])
    fields = desk.hidden_fields(browser.get(at).content.decode(), form='id="partner-change-form"')
    told = {"name": "Clearwater", "folder": "clear", "our_id": "NORTH", "their_id": "CLEAR", "usage": "P"}
    assert browser.post(at, fields | told)["Location"] == reverse("mailroom:partners")
    house.refresh_from_db()
    assert (house.name, house.folder, house.usage, house.version) == ("Clearwater", "clear", "P", 2)
    late = browser.post(at, fields | told | {"_once": "another", "name": "Other"})
    assert (late.status_code, "changed this partner meanwhile" in late.content.decode()) == (409, True)


def test_a_partner_out_of_use_takes_no_envelope_until_it_is_used_again(office: Any) -> None:
    house, browser = make.partner(), desk.signed_in(make.member("office_manager", "ana"))
    at, page = reverse("mailroom:partner-use", args=[house.pk]), reverse("mailroom:partners")
    for use, is_active in (("no", False), ("again", True)):
        body = browser.get(page).content.decode()
        assert browser.post(at, desk.hidden_fields(body, form=f'action="{at}"')).status_code == 303
        house.refresh_from_db()
        assert (use, house.is_active) == (use, is_active)
        if not is_active:
            with pytest.raises(commands.PartnerIsUnknown):
                posted(office)


def test_a_partner_that_the_system_looks_after_is_not_corrected(office: Any) -> None:
    twin = make.partner("E-mail", "smtp", folder="")
    browser = desk.signed_in(make.member("office_manager", "ana"))
    told = browser.get(reverse("mailroom:partner", args=[twin.pk])).content.decode()
    assert "there is nothing to correct" in told
    assert "partner-change-form" not in told
    with pytest.raises(commands.PartnerIsKept):
        commands.change_partner(cast.ana(office.pk), partner_id=twin.pk, version=1, is_active=False)


def test_a_partner_with_a_folder_outside_the_mail_folder_is_refused(office: Any) -> None:
    browser, at = desk.signed_in(make.member("office_manager", "ana")), reverse("mailroom:partners")
    fields = desk.hidden_fields(browser.get(at).content.decode(), form='id="partner-form"')
    told = {
        "name": "Evil",
        "transport": "folder",
        "folder": "../../etc",
        "our_id": "A",
        "their_id": "B",
        "usage": "T",
    }
    assert browser.post(at, fields | told).status_code == 409
    assert commands.partners.TradingPartner.objects.count() == 0
