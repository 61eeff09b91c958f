"""The school's list names a device by a salted hash: which devices that are, and what it costs."""

import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.facts import UNSUPPORTED
from checks.judging import Moment
from checks.removable_media import named
from checks.removable_media.facts import Kind, RemovableMediaNow, Volume
from checks.removable_media.judges import SeenSettings, storage_seen
from checks.removable_media.named import SchoolList, entry, serial_key, tag
from checks.unseen import BlindError, Maybe, Unseen
from tests.checks.removable_media import test_scanned as scans
from tests.checks.removable_media.test_judges import SEEN, STICK, now

SALT = "0123456789abcdef"
MOMENT = Moment.at(SEEN, datetime.date(2026, 11, 22))
PLAIN = entry(SALT, "4C530001230101118392")
EXACT = entry(SALT, "4C530001230101118392", "0781:5581")
OTHER = entry(SALT, "4C530001230101118393", "0781:5581")


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("4c530001-2301 0111:8392", "4C530001230101118392"),
        ("  EXAMPLE0001\n", "EXAMPLE0001"),
        ("AB12", "AB12"),
        ("AB1", ""),
        ("", ""),
        ("0000000000000000", ""),
        ("0123456789ABCDEF", ""),
        ("\x1b[31m", ""),
        ("A7" * 5_000, "A7" * 64),
    ],
)
def test_a_serial_number_is_the_same_however_a_system_writes_it(written: str, key: str) -> None:
    assert serial_key(written) == key


@pytest.mark.parametrize(
    ("serial", "usb", "salt"),
    [("", "", SALT), ("0000", "", SALT), ("EXAMPLE0001", "0781", SALT), ("EXAMPLE0001", "", "*")],
)
def test_no_entry_is_made_that_would_name_nothing_or_everything(
    serial: str, usb: str, salt: str
) -> None:
    with pytest.raises(ValueError, match=r"names no device|no salt"):
        entry(salt, serial, usb)


@pytest.mark.parametrize(
    ("patterns", "kind", "usb", "serial", "wanted"),
    [
        ([PLAIN], "usb-storage", "0781:5581", "4c530001230101118392", [PLAIN]),
        ([PLAIN], "usb-storage", "", "4C530001230101118392", [PLAIN]),
        ([EXACT], "usb-storage", "0781:5581", "4c530001230101118392", [EXACT]),
        ([PLAIN, EXACT], "usb-storage", "0781:5581", "4C530001230101118392", [EXACT, PLAIN]),
        ([EXACT], "usb-storage", "0781:5567", "4C530001230101118392", []),
        ([EXACT], "usb-storage", "", "4C530001230101118392", Unseen("unsupported")),
        ([EXACT, PLAIN], "usb-storage", "", "4C530001230101118392", [PLAIN]),
        ([OTHER], "usb-storage", "0781:5581", "4C530001230101118392", []),
        ([PLAIN], "usb-storage", "0781:5581", "", []),
        ([PLAIN], "sd", "", "4C530001230101118392", [PLAIN]),
        ([EXACT], "sd", "", "4C530001230101118392", []),
        ([PLAIN], "sd", "", "", Unseen("unsupported")),
        ([PLAIN], "phone", "0781:5581", "4C530001230101118392", Unseen("unsupported")),
        ([], "usb-storage", "0781:5581", "4C530001230101118392", []),
        (["*", "aaaa*"], "usb-storage", "0781:5581", "4C530001230101118392", []),
    ],
)
def test_a_device_is_named_by_serial_number_and_by_numbers_where_the_list_has_them(
    patterns: list[str], kind: Kind, usb: str, serial: str, wanted: Maybe[list[str]]
) -> None:
    assert SchoolList(patterns).naming(kind, usb, serial) == wanted


