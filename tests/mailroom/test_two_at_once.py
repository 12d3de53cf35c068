"""Two workers, two windows, the same thing at the same moment: one effect."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction

from daysheet.kernel.jobs import holding
from daysheet.mailroom import commands, delivery
from daysheet.mailroom.models import Envelope, EnvelopeEvent
from daysheet.tasks import commands as tasks
from daysheet.tasks.models import WorkqueueItem
from tests import cast, make
from tests.mailroom.texts import ANSWER, CLAIMS
from tests.patience import PATIENCE, until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(act: Callable[[], Any], times: int = 4) -> list[BaseException]:
    """Do the same at the same moment in several threads; return what went wrong."""
    start, wrong = threading.Barrier(times), []

    def run() -> None:
        start.wait()
        try:
            with holding():
                act()
        except BaseException as broken:
            wrong.append(broken)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def test_the_same_file_taken_in_at_once_is_one_envelope() -> None:
    practice = make.practice()
    with make.acting(practice):
        partner = make.partner()
    by = cast.system(practice.pk)
    assert at_once(lambda: commands.receive(by, partner_id=partner.pk, content=ANSWER)) == []
    with make.acting(practice):
        assert Envelope.objects.count() == 1


def test_a_file_comes_in_while_another_to_its_sender_is_being_written(
    caplog: pytest.LogCaptureFixture,
) -> None:
    practice = make.practice()
    with make.acting(practice):
        partner = make.partner()
    by, wrong = cast.system(practice.pk), list[BaseException]()

    def comes() -> None:
        wrong.extend(at_once(lambda: commands.receive(by, partner_id=partner.pk, content=ANSWER), times=1))

    thread = threading.Thread(target=comes)
    with make.acting(practice), transaction.atomic(), holding():
        commands.post_envelope(
            cast.ben(practice.pk), kind="837P", partner_id=partner.pk, content=CLAIMS
        )  # which holds the next number until the commit
        thread.start()
        until_somebody_waits()
    thread.join(PATIENCE)
    assert (wrong, thread.is_alive()) == ([], False)
    assert "met another command" not in caplog.text
    with make.acting(practice):
        assert set(Envelope.objects.values_list("direction", flat=True)) == {"in", "out"}


def test_an_envelope_delivered_by_four_workers_leaves_once(settings: Any, tmp_path: Path) -> None:
    settings.MAIL_FOLDERS = tmp_path
    practice = make.practice()
    with make.acting(practice), holding():
        partner = make.partner()
        envelope = commands.post_envelope(
            cast.ben(practice.pk), kind="837P", partner_id=partner.pk, content=CLAIMS
        )
    by = cast.system(practice.pk)
    assert at_once(lambda: delivery.deliver_envelope(by, envelope_id=envelope.pk)) == []
    with make.acting(practice):
        assert EnvelopeEvent.objects.filter(state="sent").count() == 1
        assert Envelope.objects.get().attempts == 1


def test_a_thing_put_on_the_list_by_four_at_once_is_one_item() -> None:
    practice = make.practice()
    with make.acting(practice):
        maria = make.patient()
    by = cast.system(practice.pk)

    def put() -> None:
        tasks.open_item(
            by,
            kind="eligibility",
            reason_code="AAA-75",
            sentence="Compare the card.",
            due_at=cast.NOW + timedelta(hours=4),
            source_of_due="office rule 4 h",
            role="receptionist",
            subject=maria,
            patient_id=maria.pk,
        )

    assert at_once(put) == []
    with make.acting(practice):
        assert WorkqueueItem.objects.count() == 1
