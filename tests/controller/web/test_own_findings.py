"""What the controller found out about itself is shown to those who can mend it, and to no one
else."""

from pathlib import Path

import pytest

from controller.config import current
from controller.people.models import User
from controller.selfcheck import record
from controller.selfcheck.findings import Finding
from tests.controller.web import school
from tests.controller.web.conftest import SignedIn

FULL = Finding("disk", "bad", "full", {"free": "<b>0.1 GB</b>"})


@pytest.fixture
def noted() -> Path:
    """The server found two things, one of them well."""
    found = [FULL, Finding("log", "ok", "ok")]
    record.save(current().folder, record.Record(school.NOW, found))
    return current().folder / record.NAME


def test_a_technician_sees_what_is_not_well(
    noted: Path, technician: User, signed_in: SignedIn
) -> None:
    page = signed_in(technician).get("/").content.decode()
    assert "About this Caretaker itself" in page
    assert "&lt;b&gt;0.1 GB" in page
    assert "evidence log" not in page.lower()
    noted.unlink()
    assert "About this Caretaker itself" not in signed_in(technician).get("/").content.decode()


def test_a_head_and_a_governor_are_not_shown_the_controllers_own_trouble(
    noted: Path, slt: User, governor: User, signed_in: SignedIn
) -> None:
    for user in (slt, governor):
        assert "0.1 GB" not in signed_in(user).get("/").content.decode()
    noted.unlink()
