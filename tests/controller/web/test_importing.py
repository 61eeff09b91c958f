"""Importing by hand: sent, explained, tried, done, taken back; bad files; other people's sheets."""

import io
import time
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from controller import clock
from controller.config import current
from controller.importing import meaning, waiting
from controller.people.models import User
from controller.people.roles import Role
from inventory.assets import services
from inventory.assets.writing import By
from inventory.imports.sheets import Sheet, read
from inventory.managed import queries as managed
from inventory.managed.adapters import FIELDS
from inventory.models import Asset, ManagedSheet
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.inventory.managed.sheets import GOOGLE, JAMF

OWN = "Asset Tag,Type,Serial,Room,Colour\nHS-1,Laptop,5CD0000001,Oak,red\nHS-2,Spaceship,,,blue\n"


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    """No sheet of another test waits."""
    yield
    waiting.let_go(10**10 - 1)


@pytest.fixture
def browser(technician: User, signed_in: SignedIn) -> Any:
    return signed_in(technician)


def sent(browser: Any, text: str | bytes, name: str = "list.csv") -> Any:
    data = text if isinstance(text, bytes) else text.encode()
    return browser.post("/register/import/", {"sheet": SimpleUploadedFile(name, data)})


def form(answer: Any, **changed: str) -> dict[str, str]:
    """What the page would send."""
    said, columns = answer.context["said"], answer.context["columns"]
    fields = {"source": said.source, "was": said.source, "key": said.key}
    for at, column in enumerate(columns):
        fields[f"c{at}" if answer.context["own"] else f"f{at}"] = column.taken
    return fields | changed


def test_a_sheet_is_sent_explained_tried_and_imported(place: Place, browser: Any) -> None:
    answer = sent(browser, OWN)
    assert answer.status_code == 302
    look = browser.get(answer.url)
    assert look.context["would"].counts[0] == (1, "new")
    assert "is no kind that is known" in look.content.decode()
    assert not Asset.objects.filter(tag="HS-1").exists()
    fields = form(look, c1="-", c4="notes", step="look")
    again = browser.post(answer.url, fields)
    assert again.context["would"].counts[0] == (2, "new")
    done = browser.post(answer.url, {**fields, "step": "do"})
    assert done.url.startswith("/register/steps/batch_")
    assert browser.get(done.url).status_code == 200
    rows = Asset.objects.filter(site=place.site, tag__startswith="HS-").order_by("tag")
    assert [row.notes for row in rows] == ["red", "blue"]
    assert browser.get(answer.url).status_code == 302
    browser.post(f"{done.url}undo/")
    assert set(rows.model.objects.filter(site=place.site).values_list("state", flat=True)) == {
        "withdrawn"
    }


def test_all_or_nothing_imports_nothing_and_nothing_typed_is_lost(browser: Any) -> None:
    url = sent(browser, OWN).url
    fields = form(browser.get(url), c4="notes", whole="on", step="do")
    answer = browser.post(url, fields)
    assert answer.status_code == 200
    assert "nothing was imported" in answer.context["problem"]
    assert answer.context["columns"][4].taken == "notes"
    assert answer.context["said"].whole
    assert not Asset.objects.filter(tag="HS-1").exists()


def test_a_list_of_the_management_is_known_and_taken_back(place: Place, browser: Any) -> None:
    by = By("system", school.NOW)
    one = services.add(place.site.id, {"serial": "TABLET0001", "kind": "tablet"}, by=by)
    url = sent(browser, JAMF).url
    look = browser.get(url)
    assert look.context["said"].source == "jamf-school"
    assert "TABLET0005" in look.content.decode()
    done = browser.post(url, form(look, add="on", step="do"))
    sheet = ManagedSheet.objects.get()
    assert done.url == f"/register/lists/{sheet.id}/"
    assert managed.facts(place.site.id)[one].listed
    assert Asset.objects.filter(serial="TABLET0006", kind="tablet").exists()
    assert "Jamf School" in browser.get("/register/import/").content.decode()
    browser.post(f"{done.url}undo/")
    assert managed.facts(place.site.id) == {}
    assert "taken back" in browser.get(done.url).content.decode()


def test_a_list_nobody_knows_is_explained_on_the_page(place: Place, browser: Any) -> None:
    by = By("system", school.NOW)
    one = services.add(place.site.id, {"serial": "TABLET0001", "kind": "tablet"}, by=by)
    url = sent(browser, "Nr,Locked with a code\nTABLET0001,yes\n").url
    look = browser.post(url, {"source": "lightspeed", "was": "sheet", "step": "look"})
    assert "Say which column is the serial number." in look.content.decode()
    at = list(FIELDS).index
    fields = form(look, step="do") | {f"f{at('serial')}": "0", f"f{at('passcode')}": "1"}
    assert browser.post(url, fields).status_code == 302
    assert managed.facts(place.site.id)[one].passcode is True


