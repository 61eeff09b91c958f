"""Fixtures and habits every test shares."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, settings
from whitenoise.middleware import WhiteNoiseMiddleware

from controller.db import whole_steps
from tests import environment, needs
from tests.longest import longest_first
from tests.services.postgres import Postgres, empty_what_has_rows

# Test machines are shared and slow: how long one example takes says nothing about the code.
settings.register_profile(
    "caretaker", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
# For `make test`: the same commit gives the same answer. Plain pytest goes on exploring.
settings.register_profile("repeatable", settings.get_profile("caretaker"), derandomize=True)
settings.load_profile("caretaker")


@pytest.hookimpl(trylast=True)  # after pytest-randomly
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Share tests out among workers so that all of them end at about the same time."""
    if environment.is_worker():
        items.sort(key=longest_first())


def pytest_collection_finish() -> None:
    """Collect garbage less often: looking through all there is of Django and 18,000 tests, again
    and again, took a tenth of the time. What is there by now stays to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """What a command sets for its process does not outlive the test that called it in ours: the
    next one would make files that nobody else may read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture(scope="session", autouse=True)
def static_files() -> Iterator[None]:
    """Every test client builds the whole of the middleware, and there WhiteNoise looks at each
    static file: the files are the same for all of them, so the first one's list does for all."""
    look, found = WhiteNoiseMiddleware.add_files_from_finders, dict[str, Any]()

    def look_once(self: WhiteNoiseMiddleware) -> None:
        if not found:
            look(self)
            found.update(self.files)
        self.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", look_once)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of its own for the session (of each worker)."""
    needs.postgres()
    server = Postgres.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(worker_id: str) -> None:
    """One test database per worker; SQLite's in a real file, so WAL and locks are the real ones.
    It is made as a new controller's is.

    Replaces pytest-django's own, which takes our SQLite engine for a server with named databases.
    """
    whole_steps.use()
    database = django_settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.postgresql":
        empty_what_has_rows()
        name = f"test_{database['NAME']}_{worker_id}"
    else:
        path = Path(database["NAME"]).with_name(f"test-{worker_id}.sqlite3")
        path.parent.mkdir(parents=True, exist_ok=True)
        name = str(path)
    database.setdefault("TEST", {})["NAME"] = name