def test_a_list_costs_one_hash_a_device_however_long_it_is_and_ends_somewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = 0

    def counted(salt: str, key: str, usb: str) -> str:
        nonlocal made
        made += 1
        return f"{abs(hash((salt, key, usb))):032x}"[:32]

    monkeypatch.setattr(named, "_hash", counted)
    listed = SchoolList([f"serial:{SALT}:{number:032x}" for number in range(900)])
    assert len(listed.tags) == named.MOST_ENTRIES
    for number in range(named.MOST_HASHES):
        for _ in range(2):
            assert listed.naming("usb-storage", "", f"EXAMPLE{number:04}") == []
    assert made == named.MOST_HASHES
    assert listed.naming("usb-storage", "", "EXAMPLE9999") == Unseen("too-large")
    assert made == named.MOST_HASHES


@given(st.lists(st.text(max_size=60)), st.text(max_size=60), st.text(max_size=12))
def test_no_list_and_no_device_is_too_odd(patterns: list[str], usb: str, serial: str) -> None:
    assert SchoolList(patterns).naming("usb-storage", usb, serial) == []


def settings(*approved: str, otherwise: str = "refuse") -> SeenSettings:
    return SeenSettings(approved=list(approved), otherwise=otherwise, look_back_seconds=129_600)


def stick(found: Maybe[list[str]]) -> Volume:
    return msgspec.structs.replace(STICK, named=found)


def seen(found: Maybe[list[str]], looked_for: Maybe[list[str]]) -> RemovableMediaNow:
    return now(attached=[stick(found)], looked_for=looked_for)


@pytest.mark.parametrize(
    ("found", "looked_for", "approved", "says"),
    [
        ([PLAIN], [tag(PLAIN)], [PLAIN], "approved"),
        ([PLAIN], [tag(PLAIN)], [PLAIN, OTHER], "approved"),
        ([], [tag(OTHER)], [OTHER], "attached-one"),
        ([PLAIN], [tag(PLAIN)], [], "attached-one"),
        ([PLAIN], [tag(PLAIN), tag(OTHER)], [OTHER], "attached-one"),
        ([], [], [], "attached-one"),
        (UNSUPPORTED, UNSUPPORTED, [], "attached-one"),
        (UNSUPPORTED, UNSUPPORTED, [STICK.id], "approved"),
        (UNSUPPORTED, UNSUPPORTED, [STICK.id, PLAIN], "approved"),
        (UNSUPPORTED, UNSUPPORTED, ["zzz"], "attached-one"),
    ],
)
def test_who_is_named_is_approved_and_who_is_not_was_looked_for(
    found: Maybe[list[str]], looked_for: Maybe[list[str]], approved: list[str], says: str
) -> None:
    assert storage_seen(seen(found, looked_for), settings(*approved), MOMENT).says == says


@pytest.mark.parametrize(
    ("found", "looked_for", "reason"),
    [
        (UNSUPPORTED, UNSUPPORTED, "unsupported"),
        ([], UNSUPPORTED, "stale"),
        ([], [], "stale"),
        ([], [tag(OTHER)], "stale"),
        ([OTHER], [tag(OTHER)], "stale"),
        (Unseen("too-large"), [tag(PLAIN)], "too-large"),
        ([PLAIN], Unseen("denied"), "stale"),
    ],
)
def test_what_an_older_list_or_agent_did_not_look_for_is_unknown_and_accuses_nobody(
    found: Maybe[list[str]], looked_for: Maybe[list[str]], reason: str
) -> None:
    with pytest.raises(BlindError) as blind:
        storage_seen(seen(found, looked_for), settings(PLAIN), MOMENT)
    assert (blind.value.reason, blind.value.says) == (reason, "list-not-looked")


def test_a_stranger_is_told_before_what_could_not_be_told() -> None:
    both = now(attached=[stick(UNSUPPORTED), stick([])], looked_for=[tag(PLAIN)])
    assert storage_seen(both, settings(PLAIN), MOMENT).says == "attached-one"
    gone = now(attached=[stick(UNSUPPORTED)], logged=[stick([])], looked_for=[tag(PLAIN)])
    assert storage_seen(gone, settings(PLAIN), MOMENT).says == "was-attached-one"


def test_what_was_scanned_needs_no_list() -> None:
    scanned = scans.now(scans.CLEAN)
    finding = storage_seen(scanned, settings(PLAIN, otherwise="scan"), MOMENT)
    assert finding.says == "scanned"
