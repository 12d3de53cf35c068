"""What comes in is kept, told by its content, read once, or parked with a sentence."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import NotPermitted, Refusal
from daysheet.kernel.jobs import holding
from daysheet.kernel.models import AuditLine
from daysheet.mailroom import commands, jobs, routes
from daysheet.mailroom.models import Envelope
from tests import cast, make
from tests.mailroom.texts import ACKS, ANSWER, CLAIMS

FOREIGN = "The file does not begin as an X12 interchange. It is kept as it came; ask the sender what it is."

CUT_OFF = "The file is cut off before its end mark. It is kept as it came; ask the sender to send it again."
pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings: Any, tmp_path: Path) -> Iterator[Any]:
    settings.MAIL_FOLDERS = tmp_path
    practice = make.practice()
    with make.acting(practice):
        yield practice


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> dict[str, routes.Handler]:
    """An empty table of readers, for this test alone."""
    table: dict[str, routes.Handler] = {}
    monkeypatch.setattr(routes, "_handlers", table)
    monkeypatch.setattr(routes, "_listeners", [])
    return table


def receive(practice: Any, content: bytes) -> list[Envelope]:
    partner = commands.partners.TradingPartner.objects.first() or make.partner()
    with holding():
        return commands.receive(cast.system(practice.pk), partner_id=partner.pk, content=content)


def handle(practice: Any, envelope: Envelope) -> Envelope:
    return commands.handle_envelope(cast.system(practice.pk), envelope_id=envelope.pk)


def test_a_file_is_kept_as_it_came_and_a_job_reads_it(office: Any) -> None:
    partner = make.partner()
    with holding() as held:
        (envelope,) = commands.receive(cast.system(office.pk), partner_id=partner.pk, content=ANSWER)
    assert (envelope.kind, envelope.state, envelope.control_number) == ("271", "received", "000000005")
    assert bytes(envelope.content) == ANSWER
    assert [one.name for one in held] == ["mailroom.handle_envelope"]


def test_each_interchange_of_a_file_is_an_envelope_and_no_byte_is_lost(office: Any) -> None:
    came = receive(office, ANSWER + b"\r\n" + ACKS)
    assert [one.kind for one in came] == ["271", "999"]
    assert b"".join(bytes(one.content) for one in came) == ANSWER + b"\r\n" + ACKS


def test_the_same_bytes_again_are_the_old_envelope_in_its_state(office: Any, readers: Any) -> None:
    readers["271"] = lambda by, envelope: "Covered."
    (first,) = receive(office, ANSWER)
    handle(office, first)
    (again,) = receive(office, ANSWER)
    assert (again.pk, again.state, Envelope.objects.count()) == (first.pk, "handled", 1)


def test_a_reader_reads_once_and_its_sentence_stands_in_the_history(office: Any, readers: Any) -> None:
    read: list[Envelope] = []

    def reader(by: Actor, envelope: Envelope) -> str:
        read.append(envelope)
        return "Covered by Blue PPO."

    readers["271"] = reader
    (envelope,) = receive(office, ANSWER)
    assert handle(office, envelope).state == "handled"
    handle(office, envelope)
    assert len(read) == 1
    assert envelope.events.filter(state="handled").get().sentence == "Covered by Blue PPO."


def test_a_ta1_beside_a_999_is_read_by_both_readers_ta1_first(office: Any, readers: Any) -> None:
    readers["999"] = lambda by, envelope: "Set taken."
    readers["TA1"] = lambda by, envelope: "Interchange taken."
    (envelope,) = receive(office, ACKS)
    handle(office, envelope)
    assert envelope.events.filter(state="handled").get().sentence == "Interchange taken. Set taken."


def test_whom_an_answer_is_about_is_kept_with_it(office: Any, readers: Any) -> None:
    maria = make.patient()

    def reader(by: Actor, envelope: Envelope) -> str:
        commands.match_envelope(by, envelope=envelope, patient_ids=[maria.pk])
        return "Covered."

    readers["271"] = reader
    (envelope,) = receive(office, ANSWER)
    assert handle(office, envelope).patient_ids == [str(maria.pk)]
    line = AuditLine.objects.filter(practice_id=office.pk, action="mailroom.envelope.handled").get()
    assert line.patient_ids == [maria.pk]


def test_a_refusal_of_the_reader_parks_the_file_with_its_sentence_and_undoes_its_writes(
    office: Any, readers: Any
) -> None:
    def reader(by: Actor, envelope: Envelope) -> str:
        make.patient("Ghost", "Gil")
        raise Refusal("No question of ours has this number.")

    readers["271"] = reader
    (envelope,) = receive(office, ANSWER)
    parked = handle(office, envelope)
    assert (parked.state, parked.trouble) == ("parked", "No question of ours has this number.")
    assert make.Patient.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty. It is kept; ask the sender to send it again."),
        (
            b"%PDF-1.7 an explanation of benefits",
            FOREIGN,
        ),
        (
            ANSWER[:-30],
            CUT_OFF,
        ),
        (
            ANSWER[:60],
            FOREIGN,
        ),
    ],
    ids=["empty", "foreign", "cut off", "cut in the head"],
)
def test_garbage_is_kept_and_parked_with_a_sentence(
    office: Any, readers: Any, content: bytes, sentence: str
) -> None:
    readers["271"] = lambda by, envelope: "never reached"
    (envelope,) = receive(office, content)
    parked = handle(office, envelope)
    assert (parked.state, parked.trouble, bytes(parked.content)) == ("parked", sentence, content)


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"~\r\n", b"!"], ids=["newline", "crlf", "both", "other"])
def test_any_segment_ending_is_read(office: Any, readers: Any, ending: bytes) -> None:
    readers["271"] = lambda by, envelope: "Covered."
    content = ANSWER.replace(b"~", ending)
    came = receive(office, content + content.replace(b"000000005", b"000000006"))
    assert [(one.kind, one.control_number) for one in came] == [("271", "000000005"), ("271", "000000006")]
    assert [handle(office, one).state for one in came] == ["handled", "handled"]


def test_a_kind_nobody_reads_is_parked_by_its_name(office: Any, readers: Any) -> None:
    (envelope,) = receive(office, CLAIMS)
    assert (
        handle(office, envelope).trouble == "Nobody in this office reads a 837P yet. It is kept as it came."
    )


def test_a_reader_that_breaks_down_is_tried_three_times_and_then_a_person_hears(
    office: Any, readers: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def reader(by: Actor, envelope: Envelope) -> str:
        raise ZeroDivisionError("DIAZ, MARIA")

    heard: list[str] = []
    routes.when_stuck(lambda by, envelope: heard.append(envelope.state))
    readers["271"] = reader
    (envelope,) = receive(office, ANSWER)
    with holding() as held:
        jobs.handle_envelope(practice_id=str(office.pk), envelope_id=str(envelope.pk))
        for again in held:
            again.run()
    assert Envelope.objects.get(pk=envelope.pk).state == "parked"
    assert heard == ["parked"]
    assert len(held) == 2
    assert "DIAZ" not in caplog.text


def test_a_parked_file_is_read_again_after_the_cause_is_mended(office: Any, readers: Any) -> None:
    (envelope,) = receive(office, ANSWER)
    handle(office, envelope)
    readers["271"] = lambda by, envelope: "Covered."
    with holding():
        commands.read_again(cast.ben(office.pk), envelope_id=envelope.pk)
    assert handle(office, envelope).state == "handled"


def test_the_sweep_takes_in_a_folder_and_puts_the_files_away(office: Any, tmp_path: Path) -> None:
    make.partner()
    inbox = tmp_path / str(office.pk) / "clearwater" / "in"
    inbox.mkdir(parents=True)
    (inbox / "a.271").write_bytes(ANSWER)
    (inbox / ".half.part").write_bytes(ANSWER[:40])
    with holding():
        jobs.sweep_practice(practice_id=str(office.pk))
        jobs.sweep_practice(practice_id=str(office.pk))
    assert [one.kind for one in Envelope.objects.all()] == ["271"]
    assert sorted(path.name for path in inbox.iterdir()) == [".half.part", "done"]
    assert [path.name for path in (inbox / "done").iterdir()] == ["a.271"]


def test_the_sweep_wakes_what_should_have_left_but_not_what_is_kept(office: Any) -> None:
    partner, nowhere = make.partner(), make.partner("Paper", "none")
    by = cast.ben(office.pk)
    with holding():
        due = commands.post_envelope(by, kind="837P", partner_id=partner.pk, content=CLAIMS)
        kept = commands.post_envelope(by, kind="letter", partner_id=nowhere.pk, content=b"Dear")
        commands.keep_here(cast.system(office.pk), envelope_id=kept.pk, sentence="Kept here.")
    with holding() as held:
        jobs.sweep_practice(practice_id=str(office.pk))
    assert [(one.name, one.kwargs["envelope_id"]) for one in held] == [
        ("mailroom.deliver_envelope", str(due.pk))
    ]


def test_an_auditor_may_not_take_in_files_and_nothing_is_kept(office: Any) -> None:
    partner = make.partner()
    with pytest.raises(NotPermitted):
        commands.receive(cast.auditor(office.pk), partner_id=partner.pk, content=ANSWER)
    assert Envelope.objects.count() == 0


def test_a_partner_of_another_practice_is_not_known(office: Any) -> None:
    other = make.practice("Southside")
    with make.acting(other):
        theirs = make.partner()
    with pytest.raises(commands.PartnerIsUnknown):
        commands.receive(cast.system(office.pk), partner_id=theirs.pk, content=ANSWER)
