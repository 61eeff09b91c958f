"""Gives a test run settings of its own before Django reads any, and PostgreSQL when asked for.

Loaded with `-p`, because pytest-django reads the settings before any conftest. Trap: with
pytest-xdist this runs in each worker too; a worker inherits what the first process put into the
environment.

`--postgres` runs only the tests that use the database, on a PostgreSQL server started for the run.
"""

import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from tests import needs
from tests.services.postgres import Postgres

DATA = "CARETAKER_DATA"
DATABASE = "CARETAKER_DATABASE"
DATABASE_FIXTURES = frozenset({"db", "transactional_db", "django_db_setup", "live_server"})

WITHOUT_DATABASE = tuple(
    f"{Path(__file__).with_name(name)}{os.sep}" for name in ("agent", "checks", "fuzz", "wire")
)
"""Folders of tests that use no database: not even looked into with `--postgres`."""


def is_worker() -> bool:
    """Say whether this is a worker of pytest-xdist."""
    return "PYTEST_XDIST_WORKER" in os.environ


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--postgres`."""
    parser.addoption(
        "--postgres",
        action="store_true",
        help="run the tests that use the database, on a PostgreSQL started for this run",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Set the folder and the database of this run; nothing a developer has set leaks in."""
    # A flush costs milliseconds, there are thousands, and kill -9 loses nothing the kernel has.
    # A test run that loses power is run again.
    setattr(os, "fsync", lambda _: None)  # noqa: B010  (mypy knows it as a function of os)
    if is_worker():
        return
    for name in [name for name in os.environ if name.startswith("CARETAKER_")]:
        del os.environ[name]
    os.environ[DATA] = tempfile.mkdtemp(prefix="caretaker-tests-")
    _make_signing_key(Path(os.environ[DATA]))
    early_config.add_cleanup(lambda: shutil.rmtree(os.environ[DATA], ignore_errors=True))
    if early_config.known_args_namespace.postgres and needs.postgres_folder() is not None:
        server = Postgres.start()
        early_config.add_cleanup(server.stop)
        os.environ[DATABASE] = server.url("caretaker")


def _make_signing_key(data: Path) -> None:
    """What the register signs a disposal's events with; nothing else of a data folder is there."""
    from controller.data.datafolder import PRIVATE_FOLDER, write_private
    from controller.roots.files import pem
    from wire import keys

    (data / "keys").mkdir(mode=PRIVATE_FOLDER)
    write_private(data / "keys" / "signing", pem(keys.generate()))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI, make a skip a failure unless nothing that can be installed would have helped."""
    report = yield
    if report.skipped and needs.in_ci() and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if needs.IMPOSSIBLE not in reason:
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} was skipped in CI: {reason}"
    return report


def uses_database(item: pytest.Item) -> bool:
    """Say whether a test touches Django's database and its outcome could depend on it."""
    if item.get_closest_marker("looks") is not None:
        return False
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(fixtures & DATABASE_FIXTURES)


def without_database(path: Path) -> bool:
    """Say whether a path lies in one of those folders."""
    return f"{path}{os.sep}".startswith(WITHOUT_DATABASE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With `--postgres`, spare two workers the making of ten thousand tests that nobody runs."""
    if config.getoption("postgres") and without_database(collection_path):
        return True
    return None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--postgres`, keep the tests that use the database."""
    missed = [item.nodeid for item in items if uses_database(item) and without_database(item.path)]
    if missed:
        message = f"these use the database, in a folder of WITHOUT_DATABASE: {missed[:3]}"
        raise pytest.UsageError(message)
    if not config.getoption("postgres"):
        return
    kept = [item for item in items if uses_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not uses_database(item)])
    items[:] = kept
    if DATABASE not in os.environ:
        reason = "PostgreSQL is not on this machine: apt-get install postgresql"
        for item in items:
            item.add_marker(pytest.mark.skip(reason))
