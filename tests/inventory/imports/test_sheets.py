"""Sheets as schools really have them: encodings, separators, dates, and files that are none."""

import datetime
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.assets.errors import RegisterError
from inventory.imports import columns, sheets
from inventory.imports.sheets import LONGEST_CELL, MOST_ROWS, SheetError, read
from inventory.imports.values import understood


@pytest.mark.parametrize(
    ("data", "headers", "rows"),
    [
        (b"Tag,Name\n1,a\n", ["Tag", "Name"], [["1", "a"]]),
        (b"\xef\xbb\xbfTag;Name\r\n1;a,b\r\n", ["Tag", "Name"], [["1", "a,b"]]),
        ("Tag\tName\n007\tCaf\u00e9\n".encode("utf-16"), ["Tag", "Name"], [["007", "Café"]]),
        ("Tag,Name\n1,Café £5 – ok\n".encode("cp1252"), ["Tag", "Name"], [["1", "Café £5 – ok"]]),
        (b'"Tag","Na,me"\n"1","two\nlines"\n', ["Tag", "Na,me"], [["1", "two\nlines"]]),
        (b"\n\nTag,Name,,\n,,,\n1,a\n", ["Tag", "Name"], [["1", "a"]]),
        (b"Tag\n1\n2\n", ["Tag"], [["1"], ["2"]]),
    ],
    ids=["plain", "bom-semicolons", "utf-16-tabs", "windows", "quoted", "gaps", "one-column"],
)
def test_a_sheet_is_read_however_it_was_saved(
    data: bytes, headers: list[str], rows: list[list[str]]
) -> None:
    sheet = read(data)
    assert sheet.headers == headers
    assert [row.cells for row in sheet.rows] == rows


def test_a_row_keeps_the_number_it_has_in_the_sheet() -> None:
    sheet = read(b'Tag,Name\n\n1,"a\nb"\n2,c\n')
    assert [row.number for row in sheet.rows] == [4, 5]


def test_a_row_that_is_too_long_or_has_a_huge_cell_is_named_and_the_rest_is_read() -> None:
    huge = b"x" * (LONGEST_CELL + 1)
    sheet = read(b"Tag,Name\n1,a,extra\n2," + huge + b"\n3,c\n")
    assert [(row.number, bool(row.fault)) for row in sheet.rows] == [
        (2, True),
        (3, True),
        (4, False),
    ]


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n", b"\x89PNG\r\n", b"%PDF-1.7", b"\xd0\xcf\x11\xe0old", b"a\0b,c", b"PK\x03\x04"],
)
def test_what_is_no_sheet_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(SheetError, match=r"\.$"):
        read(data)


def test_too_many_rows_are_refused_and_as_many_as_may_be_are_read() -> None:
    body = b"Tag\n" + b"".join(b"%d\n" % n for n in range(MOST_ROWS))
    assert len(read(body).rows) == MOST_ROWS
    with pytest.raises(SheetError, match="50,000"):
        read(body + b"one more\n")


def test_a_zip_that_is_no_workbook_is_said_to_be_one() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("x.csv", "Tag\n1\n")
    with pytest.raises(SheetError, match="ZIP"):
        read(packed.getvalue())


