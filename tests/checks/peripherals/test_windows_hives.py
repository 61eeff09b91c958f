"""Bluetooth's service, Nearby sharing and camera uses in real hives, where they lie beside us."""

import lzma

import pytest

from agent.hosts.dumped import PERSON, Dump, DumpedHost
from checks.peripherals import windows
from tests.checks import corpus


def host(name: str, root: str) -> DumpedHost:
    dump = Dump()
    dump.add_hive(lzma.decompress(corpus.need(f"hives/{name}.xz").read_bytes()), root)
    return DumpedHost(dump, at=1_795_336_200)


@pytest.mark.parametrize(
    ("name", "takes"),
    [
        ("NTUSER-WSL.DAT", "nothing"),
        ("NTUSER_with_winscp.DAT", "nothing"),
        ("transactions_NTUSER.DAT", "known"),
    ],
)
def test_nearby_sharing_stands_where_the_reader_looks(name: str, takes: str) -> None:
    assert windows._nearby(host(name, rf"HKU\{PERSON}"), PERSON) == takes


@pytest.mark.parametrize("name", ["NTUSER-WSL.DAT", "NTUSER_with_winscp.DAT"])
def test_programs_that_were_only_allowed_a_camera_use_none(name: str) -> None:
    seen = host(name, rf"HKU\{PERSON}")
    path = rf"{PERSON}\{windows.STORE}\webcam"
    kept = seen.registry("HKU", path)
    assert kept is not None
    assert kept.subkeys
    assert windows._uses(seen, "HKU", path) == []


def test_the_service_notes_whether_a_card_is_on() -> None:
    seen = host("SYSTEM_WIN_10_1709", r"HKLM\SYSTEM")
    note = seen.registry("HKLM", windows._TASKS)
    assert note is not None
    assert note.values["state"].data == 1
