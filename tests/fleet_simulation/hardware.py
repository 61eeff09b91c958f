"""Hardware to run agents on: what tells one machine from another, and nothing else to be seen."""

import itertools
from dataclasses import dataclass, field, replace
from typing import Any

from agent.hosts.recorded import RecordedHost
from checks.host import CannotLook, Interface
from tests.agent.conftest import machine

_NUMBER = itertools.count(1)
_DMI = "/sys/class/dmi/id/"


@dataclass(frozen=True)
class Hardware:
    """A board, a disk, a card. `weak` machines tell nothing of them, as some virtual ones do, or
    nothing but their card (`card_only`)."""

    board: str
    disk: str
    mac: str
    weak: bool = False
    card_only: bool = False

    @staticmethod
    def new(*, weak: bool = False, card_only: bool = False) -> "Hardware":
        """A machine like no other."""
        n = next(_NUMBER)
        return Hardware(f"PF{n:06d}", f"S4EVNX0{n:06d}", _mac(n), weak, card_only)

    def with_board(self) -> "Hardware":
        """After a swapped board: another board with its card, the same disk."""
        other = Hardware.new()
        return replace(self, board=other.board, mac=other.mac)

    def with_disk_of(self, other: "Hardware") -> "Hardware":
        """With the disk of another machine."""
        return replace(self, disk=other.disk)

    def with_card(self) -> "Hardware":
        """With another network card."""
        return replace(self, mac=Hardware.new().mac)

    def files(self) -> dict[str, bytes]:
        """What Linux shows of it."""
        if self.weak or self.card_only:
            return {}
        found = {
            f"{_DMI}product_uuid": f"4c4c4544-0042-3510-8054-{self.board[2:]:0>12}",
            f"{_DMI}board_serial": f"B{self.board}",
            f"{_DMI}product_serial": self.board,
            f"{_DMI}chassis_serial": f"C{self.board}",
            "/proc/self/mounts": "/dev/sda2 / ext4 rw 0 0\n",
            "/sys/class/block/sda/device/serial": self.disk,
        }
        return {path: f"{text}\n".encode() for path, text in found.items()}


def _mac(n: int) -> str:
    return f"00:e0:4c:{n >> 16 & 255:02x}:{n >> 8 & 255:02x}:{n & 255:02x}"


@dataclass
class Machine:
    """A `Host` on some hardware, with a clock that may be wrong."""

    hardware: Hardware
    now: "Clock"
    skew: int = 0
    boot: str = "boot"
    _rest: RecordedHost = field(default_factory=machine)

    def clock(self) -> int:
        """What its clock shows."""
        return self.now.at + self.skew

    def read(self, path: str, limit: int = 0) -> bytes | None:
        """A file of Linux's."""
        if path == "/proc/sys/kernel/random/boot_id":
            return self.boot.encode()
        if path == "/proc/uptime":
            return b"60.0 30.0"
        found = self.hardware.files().get(path)
        if found is None:
            raise CannotLook("denied")
        return found

    def link(self, path: str) -> str | None:
        """Where a link of sysfs leads."""
        shown = not (self.hardware.weak or self.hardware.card_only)
        if path == "/sys/class/block/sda2" and shown:
            return "../../devices/pci0000:00/ata1/block/sda/sda2"
        raise CannotLook("denied")

    def interfaces(self) -> list[Interface]:
        """Its one card."""
        if self.hardware.weak:
            return []
        return [Interface("eth0", self.hardware.mac, True, "wired", True)]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._rest, name)


@dataclass
class Clock:
    """The true time, which tests move."""

    at: int
