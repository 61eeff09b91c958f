"""`caretaker assets import` of what a management (MDM) lists."""

import json
from pathlib import Path

import pytest

from controller.commands import main, managed_lists, shared
from inventory.assets import services
from inventory.assets.writing import By
from inventory.managed import queries
from inventory.managed.adapters import adapters
from inventory.models import Asset, ManagedSheet
from inventory.places.services import create_site
from tests.inventory.managed.sheets import GOOGLE, INTUNE, JAMF

NOW = 1_795_334_400


@pytest.fixture
def here(db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    monkeypatch.setattr(shared, "ready", lambda _options: None)
    monkeypatch.setattr("controller.clock.now", lambda: NOW)
    monkeypatch.chdir(tmp_path)
    return create_site(name="Hill School", at=NOW)


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main.main(["assets", *words]) == code
    out, err = capsys.readouterr()
    return str(err if code and not out else out)


def add(site: str, serial: str) -> str:
    return services.add(site, {"serial": serial, "kind": "tablet"}, by=By("user_1", NOW))


def test_every_list_there_is_can_be_named() -> None:
    assert set(managed_lists.SOURCES) == {*adapters(), managed_lists.OWN}


def test_a_list_is_known_by_its_columns_tried_taken_in_and_taken_back(
    here: str, capsys: pytest.CaptureFixture[str]
) -> None:
    one = add(here, "TABLET0001")
    Path("a.csv").write_text(JAMF)
    told = said(capsys, "import", "a.csv", "--dry-run", code=1)
    assert "A list of Jamf School." in told
    assert "would be found: 1 for the first time" in told
    assert "TABLET0005" in told
    assert not ManagedSheet.objects.exists()
    told = said(capsys, "import", "a.csv", code=1)
    assert queries.facts(here)[one].listed
    back = told.split("caretaker assets ")[1].split()
    assert "holds no more" in said(capsys, *back)
    assert queries.facts(here) == {}


def test_strangers_get_entries_where_it_is_said(
    here: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("a.csv").write_text(GOOGLE)
    document = json.loads(said(capsys, "--format", "json", "import", "a.csv", "--add"))
    assert (document["made"], document["from"]) == (3, "google-admin")
    assert Asset.objects.filter(site_id=here, kind="chromebook").count() == 3


@pytest.mark.usefixtures("here")
def test_a_list_may_be_taken_as_a_sheet_of_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.csv").write_text(INTUNE)
    words = ("--from", "sheet", "--key", "serial", "--map", "Ownership=-")
    said(capsys, "import", "a.csv", *words)
    assert Asset.objects.count() == 4
    assert not ManagedSheet.objects.exists()


def test_a_list_nobody_has_seen_wants_to_be_told(
    here: str, capsys: pytest.CaptureFixture[str]
) -> None:
    one = add(here, "TABLET0001")
    Path("a.csv").write_text("Nr,State\nTABLET0001,yes\n")
    told = said(capsys, "import", "a.csv", "--from", "lightspeed", code=64)
    assert "No column of this sheet is the serial number" in told
    words = ("--map", "Nr=serial", "--map", "State=managed")
    said(capsys, "import", "a.csv", "--from", "lightspeed", *words)
    assert queries.facts(here)[one].managed is True
