"""Rows of the lists of Intune, Jamf School and Google Admin, and of lists nobody has seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.unseen import Unseen
from inventory.assets.errors import RegisterError
from inventory.assets.kinds import kinds
from inventory.imports.sheets import Row, read
from inventory.managed import cells
from inventory.managed.adapters import FIELDS, adapters, guess, mapping, recognised
from inventory.managed.rows import Listed, listed
from tests.inventory.managed.sheets import GOOGLE, INTUNE, JAMF

NOW = 1_795_334_400  # Sunday 22 November 2026, 08:00 UTC


def rows(text: str, name: str = "") -> dict[str, Listed]:
    sheet = read(text.encode())
    adapter = adapters()[name or recognised(sheet.headers)]
    columns = guess(adapter, sheet.headers)
    found = [listed(row, adapter, columns, NOW) for row in sheet.rows]
    return {one.serial: one for one in found}


@pytest.mark.parametrize(
    ("text", "name"), [(INTUNE, "intune"), (JAMF, "jamf-school"), (GOOGLE, "google-admin")]
)
def test_a_list_is_recognised_by_its_columns(text: str, name: str) -> None:
    assert recognised(read(text.encode()).headers) == name
    assert recognised(read(b"\xef\xbb\xbf" + text.encode()).headers) == name
    assert recognised(["Asset Tag", "Serial number", "Location"]) == ""


def test_what_intune_says() -> None:
    said = rows(INTUNE)
    ipad, phone, laptop, new = (said[name] for name in said)
    assert (ipad.kind, ipad.facts.family, ipad.facts.release) == ("tablet", "ipados", "26.1")
    assert (ipad.facts.managed, ipad.facts.supervised) == (True, True)
    assert ipad.facts.synced_at == NOW - 85_470
    assert (ipad.facts.lost_mode_ready, ipad.facts.encrypted) == (True, True)
    assert (ipad.facts.size_bytes, ipad.facts.free_bytes) == (60 << 30, 20 << 30)
    assert ipad.facts.passcode == Unseen("unsupported")
    assert ipad.facts.updates_until == Unseen("unsupported")
    assert (phone.facts.family, phone.facts.supervised) == ("android", None)
    assert (phone.facts.encrypted, phone.facts.free_bytes) == (False, None)
    assert phone.facts.lost_mode_ready == Unseen("unsupported")
    assert (laptop.kind, laptop.facts.family, laptop.facts.encrypted) == ("laptop", "other", True)
    assert (new.facts.managed, new.facts.synced_at, new.facts.release) == (False, None, None)
    assert (new.facts.supervised, new.facts.encrypted) == (None, None)


def test_what_jamf_school_says() -> None:
    said = rows(JAMF)
    one, bare, trashed = said["TABLET0001"], said["TABLET0005"], said["TABLET0006"]
    assert (one.facts.family, one.facts.release, one.lost) == ("ipados", "26.1.0", False)
    assert one.facts.free_bytes == 38_500_000_000
    assert one.facts.size_bytes == Unseen("unsupported")
    assert (bare.kind, bare.facts.family, bare.facts.release) == ("other", "ios", None)
    assert (bare.facts.lost_mode_ready, bare.lost) == (False, True)
    assert trashed.facts.managed is False


def test_what_google_admin_says() -> None:
    said = rows(GOOGLE)
    one, gone, strange = (said[name] for name in said)
    assert (one.kind, one.facts.family) == ("chromebook", "chromeos")
    assert (one.facts.managed, one.facts.supervised) == (True, None)
    assert (one.facts.updates_until, one.facts.release) == ("2031-06-01", "141.0.7390.1")
    assert (gone.facts.managed, gone.facts.synced_at) == (False, None)
    assert gone.facts.updates_until == "2026-06-01"
    assert strange.facts.managed == Unseen("unsupported")
    assert strange.facts.synced_at == Unseen("unsupported")
    assert strange.facts.updates_until == "2027-06-01"
    assert [title for title, _ in strange.unclear] == ["Enrolled", "Last contact"]


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("2026-11-22 08:00:00.0000000", NOW),
        ("2026-11-22T08:00:00Z", NOW),
        ("2026-11-22T09:00:00+01:00", NOW),
        ("2026-11-22 03:00:00 -0500", NOW),
        ("22/11/2026 08:00", NOW),
        ("22.11.2026 08:00:00", NOW),
        ("22 Nov 2026, 8:00 am", NOW),
        ("Nov 22, 2026 8:00:00 AM", NOW),
        ("Nov 22, 2026, 12:00 am", NOW - 8 * 3600),
        ("1795334400000", NOW),
        ("0001-01-01 00:00:00.0000000", None),
        ("Never", None),
        ("", None),
        ("n/a", None),
    ],
)
def test_a_moment_is_read_in_the_styles_of_lists(cell: str, at: int | None) -> None:
    assert cells.moment(cell) == at


@pytest.mark.parametrize(
    "cell", ["11/22/2026", "2026-02-30", "soon", "25:00", "9999-12-31", "2026-11-22 26:00", "7"]
)
def test_what_is_no_moment_is_refused(cell: str) -> None:
    with pytest.raises(cells.UnclearError):
        cells.moment(cell)


def test_a_contact_that_is_still_to_come_says_nothing() -> None:
    text = GOOGLE.replace("2026-11-21T06:00:00Z", "2027-11-21T06:00:00Z")
    assert rows(text)["CHROME0001"].facts.synced_at == Unseen("unsupported")


@pytest.mark.parametrize(
    ("cell", "size"),
    [
        ("64", 64 * 10**9),
        ("38.5", 38_500_000_000),
        ("64 GB", 64 * 10**9),
        ("512 bytes", 512),
        ("1,024.5 MB", 1_024_500_000),
        ("", None),
        ("-", None),
    ],
)
def test_a_size_has_a_unit(cell: str, size: int | None) -> None:
    assert cells.size(cell, 10**9) == size


def test_a_list_nobody_has_seen_goes_by_common_names_and_by_what_a_person_says() -> None:
    text = "Serial,Platform,Nr,Checked\nX100000001,Android 15,15,yes\n"
    sheet = read(text.encode())
    adapter = adapters()["lightspeed"]
    said = {"Nr": "release", "Checked": "encrypted", "Platform": "system"}
    columns = mapping(adapter, sheet.headers, said)
    one = listed(sheet.rows[0], adapter, columns, NOW)
    assert (one.facts.release, one.facts.encrypted, one.facts.family) == ("15", True, "android")
    assert (one.facts.managed, one.facts.manager) == (True, "lightspeed")
    for chosen in ({"Serial": "-"}, {"Colour": "name"}, {"Nr": "colour"}):
        with pytest.raises(RegisterError):
            mapping(adapter, sheet.headers, chosen)


def test_every_adapter_says_what_there_is() -> None:
    for one in adapters().values():
        assert set(one.columns) <= set(FIELDS)
        assert set(one.yes) | set(one.no) <= set(FIELDS)
        assert set(one.lists) <= {name for name, kind in kinds().items() if kind.managed}
        assert one.source
        assert not one.columns or "serial" in one.columns


CELLS = st.text(max_size=40) | st.sampled_from(["=1+1", "\x00", "9" * 40, "٣", "true", "1/1/1"])


@given(st.lists(CELLS, min_size=9, max_size=9), st.sampled_from(sorted(adapters())))
def test_no_cell_breaks_a_row(found: list[str], name: str) -> None:
    columns = {field: number % 9 for number, field in enumerate(FIELDS)}
    one = listed(Row(2, found), adapters()[name], columns, NOW)
    assert one.kind in kinds()
    assert one.facts.listed