def _changed(part: str, data: bytes, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A workbook of one column, with one of its parts as somebody else would have it."""
    book = openpyxl.Workbook()
    for text in ("Tag", "1"):
        book.worksheets[0].append([text])
    whole, made = io.BytesIO(), io.BytesIO()
    book.save(whole)
    with zipfile.ZipFile(whole) as box, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for name in box.namelist():
            if name == part:
                out.writestr(name, data, packed)
            else:
                out.writestr(name, box.read(name))
    return made.getvalue()


@pytest.mark.parametrize(
    ("part", "size", "packed"),
    [
        ("[Content_Types].xml", 1 << 20, zipfile.ZIP_BZIP2),
        ("[Content_Types].xml", 1 << 20, zipfile.ZIP_LZMA),
        ("xl/styles.xml", 5 << 20, zipfile.ZIP_DEFLATED),
        ("xl/worksheets/sheet1.xml", 65 << 20, zipfile.ZIP_DEFLATED),
    ],
    ids=["bzip2", "lzma", "styles", "sheet"],
)
def test_a_workbook_that_unpacks_to_more_than_it_should_is_never_unpacked(
    part: str, size: int, packed: int
) -> None:
    with pytest.raises(SheetError, match="unpacks"):
        read(_changed(part, bytes(size), packed))


def test_a_row_that_says_it_is_the_billionth_does_not_make_a_billion_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sheets, "LAST_ROW", 1_000)
    told = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>Tag</t></is></c></row>'
        b'<row r="2000000000"><c r="A2000000000"><v>1</v></c></row></sheetData></worksheet>'
    )
    with pytest.raises(SheetError, match="rows"):
        read(_changed("xl/worksheets/sheet1.xml", told))


@given(st.binary(max_size=400))
def test_any_bytes_are_a_sheet_or_refused(data: bytes) -> None:
    try:
        sheet = read(data)
    except SheetError:
        return
    assert all(row.fault or len(row.cells) == len(sheet.headers) for row in sheet.rows)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-09-01", "2026-09-01"),
        ("2026-09-01 00:00:00", "2026-09-01"),
        ("1/9/2026", "2026-09-01"),
        ("01.09.26", "2026-09-01"),
        ("31/12/99", "1999-12-31"),
        ("1 Sep 2026", "2026-09-01"),
        ("1st September 2026", "2026-09-01"),
        ("3-Feb-21", "2021-02-03"),
        ("September 2026", "2026-09-01"),
        ("46266", "2026-09-01"),
        ("25569", "1970-01-01"),
        ("n/a", ""),
        ("", ""),
    ],
)
def test_a_day_is_understood_in_every_style(text: str, day: str) -> None:
    assert understood("bought_on", text) == day


@pytest.mark.parametrize(
    "text", ["13/13/2026", "31/2/2026", "2026", "99999", "soon", "1/9", "9/1/20266"]
)
def test_a_day_that_is_none_is_refused_not_guessed(text: str) -> None:
    with pytest.raises(RegisterError) as refused:
        understood("bought_on", text)
    assert refused.value.field == "bought_on"


@pytest.mark.parametrize(
    ("text", "pence"),
    [("£1,234.50", 123_450), ("449", 44_900), ("0.5", 50), ("GBP 12.99", 1_299), ("-", None)],
)
def test_money_is_understood(text: str, pence: int | None) -> None:
    assert understood("cost_pence", text) == pence


@pytest.mark.parametrize("text", ["free", "1.234,50", "-5", "1e9", "12.999", "9" * 12])
def test_money_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(RegisterError):
        understood("cost_pence", text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Laptop", "laptop"),
        ("HP ProBook 440 G9", "laptop"),
        ("iPads", "tablet"),
        ("Network Switch", "network_switch"),
        ("network_switch", "network_switch"),
        ("Interactive whiteboard", "display"),
        ("Desktop PC", "computer"),
    ],
)
def test_a_kind_is_found_by_a_schools_word_for_it(text: str, kind: str) -> None:
    assert understood("kind", text) == kind


@pytest.mark.parametrize("text", ["Spaceship", "Laptop trolley", "cartridge"])
def test_a_kind_that_is_none_or_two_is_refused(text: str) -> None:
    with pytest.raises(RegisterError):
        understood("kind", text)


def test_columns_are_guessed_once_each_and_a_person_has_the_last_word() -> None:
    headers = ["Asset Tag", "Serial No.", "Location", "Purchase Cost (£)", "Serial", "Whatever"]
    assert columns.guess(headers) == {0: "tag", 1: "serial", 2: "room", 3: "cost_pence"}
    chosen = {"purchase cost (£)": "cost_pence", "Serial": "serial", "Whatever": "notes"}
    assert columns.mapping(headers, chosen) == {
        0: "tag",
        2: "room",
        3: "cost_pence",
        4: "serial",
        5: "notes",
    }
    for wrong in ({"Nowhere": "tag"}, {"Serial": "disposed"}):
        with pytest.raises(RegisterError):
            columns.mapping(headers, wrong)


def workbook(*rows: list[object], hidden: bool = False) -> bytes:
    """A workbook as Excel saves one."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    if hidden:
        page.sheet_state = "hidden"
        book.create_sheet("shown").append(["Tag"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_read_as_a_person_would_type_it() -> None:
    day = datetime.date(2026, 9, 1)
    sheet = read(
        workbook(
            ["Tag", "Bought", "Cost", "Ok"], ["007", day, 449.99, True], [8, None, 320.0, False]
        )
    )
    assert sheet.headers == ["Tag", "Bought", "Cost", "Ok"]
    assert [row.cells for row in sheet.rows] == [
        ["007", "2026-09-01", "449.99", "yes"],
        ["8", "", "320", "no"],
    ]


def test_merged_cells_hold_their_value_once_and_rows_keep_their_numbers() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (["Tag", "Room"], ["1", "Oak"], ["2", None]):
        page.append(row)
    page.merge_cells("B2:B3")
    out = io.BytesIO()
    book.save(out)
    assert [(row.number, row.cells) for row in read(out.getvalue()).rows] == [
        (2, ["1", "Oak"]),
        (3, ["2", ""]),
    ]


def test_the_first_sheet_that_is_shown_is_read() -> None:
    assert read(workbook(["Secret"], ["x"], hidden=True)).headers == ["Tag"]


def test_a_workbook_cut_short_is_refused() -> None:
    whole = workbook(["Tag"], ["1"])
    for length in (4, 100, len(whole) // 2, len(whole) - 1):
        with pytest.raises(SheetError):
            read(whole[:length])
