"""A disk without a free byte: the office says so, loses nothing it acknowledged, and goes on once there is room."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.proofs.http import Browser, Furnished, Reply, furnish
from tests.proofs.offices import end_all, own_office
from tests.proofs.test_killed_in_the_middle import RECEIPT, THERE
from tests.site.test_runner import Office

SIZE = "600m"
MOST = 600  # presses until something must need a byte


@pytest.fixture
def small_disk() -> Iterator[Office]:
    """An office whose state lies on a disk of its own, a small one in memory."""
    with own_office() as office:
        office.state.mkdir()
        if os.geteuid() or subprocess.call(
            ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0711", "none", str(office.state)]
        ):
            pytest.skip("only root may mount a small disk")
        try:
            yield office
        finally:
            end_all(office)
            subprocess.call(["umount", str(office.state)])


def fill(disk: Path) -> Path:
    """Leave no free byte."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as out:
        try:
            while True:
                out.write(b"\0" * 4096)
        except OSError:
            return ballast


def take(browser: Browser, house: Furnished, number: int) -> Reply:
    """Take five dollars of a patient, in cash."""
    form = browser.form(f"/money/of/{house.patients[number % 400]}/take/", "ledger:payment-take")
    typed = {"amount": "5.00", "method": "cash", "purpose": "balance"}
    return browser.ask("POST", form.action, form.body() | typed)


@pytest.mark.nightly
def test_a_full_disk_is_said_and_loses_nothing(small_disk: Office) -> None:
    runner = small_disk.open()
    house = furnish(small_disk, desks=1)
    browser = Browser(small_disk.port, house.cookies[0])
    receipts = RECEIPT.findall(take(browser, house, 0).goes_to)
    ballast = fill(small_disk.state)
    refused = ""
    for number in range(1, MOST):
        page = browser.ask("GET", f"/money/of/{house.patients[number % 400]}/take/")
        reply = take(browser, house, number) if page.status == 200 else page
        if reply.status != 303:
            refused = f"{reply.status} {reply.body}"
            break
        receipts += RECEIPT.findall(reply.goes_to)
    ballast.unlink()
    assert refused.startswith("503"), refused or "six hundred payments needed no byte"
    assert "Nothing was saved." in refused
    while small_disk.get("/health/") != 200:
        assert runner.poll() is None, small_disk.log()
    receipts += RECEIPT.findall(take(browser, house, 7).goes_to)
    kept = small_disk.verb("manage", "shell", "--no-imports", "-c", THERE % house.practice)
    payments, _ = json.loads(kept.stdout.splitlines()[-1])
    assert len(receipts) >= 2
    assert sorted(payments) == sorted(receipts)
    proved = small_disk.verb("verify")
    assert proved.returncode == 0, proved.stderr
    browser.close()
    runner.terminate()
    assert runner.wait(20) == 0
