"""Fixtures and habits every test shares."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import needs
from tests.services.postgres import Postgres

# Test machines are shared and slow: how long one example takes says nothing about the code.
settings.register_profile(
    "caretaker", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("caretaker")


@pytest.fixture
def postgres_binaries() -> Path:
    """The folder of PostgreSQL's programs; skips (fails in CI) where there are none."""
    return needs.postgres()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of its own for the session (of each worker)."""
    needs.postgres()
    server = Postgres.start()
    yield server
    server.stop()
