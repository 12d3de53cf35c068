"""An import that is killed leaves whole patients only, and the next one goes on."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from daysheet.interop.intake import Report, take_in
from daysheet.kernel.tenancy import acting_in
from daysheet.ledger import queries as books
from daysheet.patients.models import ChartItem, Patient
from daysheet.visits.models import Visit
from tests import cast, make
from tests.interop import papers

KILLED_AT_THE_SECOND_BILL = """
import os, signal, sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zoneinfo import ZoneInfo
import django
django.setup()
from daysheet.interop import commands
from daysheet.interop.intake import Report, take_in
from tests import cast

bring, calls = commands.ledger.bring_history, []

def dying(by, /, **words):
    calls.append(1)
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return bring(by, **words)

commands.ledger.bring_history = dying
take_in(cast.system(sys.argv[1]), Path(sys.argv[2]), zone=ZoneInfo("America/New_York"))
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_leaves_whole_patients_and_is_taken_up_again(tmp_path: Path) -> None:
    folder = papers.put(
        tmp_path / "in", a=papers.whole(), b=papers.another("Marin", 2), c=papers.another("Okafor", 3)
    )
    practice = make.practice()
    told = subprocess.run(
        [sys.executable, "-c", KILLED_AT_THE_SECOND_BILL, str(practice.pk), str(folder)],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        check=False,
    )
    assert told.returncode == -9, told.stderr
    with acting_in(practice.pk), make.acting(practice):
        assert [one.family for one in Patient.objects.all()] == ["Quill"]
        assert (Visit.objects.count(), ChartItem.objects.count()) == (1, 1)
        assert books.troubles() == []
    report = take_in(cast.system(practice.pk), folder, zone=practice.zone)
    assert (report.patients, report.known, report.files) == (2, 1, [])
    with make.acting(practice):
        assert (Patient.objects.count(), Visit.objects.count(), ChartItem.objects.count()) == (3, 3, 3)
        assert books.troubles() == []


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_bring_each_patient_once(tmp_path: Path) -> None:
    folder = papers.put(
        tmp_path / "in", **{f"n{n}": papers.another(f"Marin{'a' * n}", n) for n in range(1, 7)}
    )
    practice = make.practice()

    def run(_: int) -> Report:
        try:
            return take_in(cast.system(practice.pk), folder, zone=practice.zone)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        one, two = both.map(run, range(2))
    assert (one.patients + two.patients, one.files, two.files) == (6, [], [])
    with make.acting(practice):
        assert (Patient.objects.count(), Visit.objects.count()) == (6, 6)
        assert books.troubles() == []
