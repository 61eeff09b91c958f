"""`caretaker assets import|export|undo`: a school's own sheet into the register and out again."""

import csv
import io
import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from controller.commands import main, shared, sheet_files
from inventory.models import Asset, Room
from inventory.places.services import create_site
from tests.controller.commands.served import caretaker

NOW = 1_795_400_000
HEAD = "Asset Tag,Type,Make,Model,Serial No,Location,Date of Purchase,Cost,Supplier,Status,Notes"
THINGS = (
    ("Laptop", "HP", "ProBook 440 G9", 61_900),
    ("iPad", "Apple", "iPad (9th generation)", 31_900),
    ("Desktop PC", "Dell", "OptiPlex 3000", 54_950),
    ("Projector", "Epson", "EB-992F", 70_000),
    ("Interactive panel", "Clevertouch", "Impact Plus 65", 189_900),
    ("Chromebook", "Lenovo", "300e Gen 3", 22_999),
    ("Laser printer", "Brother", "HL-L5210DN", 24_000),
)
ROOMS = ("Oak", "Ash", "Hall", "Year 2", "Head’s office", "Café", "ICT suite", "")
NOTES = (
    "",
    "=SUM(A1:A9)",
    "-",
    "unknown",
    "screen replaced, café\nkey 4 sticks",
    "+44 20 7946 0000",
)


