"""A real office on a port and a state folder of its own, opened, killed and opened again."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import CompletedProcess, Popen, run

from tests.patience import PATIENCE
from tests.site.test_runner import DAYSHEET, MEMORY, Office

ROOT = Path(__file__).resolve().parents[2]


class PatientOffice(Office):
    """An office that may take its time on a busy machine."""

    patience = 600

    def verb(self, *words: str) -> CompletedProcess[str]:
        told = {"capture_output": True, "text": True, "check": False, "timeout": 600}
        return run([*DAYSHEET, *words], env=self.environment, **told)


@contextmanager
def own_office() -> Iterator[Office]:
    """Return an office that is not open yet; whatever it left behind is cleared away."""
    folder = Path(tempfile.mkdtemp(prefix="daysheet-proof-", dir=MEMORY))
    folder.chmod(0o711)
    office = PatientOffice(folder / "var")
    office.environment["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    try:
        yield office
    finally:
        end_all(office)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def opened_office() -> Iterator[tuple[Office, Popen[str]]]:
    """Open an office, and close it afterwards."""
    with own_office() as office:
        runner = office.open()
        yield office, runner
        runner.terminate()
        runner.wait(PATIENCE)


def end_all(office: Office) -> None:
    """Kill everything that an office started, database, pages and jobs, at once."""
    office.kill_all()
    office.all_gone()
