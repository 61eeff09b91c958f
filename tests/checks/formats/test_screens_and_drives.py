"""Screens, drives and firmware as their formats tell them: real ones, and what breaks them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from checks.formats import dmidecode, edid, smartctl
from checks.formats.errors import ParseError
from tests.checks import corpus

EDID = "glpi-agent/generic/edid"
SCREENS = "glpi-agent/expected/t_tasks_inventory_generic_screen.json"
DMI = "glpi-agent/generic/dmidecode"
BATTERIES = "glpi-agent/expected/t_tasks_inventory_generic_dmidecode_battery.json"
SUPPLIES = "glpi-agent/expected/t_tasks_inventory_generic_dmidecode_psu.json"
DRIVES = "glpi-agent/linux/smartctl"
DRIVES_SEEN = "glpi-agent/expected/t_agent_tools_linux.json"


PRINTED = """00ffffffffffff0010ac341200000000071e010480331d000000000000000000
00000000000000000000000000000000000000000000000000fc0044454c4c20
55323431350a2020000000ff004142433132330a202020202020000000fe0074
6578740a20202020202020200000000000000000000000000000000000000070
"""
"""A constructed screen as tools print one."""


def wanted(path: str, key: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(corpus.need(path).read_text())[key]
    return found


def screen(maker: bytes, *texts: tuple[int, bytes], number: int = 0, week: int = 7) -> bytes:
    """A block whose checksum fits."""
    rows = b"".join(b"\0\0\0" + bytes([kind, 0]) + text.ljust(13) for kind, text in texts)
    head = b"\x00\xff\xff\xff\xff\xff\xff\x00" + maker + b"\x34\x12" + number.to_bytes(4, "little")
    block = head + bytes([week, 30, 1, 4, 0x80, 51, 29]) + bytes(31) + rows.ljust(72, b"\0") + b"\0"
    return block + bytes([-sum(block) % 256])


@pytest.mark.parametrize("name", corpus.names(EDID))
def test_a_real_screen_names_itself_as_another_inventory_found(name: str) -> None:
    seen = edid.parse(corpus.need(f"{EDID}/{name}").read_bytes())
    one = wanted(SCREENS, "edid_tests").get(name)
    if one is None:
        return  # read, and nothing is expected of it
    made = f"{seen.made_week or 0}/{seen.made_year}"
    assert one["CAPTION"] == seen.name
    assert one["DESCRIPTION"] == (str(seen.made_year) if seen.year_is_model else made)
    assert one["SERIAL"] == seen.serial
    assert one.get("ALTSERIAL", seen.serial) in seen.serials


def test_a_screen_whose_sticker_joins_two_fields_tells_all_of_them() -> None:
    seen = edid.parse(screen(b"\x04\x72", (0xFF, b"T3SEE0054206\n"), number=0x8040F016))
    assert (seen.maker_id, seen.maker, seen.intact) == ("ACR", "Acer", True)
    assert seen.serials == ["T3SEE0058040f0164206", "T3SEE0054206", "8040f016", "2151739414"]


@pytest.mark.parametrize(
    ("maker", "text", "number", "first", "also"),
    [
        (b"\x09\xd1", b"X1J08410019\n", 0x5445, "ETX1J08410019", "X1J08410019"),
        (b"\x09\xd1", b"X1J08410019\n", 7, "X1J08410019", "00000007"),
        (b"\x4c\x2d", b"H4ZKA00739\n", 0x5A5A4841, "ZZHAH4ZKA00739", "AHZZH4ZKA00739"),
        (b"\x4c\x2d", b"HCHW600639\n", 0x47483139, "HCHW600639", "GH19HCHW600639"),
        (b"\x1e\x6d", b"\n", 345678, "0005464e", "A5678"),
        (b"\x41\x0c", b"\n", 6456, "006456", "00001938"),
        (b"\x15\xc3", b"\n", 82522083, "82522083", "04eb2fe3"),
        (b"\x10\xac", b"0\n", 0x01010101, "01010101", "01010101"),
    ],
    ids=["BenQ", "BenQ alone", "Samsung", "Samsung of old", "LG", "Philips", "Eizo", "no number"],
)
def test_every_form_a_sticker_may_show_is_told(
    maker: bytes, text: bytes, number: int, first: str, also: str
) -> None:
    seen = edid.parse(screen(maker, (0xFF, text), number=number))
    assert seen.serial == first
    assert also in seen.serials


def test_a_screen_in_hexadecimal_text_is_the_same_screen() -> None:
    block = screen(b"\x10\xac", (0xFC, b"DELL U2415\n"), week=255)
    seen = edid.parse(block)
    assert edid.parse(block.hex(" ").encode()) == seen
    assert (seen.name, seen.serial, seen.serial_number) == ("DELL U2415", "00000000", None)
    assert (seen.made_week, seen.made_year, seen.year_is_model) == (None, 2020, True)


def test_a_screen_printed_in_lines_is_read() -> None:
    seen = edid.parse(PRINTED.encode())
    assert (seen.name, seen.serial, seen.texts) == ("DELL U2415", "ABC123", ["text"])


@pytest.mark.parametrize(
    "data", [b"", b"\x00\xff\xff\xff\xff\xff\xff\x00", screen(b"\x10\xac")[:127], b"00ff"]
)
def test_a_screen_cut_short_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        edid.parse(data)


def test_a_screen_with_a_wrong_checksum_says_so() -> None:
    block = screen(b"\x10\xac")
    assert not edid.parse(block[:-1] + bytes([block[-1] ^ 1])).intact


@pytest.mark.parametrize("name", corpus.names(DRIVES))
def test_a_real_drive_says_what_another_inventory_found(name: str) -> None:
    seen = smartctl.parse(corpus.need(f"{DRIVES}/{name}").read_bytes())
    one = wanted(DRIVES_SEEN, "smartctl_tests")[name]
    assert one.get("SERIALNUMBER") == seen.serial
    assert one.get("WWN", seen.wwn) == seen.wwn
    assert one.get("FIRMWARE", seen.firmware) == seen.firmware
    if "MODEL" in one:
        assert (seen.model or "").startswith(one["MODEL"])
    if one.get("DISKSIZE", 1 << 40) < 1 << 40:  # a drive without a disc makes a number up
        assert (seen.capacity_bytes or 0) // 1_000_000 == one["DISKSIZE"]


@pytest.mark.parametrize("name", corpus.names("glpi-agent/linux/storages"))
def test_drives_inside_a_dump_of_a_whole_machine_are_read(name: str) -> None:
    dump = corpus.need(f"glpi-agent/linux/storages/{name}").read_text("latin-1")
    for answer in re.findall(r"'smartctl-\w+' => '((?:[^'\\]|\\.)*)'", dump):
        seen = smartctl.parse(answer.encode())
        assert (seen.serial is not None) == bool(re.search(r"(?mi)^serial number:", answer))


TEXT = """smartctl 7.3 2022-02-28 r5338 [x86_64-linux-6.1.0-13-amd64] (local build)

