"""`daysheet x12`: without an office, without a database, with exit codes that a script can use."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from daysheet.formats.x12.sample import sample
from daysheet.site.cli import answer
from tests.formats.x12.clean import KINDS, wire
from tests.formats.x12.faults import FAULTS

Said = pytest.CaptureFixture[str]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    for kind in KINDS:
        (tmp_path / f"{kind}.x12").write_bytes(wire(kind))
    (tmp_path / "bad.x12").write_bytes(wire("837P", *FAULTS["codes.diagnosis"].changes))
    (tmp_path / "look.x12").write_bytes(wire("837P", *FAULTS["modifiers.sides"].changes))
    return {file.stem: str(file) for file in tmp_path.iterdir()}


def test_a_clean_file_is_nothing_to_say_and_done(files: dict[str, str], capsys: Said) -> None:
    assert answer(["x12", "check", files["837P"], files["835"]]) == 0
    assert capsys.readouterr().out.count("nothing to say") == 2


def test_an_error_is_told_by_its_place_and_ends_in_one(files: dict[str, str], capsys: Said) -> None:
    assert answer(["x12", "check", files["bad"]]) == 1
    said = capsys.readouterr().out
    assert "1 error" in said
    assert "2300 HI01, segment 71 [ABK:ZZZZZ]: ZZZZZ is not a diagnosis of that day." in said


def test_a_warning_alone_is_done(files: dict[str, str], capsys: Said) -> None:
    assert answer(["x12", "check", files["look"]]) == 0
    assert "1 warning" in capsys.readouterr().out


def test_findings_come_as_one_document(
    files: dict[str, str], capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(Path(files["bad"]).read_bytes())))
    assert answer(["x12", "check", "-", files["835"], "--json"]) == 1
    first, second = json.loads(capsys.readouterr().out)["files"]
    assert (first["file"], second["findings"]) == ("-", [])
    assert first["findings"][0] == {
        "severity": "error", "code": "codes.diagnosis", "message": "ZZZZZ is not a diagnosis of that day.", "snip": 5,
        "loop": "2300", "segment": "HI", "position": 71, "element": 1, "value": "ABK:ZZZZZ",
        "fix": "Look the code up by the day of service.",
    }  # fmt: skip


def test_levels_and_a_payers_own_rules_are_chosen(
    files: dict[str, str], tmp_path: Path, capsys: Said
) -> None:
    assert answer(["x12", "check", files["bad"], "--levels", "1-4"]) == 0
    own = tmp_path / "own.toml"
    own.write_text('name = "Blue PPO"\npayer_id = "BLUE1"\nmember_id = "X.*"\nmost_lines = 2\n')
    assert answer(["x12", "check", files["837P"], "--profile", str(own)]) == 1
    said = capsys.readouterr().out
    assert "SNIP 7  2010BA NM109" in said
    assert "This payer takes 2 lines a claim. Rule of Blue PPO." in said
    assert answer(["x12", "check", files["837P"], "--profile", "granite-mutual"]) == 0


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["check", "nowhere.x12"], 1, "There is no file nowhere.x12."),
        (["check", "FILE", "--levels", "9"], 2, "SNIP levels are a number from 1 to 7"),
        (
            ["check", "FILE", "--profile", "nobody"],
            1,
            "There is no profile nobody.toml. Shipped: granite-mutual",
        ),
        (["check"], 2, "Missing argument"),
    ],
)
def test_a_wish_that_cannot_be_done_says_why(
    words: list[str], code: int, says: str, files: dict[str, str], capsys: Said
) -> None:
    assert answer(["x12", *[files["835"] if word == "FILE" else word for word in words]]) == code
    assert says in capsys.readouterr().err


def test_each_claim_payment_and_answer_is_a_line(files: dict[str, str], capsys: Said) -> None:
    assert answer(["x12", "read", "--json", *[files[kind] for kind in KINDS]]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    counts = {
        "837P": 2, "837I": 1, "837D": 1, "835": 4, "270": 2, "271": 1, "277CA": 1, "999": 1, "276": 2, "277": 3,
        "277RFAI": 2, "275": 1, "278": 2, "834": 3, "820": 2,
    }  # fmt: skip
    assert [one["set"] for one in told] == [kind for kind, count in counts.items() for _ in range(count)]
    assert (told[0]["claim_id"], told[0]["charge"], told[0]["lines"][0]["served_on"]) == (
        "C0001",
        "300",
        "2026-03-02",
    )
    assert (told[5]["status"], told[5]["paid"]) == ("22", "-100")


def test_a_set_without_records_says_so(tmp_path: Path, capsys: Said) -> None:
    other = tmp_path / "824.x12"
    other.write_bytes(wire("999").replace(b"ST*999*", b"ST*824*"))
    assert answer(["x12", "read", str(other)]) == 0
    said = capsys.readouterr()
    assert (said.out, "no set that can be read into records" in said.err) == ("", True)


def test_an_explanation_can_hide_whom_it_is_about(files: dict[str, str], capsys: Said) -> None:
    names = (
        "OCAMPO",
        "MARIA",
        "BP20260001",
        "19620314",
        "ELM ST",
        "C0001",
        "SY*123456789",
        "1999990009",
        "ROSA",
        "AUTH88",
    )
    assert answer(["x12", "explain", files["837P"], files["835"]]) == 0
    said = capsys.readouterr().out
    assert "Birth date and sex" in said
    assert all(name in said for name in names)
    assert answer(["x12", "explain", "--mask", files["837P"], files["835"]]) == 0
    said = capsys.readouterr().out
    assert "Birth date and sex" in said
    assert [name for name in names if name in said] == []


def test_a_masked_file_is_new_sound_and_about_nobody(
    files: dict[str, str], tmp_path: Path, capsys: Said
) -> None:
    out = tmp_path / "masked.x12"
    assert answer(["x12", "mask", files["837P"], str(out)]) == 0
    assert b"OCAMPO" not in out.read_bytes()
    assert b"CLM*" in out.read_bytes()
    assert answer(["x12", "check", str(out)]) == 0
    before = out.read_bytes()
    assert answer(["x12", "mask", files["835"], str(out)]) == 1
    assert "nothing is written over" in capsys.readouterr().err
    assert out.read_bytes() == before


def test_a_file_is_answered_and_an_answer_is_not(files: dict[str, str], capsys: Said) -> None:
    assert answer(["x12", "ack", files["837P"]]) == 0
    said = capsys.readouterr().out
    assert "TA1*000000042*260310*0930*A*000~" in said
    assert "AK9*A*1*1*1~" in said
    assert answer(["x12", "ack", files["999"]]) == 0
    assert "an acknowledgement is not acknowledged" in capsys.readouterr().err


def test_the_verb_brings_no_django_and_no_database(files: dict[str, str]) -> None:
    program = (
        "import sys; from daysheet.site.cli import answer; code = answer(['x12', 'check', sys.argv[1]]);"
        "assert code == 0; assert not {'django', 'psycopg'} & set(sys.modules)"
    )
    subprocess.run(
        [sys.executable, "-c", program, files["835"]], check=True, capture_output=True, timeout=300
    )


def test_a_remittance_and_an_answer_are_laid_out_as_tables(files: dict[str, str], capsys: Said) -> None:
    assert answer(["x12", "explain", "--table", files["835"], files["271"]]) == 0
    said = capsys.readouterr().out
    assert "Claim C0001 of MARIA OCAMPO: Processed as primary" in said
    assert "MARIA OCAMPO: active" in said
    heads, first = (line for line in said.splitlines()[1:3])
    assert heads.index("Paid") + len("Paid") == first.index("160.00") + len("160.00")
    assert answer(["x12", "explain", "--table", "--mask", "--json", files["835"]]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told[-1]["rows"][-1] == ["payment", "330.00"]
    assert "OCAMPO" not in json.dumps(told)
    assert answer(["x12", "explain", "--table", files["999"]]) == 0
    assert "no claim, remittance or answer" in capsys.readouterr().err


def test_a_files_signs_do_not_command_the_terminal(files: dict[str, str], capsys: Said) -> None:
    for kind in ("835", "271"):
        path = Path(files[kind])
        path.write_bytes(
            path.read_bytes().replace(b"MARIA", b"MA\x1b[2JIA").replace(b"X0020", b"X\x9b0m\x07")
        )
        for words in (["check"], ["read"], ["explain"], ["explain", "--table"]):
            answer(["x12", *words, str(path)])
            said = capsys.readouterr().out
            assert said
            assert all(sign.isprintable() for line in said.split("\n") for sign in line)


def test_the_first_finding_of_a_large_file_comes_before_its_end(
    monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    said: list[str] = []

    class Pipe(io.RawIOBase):
        """A bad claim first, and much behind it."""

        pieces = [sample("837P", count=400, fault="npi-digit"), sample("837P", count=400, seed=2)]

        def read(self, size: int = -1) -> bytes:
            if len(self.pieces) < 2:
                said.append(capsys.readouterr().out)
            return self.pieces.pop(0) if self.pieces else b""

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Pipe()))  # type: ignore[arg-type]
    assert answer(["x12", "check", "-"]) == 1
    assert "This is not an NPI" in said[0]
