"""What WMI answers, by wmic's list."""

import json
import re
from typing import Any

import pytest

from checks.formats import wmi_list
from checks.formats.errors import ParseError
from tests.checks import corpus

FOLDER = "glpi-agent/win32/wmi"
EXPECTED = "glpi-agent/expected/t_tasks_inventory_windows_{}.json"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x", "x"),
        ("", None),
        ("TRUE", True),
        ("FALSE", False),
        ("0042", "0042"),
        ("{3,4}", [3, 4]),
        ("{40}", [40]),
        ('{"a","b, c"}', ["a", "b, c"]),
        ('{"192.168.0.254"}', ["192.168.0.254"]),
        ("{442CDFAD-10E9-45B6-8CF9-C829034793B0}", "{442CDFAD-10E9-45B6-8CF9-C829034793B0}"),
        ("PCI\\VEN_10EC&amp;DEV_8168", "PCI\\VEN_10EC&DEV_8168"),
        ("a=b", "a=b"),
        ("{}", []),
        ("20120310140438.057543+060", "2012-03-10T13:04:38.057543Z"),
        ("20190703145133.000000-300", "2019-07-03T19:51:33.000000Z"),
        ("00000000000000.000000+000", "00000000000000.000000+000"),
        ("00010101000000.000000+720", "00010101000000.000000+720"),
        ("20201301000000.000000+000", "20201301000000.000000+000"),
    ],
)
def test_each_kind_of_value_is_read(text: str, value: object) -> None:
    assert wmi_list.parse(f"\r\n\r\nName={text}\r\n\r\n".encode("utf-16")) == [{"Name": value}]


ROWS = "\r\n\r\nA=1\r\nB=é\r\n\r\n\r\nA=2\r\nB=\r\n\r\n\r\n"
TWO = [{"A": "1", "B": "é"}, {"A": "2", "B": None}]


@pytest.mark.parametrize(
    "data",
    [
        ROWS.encode("utf-16"),
        ROWS.encode("utf-16-le"),
        ROWS.encode("utf-16-be"),
        ROWS.encode("utf-8-sig"),
        ROWS.encode("cp850"),
        ROWS.encode("cp1252"),
        ROWS.replace("\r\n", "\r\r\n").encode(),
        ROWS.replace("\r\n\r\n\r\n", "\r\n\r\n").encode(),
        ROWS.replace("\r\n\r\n\r\n", "\r\n").encode(),
        b"# how it was made\r\n" + ROWS.encode(),
    ],
)
def test_objects_are_told_apart_however_they_were_written(data: bytes) -> None:
    assert wmi_list.parse(data) == TWO


def test_a_value_may_hold_line_ends() -> None:
    text = "Name=first\r\nsecond: x\r\n\r\nthird\r\nEnd=1\r\n"
    assert wmi_list.parse(text.encode()) == [{"Name": "first\nsecond: x\n\nthird", "End": "1"}]


@pytest.mark.parametrize("data", [b"", b"\r\n\r\n", b"\xff\xfe"])
def test_nothing_is_no_object(data: bytes) -> None:
    assert wmi_list.parse(data) == []


def test_a_message_is_no_listing() -> None:
    with pytest.raises(ParseError):
        wmi_list.parse("Kein(e) Instanzen verfügbar.\r\n".encode("cp850"))


def test_too_many_lines_are_refused() -> None:
    with pytest.raises(ParseError, match="too many"):
        wmi_list.parse(b"\n" * (wmi_list.MOST + 1))


def test_no_password_comes_out() -> None:
    [row] = wmi_list.parse(b'Password=Canary1\r\nPasswordRequired=TRUE\r\nSecret={"Canary1"}')
    assert row == {"Password": "removed", "PasswordRequired": True, "Secret": ["removed"]}


@pytest.mark.parametrize("name", corpus.names(FOLDER))
def test_every_object_of_a_real_listing_is_read(name: str) -> None:
    data = corpus.need(f"{FOLDER}/{name}").read_bytes()
    text = data.decode("utf-16" if data.startswith(b"\xff\xfe") else "utf-16-le")
    blocks = [part for part in re.split(r"(?:\r\n){2,}", text) if re.search(r"(?m)^\w+=", part)]
    rows = wmi_list.parse(data)
    assert len(rows) == len(blocks)
    for row, block in zip(rows, blocks, strict=True):
        assert list(row) == re.findall(r"(?m)^([A-Za-z_]\w*)=", block)


def rows(name: str) -> list[dict[str, Any]]:
    """The objects of a real listing."""
    return wmi_list.parse(corpus.need(f"{FOLDER}/{name}.wmi").read_bytes())


def expected(kind: str, machine: str) -> list[dict[str, Any]]:
    """What others made of them."""
    text = corpus.need(EXPECTED.format(kind)).read_text("utf-8")
    found = json.loads(text)["tests"][machine]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("machine", ["2003", "2003SP2"])
def test_memory_is_what_others_made_of_it(machine: str) -> None:
    got = rows(f"{machine}-Win32_PhysicalMemory")
    for row, other in zip(got, expected("memory", machine), strict=True):
        assert str(int(row["Capacity"]) >> 20) == other["CAPACITY"]
        assert row["Description"] == other["DESCRIPTION"]
        assert row.get("Speed") == other["SPEED"]


def test_a_disk_is_what_others_made_of_it() -> None:
    [row] = rows("latitude-7480-MSFT_PhysicalDisk")
    [other] = expected("storages", "latitude-7480")
    assert (row["FriendlyName"], row["FirmwareVersion"]) == (other["MODEL"], other["FIRMWARE"])
    assert int(row["Size"]) // 10**6 == other["DISKSIZE"]
    assert row["CannotPoolReason"] == [7]


@pytest.mark.parametrize("machine", ["amd-radeon-rx6600xt", "intel+nvidia"])
def test_screens_are_what_others_made_of_them(machine: str) -> None:
    got = rows(f"{machine}-Win32_VideoController")
    for row, other in zip(got, expected("video", machine), strict=True):
        assert (row["Name"], row["VideoProcessor"]) == (other["NAME"], other["CHIPSET"])


def test_processors_are_what_others_made_of_them() -> None:
    got = rows("2003-Win32_Processor")
    assert [row["ProcessorId"] for row in got] == [one["ID"] for one in expected("cpu", "2003")]


def test_text_in_other_languages_stays_whole() -> None:
    assert rows("7-Win32_PhysicalMemory")[0]["Caption"] == "Mémoire physique"
    assert rows("2008-Enterprise-Win32_LogicalDisk")[0]["Description"].endswith("3 ½ pouces")
    assert rows("win7-sp1-x64-Win32_OperatingSystem")[0]["MUILanguages"] == ["fr-FR", "en-US"]
