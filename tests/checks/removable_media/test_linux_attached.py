"""What is attached, on a /sys tree that umockdev lays out, and what the log says was."""

from pathlib import Path

import pytest

from checks.host import CannotLook, Ran
from checks.policy import DEFAULT_POLICY
from checks.removable_media import attached, control, linux
from checks.removable_media.facts import RemovableMediaNow
from checks.removable_media.named import SchoolList
from checks.unseen import NotHere, Unseen
from tests.checks.removable_media.made_up import HUB, MadeUpHost, device, hub, lay_out, stick

FIRST = b"[    0.000000] Linux version 6.1.0\n"


class Logging(MadeUpHost):
    """A made-up machine with a log of its own."""

    log: bytes = FIRST
    code: int = 0

    def run(self, argv: object, timeout: int = 20, as_user: str | None = None) -> Ran:
        """Answer `dmesg`; there is no journal."""
        assert isinstance(argv, list | tuple)
        if argv[0] == "dmesg":
            return Ran(self.code, self.log)
        raise CannotLook("tool-missing", argv[0])


@pytest.fixture
def host(tmp_path: Path) -> Logging:
    """A machine that has been on for an hour."""
    made = Logging(tmp_path)
    made.put("/proc/uptime", "3600.10 3000.00\n")
    return made


def look(host: MadeUpHost) -> RemovableMediaNow:
    now = linux.read_now(host, DEFAULT_POLICY)
    assert isinstance(now, RemovableMediaNow)
    return now


def test_a_stick_is_seen_with_model_and_size_and_without_its_serial_number(host: Logging) -> None:
    lay_out(host.root, [hub(), *stick()])
    [volume] = attached.attached(host, SchoolList())
    assert (volume.kind, volume.usb, volume.name) == ("usb-storage", "0781:5581", "SanDisk Ultra")
    assert volume.size_bytes == 30_031_872 * 512
    assert volume.serial
    assert "EXAMPLE0001" not in repr(volume)


def test_the_same_stick_has_the_same_id_in_another_socket_and_another_stick_another(
    host: Logging, tmp_path: Path
) -> None:
    lay_out(
        host.root,
        [hub(), *stick("1-2"), *stick("1-3", "sdc", serial="EXAMPLE0002"), *stick("1-4.2", "sdd")],
    )
    first, second, third = attached.attached(host, SchoolList())
    assert first.id == third.id != second.id


def test_a_stick_without_a_serial_number_says_so(host: Logging) -> None:
    lay_out(host.root, [hub(), *stick(serial="")])
    [volume] = attached.attached(host, SchoolList())
    assert not volume.serial


def test_an_empty_card_reader_and_the_machines_own_disk_are_not_attached_media(
    host: Logging,
) -> None:
    own = "/devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda"
    lay_out(host.root, [hub(), *stick(size=0), device(own, "block", size="976773168")])
    assert attached.attached(host, SchoolList()) == []


def test_a_phone_is_told_by_its_interface(host: Logging) -> None:
    lay_out(
        host.root,
        [
            hub(),
            device("/devices/virtual/block/loop0", "block", size="0"),
            device(f"{HUB}/1-4", "usb", idVendor="18d1", idProduct="4ee1", product="Pixel"),
            device(f"{HUB}/1-4/1-4:1.0", "usb", bInterfaceClass="06"),
            device(f"{HUB}/1-4/1-4:1.1", "usb", bInterfaceClass="ff"),
        ],
    )
    [volume] = attached.attached(host, SchoolList())
    assert (volume.kind, volume.name, volume.size_bytes) == ("phone", "Pixel", None)


def test_what_a_device_calls_itself_is_made_harmless(host: Logging) -> None:
    hostile = "\x1b[31mred" + "x" * 500
    lay_out(host.root, [hub(), *stick(product=hostile)])
    [volume] = attached.attached(host, SchoolList())
    assert len(volume.name) <= 60
    assert volume.name.isprintable()


def test_a_machine_without_usb_cards_or_discs_has_no_removable_media(host: Logging) -> None:
    own = "/devices/pci0000:00/0000:00:17.0/virtio1/block/vda"
    lay_out(host.root, [device(own, "block", size="976773168")])
    assert isinstance(linux.read(host), NotHere)
    assert isinstance(linux.read_now(host, DEFAULT_POLICY), NotHere)


STICK_LOG = b"""[  100.000000] usb 1-2: New USB device found, idVendor=0781, idProduct=5581
[  100.000002] usb 1-2: Product: Ultra
[  100.000003] usb 1-2: Manufacturer: SanDisk
[  100.000004] usb 1-2: SerialNumber: EXAMPLE0001
[  101.000000] usb-storage 1-2:1.0: USB Mass Storage device detected
"""
GONE = b"[  400.000000] usb 1-2: USB disconnect, device number 5\n"


def test_a_stick_that_was_taken_out_is_in_the_log_under_the_id_it_had(host: Logging) -> None:
    lay_out(host.root, [hub(), *stick()])
    [here] = attached.attached(host, SchoolList())
    host.log = FIRST + STICK_LOG + GONE
    [before], since = attached.logged(host, SchoolList())
    assert before.id == here.id
    assert before.first_at is not None
    assert before.last_at == before.first_at - 101 + 400
    assert since == before.first_at - 101


def test_a_stick_that_is_still_in_is_listed_once(host: Logging) -> None:
    lay_out(host.root, [hub(), *stick()])
    host.log = FIRST + STICK_LOG
    now = look(host)
    assert isinstance(now.attached, list)
    assert len(now.attached) == 1
    assert now.logged == []


def test_a_log_whose_beginning_is_gone_tells_only_since_its_oldest_message(host: Logging) -> None:
    lay_out(host.root, [hub()])
    host.log = FIRST + STICK_LOG
    _, whole = attached.logged(host, SchoolList())
    host.log = STICK_LOG
    _, cut = attached.logged(host, SchoolList())
    assert cut - whole == 100


@pytest.mark.parametrize(("code", "log"), [(1, b""), (0, b"")])
def test_a_log_that_shows_nothing_at_all_was_not_seen(host: Logging, code: int, log: bytes) -> None:
    lay_out(host.root, [hub()])
    host.code, host.log = code, log
    assert look(host).logged == Unseen("denied")


def test_the_first_report_is_dated_by_the_enrolment_of_the_agent_that_looks(
    host: Logging, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(host.root, [hub()])
    assert look(host).watching_since is None
    monkeypatch.setattr(host, "enrolled_at", lambda: 1_795_000_000)
    assert look(host).watching_since == 1_795_000_000

    def denied() -> int:
        raise CannotLook("denied")

    monkeypatch.setattr(host, "enrolled_at", denied)
    assert look(host).watching_since == Unseen("denied")


@pytest.mark.parametrize(
    ("value", "said"), [("1", "allow"), ("0", "block"), ("2", "internal"), ("9", None)]
)
def test_the_kernels_switch_for_new_devices_is_read_from_each_bus(
    host: Logging, value: str, said: str | None
) -> None:
    lay_out(host.root, [hub(value)])
    if said is None:
        with pytest.raises(CannotLook):
            control.usb_default(host)
    else:
        assert control.usb_default(host) == said
