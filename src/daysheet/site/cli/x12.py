"""`daysheet x12`: look a payer's file through, read, explain, answer, mask, invent it: no office, no database needed."""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from daysheet.kernel.errors import Refusal

if TYPE_CHECKING:
    from daysheet.formats.x12 import ClaimStatus, Problem
    from daysheet.formats.x12.check import Profile
    from daysheet.formats.x12.sheet import Sheet

x12 = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Look X12 files through, read, explain, answer, mask and invent them. FILE may be - for what a pipe brings.",
)
Files = Annotated[list[str], typer.Argument(metavar="FILE...", help="X12 files; - reads what comes in.")]
Json = Annotated[bool, typer.Option("--json", help="For a program to read.")]
SHOWN = 200
FIGURE = re.compile(r"-?\d+\.\d{2,}")


@x12.command("check")
def check(
    files: Files,
    as_json: Json = False,
    profile: Annotated[str, typer.Option(help="A payer's own rules: a shipped name, or a TOML file.")] = "",
    levels: Annotated[str, typer.Option(help="SNIP levels, such as 1-5 or 3.")] = "1-7",
) -> None:
    """Say what is wrong, and where; exit code 1 when something is an error."""
    from daysheet.formats.x12.check import check as look_through

    rules, wanted = _profile(profile), _levels(levels)
    counts: Counter[str] = Counter()
    told = []
    for name, stream in _opened(files):
        found = look_through(stream, profile=rules, levels=wanted)
        if as_json:
            items = list(found)
            counts.update(one.severity for one in items)
            told.append({"file": name, "findings": [_finding(one) for one in items]})
        else:
            counts += _tell(name, found)
    if as_json:
        print(json.dumps({"files": told}, indent=2))
    if counts["error"]:
        raise typer.Exit(1)


@x12.command("read")
def read(files: Files, as_json: Json = False) -> None:
    """Print one line for each claim, payment, answer or status."""
    from daysheet.formats.x12.told import told

    for name, stream in _opened(files):
        is_empty = True
        for one in told(stream):
            _say(json.dumps(one) if as_json else _short(one))
            is_empty = False
        if is_empty:
            print(
                f"{name}: it holds no set that can be read into records; `check` and `explain` may know it.",
                file=sys.stderr,
            )


