"""Where the public files lie, if they do."""

from pathlib import Path

import pytest

from tests.shared import shared_data


@pytest.fixture(scope="session")
def public_files() -> Path:
    """The folder of public files beside the project; a test that needs it says so when it is absent."""
    return shared_data("academy")
