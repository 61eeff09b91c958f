"""Which media an entry probably has, by what its computer last told (I3)."""

import msgspec
import pytest

from inventory.disposal.media import NOTHING, Proposal, Reported, ReportedDisk, Why, propose

NOW = 1_795_400_000
DAY = 86_400
SSD = ReportedDisk("S64DNX0R123456", "0x1", "Samsung", "980", 256 * 10**9, False, "nvme", False)
HDD = ReportedDisk("WD-WCC4N5KXYZ12", "", "", "WDC WD10EZEX", 10**12, True, "sata", False)


def _of(*disks: ReportedDisk, heard_at: int = NOW, attached: int = 0) -> Proposal:
    return propose(Reported(heard_at, disks, attached, "on", NOW - 90 * DAY), NOW)


def _alike(disk: ReportedDisk, **said: object) -> ReportedDisk:
    return msgspec.structs.replace(disk, **said)


def test_two_drives_that_tell_all_of_themselves_need_no_look_inside() -> None:
    found = _of(SSD, HDD)
    assert [(one.key, one.kind) for one in found.media] == [
        ("S64DNX0R123456", "ssd_nvme"),
        ("WDWCC4N5KXYZ12", "hdd_ata"),
    ]
    assert {one.encrypted_since for one in found.media} == {NOW - 90 * DAY}
    assert found.why == ()
    assert not found.needs_inspection


def test_where_no_computer_reports_somebody_has_to_look() -> None:
    assert propose(None, NOW) == NOTHING
    assert NOTHING.needs_inspection


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"disks": None}, ("blind",)),
        ({"disks": ()}, ("none",)),
        ({"heard_at": NOW - 30 * DAY}, ()),
        ({"heard_at": NOW - 30 * DAY - 1}, ("old",)),
        ({"attached": 1}, ("attached",)),
        ({"disks": (_alike(SSD, serial=""),)}, ("drive",)),
    ],
)
def test_each_reason_to_look_inside_is_named(said: dict[str, object], why: tuple[Why, ...]) -> None:
    reported = msgspec.structs.replace(Reported(NOW, (SSD,)), **said)
    assert propose(reported, NOW).why == why


@pytest.mark.parametrize("serial", ["", "12345", "0123456789", "To be filled by O.E.M.", "\x00"])
def test_a_drive_without_a_serial_number_of_its_own_stands_there_with_a_doubt(serial: str) -> None:
    (one,) = _of(_alike(SSD, serial=serial)).media
    assert (one.key, one.doubts) == ("", ("no_serial",))


def test_two_drives_with_one_serial_number_are_both_doubted() -> None:
    found = _of(SSD, _alike(SSD, serial="s64d-nx0r 123456"), HDD)
    assert [one.doubts for one in found.media] == [("twice",), ("twice",), ()]
    assert found.needs_inspection


@pytest.mark.parametrize(
    ("transport", "rotational", "kind"),
    [
        ("nvme", False, "ssd_nvme"),
        ("sata", False, "ssd_sata"),
        ("sata", True, "hdd_ata"),
        ("sas", True, "hdd_sas"),
        ("mmc", False, "emmc"),
        ("usb", True, "usb"),
        ("virtual", True, "unknown"),
        ("other", False, "unknown"),
        ("made up by a report", False, "unknown"),
    ],
)
def test_what_a_drive_is_follows_from_how_it_is_connected(
    transport: str, rotational: bool, kind: str
) -> None:
    (one,) = _of(_alike(SSD, transport=transport, rotational=rotational)).media
    assert one.kind == kind
    assert ("kind" in one.doubts) == (kind == "unknown")


def test_what_was_plugged_in_from_outside_is_not_part_of_it() -> None:
    found = _of(SSD, _alike(HDD, removable=True), attached=1)
    assert [one.key for one in found.media] == ["S64DNX0R123456"]
    assert not found.needs_inspection
