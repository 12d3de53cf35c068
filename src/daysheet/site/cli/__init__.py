"""The command line: one `daysheet`, a verb for each thing a person asks of the machine.

A verb's module is loaded when it is asked for, so that `daysheet --help` answers at once.
Exit codes: 0 done, 1 findings or refusals, 2 a command that was typed wrongly.
"""

import importlib
import keyword
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from types import TracebackType

from daysheet import __version__
from daysheet.kernel.errors import Refusal
from daysheet.site.postgres.programs import DatabaseTrouble
from daysheet.site.state import open_state, state_dir

# verb: the sentence of `daysheet --help`. Verb `x` is the function or the Typer app `x` in cli/x.py;
# a verb that is a word of Python's own, such as `import`, has an underscore behind it there.
VERBS: dict[str, str] = {
    "run": "Serve the office on this machine until Ctrl-C.",
    "demo": "Make the demonstration practice anew.",
    "practice": "Open an empty practice.",
    "user": "Give a person a sign-in.",
    "phones": "Hear the telephone lines beside a running office.",
    "simulate": "Play office days in a training practice.",
    "verify": "Prove the books again from their rows.",
    "ledger": "Write the book of money out for a second reader.",
    "import": "Take in patients of another system.",
    "x12": "Look X12 files through, read, explain and answer them.",
    "academy": "Take newer public figures into the academy.",
    "bench": "Measure the hot paths, with the floor beside each.",
    "doctor": "Say what is missing on this machine and how to get it.",
    "where": "Say where an office word lives in the source.",
    "manage": "Run one of Django's own commands, for developers.",
}
QUICK = frozenset(("x12",))
"""Verbs that look at a file and are gone: what it takes to start them is most of their time."""
DONE, FINDINGS, USAGE = 0, 1, 2


def main(words: Sequence[str] | None = None) -> None:
    """Run one verb and end the program with its exit code; a person never sees a traceback."""
    sys.exit(answer(list(sys.argv[1:] if words is None else words)))


def answer(words: list[str]) -> int:
    """Run one verb and return its exit code."""
    if not words or words[0] in ("--help", "-h", "help"):
        print(_overview())
        return DONE
    if words[0] == "--version":
        print(f"daysheet {__version__}")
        return DONE
    if words[0] not in VERBS:
        near = get_close_matches(words[0], VERBS, n=1)
        hint = f" Did you mean {near[0]}?" if near else " `daysheet --help` lists them."
        print(f"daysheet: there is no verb {words[0]!r}.{hint}", file=sys.stderr)
        return USAGE
    try:
        _run(words[0], words[1:])
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else FINDINGS if end.code else DONE
    except (Refusal, DatabaseTrouble) as no:
        print(f"daysheet {words[0]}: {no}", file=sys.stderr)
        return FINDINGS
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return DONE
    except KeyboardInterrupt:
        return 130
    except Exception as bug:
        return _confess(words[0], bug, bug.__traceback__)
    return DONE


def _run(verb: str, words: list[str]) -> None:
    import typer

    from daysheet.site.cli.straight import straight

    name = f"{verb}_" if keyword.iskeyword(verb) else verb
    thing = getattr(importlib.import_module(f"daysheet.site.cli.{name}"), name)
    if not isinstance(thing, typer.Typer):
        one = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        settings = getattr(thing, "context_settings", None)
        one.command(help=VERBS[verb], context_settings=settings)(thing)
        thing = one
    if verb in QUICK and (call := straight(thing, words)) and _has_run(call):
        return
    thing(args=words, prog_name=f"daysheet {verb}")


def _has_run(call: Callable[[], object]) -> bool:
    """Run a verb; return False where it does not take its words: nothing is done then, and Typer tells the usage."""
    import typer

    try:
        call()
    except typer.Exit as end:
        sys.exit(end.exit_code)
    except typer.BadParameter:
        return False
    return True


def _overview() -> str:
    lines = [f"  {verb:<10} {sentence}" for verb, sentence in VERBS.items()]
    top = ["usage: daysheet VERB [...]    daysheet VERB --help", "", "The open medical office.", ""]
    return "\n".join([*top, *lines])


def _confess(verb: str, bug: Exception, trace: TracebackType | None) -> int:
    """Say in one line that we failed, and keep what a developer needs in the log folder."""
    if os.environ.get("DAYSHEET_TRACEBACK"):
        traceback.print_exception(type(bug), bug, trace)
        return FINDINGS
    place = ""
    try:
        folder = open_state(state_dir()) / "log"
        folder.mkdir(mode=0o700, exist_ok=True)
        with (folder / "verbs.log").open("a") as log:
            # Lines of code, never the message: it may quote a patient's data.
            log.write(f"daysheet {verb}: {type(bug).__name__}\n{''.join(traceback.format_tb(trace))}\n")
        place = f" Where it happened stands in {folder / 'verbs.log'}."
    except OSError:
        pass
    first_line = str(bug).strip().split("\n")[0]
    print(f"daysheet {verb}: {type(bug).__name__}: {first_line}{place}", file=sys.stderr)
    return FINDINGS
