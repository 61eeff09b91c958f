"""Windows hardware as real machines' published dumps of WMI have it, beside the project."""

from typing import cast

import pytest

from checks.formats import wmi_list
from checks.hardware import windows
from checks.hardware.facts import Disk, NetworkCard
from checks.host import Host, WmiRows
from checks.unseen import known
from tests.checks import corpus
from tests.checks.windows_host import WindowsHost

FOLDER = "glpi-agent/win32/wmi"


def machine(case: str, cls: str) -> Host:
    rows = wmi_list.parse(corpus.need(f"{FOLDER}/{case}-{cls}.wmi").read_bytes())
    return cast("Host", WindowsHost(wmi={cls: cast("WmiRows", rows)}))


@pytest.mark.parametrize(
    ("case", "serial", "wwn", "transport"),
    [
        ("latitude-7480", "FJ68NXXXXXXXXXXXX", "eui.ace42e6190007804", "nvme"),
        ("win10-edu-2020-fr", "VB56f85924-28919b73", None, "sata"),
    ],
)
def test_a_real_drive_has_the_serial_that_is_printed_on_it(
    case: str, serial: str, wwn: str | None, transport: str
) -> None:
    (disk,) = known(windows.read(machine(case, "MSFT_PhysicalDisk")).disks)
    assert isinstance(disk, Disk)
    assert (disk.name, disk.serial, disk.wwn) == ("disk0", serial, wwn)
    assert (disk.transport, disk.rotational, disk.removable) == (transport, False, False)


def test_of_a_real_machines_adapters_one_is_its_own_card_and_one_a_dock() -> None:
    host = machine("10-net", "MSFT_NetAdapter")
    own = NetworkCard("Intel(R) Dual Band Wireless-AC 8260", "wireless", "44:85:00:00:00:5b", True)
    assert known(windows.read(host).cards) == [own]
    (dock,) = known(windows.read_now(host).attached_cards)
    assert (dock.name, dock.kind) == ("Targus Giga Ethernet", "wired")


def test_tunnels_of_a_real_machine_are_no_cards() -> None:
    host = machine("vpn-up", "MSFT_NetAdapter")
    assert [card.kind for card in known(windows.read(host).cards)] == ["wireless"]
    assert len(known(windows.read_now(host).attached_cards)) == 1


@pytest.mark.parametrize(
    ("case", "size"), [("7", 4 << 30), ("2003", 2 << 30), ("2003SP2", 1 << 30)]
)
def test_the_memory_of_a_real_machine_is_the_sum_of_its_modules(case: str, size: int) -> None:
    assert windows.read(machine(case, "Win32_PhysicalMemory")).memory_bytes == size


def test_the_usable_memory_of_a_real_machine_is_rounded_down() -> None:
    seen = known(windows.read(machine("win7-sp1-x64", "Win32_OperatingSystem")).memory_usable_bytes)
    assert (seen % (64 << 20), seen) == (0, 2_080_374_784)
