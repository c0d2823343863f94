"""An office with an admin, on both databases."""

from collections.abc import Callable

import pytest

from tests.unit.server.accounts.office import Colleague, Office


@pytest.fixture
def office(open_office: Callable[..., Office]) -> Office:
    return open_office()


@pytest.fixture
def vera(office: Office) -> Colleague:
    """The admin, signed in."""
    return office.colleague("vera", "admin")