@x12.command("explain")
def explain(
    files: Files,
    is_hidden: Annotated[
        bool, typer.Option("--mask", help="Hide names, numbers, addresses, birth dates.")
    ] = False,
    is_table: Annotated[
        bool,
        typer.Option(
            "--table", help="A remittance claim by claim, an answer as a grid, claims as their form."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Say in words what each segment means, with its faults beside it."""
    from daysheet.formats.x12 import outline

    for name, stream in _opened(files):
        if is_table:
            _print_sheets(name, stream, is_hidden, as_json)
            continue
        for line in outline(stream, is_hidden=is_hidden):
            if as_json:
                told = {
                    "position": line.position,
                    "loop": line.loop,
                    "segment": line.segment_text,
                    "words": line.plain_words,
                }
                print(json.dumps(told | {"problems": [one.message for one in line.problems]}))
            else:
                _say(f"{line.loop:<8} {line.segment_text.strip():<48} {line.plain_words}".rstrip())
                _say(*(f"{'':<8} ! {one.message}" for one in line.problems))


@x12.command("ack")
def ack(
    files: Files,
    number: Annotated[int, typer.Option(help="The number of the answer's interchange.")] = 1,
    profile: Annotated[str, typer.Option(help="A payer's own rules: a shipped name, or a TOML file.")] = "",
    as_json: Json = False,
) -> None:
    """Print the TA1 and 999 that answer a file, and a 277CA for its claims; nothing for an answer."""
    from daysheet.formats.x12 import OutgoingGroup, acknowledge, build_277ca, build_999, render_interchange
    from daysheet.formats.x12.answer import answer_claims
    from daysheet.kernel.clock import system_now

    rules, at = _profile(profile), system_now()
    for name, stream in _opened(files):
        content = stream.read()
        for answer in acknowledge(content):
            if as_json:
                sets = [{"number": one.group_control, "status": one.status} for one in answer.groups]
                whole = asdict(answer.ta1) if answer.ta1 else None
                print(json.dumps({"file": name, "ta1": whole, "groups": sets}, default=str))
                continue
            if answer.ta1 is None:
                print(f"{name}: an acknowledgement is not acknowledged.", file=sys.stderr)
                continue
            came = answer.interchange
            groups = [OutgoingGroup(place, [build_999(one)]) for place, one in enumerate(answer.groups, 1)]
            data = render_interchange(
                sender=came.receiver, receiver=came.sender, control_number=number, at=at, groups=groups,
                acks=[answer.ta1], delimiters=came.delimiters,
            )  # fmt: skip
            _print_file(data, came.delimiters.terminator)
            number += 1
        for said in answer_claims(content, at=at.replace(tzinfo=None), profile=rules):
            came = said.interchange
            if as_json:
                print(json.dumps({"file": name, "claims": [_outcome(one) for one in said.claims]}))
                continue
            group = OutgoingGroup(number, [build_277ca(said.report)])
            data = render_interchange(
                sender=came.receiver, receiver=came.sender, control_number=number, at=at, groups=[group],
                delimiters=came.delimiters,
            )  # fmt: skip
            _print_file(data, came.delimiters.terminator)
            number += 1


def _print_file(data: bytes, terminator: str) -> None:
    """Print an X12 file a segment a line."""
    print(data.decode("utf-8", "replace").replace(terminator, f"{terminator}\n"))


def _outcome(one: "ClaimStatus") -> dict[str, Any]:
    status = one.statuses[0]
    return {
        "claim": one.claim_id,
        "taken": not one.rejected,
        "status": f"{status.category}:{status.code}",
        "message": status.message,
        "next": status.next_action,
    }


@x12.command("sample")
def sample(
    kind: Annotated[
        str, typer.Argument(metavar="SET", help="837P, 835, 271 and so on; `list` names them all.")
    ],
    claims: Annotated[int, typer.Option(help="How many claims, persons or sets.")] = 1,
    seed: Annotated[int, typer.Option(help="The same number gives the same file.", min=0)] = 1,
    fault: Annotated[str, typer.Option(help="What is wrong in the file; `list` names all of a SET.")] = "",
    target: Annotated[str, typer.Option("-o", "--out", help="The new file; - writes it out.")] = "-",
    as_json: Annotated[bool, typer.Option("--json", help="A list for a program to read.")] = False,
) -> None:
    """Write a clean file about invented people, or one with a named fault."""
    from daysheet.formats.x12.sample import FAULTS, SETS
    from daysheet.formats.x12.sample import sample as made

    if kind == "list":
        told = [{"set": name, "words": words} for name, words in SETS.items()]
        _list(told, as_json)
        return
    if fault == "list" and kind in SETS:
        told = [
            {"fault": name, "words": one.words, "finding": one.expects}
            for name, one in FAULTS.items()
            if kind in one.kinds
        ]
        _list(told, as_json)
        return
    try:
        data = made(kind, count=claims, seed=seed, fault=fault)
    except ValueError as no:
        raise Refusal(str(no)) from no
    if target == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    _refuse_what_is_there(target)
    Path(target).write_bytes(data)
    print(f"{target}: {kind}, seed {seed}, {fault or 'nothing wrong'}.")


def _list(told: list[dict[str, str]], as_json: bool) -> None:
    if as_json:
        print(json.dumps(told, indent=2))
        return
    for one in told:
        first, *rest = one.values()
        print(f"{first:<24} {'  '.join(rest)}")


def _refuse_what_is_there(target: str) -> None:
    if Path(target).exists():
        raise Refusal(f"{target} is there already. Choose another name: nothing is written over.")


@x12.command("mask")
def mask(
    source: Annotated[str, typer.Argument(metavar="IN", help="The file; - reads what comes in.")],
    target: Annotated[str, typer.Argument(metavar="OUT", help="The new file; - writes it out.")],
) -> None:
    """Write the same file about invented people, to be sent to somebody who helps."""
    import secrets

    from daysheet.formats.x12.mask import mask as masked

    if target != "-":
        _refuse_what_is_there(target)
    key = secrets.token_bytes(32)
    for _name, stream in _opened([source]):
        if target == "-":
            for piece in masked(stream, key):
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
            return
        with Path(target).open("xb") as out:
            out.writelines(masked(stream, key))
    print(f"{target}: the same counts, codes and amounts, about invented people.")


def _print_sheets(name: str, stream: BinaryIO, is_hidden: bool, as_json: bool) -> None:
    from daysheet.formats.x12.sheets import sheets

    is_empty = True
    for sheet in sheets(stream, is_hidden=is_hidden):
        _say(*([json.dumps(asdict(sheet))] if as_json else _laid_out(sheet)))
        is_empty = False
    if is_empty:
        print(f"{name}: no claim, remittance or answer; without --table it is explained.", file=sys.stderr)


def _laid_out(sheet: "Sheet") -> Iterator[str]:
    """Give a table for a screen of letters: figures to the right, the last column as long as it is."""
    rows = [sheet.columns, *sheet.rows]
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    to_right = [all(FIGURE.fullmatch(cell) for cell in column[1:]) for column in columns]
    yield sheet.title
    for row in rows:
        cells = [
            cell.rjust(width) if is_figure else cell.ljust(width)
            for cell, width, is_figure in zip(row, widths, to_right, strict=True)
        ]
        yield f"  {'  '.join(cells)}".rstrip()
    for note in sheet.notes:
        yield f"  ! {note}"
    yield ""


def _say(*lines: str) -> None:
    """Print lines that a payer's file may have filled: a sign that would command the terminal is told as \\x1b."""
    for line in lines:
        print("".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in line))


def _opened(files: list[str]) -> Iterator[tuple[str, BinaryIO]]:
    for name in files:
        if name == "-":
            yield name, sys.stdin.buffer
            continue
        path = Path(name)
        if not path.is_file():
            raise Refusal(f"There is no file {name}.")
        with path.open("rb") as stream:
            yield name, stream


def _profile(word: str) -> "Profile | None":
    from daysheet.formats.x12.check import read_profile

    if not word:
        return None
    try:
        return read_profile(Path(word) if word.endswith(".toml") else word)
    except ValueError as no:
        raise Refusal(str(no)) from no


def _levels(text: str) -> range:
    first, dash, last = text.partition("-")
    if not first.isdigit() or (dash and not last.isdigit()) or not 1 <= int(first) <= int(last or first) <= 7:
        raise typer.BadParameter("SNIP levels are a number from 1 to 7, or two with a dash, such as 1-5.")
    return range(int(first), int(last or first) + 1)


def _finding(one: "Problem") -> dict[str, object]:
    return asdict(one)


def _tell(name: str, found: Iterable["Problem"]) -> Counter[str]:
    """Print findings as they come, of a large file the first at once; return how many there are, which stands below."""
    counts: Counter[str] = Counter()
    for one in found:
        counts[one.severity] += 1
        if counts.total() <= SHOWN:
            value = f" [{one.value}]" if one.value else ""
            _say(f"  {one.severity:<8} SNIP {one.snip}  {one.place}{value}: {one.message} {one.fix}".rstrip())
            sys.stdout.flush()
    if counts.total() > SHOWN:
        _say(f"  and {counts.total() - SHOWN:,} more; --json tells all.")
    kinds = [one for one in ("error", "warning", "note") if counts[one]]
    words = ", ".join(f"{counts[one]} {one}{'s' if counts[one] != 1 else ''}" for one in kinds)
    _say(f"{name}: {words or 'nothing to say'}")
    return counts


def _short(one: dict[str, object]) -> str:
    names = ("set", "claim_id", "status", "charge", "paid", "trace", "group_control")
    return "  ".join(str(one[name]) for name in names if isinstance(one.get(name), str))
