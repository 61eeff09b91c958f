"""What a school installs: the five packages with their data, and nothing else."""

import configparser
import email
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.project.repository import PACKAGES, ROOT, files


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(io.BytesIO(built.read_bytes()))


def metadata(wheel: zipfile.ZipFile, name: str) -> str:
    """Return one file of the wheel's dist-info folder."""
    (path,) = [entry for entry in wheel.namelist() if entry.endswith(f".dist-info/{name}")]
    return wheel.read(path).decode()


def test_it_brings_the_five_packages_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_every_file_of_the_packages_is_in_it(wheel: zipfile.ZipFile) -> None:
    committed = {str(path.relative_to(ROOT)) for path in files(*PACKAGES)}

    assert committed - set(wheel.namelist()) == set()


def test_nothing_is_in_it_that_is_not_committed(wheel: zipfile.ZipFile) -> None:
    committed = {str(path.relative_to(ROOT)) for path in files(*PACKAGES)}
    shipped = {name for name in wheel.namelist() if ".dist-info/" not in name}

    assert shipped - committed == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_says_it_is_typed(package: str, wheel: zipfile.ZipFile) -> None:
    assert f"{package}/py.typed" in wheel.namelist()


def test_no_key_or_database_is_in_it(wheel: zipfile.ZipFile) -> None:
    secret = {".pem", ".key", ".sqlite3", ".db", ".env"}

    assert [name for name in wheel.namelist() if Path(name).suffix in secret] == []


def test_it_installs_both_commands(wheel: zipfile.ZipFile) -> None:
    scripts = configparser.ConfigParser()
    scripts.read_string(metadata(wheel, "entry_points.txt"))

    assert dict(scripts["console_scripts"]) == {
        "caretaker": "controller.commands.main:main",
        "caretaker-agent": "agent.commands.main:main",
    }


def test_it_names_its_licence_and_brings_the_text(wheel: zipfile.ZipFile) -> None:
    fields = email.message_from_string(metadata(wheel, "METADATA"))

    assert fields["License-Expression"] == "GPL-2.0-or-later"
    assert "GNU GENERAL PUBLIC LICENSE" in metadata(wheel, "licenses/LICENSE")


def test_tools_of_developers_are_no_extra_of_it(wheel: zipfile.ZipFile) -> None:
    fields = email.message_from_string(metadata(wheel, "METADATA"))

    assert set(fields.get_all("Provides-Extra", [])) == {"controller", "network", "ssh"}