def xlsx(cells: list[list[object]], merge: str = "") -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    page = book.active
    assert page is not None
    for row in cells:
        page.append(row)
    if merge:
        page.merge_cells(merge)
    book.save(out)
    return out.getvalue()


MIXED = "Asset Tag;Model;Bought\n00017;Café é;1/9/2024\n00017;x;2024-09-01\n18;y;1 Sept 2024\n"


@pytest.mark.parametrize(
    ("data", "new", "refused"),
    [
        (b"\xef\xbb\xbf" + MIXED.encode(), 2, 1),
        (MIXED.encode("cp1252"), 2, 1),
        (xlsx([["Asset Tag", "Model"], ["0001", "a"], [None, "b"]], "A2:A3"), 1, 1),
        (b"Asset Tag,Notes\nA-1,ok\nA-2," + b"x" * (3 << 20), 1, 1),
    ],
    ids=["mark", "windows-1252", "merged cells", "a cell of 3 MB"],
)
def test_bad_rows_are_named_and_the_others_are_taken(
    browser: Any, data: bytes, new: int, refused: int
) -> None:
    would = browser.get(sent(browser, data).url).context["would"]
    assert (would.counts[0], would.refused) == ((new, "new"), refused)
    assert all(fault.why for fault in would.faults)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"%PDF-1.7", "This is a PDF, not a sheet."),
        (b"PK\x03\x04nothing", "This file is damaged."),
        (b"\xd0\xcf\x11\xe0", "This is an old Excel file"),
        (b"", "Choose a file first|There is nothing in this sheet."),
        (b"a,b\n" + b"1,2\n" * 50_001, "There are more than 50,000 rows."),
    ],
)
def test_what_is_no_sheet_is_refused_in_one_sentence(
    browser: Any, data: bytes, sentence: str
) -> None:
    answer = sent(browser, data, "list.xlsx")
    assert answer.status_code == 200
    assert any(one in answer.context["problem"] for one in sentence.split("|"))
    assert waiting.listed("nobody", school.NOW) == []


def test_hostile_names_of_columns_and_cells_are_shown_as_they_are(browser: Any) -> None:
    text = "Asset Tag,<script>x</script>,\u202eabc\n=1+1,<b>,\x1b[31m\n"
    page = browser.get(sent(browser, text, "<img>.csv").url).content.decode()
    assert "<script>x" not in page
    assert "<img>" not in page
    assert "\u202e" not in page
    assert "\x1b" not in page


def test_a_form_that_no_page_sent_is_refused_in_a_sentence(browser: Any) -> None:
    url = sent(browser, OWN).url
    fields = form(browser.get(url))
    for wrong in ({"source": "x"}, {"c0": "colour"}, {"c0": "serial"}, {"c0": "-"}):
        answer = browser.post(url, fields | wrong | {"step": "do"})
        assert answer.status_code == 200, wrong
        assert answer.context["problem"], wrong
    url = sent(browser, GOOGLE).url
    fields = form(browser.get(url))
    for number in ("99", "-1", "x", "9" * 5_000):
        answer = browser.post(url, fields | {"f1": number, "step": "do"})
        assert answer.context["problem"], number


def test_a_sheet_is_whoever_sent_its_and_for_an_hour(
    place: Place, browser: Any, signed_in: SignedIn
) -> None:
    url = sent(browser, OWN).url
    other: Any = signed_in(school.make_person(place.site, Role.BUSINESS_MANAGER))
    assert other.get(url).url == "/register/import/"
    assert browser.get(url).status_code == 200
    clock.use(lambda: school.NOW + waiting.SECONDS)
    assert browser.get(url).status_code == 200
    clock.use(lambda: school.NOW + waiting.SECONDS + 1)
    assert browser.get(url).url == "/register/import/"
    waiting.let_go(school.NOW + waiting.SECONDS + 1)
    left = (current().folder / waiting.FOLDER).rglob("*")
    assert [path for path in left if path.is_file()] == []


def test_of_a_person_three_sheets_wait_and_one_may_be_forgotten(browser: Any) -> None:
    moments = iter(range(4))
    clock.use(lambda: school.NOW)
    urls = []
    for _ in range(4):
        at = school.NOW + next(moments)
        clock.use(lambda at=at: at)  # type: ignore[misc]  # its own moment
        urls.append(sent(browser, OWN).url)
    assert browser.get(urls[0]).status_code == 302
    assert len(browser.get("/register/import/").context["waiting"]) == 3
    browser.post(f"{urls[1]}let-go/")
    assert len(browser.get("/register/import/").context["waiting"]) == 2


def test_a_guess_reads_no_more_of_a_large_sheet_than_it_needs() -> None:
    sheet: Sheet = read(b"a,b\n" + b",\n1,\n" * 20_000)
    began: Callable[[], float] = time.process_time
    before = began()
    meaning.columns(sheet, meaning.first(sheet))
    assert began() - before < 1
