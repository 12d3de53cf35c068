"""The wheel carries what the set-up builds: the browser's files and the table of diagnosis codes."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BuiltFiles(BuildHookInterface):  # type: ignore[type-arg]
    """Builds what is missing or stale before a wheel is packed; an editable install needs nothing."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run the set-up of the clone, unless the files come with the source archive already."""
        root = Path(self.root)
        if version != "editable" and (root / "build.mjs").exists():
            subprocess.run([sys.executable, root / "src/daysheet/site/boot.py", "set-up"], check=True)  # noqa: S603
