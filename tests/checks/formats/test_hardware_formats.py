"""Parsers of what a Linux machine says of its hardware: real tools, real machines, any bytes."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats import cpuinfo, dmidecode, ip_link, lsblk, meminfo
from checks.formats.errors import ParseError
from tests import needs
from tests.checks import corpus

PARSERS: list[Callable[[bytes], object]] = [
    cpuinfo.parse,
    dmidecode.parse,
    ip_link.parse,
    lsblk.parse,
    meminfo.parse,
]
DMI = "glpi-agent/generic/dmidecode"
IDENTITY = "glpi-agent/expected/t_tasks_inventory_generic_dmidecode_bios.json"
MEMORY = "glpi-agent/expected/t_tasks_inventory_generic_dmidecode_memory.json"


def machines(expected: str) -> list[str]:
    """Machines whose tables are here and of which something is expected."""
    if not (corpus.FOLDER / expected).exists():
        return ["absent"]
    known = json.loads((corpus.FOLDER / expected).read_text())["tests"]
    return sorted(set(known) & set(corpus.names(DMI)))


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__module__)
@given(data=st.binary() | st.text().map(str.encode))
def test_no_bytes_break_a_parser(parse: Callable[[bytes], object], data: bytes) -> None:
    try:
        parse(data)
    except ParseError:
        pass  # the one way a parser may refuse


@given(
    st.lists(
        st.sampled_from(
            ["Handle 0x0001, DMI type 17, 40 bytes", "\tSize: 4 GB", "x:", ":", "\tA: b"]
        )
    )
)
def test_dmidecode_lines_in_any_order_make_tables_or_an_error(lines: list[str]) -> None:
    try:
        tables = dmidecode.parse("\n".join(lines).encode())
    except ParseError:
        assert not any(line.startswith("Handle") for line in lines)
        return
    assert len(tables.memory) == sum(line.startswith("Handle") for line in lines)


@pytest.mark.parametrize("machine", machines(IDENTITY))
def test_dmidecode_of_real_machines_names_what_other_inventories_found(machine: str) -> None:
    tables = dmidecode.parse(corpus.need(f"{DMI}/{machine}").read_bytes())
    wanted = json.loads(corpus.need(IDENTITY).read_text())["tests"][machine]
    seen = {
        "BDATE": tables.firmware_date,
        "BMANUFACTURER": tables.firmware_make,
        "BVERSION": tables.firmware_version,
        "MSN": tables.board_serial,
        "SMANUFACTURER": tables.make,
        "SMODEL": tables.product,
        "SSN": tables.serial,
    }
    # None there: an inventory dropped a placeholder, which is not the parser's to do.
    for key in seen.keys() & {key for key, value in wanted.items() if value is not None}:
        assert seen[key] == str(wanted[key]), key


@pytest.mark.parametrize("machine", machines(MEMORY))
def test_dmidecode_of_real_machines_adds_up_their_memory(machine: str) -> None:
    tables = dmidecode.parse(corpus.need(f"{DMI}/{machine}").read_bytes())
    wanted = json.loads(corpus.need(MEMORY).read_text())["tests"][machine]
    megabytes = sum(int(module.get("CAPACITY", 0)) for module in wanted)
    assert sum(module.size_bytes for module in tables.memory) == megabytes << 20


@pytest.mark.parametrize("system", ["fedora32", "ubuntu-18.04"])
def test_dmidecode_agrees_with_another_parser_on_every_memory_module(system: str) -> None:
    folder = corpus.need(f"jc/{system}")
    wanted = [
        table["values"]
        for table in json.loads((folder / "dmidecode.json").read_text())
        if table["type"] == 17
    ]
    modules = dmidecode.parse((folder / "dmidecode.out").read_bytes()).memory
    assert [module.place for module in modules] == [values["locator"] for values in wanted]
    fitted = [values["size"] != "No Module Installed" for values in wanted]
    assert [module.size_bytes > 0 for module in modules] == fitted


def test_the_real_lsblk_gives_what_was_asked_of_it() -> None:
    needs.program("lsblk", package="util-linux")
    ran = subprocess.run(lsblk.ARGV, capture_output=True, check=True)
    for device in lsblk.walk(lsblk.parse(ran.stdout)):
        assert device.name
        assert device.size_bytes >= 0


def test_old_lsblk_writes_everything_as_text() -> None:
    row = '{"name":"sda","type":"disk","size":"500107862016","rm":"0","rota":"1","ro":"0",'
    row += '"hotplug":"0","mountpoint":"/","tran":"sata","vendor":"ATA     ","serial":" S1 "}'
    [disk] = lsblk.parse(f'{{"blockdevices":[{row}]}}'.encode())
    assert (disk.size_bytes, disk.removable, disk.rotational) == (500107862016, False, True)
    assert (disk.mounts, disk.vendor, disk.serial) == (["/"], "ATA", "S1")


def test_lsblk_without_any_drive_is_an_empty_list() -> None:
    assert lsblk.parse(b"") == []


def test_deeply_nested_devices_are_an_error_and_no_crash() -> None:
    deep = b'{"blockdevices":[' + b'{"name":"a","children":[' * 5000
    with pytest.raises(ParseError):
        lsblk.parse(deep)


def test_a_drive_made_up_for_udev_is_read_through_the_real_lsblk(tmp_path: Path) -> None:
    umockdev = needs.program("umockdev-run", package="umockdev")
    sys = "/devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda"
    description = tmp_path / "disk.umockdev"
    description.write_text(
        "\n".join(
            [
                f"P: {sys}",
                "N: sda",
                "E: DEVNAME=/dev/sda",
                "E: DEVTYPE=disk",
                "E: ID_BUS=ata",
                "E: ID_MODEL=WDC_WD5000AAKX",
                "E: ID_SERIAL_SHORT=WD-EXAMPLE0001",
                "E: MAJOR=8",
                "E: MINOR=0",
                "E: SUBSYSTEM=block",
                "A: dev=8:0\\n",
                "A: removable=0\\n",
                "A: ro=0\\n",
                "A: size=976773168\\n",
                "A: queue/rotational=1\\n",
                "",
            ]
        )
    )
    command = [umockdev, "-d", str(description), "--", *lsblk.ARGV]
    ran = subprocess.run(command, capture_output=True, check=False)
    if not ran.stdout.strip():
        needs.impossible(f"umockdev shows lsblk nothing: {ran.stderr.decode()[:80]}")
    [disk] = [d for d in lsblk.parse(ran.stdout) if d.name == "sda"]
    assert disk.size_bytes == 976773168 * 512
    assert disk.rotational
    assert not disk.removable


def test_a_card_with_a_borrowed_address_still_tells_its_own() -> None:
    text = b'[{"ifname":"wlan0","address":"5e:00:00:00:00:01","permaddr":"02:00:00:00:00:09"},'
    assert ip_link.parse(text + b'{"ifname":"lo"}]') == {"wlan0": "02:00:00:00:00:09"}


def test_the_real_ip_answers_in_a_form_we_read() -> None:
    needs.program("ip", package="iproute2")
    ran = subprocess.run(["ip", "-j", "link", "show"], capture_output=True, check=True)
    assert isinstance(ip_link.parse(ran.stdout), dict)


def test_a_raspberry_pi_names_its_board_where_a_pc_names_its_processor() -> None:
    text = (
        b"processor\t: 0\nprocessor\t: 1\nHardware\t: BCM2835\nModel\t\t: Raspberry Pi 4 Model B\n"
    )
    found = cpuinfo.parse(text)
    assert (found.name, found.board, found.threads) == ("BCM2835", "Raspberry Pi 4 Model B", 2)


def test_this_machine_has_memory_and_a_processor() -> None:
    assert meminfo.parse(Path("/proc/meminfo").read_bytes()) > 1 << 24
    assert cpuinfo.parse(Path("/proc/cpuinfo").read_bytes()).threads >= 1
