"""An envelope leaves by its partner's transport: once, or later, or it stays with a sentence."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.jobs import holding
from daysheet.kernel.tenancy import acting_in
from daysheet.mailroom import commands, delivery
from daysheet.mailroom.models import Envelope, TradingPartner
from tests import cast, make
from tests.mailroom import texts

pytestmark = pytest.mark.django_db

CLAIMS = texts.CLAIMS


@pytest.fixture
def office(settings: Any, tmp_path: Path) -> Any:
    """Northside, acting, with a mail folder of its own."""
    settings.MAIL_FOLDERS = tmp_path
    settings.EMAIL_HOST = ""
    practice = make.practice()
    with make.acting(practice):
        yield practice


def posted(practice: Any, partner: TradingPartner, content: bytes = CLAIMS, **more: Any) -> Envelope:
    with holding():
        return commands.post_envelope(
            cast.ben(practice.pk), kind="837P", partner_id=partner.pk, content=content, **more
        )


def deliver(practice: Any, envelope: Envelope, now: Any = cast.NOW) -> Envelope:
    with holding():
        delivery.deliver_envelope(cast.system(practice.pk, now), envelope_id=envelope.pk)
    return Envelope.objects.get(pk=envelope.pk)


def test_a_posted_envelope_waits_with_its_bytes_their_hash_and_a_job(office: Any) -> None:
    partner = make.partner()
    with holding() as jobs:
        envelope = commands.post_envelope(
            cast.ben(office.pk), kind="837P", partner_id=partner.pk, content=CLAIMS
        )
    assert envelope.state == "queued"
    assert envelope.control_number == "000000017"
    assert envelope.sha256 == hashlib.sha256(CLAIMS).hexdigest()
    assert [(one.name, one.kwargs["envelope_id"]) for one in jobs] == [
        ("mailroom.deliver_envelope", str(envelope.pk))
    ]


def test_a_folder_gets_the_file_whole_under_its_number(office: Any, tmp_path: Path) -> None:
    envelope = deliver(office, posted(office, make.partner()))
    out = tmp_path / str(office.pk) / "clearwater" / "out"
    assert envelope.state == "sent"
    assert [path.name for path in out.iterdir()] == ["00000001-837P-000000017.edi"]
    assert (out / "00000001-837P-000000017.edi").read_bytes() == CLAIMS


def test_delivering_twice_sends_once(office: Any, tmp_path: Path) -> None:
    first = deliver(office, posted(office, make.partner()))
    again = deliver(office, first, cast.NOW + timedelta(hours=1))
    assert (again.attempts, again.sent_at) == (1, cast.NOW)
    assert again.events.filter(state="sent").count() == 1


def test_a_folder_that_cannot_be_written_is_tried_again_later_and_later(office: Any, tmp_path: Path) -> None:
    (tmp_path / str(office.pk)).write_text("a file where the folder should be")
    envelope = posted(office, make.partner())
    now, pauses = cast.NOW, []
    for _ in range(8):
        envelope = deliver(office, envelope, now)
        if envelope.next_try_at:
            pauses.append(int((envelope.next_try_at - now).total_seconds() // 60))
            now = envelope.next_try_at
    assert pauses == [1, 2, 4, 8, 16, 32, 60]
    assert envelope.state == "failed"
    assert envelope.trouble == "The folder could not be written (Not a directory)."


def test_a_try_that_is_under_way_is_not_taken_by_another_worker(office: Any) -> None:
    envelope = posted(office, make.partner())
    by = cast.system(office.pk)
    assert commands.begin_delivery(by, envelope_id=envelope.pk) is not None
    assert commands.begin_delivery(by, envelope_id=envelope.pk) is None
    later_on = by.at(cast.NOW + timedelta(minutes=5))
    assert commands.begin_delivery(later_on, envelope_id=envelope.pk) is not None


def test_an_envelope_for_later_does_not_leave_before_its_time(office: Any) -> None:
    envelope = posted(office, make.partner(), not_before=cast.NOW + timedelta(hours=2))
    assert deliver(office, envelope).state == "queued"
    assert deliver(office, envelope, cast.NOW + timedelta(hours=2)).state == "sent"


def test_nothing_leaves_a_training_office(settings: Any, tmp_path: Path) -> None:
    settings.MAIL_FOLDERS = tmp_path
    school = make.practice("School office", is_training=True)
    with make.acting(school):
        envelope = deliver(school, posted(school, make.partner()))
    assert (envelope.state, envelope.is_kept_here) == ("queued", True)
    assert envelope.trouble == "Kept here: nothing leaves a training office."
    assert list(tmp_path.iterdir()) == []


def test_an_email_without_a_server_stays_in_the_outbox(office: Any) -> None:
    with holding():
        letter = commands.post_email(
            cast.rosa(office.pk), to="maria@example.com", subject_line="Your visit", text="Monday at 9:00."
        )
    kept = deliver(office, letter)
    assert kept.shown_state == "kept_here"
    assert kept.trouble == "Kept here: this office has no e-mail server set up."
    assert mail.outbox == []


def test_an_email_with_a_server_leaves_under_its_own_message_id(office: Any, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example.com"
    with holding():
        letter = commands.post_email(
            cast.rosa(office.pk), to="maria@example.com", subject_line="Your visit", text="Monday at 9:00."
        )
    assert deliver(office, letter).state == "sent"
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body.strip()) == (
        ["maria@example.com"],
        "Your visit",
        "Monday at 9:00.",
    )
    assert sent.extra_headers["Message-ID"] == letter.control_number


def test_loopback_lays_the_same_bytes_into_the_other_practice_once(office: Any) -> None:
    payer = make.practice("Blue PPO desk", kind="payer")
    with acting_in(payer.pk):
        make.partner("Northside", "loopback", other_practice_id=office.pk)
    partner = make.partner("Blue PPO", "loopback", other_practice_id=payer.pk)
    envelope = deliver(office, posted(office, partner))
    with holding():
        commands.resend_envelope(cast.ben(office.pk), envelope_id=envelope.pk)
    assert deliver(office, envelope, cast.NOW).state == "sent"
    with acting_in(payer.pk):
        (came,) = Envelope.objects.all()
    assert (came.direction, came.kind, bytes(came.content)) == ("in", "837P", CLAIMS)
    assert list(Envelope.objects.all()) == [envelope]


def test_loopback_to_a_practice_that_does_not_know_us_is_tried_again(office: Any) -> None:
    stranger = make.practice("Stranger", kind="payer")
    partner = make.partner("Stranger", "loopback", other_practice_id=stranger.pk)
    envelope = deliver(office, posted(office, partner))
    assert (envelope.state, envelope.trouble) == (
        "queued",
        "The practice at the other end does not know this office.",
    )


def test_resending_sends_the_same_bytes_under_the_same_control_number(office: Any, tmp_path: Path) -> None:
    envelope = deliver(office, posted(office, make.partner()))
    with holding():
        commands.resend_envelope(cast.ben(office.pk), envelope_id=envelope.pk)
    again = deliver(office, envelope)
    assert (again.state, again.control_number, bytes(again.content)) == ("sent", "000000017", CLAIMS)
    assert Envelope.objects.count() == 1


def test_an_accepted_envelope_is_not_sent_again(office: Any) -> None:
    envelope = deliver(office, posted(office, make.partner()))
    commands.mark(cast.system(office.pk), envelope=envelope, state="accepted", sentence="Taken (999 A).")
    with pytest.raises(commands.CannotBeResent, match="only double it"):
        commands.resend_envelope(cast.ben(office.pk), envelope_id=envelope.pk)


def test_what_was_stopped_is_not_sent_again(office: Any) -> None:
    by, envelope = cast.ben(office.pk), posted(office, make.partner())
    commands.stop_envelope(by, envelope_id=envelope.pk)
    with pytest.raises(commands.CannotBeResent, match="stopped"):
        commands.resend_envelope(by, envelope_id=envelope.pk)
    assert deliver(office, envelope).state == "stopped"


def test_what_has_a_last_moment_is_sent_again_until_then(office: Any, tmp_path: Path) -> None:
    by, until = cast.ben(office.pk), cast.NOW + timedelta(hours=1)
    envelope = deliver(office, posted(office, make.partner(), not_after=until))
    with holding():
        commands.resend_envelope(by, envelope_id=envelope.pk)
    assert deliver(office, envelope).not_after == until
    with pytest.raises(commands.CannotBeResent, match="over"):
        commands.resend_envelope(by.at(until), envelope_id=envelope.pk)


def test_what_is_to_be_tried_again_can_be_stopped_and_what_is_under_way_cannot(
    office: Any, tmp_path: Path
) -> None:
    by, blocked = cast.ben(office.pk), tmp_path / str(office.pk)
    blocked.write_text("a file where the folder should be")
    envelope = deliver(office, posted(office, make.partner()))
    assert (envelope.state, envelope.attempts, envelope.can_be_stopped) == ("queued", 1, True)
    later = cast.NOW + timedelta(minutes=1)
    commands.begin_delivery(cast.system(office.pk, later), envelope_id=envelope.pk)
    with pytest.raises(commands.CannotBeStopped):
        commands.stop_envelope(by, envelope_id=envelope.pk)
    commands.note_not_delivered(cast.system(office.pk, later), envelope_id=envelope.pk, sentence="No folder.")
    stopped = commands.stop_envelope(by, envelope_id=envelope.pk)
    assert (stopped.state, stopped.trouble) == ("stopped", "Stopped: it is not tried again.")
    blocked.unlink()
    assert deliver(office, envelope, later + timedelta(hours=1)).state == "stopped"


def test_control_numbers_count_per_partner_and_are_never_given_twice(office: Any) -> None:
    one, two = make.partner(), make.partner("Harbor", folder="harbor")
    given = [commands.next_interchange(partner.pk) for partner in (one, one, two, one)]
    assert given == [1, 2, 1, 3]


def test_another_practices_envelope_is_not_found(office: Any) -> None:
    envelope = posted(office, make.partner())
    other = make.practice("Southside")
    with pytest.raises(commands.EnvelopeIsUnknown):
        commands.resend_envelope(cast.ben(other.pk), envelope_id=envelope.pk)
    assert Envelope.objects.get(pk=envelope.pk).events.count() == 1


def test_a_receptionist_may_not_resend_and_nothing_changes(office: Any) -> None:
    envelope = deliver(office, posted(office, make.partner()))
    with pytest.raises(NotPermitted):
        commands.resend_envelope(cast.rosa(office.pk), envelope_id=envelope.pk)
    assert Envelope.objects.get(pk=envelope.pk).state == "sent"
