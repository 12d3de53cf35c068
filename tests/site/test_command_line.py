"""The command line answers at once, in sentences and with honest exit codes."""

import json
import subprocess
import sys

import pytest

from daysheet.kernel.errors import Refusal
from daysheet.site import cli
from daysheet.site.cli import doctor


def test_help_names_every_verb_without_loading_django() -> None:
    asked = (
        "import sys; from daysheet.site.cli import answer; answer(['--help']); print('django' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.strip().endswith("False")
    assert [verb for verb in cli.VERBS if f"  {verb} " not in said.stdout] == []


def test_every_verb_can_be_asked_for_help() -> None:
    for verb in cli.VERBS:
        if verb != "manage":
            assert cli.answer([verb, "--help"]) == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [(["--version"], 0), ([], 0), (["dance"], 2), (["doctor", "--dance"], 2), (["run", "--port", "x"], 2)],
)
def test_exit_codes(words: list[str], code: int) -> None:
    assert cli.answer(words) == code


def test_a_mistyped_verb_is_told_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    cli.answer(["docter"])
    assert capsys.readouterr().err == "daysheet: there is no verb 'docter'. Did you mean doctor?\n"


def test_a_refusal_is_a_sentence_and_a_bug_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    monkeypatch.setenv("DAYSHEET_STATE", str(tmp_path))

    def refuse() -> None:
        raise Refusal("The day is closed.")

    def fail() -> None:
        raise ZeroDivisionError("Maria Diaz owes nothing")

    monkeypatch.setattr(doctor, "doctor", refuse)
    assert cli.answer(["doctor"]) == 1
    assert capsys.readouterr().err == "daysheet doctor: The day is closed.\n"
    monkeypatch.setattr(doctor, "doctor", fail)
    assert cli.answer(["doctor"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("daysheet doctor: ZeroDivisionError")
    assert "Traceback" not in said


def test_doctor_speaks_json(capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.answer(["doctor", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert {"python", "database", "disk", "locale", "port", "state folder"} <= {one["thing"] for one in found}
    assert code == (1 if any(one["state"] == "missing" for one in found) else 0)
