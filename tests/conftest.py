"""What every test run needs before its first test."""

import os
from typing import Any

import pytest

from tests.chromium import ARGUMENTS, executable


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium, speaking German: LANGUAGE, because `locale` leaves date inputs English."""
    return {
        "executable_path": executable(),
        "args": ARGUMENTS,
        "env": {**os.environ, "LANGUAGE": "de"},
    }