=== START OF INFORMATION SECTION ===
Device Model:     EXAMPLE SSD
User Capacity:    %s bytes [500 GB]
Rotation Rate:    Solid State Device
SATA Version is:  SATA 3.2, 6.0 Gb/s (current: 6.0 Gb/s)
SMART support is: Available - device has SMART capability.
SMART support is: Disabled

=== START OF READ SMART DATA SECTION ===
SMART overall-health self-assessment test result: %s

ID# ATTRIBUTE_NAME          FLAG     VALUE WORST THRESH TYPE      UPDATED  WHEN_FAILED RAW_VALUE
  5 Reallocated_Sector_Ct   0x0033   100   100   010    Pre-fail  Always       -       8
  9 Power_On_Hours          0x0032   096   096   000    Old_age   Always       -       19087h+12m
194 Temperature_Celsius     0x0022   065   039   045    Old_age   Always   In_the_past 35 (Min 20)
"""


@pytest.mark.parametrize(
    "number",
    ["500,107,862,016", "500.107.862.016", "500 107 862 016", "500’107’862’016", "500107862016"],
)
def test_thousands_are_parted_as_any_country_does(number: str) -> None:
    assert smartctl.parse((TEXT % (number, "PASSED")).encode()).capacity_bytes == 500107862016


@pytest.mark.parametrize(("word", "healthy"), [("PASSED", True), ("OK", True), ("FAILED!", False)])
def test_a_drives_own_verdict_and_its_worn_places_are_two_things(word: str, healthy: bool) -> None:
    seen = smartctl.parse((TEXT % ("1", word)).encode())
    assert (seen.healthy, seen.rotation_rpm, seen.transport) == (healthy, 0, "SATA")
    assert (seen.smart_available, seen.smart_enabled) == (True, False)
    assert (seen.power_on_hours, seen.temperature_celsius) == (19087, 35)
    assert (seen.attributes[0].raw, seen.attributes[0].failed) == ("8", "-")
    assert seen.attributes[2].failed == "past"


def test_the_answer_in_json_tells_the_same() -> None:
    said = {
        "smartctl": {"version": [7, 3]},
        "device": {"name": "/dev/nvme0", "protocol": "NVMe"},
        "model_name": "EXAMPLE NVMe",
        "serial_number": "S1",
        "user_capacity": {"blocks": 1, "bytes": 256060514304},
        "wwn": {"naa": 5, "oui": 1312, "id": 2161},
        "smart_status": {"passed": True},
        "temperature": {"current": 35},
        "power_on_time": {"hours": 12},
        "nvme_smart_health_information_log": {"percentage_used": 101},
        "ata_smart_attributes": {
            "table": [
                {
                    "id": 5,
                    "name": "Reallocated_Sector_Ct",
                    "value": 100,
                    "worst": 100,
                    "thresh": 10,
                    "when_failed": "",
                    "raw": {"value": 0, "string": "0"},
                }
            ]
        },
    }
    seen = smartctl.parse(json.dumps(said).encode())
    assert (seen.model, seen.serial, seen.capacity_bytes) == ("EXAMPLE NVMe", "S1", 256060514304)
    assert (seen.wwn, seen.healthy, seen.worn_percent) == ("5000520000000871", True, 101)
    assert seen.attributes == [
        smartctl.Attribute(5, "Reallocated_Sector_Ct", 100, 100, 10, "0", "-")
    ]


@pytest.mark.parametrize(
    "data", [b"", b"bash: smartctl: command not found", b"{", b'{"a":1}', b"[]"]
)
def test_what_smartctl_never_said_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        smartctl.parse(data)


def test_a_drive_with_a_broken_row_of_json_is_refused() -> None:
    with pytest.raises(ParseError):
        smartctl.parse(b'{"smartctl":{},"ata_smart_attributes":{"table":[{"id":"x"}]}}')


@pytest.mark.parametrize("system", ["fedora32", "ubuntu-18.04"])
def test_every_structure_of_firmware_is_as_another_parser_has_it(system: str) -> None:
    theirs = json.loads(corpus.need(f"jc/{system}/dmidecode.json").read_text())
    ours = dmidecode.parse(corpus.need(f"jc/{system}/dmidecode.out").read_bytes()).structures
    assert [(one.handle, one.kind, one.size_bytes, one.title) for one in ours] == [
        (one["handle"], one["type"], one["bytes"], one["description"]) for one in theirs
    ]
    named = [
        {key.lower().replace(" ", "_"): value for key, value in one.values.items()} for one in ours
    ]
    assert named == [one["values"] or {} for one in theirs]


def dumps() -> list[str]:
    """Every firmware dump, in all folders."""
    place = corpus.FOLDER / DMI
    found = sorted(str(path.relative_to(place)) for path in place.rglob("*") if path.is_file())
    return found or ["absent"]


@pytest.mark.parametrize("name", dumps())
def test_every_dump_of_firmware_gives_structures_with_a_type(name: str) -> None:
    data = corpus.need(f"{DMI}/{name}").read_bytes()
    tables = dmidecode.parse(data)
    assert len(tables.structures) >= len(re.findall(rb"DMI type \d+, \d+ bytes", data))
    assert all(0 <= one.kind <= 255 for one in tables.structures)
    if name.startswith("psu/"):
        assert tables.power_supplies


@pytest.mark.parametrize("name", corpus.names(DMI))
def test_batteries_and_power_supplies_are_those_another_inventory_found(name: str) -> None:
    path = corpus.need(f"{DMI}/{name}")
    batteries, supplies = wanted(BATTERIES, "tests"), wanted(SUPPLIES, "tests")
    if path.is_dir() or name not in batteries.keys() | supplies.keys():
        return
    tables = dmidecode.parse(path.read_bytes())
    for one, seen in zip(batteries.get(name) or [], tables.batteries, strict=True):
        day, month, year = one["DATE"].split("/")
        assert seen.made_on == f"{year}-{month}-{day}"
        assert (seen.name, seen.chemistry) == (one["NAME"], one["CHEMISTRY"])
        assert (seen.capacity_mwh, seen.voltage_mv) == (one.get("CAPACITY"), one["VOLTAGE"])
    for one in supplies.get(name, []):
        seen_serials = [supply.serial for supply in tables.power_supplies]
        assert one["SERIALNUMBER"] in seen_serials


def test_a_structure_of_several_devices_is_several_and_a_list_below_a_value_is_kept() -> None:
    text = "Handle 0x0001, DMI type 10, 10 bytes\nOn Board Device 1\n\tType: Video\n"
    text += "On Board Device 2\n\tType: Sound\nHandle 0x0002, DMI type 5, 46 bytes\nMemory\n"
    text += "\tSlots: 2\n\t\t0x0006\n\t\t0x0007\n\tVoltage: 3.3 V\n"
    first, second, third = dmidecode.parse(text.encode()).structures
    assert (first.values, second.values) == ({"Type": "Video"}, {"Type": "Sound"})
    assert third.values == {"Slots": "2", "Voltage": "3.3 V", "Slots data": ["0x0006", "0x0007"]}


def test_a_battery_with_an_impossible_day_has_none() -> None:
    text = "Handle 0x0001, DMI type 22, 26 bytes\nPortable Battery\n\tName: B1\n%s"
    for line, day in [
        ("\tManufacture Date: 09/19/02\n", "2002-09-19"),
        ("\tSBDS Manufacture Date: 1980-00-00\n", None),
        ("\tManufacture Date: last week\n", None),
    ]:
        [battery] = dmidecode.parse((text % line).encode()).batteries
        assert battery.made_on == day


def test_firmware_tables_of_any_size_take_time_in_proportion(tmp_path: Path) -> None:
    text = "Handle 0x0001, DMI type 11, 5 bytes\nOEM Strings\n" + "\tString 1: x\n" * 3_000
    [one] = dmidecode.parse(text.encode()).structures
    assert len(one.values) == 3_000
