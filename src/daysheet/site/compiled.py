"""The parts of the X12 library that `make fast` compiles, and the program that does it.

The parts stay plain Python that runs as it stands; where no compiled one lies beside it, the source is read
(docs/adr/0007). As a program: `compiled.py WORKSHOP`, in an environment that holds mypyc and setuptools.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
LIBRARY = SOURCE / "daysheet" / "formats" / "x12"
GROUP = "daysheet_wire"
"""The one library that holds the code of all parts; each part's own file only opens it."""
PARTS = (
    "segment",
    "text",
    "envelope",
    "loop",
    "guides/reading",
    "guides/claim_reading",
    "guides/professional_reading",
    "guides/remittance_reading",
    "guides/writing",
    "guides/claim_writing",
    "guides/professional_writing",
    "check/__init__",
    "check/patterns",
    "check/structure",
    "check/table",
)


def sources() -> list[Path]:
    """Return what a compiled part depends on: its own source, the types around it, and this list."""
    return [*sorted(LIBRARY.rglob("*.py")), Path(__file__)]


def made() -> list[Path]:
    """Return the compiled files that lie beside the sources, of whatever age and Python."""
    beside = [file for end in ("*.so", "*.pyd") for file in LIBRARY.rglob(end)]
    return [*SOURCE.glob(f"{GROUP}__mypyc*"), *beside]


def is_in_use() -> bool:
    """Return whether this process reads X12 with compiled parts."""
    from daysheet.formats.x12 import loop

    return str(loop.__file__).endswith(tuple(EXTENSION_SUFFIXES))


def main(workshop: Path) -> None:
    """Compile the parts in place; what is needed on the way lies in the workshop."""
    from mypyc.build import mypycify
    from setuptools import setup

    os.chdir(SOURCE)
    files = [str((LIBRARY / f"{part}.py").relative_to(SOURCE)) for part in PARTS]
    quiet = [
        "--config-file=",
        "--ignore-missing-imports",
        "--follow-imports=silent",
        f"--cache-dir={workshop}",
    ]
    parts = mypycify([*quiet, *files], group_name=GROUP, target_dir=str(workshop), opt_level="3")
    beside = ["--inplace", "--build-temp", str(workshop), "--build-lib", str(workshop / "lib")]
    setup(name=GROUP, ext_modules=parts, script_args=["-q", "build_ext", *beside])


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
