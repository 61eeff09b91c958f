"""What goes out as a sheet, and what governors read."""

import csv
import io
from typing import Any

import openpyxl
import pytest

from controller.disposal import governing, sheets
from controller.disposal.saying import Names
from tests.controller.disposal.test_board import row
from tests.controller.web.school import DAY, NOW

FORMULA = '=HYPERLINK("https://evil.example","x")'


def ended(**told: Any) -> dict[str, Any]:
    usual = {
        "id": "disp_1",
        "state": "disposed",
        "route": "waste",
        "opened_at": NOW - 40 * DAY,
        "closed_at": NOW - 10 * DAY,
        "n_media_left": 0,
        "n_lost": 0,
    }
    return usual | told


def page(
    gone: list[dict[str, Any]], running: list[dict[str, Any]], expiring: int = 0
) -> governing.Page:
    return governing.put_together(gone, running, expiring, NOW, NOW - 120 * DAY)


def texts(found: governing.Page) -> dict[str, str]:
    return {one.title: one.text for one in found.figures}


def lines(**told: Any) -> list[list[str]]:
    whole = {"closed_at": None, "contractor": ""} | row(**told)
    drive = {"serial": FORMULA, "key": "S1AAAAAA", "kind": "hdd_ata", "state": "done"}
    return sheets.lines([whole], {"disp_1": [drive, drive]}, Names(), "Europe/London")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\uff1d"])
def test_no_cell_of_either_file_runs_in_a_spreadsheet(sign: str) -> None:
    made = lines(name=f"{sign}1+1", tag=f"{sign}cmd")
    text = sheets.csv_of(made).decode("utf-8-sig")
    for cells in list(csv.reader(io.StringIO(text)))[1:]:
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\uff1d")) for cell in cells)
    book = openpyxl.load_workbook(io.BytesIO(sheets.xlsx_of(made)))
    for cell in [cell for line in book["Disposals"].iter_rows(min_row=2) for cell in line]:
        assert cell.data_type != "f"
        assert not str(cell.value or "").startswith(("=", "+", "-", "@"))


def test_a_sheet_has_a_line_for_each_drive_and_one_for_a_thing_without_any() -> None:
    made = lines()
    assert [len(line) for line in made] == [len(sheets.HEADINGS)] * 3
    assert made[1][-4:-1] == [f"'{FORMULA}"[:80], "hard drive (SATA)", "Wiped, read back, accepted"]
    whole = {"closed_at": None, "contractor": ""} | row()
    assert len(sheets.lines([whole], {}, Names(), "Europe/London")) == 2


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5"), (61, "61")],
)
def test_a_count_by_which_somebody_could_be_told_is_not_given(number: int, said: str) -> None:
    assert governing.few(number) == said
    found = page([ended() for _ in range(number)], [])
    assert texts(found)["Left the school"] == said
    assert (texts(found)["Days from cupboard to certificate"] == "30") == (number >= 5)


def test_a_drive_that_was_given_up_as_lost_never_counts_as_accounted_for() -> None:
    title = "Every drive accounted for"
    assert texts(page([ended()], []))[title] == "100 %"
    found = page([ended(), ended(n_lost=1)], [])
    [figure] = [one for one in found.figures if one.title == title]
    assert (figure.text, figure.tone) == ("not all", "bad")
    assert "lost" in figure.note


def test_ways_out_are_given_only_where_no_single_one_is_small() -> None:
    many = [ended() for _ in range(6)]
    assert page(many, []).routes == [("Recycled as electrical waste", "6")]
    assert page([*many, ended(route="donate")], []).routes == []


def test_what_came_back_into_use_has_not_left() -> None:
    found = page([ended(state="reinstated"), ended(state="reused", route="internal_reuse")], [])
    assert texts(found)["Left the school"] == "0"


def test_governors_are_told_what_to_ask_and_never_a_name_tag_or_serial_number() -> None:
    old = row(state="withdrawn", opened_at=NOW - 90 * DAY, name="Secret laptop", tag="WB-77")
    found = page([ended(n_media_left=1)], [old] * 7, 2)
    assert texts(found)["Every drive accounted for"] == "not all"
    assert texts(found)["Out of use for more than 30 days with data on it"] == "7"
    assert any("more than a month" in one for one in found.questions)
    assert "Secret" not in repr(found)
    assert "WB-77" not in repr(found)
    assert page([], []).questions == []
