"""What is known of a machine as a thing: who made it, its serials, disks, network cards; and what
drifts.

Every identity here has passed `placeholders`: None means the firmware leaves it unset or holds a
placeholder, and then `refused` names the field, so a person sees why a serial is missing.
"""

from typing import ClassVar, Literal

import msgspec

from checks.facts import UNSUPPORTED, Facts
from checks.unseen import Maybe

Chassis = Literal[
    "desktop", "all-in-one", "mini", "laptop", "tablet", "handheld", "server", "virtual", "other"
]
Transport = Literal["sata", "nvme", "usb", "mmc", "sas", "virtual", "other"]
Field = Literal["serial", "board_serial", "chassis_serial", "uuid", "asset_tag", "make", "model"]


class NetworkCard(msgspec.Struct, frozen=True):
    """One physical network card that is not plugged in from outside."""

    name: str
    kind: Literal["wired", "wireless", "other"]
    mac: Maybe[str | None]
    """The card's own address, `aa:bb:…`; None: it has none. A randomised one is never given as its
    own.
    """
    permanent: bool
    """Whether `mac` is burnt in: globally administered and assigned by the card itself."""


class Disk(msgspec.Struct, frozen=True):
    """One whole drive, as a disposal record needs it."""

    name: str
    """Kernel name such as `sda`; it may change from boot to boot, the serial does not."""
    serial: str | None
    """None: the drive tells no serial (virtual drives, some readers), or it came from outside."""
    wwn: str | None
    make: str | None
    model: str | None
    size_bytes: int
    rotational: bool
    transport: Transport
    removable: bool
    """Plugged in from outside (USB, hot-plug) or with a medium that can be taken out."""


class HardwareFacts(Facts, frozen=True):
    """The steady section: it changes when somebody opens the case, re-images or renames the
    machine.
    """

    section: ClassVar[str] = "hardware"
    schema: ClassVar[int] = 1

    make: Maybe[str | None]
    model: Maybe[str | None]
    """The name on the box; for Lenovo the firmware's "version", because its "product" is a code."""
    model_code: Maybe[str | None]
    """The maker's product code where it differs from `model` (`20R3CTO1WW`)."""
    serial: Maybe[str | None]
    board_serial: Maybe[str | None]
    chassis_serial: Maybe[str | None]
    uuid: Maybe[str | None]
    """Board identity as the kernel spells it, lower case; compare with `placeholders.same_uuid`."""
    asset_tag: Maybe[str | None]
    """What somebody wrote into the firmware as the school's own number."""
    refused: list[Field]
    """Fields whose firmware value was a placeholder, and so is None above."""
    firmware_version: Maybe[str | None]
    firmware_date: Maybe[str | None]
    """As the firmware spells it, usually month/day/year."""
    chassis: Maybe[Chassis | None]
    """None: the firmware does not say."""
    portable: Maybe[bool]
    """Meant to be carried: its chassis says so, or, where the chassis says nothing, it has a
    battery.
    """
    virtual: Maybe[str | None]
    """The hypervisor (`kvm`, `vmware`, …) this machine runs under; None: a real machine."""
    cpu: Maybe[str | None]
    cpu_threads: Maybe[int]
    memory_bytes: Maybe[int | None]
    """Memory the firmware lists as fitted; None: the firmware lists none."""
    memory_usable_bytes: Maybe[int]
    """What the system can use, rounded down to 64 MiB so that a new kernel changes nothing."""
    tpm: Maybe[str | None]
    """Version of the security chip, `2.0` or `1.2`; None: none is switched on."""
    secure_boot: Maybe[bool | None]
    """None: the machine started without UEFI, which has no secure boot."""
    host_name: Maybe[str | None]
    install_id: Maybe[str | None]
    """A one-way hash of the installation's identity: where two machines share it, one was cloned.
    """
    cards: Maybe[list[NetworkCard]]
    disks: Maybe[list[Disk]]
    """Drives that stay in the machine, by name."""


class Volume(msgspec.Struct, frozen=True):
    """A mounted file system on one of its own drives. `place` is a class, never a path."""

    place: Literal["system", "home", "boot", "other"]
    size_bytes: int
    free_bytes: int


class HardwareNow(Facts, frozen=True):
    """The drifting section: free space, and drives and network cards plugged in from outside."""

    section: ClassVar[str] = "hardware_now"
    schema: ClassVar[int] = 2
    """2: what `seldom` names travels apart."""
    seldom: ClassVar[frozenset[str]] = frozenset({"full_in"})

    volumes: Maybe[list[Volume]]
    attached_disks: Maybe[list[Disk]]
    attached_cards: Maybe[list[NetworkCard]]

    full_in: Maybe[int | None] = UNSUPPORTED
    """The week, by its Monday in days since 1970, in which the first volume that people's work goes
    to is full if it goes on filling as lately; None: not within half a year. `deferred`: too few
    days are remembered. Since schema 2."""


SECTIONS = (HardwareFacts, HardwareNow)
