"""`caretaker assets export --history`: all of it, safe to open, back in without a difference."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from controller.commands import main, shared
from inventory.allocation import people
from inventory.allocation.services import allocate
from inventory.assets import services
from inventory.assets.writing import By
from inventory.models import Asset
from inventory.places.services import add_room, create_site

NOW = 1_795_400_000
BY = By("user_1", NOW)


@pytest.fixture
def here(db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    monkeypatch.setattr(shared, "ready", lambda _options: None)
    monkeypatch.chdir(tmp_path)
    site = create_site(name="Hill School", at=NOW)
    room = add_room(site, "Oak", by=BY)
    values = {"tag": "00017", "kind": "laptop", "room": room, "cost_pence": 44_999}
    one = services.add(site, {**values, "notes": "=1+1\nsecond", "uuid": "ab-1"}, by=BY)
    services.change(site, one, {"name": "@SUM(1)"}, by=By("user_1", NOW + 60))
    gone = services.add(site, {"tag": "X-9"}, by=BY)
    services.withdraw(site, gone, by=BY)
    maya = people.add_person(site, "Maya Jones", "staff", by=BY)
    allocate(site, [one], maya, by=BY)
    return site


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main.main(["assets", *words]) == code
    out, err = capsys.readouterr()
    return str(err if code else out)


def pages(name: str) -> dict[str, list[list[str]]]:
    book = openpyxl.load_workbook(name)
    return {
        page.title: [[str(cell or "") for cell in row] for row in page.iter_rows(values_only=True)]
        for page in book.worksheets
    }


@pytest.mark.usefixtures("here")
def test_a_workbook_has_everything_but_names_of_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert "All of it is in" in said(capsys, "export", "all.xlsx", "--history")
    found = pages("all.xlsx")
    assert list(found) == [
        *("Entries", "No longer ours", "History", "Given out", "Rooms", "Sets", "Papers")
    ]
    assert [len(rows) - 1 for rows in found.values()] == [1, 1, 5, 1, 1, 0, 0]
    history = [dict(zip(found["History"][0], row, strict=True)) for row in found["History"][1:]]
    named = next(row for row in history if "@SUM" in row["After"])
    assert json.loads(named["Before"])["name"] == ""
    assert (named["When (UTC)"], named["Who"]) == ("2026-11-23 02:14:20Z", "user_1")
    cells = [cell for rows in found.values() for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "-"))]
    assert not [cell for cell in cells if "Maya" in cell]
    said(capsys, "export", "all.xlsx", "--history", "--people")
    assert "Maya Jones" in pages("all.xlsx")["People"][1]


def test_entries_go_back_in_without_a_difference(
    here: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "export", "all.xlsx", "--history")
    before = list(Asset.objects.filter(site_id=here).order_by("id").values())
    told = json.loads(said(capsys, "--format", "json", "import", "all.xlsx"))
    assert (told["new"], told["changed"], told["same"], told["refused"]) == (0, 0, 1, [])
    assert list(Asset.objects.filter(site_id=here).order_by("id").values()) == before


@pytest.mark.usefixtures("here")
def test_a_folder_has_a_file_for_each_table(capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "export", "all", "--history")
    text = Path("all/entries.csv").read_text(encoding="utf-8-sig")
    row = next(csv.DictReader(io.StringIO(text, newline="")))
    assert (row["Asset tag"], row["Notes"], row["State"]) == ("00017", "'=1+1\nsecond", "in_use")
    assert len(list(Path("all").iterdir())) == 7
    assert "is there already" in said(capsys, "export", "all", "--history", code=64)
    assert "belongs to --history" in said(capsys, "export", "x.csv", "--people", code=64)
    assert [path.name for path in Path().iterdir()] == ["all"]


def test_another_schools_things_are_not_in_it(
    here: str, capsys: pytest.CaptureFixture[str]
) -> None:
    other = create_site(name="Dale School", at=NOW)
    services.add(other, {"tag": "DALE-1"}, by=BY)
    said(capsys, "--site", here, "export", "all", "--history")
    text = "".join(path.read_text(encoding="utf-8") for path in Path("all").iterdir())
    assert "DALE-1" not in text
