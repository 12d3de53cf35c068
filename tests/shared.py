"""Where the shared test data lies: beside the checkout, or where DAYSHEET_SHARED says."""

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).resolve().parents[2] / "shared"


def shared_data(name: str) -> Path:
    """Return a folder of the shared test data, or skip the test because it is not there."""
    for root in (BESIDE, Path(os.environ.get("DAYSHEET_SHARED", ""))):
        if (root / "data" / name).is_dir():
            return root / "data" / name
    return pytest.skip(f"../shared/data/{name} is not on this machine")
