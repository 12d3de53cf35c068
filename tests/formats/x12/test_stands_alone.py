"""The X12 floor could be its own package: it loads fast because it loads little."""

import json
import subprocess
import sys
from pathlib import Path

import daysheet
from daysheet.site import compiled

PROGRAM = """
import json, sys
before = set(sys.modules)
import daysheet.formats.x12
print(json.dumps(sorted({name.partition(".")[0] for name in set(sys.modules) - before})))
"""


def test_it_needs_nothing_but_the_standard_library() -> None:
    source = str(Path(daysheet.__file__).parents[1])
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": source},
    )
    own = {"daysheet", f"{compiled.GROUP}__mypyc"}
    loaded = set(json.loads(answer.stdout)) - own
    assert loaded <= sys.stdlib_module_names
    assert not loaded & {"asyncio", "email", "http", "importlib.metadata", "logging", "unittest", "xml"}
