"""Two desks at one recall: a step of the ladder is done once, whoever presses first."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from daysheet.kernel.errors import Refusal
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom.models import Envelope
from daysheet.schedule import commands
from daysheet.schedule.models import Recall, RecallContact
from daysheet.schedule.recalling import Step
from tests.house import charged, furnished
from tests.schedule.test_bring_in_who_is_due import due, pay, with_a_phone
from tests.schedule.test_recalls import seen, yearly

CLERKS = 6
pytestmark = pytest.mark.django_db(transaction=True)


def test_six_who_press_at_once_send_one_text() -> None:
    house = furnished()
    with house.open():
        mailroom.open_telephone(house.ana)
        with_a_phone(house.diaz)
        yearly(house, steps=[Step(0, "sms")])
        seen(house, 400)
        commands.work_out_recalls(house.ana)
        due = Recall.objects.get().pk
    start = Barrier(CLERKS)

    def act(number: int) -> str:
        start.wait()
        try:
            if number % 2:
                return "sent" if commands.send_due_recalls(house.rosa) else "nothing"
            commands.send_recall_step(house.rosa, recall_id=due, version=None)
        except Refusal as no:
            return type(no).__name__
        finally:
            connection.close()
        return "sent"

    with ThreadPoolExecutor(CLERKS) as pool:
        answers = list(pool.map(act, range(CLERKS)))
    assert answers.count("sent") == 1
    assert set(answers) <= {"sent", "nothing", "NothingIsDue"}
    with house.open():
        assert RecallContact.objects.count() == Envelope.objects.count() == 1


def test_who_stops_a_recall_until_the_balance_is_paid_while_it_is_paid_lets_nobody_wait_for_nothing() -> None:
    house = furnished()
    with house.open():
        one = due(house, [Step(0, "call")])
    for _round in range(8):
        with house.open():
            charged(house, "40.00")
        start = Barrier(2)

        def act(number: int, start: Barrier = start) -> None:
            start.wait()
            try:
                with house.open():
                    if number:
                        pay(house)
                    else:
                        commands.stop_recall(house.rosa, recall_id=one.pk, version=None, why="balance")
            except Refusal as no:
                assert type(no).__name__ == "OwesNothing"  # noqa: PT017
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(act, range(2)))
        with house.open():
            assert Recall.objects.get().stopped == ""