def believable(rows: int, seed: int) -> str:
    """A school's sheet as it grew over years: three styles of days, prices as people type them."""
    dice = random.Random(seed)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD.split(","))
    for number in range(1, rows + 1):
        kind, make, model, pence = dice.choice(THINGS)
        year, month, day = dice.randint(2015, 2025), dice.randint(1, 12), dice.randint(13, 28)
        days = (f"{day}/{month}/{year}", f"{year}-{month:02}-{day}", f"{day} Sept {year}", "")
        prices = (f"£{pence / 100:,.2f}", f"{pence / 100:.2f}", str(pence // 100), "")
        writer.writerow(
            [
                f"{number:05}",
                kind,
                make,
                model,
                f"SN{seed}{dice.randrange(10**8):08}{number:03}" if dice.random() < 0.9 else "",
                dice.choice(ROOMS),
                dice.choice(days),
                dice.choice(prices),
                dice.choice(("XMA", "Müller & Söhne", "")),
                dice.choice(("In use", "In use", "Spare", "Away for repair", "")),
                dice.choice(NOTES),
            ]
        )
    return out.getvalue()


def ran(folder: Path, *words: str) -> Any:
    done = caretaker("assets", *words, "--format", "json", data=folder)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return json.loads(done.stdout)


def counts(told: Any) -> tuple[int, int, int]:
    return told["new"], told["changed"], told["same"]


def test_500_things_go_in_come_out_and_go_in_elsewhere_without_a_difference(
    folder: Path, tmp_path: Path
) -> None:
    elsewhere = Path(shutil.copytree(folder, tmp_path / "elsewhere"))
    sheet, first, second = (tmp_path / name for name in ("old.csv", "first.csv", "second.csv"))
    sheet.write_bytes(believable(500, seed=5).encode("cp1252"))
    assert counts(ran(folder, "import", str(sheet))) == (500, 0, 0)
    assert counts(ran(folder, "import", str(sheet))) == (0, 0, 500)
    assert ran(folder, "export", str(first))["entries"] == 500
    assert counts(ran(folder, "import", str(first))) == (0, 0, 500)
    assert counts(ran(elsewhere, "import", str(first))) == (500, 0, 0)
    ran(elsewhere, "export", str(second))
    assert second.read_bytes() == first.read_bytes()
    text = first.read_text(encoding="utf-8-sig")
    assert {"Müller & Söhne", "00001", "'=SUM(A1:A9)", "Café"} <= cells(text)


def cells(text: str) -> set[str]:
    return {cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row}


@pytest.fixture
def here(db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A school in a database that is in force already, and an empty folder to stand in."""
    monkeypatch.setattr(shared, "ready", lambda _options: None)
    monkeypatch.chdir(tmp_path)
    return create_site(name="Hill School", at=NOW)


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main.main(["assets", *words]) == code
    out, err = capsys.readouterr()
    assert code in (0, 1) or out == ""
    return str(err if code and not out else out)


def names() -> list[str]:
    """What lies in the folder."""
    return sorted(one.name for one in Path().iterdir())


SMALL = "Tag,Type,Bought,Colour\nHS-1,Laptop,1/9/2024,red\nHS-2,Spaceship,soon,blue\n"


@pytest.mark.usefixtures("here")
def test_a_dry_run_names_each_refused_row_and_how_columns_are_taken_and_does_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("a.csv").write_text(SMALL)
    out = said(capsys, "import", "a.csv", "--dry-run", code=1)
    lines = [line.split(maxsplit=2) for line in out.splitlines()]
    assert ["Bought", "bought_on"] in lines
    assert ["Colour", "-"] in lines
    assert [line[:2] for line in lines if line[:1] == ["3"]] == [["3", "Type"], ["3", "Bought"]]
    assert "write it like 2026-09-01 or 1/9/2026." in out
    assert "1 would be new" in out
    assert "1 row refused." in out
    assert "Nothing was imported." in out
    assert not Asset.objects.exists()


@pytest.mark.usefixtures("here")
def test_good_rows_are_imported_unless_it_is_to_be_all_or_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("a.csv").write_text(SMALL)
    out = said(capsys, "import", "a.csv", "--all-or-nothing", code=1)
    assert "“spaceship” is no kind" in out
    assert not Asset.objects.exists()
    out = said(capsys, "import", "a.csv", code=1)
    assert "passed over: Colour." in out
    assert list(Asset.objects.values_list("tag", flat=True)) == ["HS-1"]


@pytest.mark.usefixtures("here")
def test_what_an_import_did_is_taken_back_with_the_words_it_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("a.csv").write_text("Tag,Room\nHS-1,Oak\nHS-2,Oak\n")
    told = said(capsys, "import", "a.csv").split("caretaker assets ")[1].split()
    assert "2 changes were taken back." in said(capsys, *told)
    assert set(Asset.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert "left as they are" in said(capsys, *told, code=1)
    assert "nothing to undo" in said(capsys, "undo", "batch_none", code=1)


@pytest.mark.usefixtures("here")
def test_a_column_means_what_the_person_says(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.csv").write_text("Nr = old,Colour,Cost\nHS-1,red,cheap\n")
    said(
        capsys,
        *("import", "a.csv", "--map", "Nr = old=tag", "--map", "Colour=notes", "--map", "Cost=-"),
    )
    assert Asset.objects.values_list("tag", "notes", "cost_pence").get() == ("HS-1", "red", None)


@pytest.mark.usefixtures("here")
def test_a_workbook_is_read_whatever_it_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["Tag", "Cost"])
    page.append(["0007", 12.5])
    book.save("register.xlsx")
    Path("register.xlsx").rename("register.csv")
    said(capsys, "import", "register.csv")
    assert Asset.objects.values_list("tag", "cost_pence").get() == ("0007", 1250)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["import"], 64, "required"),
        (["import", "a.csv", "--key", "colour"], 64, "invalid choice"),
        (["import", "a.csv", "--map", "Colour"], 64, 'wants "Column=field"'),
        (["import", "a.csv", "--map", "Colour=paint"], 64, "no field called paint"),
        (["import", "a.csv", "--map", "Shade=notes"], 64, "no column called Shade"),
        (["import", "a.csv", "--map", "Tag=name", "--map", "Colour=name"], 64, "twice"),
        (["import", "a.csv", "--site", "site_9"], 64, "There is no school site_9"),
        (["import", "a.csv", "--key", "serial"], 1, "it has: Tag, Type, Bought, Colour. Say which"),
        (["import", "none.csv"], 1, "No such file"),
        (["import", "."], 1, "is a folder"),
        (["export", "out.xlsx"], 64, "name the file out.csv"),
        (["export", "."], 64, "is no file"),
        (["export", "nowhere/out.csv"], 1, "There is no folder"),
    ],
)
def test_a_mistake_is_one_sentence_and_changes_nothing(
    words: list[str], code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("a.csv").write_text(SMALL)
    try:
        ended = main.main(["assets", *words])
    except SystemExit as wrong:
        ended = int(str(wrong.code))
    out, err = capsys.readouterr()
    assert (ended, out, len(err.splitlines())) == (code, "", 1)
    assert says in err
    assert not Asset.objects.exists()
    assert names() == ["a.csv"]


def _broken_workbook() -> bytes:
    """XLSX in its outer form, whose page is cut short."""
    import zipfile

    whole, broken = io.BytesIO(), io.BytesIO()
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["Tag"])
    book.save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data[: len(data) // 2] if "sheet1" in name else data)
    return broken.getvalue()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"", "nothing in this sheet", id="empty"),
        pytest.param(b"%PDF-1.7\n1 0 obj\n", "This is a PDF", id="pdf"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0", "This is a picture", id="picture"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel file", id="xls"),
        pytest.param(b"PK\x03\x04 and no more", "damaged", id="cut-zip"),
        pytest.param(_broken_workbook(), "damaged", id="cut-page"),
        pytest.param(b"\x7fELF\0\0\0\0", "no text", id="program"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_in_one_sentence(
    content: bytes, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("register.xlsx").write_bytes(content)
    err = said(capsys, "import", "register.xlsx", code=1)
    assert err.startswith("caretaker: register.xlsx: ")
    assert says in err
    assert len(err.splitlines()) == 1


@pytest.mark.usefixtures("here")
def test_what_stood_in_the_file_stays_until_all_of_the_export_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(_sites: list[str]) -> Iterator[str]:
        yield "Asset tag\r\n"
        raise OSError(28, "No space left on device")

    from inventory.imports import exporting

    Path("out.csv").write_text("before")
    with monkeypatch.context() as patched:
        patched.setattr(exporting, "sheet", breaks)
        assert "No space left" in said(capsys, "export", "out.csv", code=1)
    assert (Path("out.csv").read_text(), names()) == ("before", ["out.csv"])
    Path("a.csv").write_text("Serial\n5CD0000001\n")
    said(capsys, "import", "a.csv", "--key", "serial")
    assert "1 of them have no asset tag" in said(capsys, "export", "out.csv")
    assert Path("out.csv").stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("here")
def test_names_of_columns_and_rooms_do_not_drive_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("a.csv").write_text("Tag,Room,\x1b[2JX\nHS-1,O\x1b[31mak,1\n", encoding="utf-8")
    assert "\x1b" not in said(capsys, "import", "a.csv")
    assert Room.objects.count() == 1


def test_a_sheet_is_read_no_further_than_the_largest_there_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from inventory.imports import sheets

    monkeypatch.setattr(sheets, "LARGEST", 1 << 20)
    with pytest.raises(shared.CannotError, match="larger than 1 MB"):
        sheet_files.read(Path("/dev/zero"))
