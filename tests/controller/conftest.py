"""A data folder as `quickstart` leaves it, without serving: made once, copied for each test."""

import shutil
from pathlib import Path

import pytest

from controller import keyfiles
from controller.data import datafolder
from tests.controller.commands.served import environment

_MAKE = """
import sys
from pathlib import Path
from controller import clock, keyfiles
from controller.data import certificate, datafolder
from controller.config import load, use
data = Path(sys.argv[1])
use(load({"data": str(data)}))
datafolder.prepare(data)
keyfiles.make_keys(data)
certificate.make(data, "127.0.0.1", clock.now())
from controller.commands.shared import django
django()
from controller.commands.migrate import apply
apply()
from inventory.places.services import create_site
create_site(name="Hill School", at=clock.now())
"""


@pytest.fixture(scope="session")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with keys, made once."""
    folder = tmp_path_factory.mktemp("keyed") / "data"
    datafolder.prepare(folder)
    keyfiles.make_keys(folder)
    return folder


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with keys, certificate, database and one school."""
    import subprocess
    import sys

    data = tmp_path_factory.mktemp("template") / "data"
    subprocess.run(
        [sys.executable, "-P", "-c", _MAKE, str(data)], check=True, env=environment(), timeout=120
    )
    return data


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """A fresh copy of it."""
    return Path(shutil.copytree(template, tmp_path / "data"))
