"""What is known of removable media: what lets it in, and (drifting) what is and was attached."""

from typing import ClassVar, Literal

import msgspec

from checks.facts import UNSUPPORTED, Facts
from checks.layers import Layer
from checks.media_scans import MediaScan
from checks.unseen import Maybe

Kind = Literal["usb-storage", "phone", "sd", "optical"]
"""`phone`: phones, cameras and players that speak MTP or PTP instead of being a drive."""


class Driver(msgspec.Struct, frozen=True):
    """One kernel driver that makes a kind of media usable."""

    name: Literal["usb_storage", "uas", "mmc_block", "sr_mod"]
    available: Maybe[Literal["module", "builtin", "absent"]]
    blocked: Maybe[Literal["refused", "install", "blacklist", "no"]]
    """`refused`: by the kernel's command line. `install`: loading it runs a command that does
    nothing. `blacklist`: it does not load by itself, but can be loaded by name."""

    loaded: Maybe[bool]


class UsbGuard(msgspec.Struct, frozen=True):
    """USBGuard, where it is installed."""

    running: Maybe[bool]
    stick: Maybe[Literal["allow", "block", "reject"]]
    """What its rules decide about a stick they do not know."""

    phone: Maybe[Literal["allow", "block", "reject"]]
    approved: Maybe[int]
    """Rules that let in one particular device."""

    models: Maybe[int]
    """Rules that let in every stick of a model."""


class Autorun(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one account's desktop does with a drive that is plugged in."""

    user: str
    """The account's per-device alias, never its name."""

    desktop: Literal["gnome", "mate", "cinnamon", "xfce", "kde", "windows", "other"]
    starts: Maybe[bool]
    """Whether it starts, or offers to start, a program for what is on the drive."""

    changeable: Maybe[bool]
    """Whether the user can switch that on."""

    commands: Maybe[bool] = UNSUPPORTED
    """Windows: whether a disc's own commands run wherever something does start. Since schema 2."""


class Rule(msgspec.Struct, frozen=True):
    """What an administrator's settings let be done with one kind of media."""

    kind: Kind
    use: Maybe[Literal["allow", "read-only", "approved", "deny"]]
    """`approved`: only devices that an administrator named."""

    by: Maybe[Layer]


class RemovableMediaFacts(Facts, frozen=True):
    """The steady section."""

    section: ClassVar[str] = "removable_media"
    schema: ClassVar[int] = 2

    kinds: Maybe[list[Kind]]
    """What the machine has a socket or drive for."""

    drivers: Maybe[list[Driver]]
    usb_default: Maybe[Literal["allow", "block", "internal"] | None]
    """What the kernel does with a new USB device on the loosest bus; None = no USB here."""

    usbguard: Maybe[list[UsbGuard]]
    """One, or none where it is not installed."""

    udev: Maybe[Literal["blocked", "hidden"] | None]
    """A udev rule of the administrator's for all USB drives: `blocked` switches the device off,
    `hidden` keeps desktops from mounting it; None = no such rule."""

    phone_programs: Maybe[bool]
    """Whether a program that reads phones and cameras is installed."""

    autorun: Maybe[list[Autorun]]
    """One per person's account and installed desktop; on Windows per account that is signed in."""

    rules: Maybe[list[Rule]] = UNSUPPORTED
    """Windows and macOS: one for each of `kinds`. Since schema 2."""

    only_encrypted: Maybe[bool] = UNSUPPORTED
    """Whether drives that are not encrypted can only be read. Since schema 2."""


class Volume(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that was attached. Its label and files are never looked at."""

    id: str
    """A keyed hash of model and serial number: the same device has the same id on this machine."""

    kind: Kind
    usb: str
    """Maker's and product's number, `0d28:0204`; empty for a card."""

    name: str
    """What the device calls itself, control characters removed, at most 60 characters."""

    serial: bool
    """Whether it has a serial number; without one, two of the same model look alike."""

    size_bytes: Maybe[int | None]
    first_at: int | None
    """When it was attached, epoch seconds; None = not in the log."""

    last_at: int | None
    """When it was last seen to be attached, epoch seconds."""

    encrypted: Maybe[bool] = UNSUPPORTED
    """Whether all that lies on it is encrypted. Since schema 2."""

    named: Maybe[list[str]] = UNSUPPORTED
    """Lines of the school's list of approved media that name it by its serial number, as the policy
    spells them. Since schema 4."""


class RemovableMediaNow(Facts, frozen=True):
    """The drifting section."""

    section: ClassVar[str] = "removable_media_now"
    schema: ClassVar[int] = 4
    """3: what `seldom` names travels apart."""
    seldom: ClassVar[frozenset[str]] = frozenset({"scans", "looked_for"})
    by_policy: ClassVar[bool] = True

    attached: Maybe[list[Volume]]
    """What is attached at this moment."""

    logged: Maybe[list[Volume]]
    """What the kernel's log says was attached in the last two days and is not any more."""

    log_since: Maybe[int]
    """How far that log goes back, epoch seconds."""

    watching_since: Maybe[int | None]
    """When this machine was enrolled; what was attached before is background, never a finding
    (S5). None = it is not enrolled."""

    scans: Maybe[list[MediaScan]] = UNSUPPORTED
    """The newest scan of each medium that its antivirus was told to scan here (`caretaker-agent
    scan-media`) in the last two days, or in the last 30 if that one found something. Since schema
    3."""

    looked_for: Maybe[list[str]] = UNSUPPORTED
    """The lines of the school's list that name media by serial number, as `named.tag` shortens
    them: what `Volume.named` was held against. Since schema 4."""


SECTIONS = (RemovableMediaFacts, RemovableMediaNow)
