"""Sticks as a real Windows 10 remembers them, where its registry lies beside the project."""

import lzma

import pytest

from agent.hosts.dumped import Dump, DumpedHost
from checks.host import CannotLook
from checks.removable_media import windows_attached, windows_control
from checks.removable_media.named import SchoolList
from tests.checks import corpus

ARRIVED, GONE = 1_584_453_758, 1_584_455_025


@pytest.fixture(scope="module")
def dump() -> Dump:
    found = Dump()
    packed = corpus.need("hives/SYSTEM_WIN_10_1709.xz").read_bytes()
    found.add_hive(lzma.decompress(packed), r"HKLM\SYSTEM")
    return found


def test_a_stick_of_the_last_two_days_is_told_with_its_numbers_and_times(dump: Dump) -> None:
    host = DumpedHost(dump, at=GONE + 3_600)
    (stick,) = windows_attached.logged(host, SchoolList())
    assert (stick.kind, stick.usb, stick.name) == ("usb-storage", "0781:5530", "SanDisk Cruzer")
    assert stick.serial
    assert (stick.first_at, stick.last_at) == (ARRIVED, GONE)


@pytest.mark.parametrize(("later", "count"), [(2 * 86_400, 1), (2 * 86_400 + 1, 0)])
def test_what_was_gone_for_two_days_is_told_no_more(dump: Dump, later: int, count: int) -> None:
    assert len(windows_attached.logged(DumpedHost(dump, at=GONE + later), SchoolList())) == count


def test_sockets_are_seen_and_policies_nobody_saved_let_nothing_pass(dump: Dump) -> None:
    host = DumpedHost(dump, at=GONE)
    assert windows_control.kinds(host) == ["usb-storage", "phone"]
    for rule in windows_control.rules(host, ["usb-storage", "phone"]):
        assert getattr(rule.use, "unseen", None) == "unsupported"
    with pytest.raises(CannotLook):
        windows_control.only_encrypted(host)
