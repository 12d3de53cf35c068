"""`daysheet where WORD`: an office word, and where it lives in this house."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from daysheet.site.state import PACKAGE, clone_dir

Word = Annotated[str, typer.Argument(help="A word of the office: copay, denial, waitlist...")]
MOST = 6  # places of one sort


def where(word: Word) -> None:
    """Print the glossary line, the commands, the screens and the tests of a word."""
    root = clone_dir() or PACKAGE.parent.parent
    stem = re.escape(word.lower().rstrip("s").replace(" ", "_").replace("-", "_"))
    defined = re.compile(rf"^def (\w*{stem}\w*)\(", re.IGNORECASE)
    sorts = {
        "glossary": _lines(root.glob("docs/glossary.md"), re.compile(re.escape(word), re.IGNORECASE)),
        "rule": _lines(_files(PACKAGE, "rules"), defined),
        "command": _lines(_files(PACKAGE, "commands"), defined),
        "query": _lines(_files(PACKAGE, "queries"), defined),
        "screen": _lines(PACKAGE.glob("*/urls.py"), re.compile(rf"name=.*{stem.replace('_', '[-_]')}", re.I)),
        "test": _lines(root.glob("tests/**/test_*.py"), re.compile(rf"^def test_\w*{stem}", re.I)),
    }
    found = False
    for sort, hits in sorts.items():
        for n, (path, number, line) in enumerate(hits):
            if n == MOST:
                print(f"{sort:<9} ...")
                break
            found = True
            print(f"{sort:<9} {path.relative_to(root)}:{number}  {line.strip().rstrip(':')}")
    if not found:
        print(f"No {word!r} anywhere. The glossary lists the office's words: docs/glossary.md")
        raise typer.Exit(1)


def _files(package: Path, name: str) -> Iterator[Path]:
    yield from package.glob(f"*/{name}.py")
    yield from package.glob(f"*/{name}/*.py")


def _lines(paths: Iterator[Path], pattern: re.Pattern[str]) -> Iterator[tuple[Path, int, str]]:
    for path in sorted(paths):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line):
                yield path, number, line
