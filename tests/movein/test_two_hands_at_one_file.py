"""Two hands at one file: two windows begin it, two workers take the same rows; each row comes once."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections, transaction

from daysheet.kernel.errors import Refusal
from daysheet.kernel.tenancy import acting_in
from daysheet.movein import commands, driving
from daysheet.movein.models import OldFile, OldRow
from daysheet.patients.models import Patient
from tests import cast, make
from tests.movein.conftest import PATIENTS

MANY = PATIENTS + "".join(f"{n},Roe{n},Ann,1/2/{1930 + n % 60},F\n" for n in range(200, 260))


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do some things at the same moment and return what came of each."""
    gate, came = threading.Barrier(len(acts)), []

    def do(act: Callable[[], object]) -> None:
        gate.wait()
        try:
            came.append(act())
        except Refusal as no:
            came.append(type(no))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=do, args=[act]) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return came


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_one_file_take_each_row_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(driving.AT_ONCE, "patients", 7)
    practice = make.practice()
    by = cast.system(practice.pk)
    file = commands.bring_file(by, name="a.csv", content=MANY.encode(), system="Old")
    commands.look_through(by, file_id=file.pk)
    commands.begin_run(by, file_id=file.pk, here=True)
    at_once(*[lambda: driving.run(by, file.pk)] * 2)
    with acting_in(practice.pk), transaction.atomic():
        assert (
            OldFile.objects.get().figures["taken"] == Patient.objects.count() == OldRow.objects.count() == 63
        )


@pytest.mark.django_db(transaction=True)
def test_of_two_windows_that_begin_two_files_one_waits() -> None:
    practice = make.practice()
    by = cast.system(practice.pk)
    files = [commands.bring_file(by, name="a", content=PATIENTS.encode(), system=name) for name in ("A", "B")]
    for one in files:
        commands.look_through(by, file_id=one.pk)
    came = at_once(*[lambda pk=one.pk: commands.begin_run(by, file_id=pk, here=True) for one in files])
    assert came.count(commands.NotItsTurn) == 1
    with acting_in(practice.pk), transaction.atomic():
        assert OldFile.objects.filter(state="running").count() == 1
