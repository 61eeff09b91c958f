"""The kernel's messages, from `dmesg` or `journalctl --output=short-unix`, and the drives in them.

`dmesg`: `[   12.345678] usb 1-1: …`, seconds since the start by the clock that stops in sleep.
short-unix: `1795336200.123456 host kernel: usb 1-1: …`; a continuation line is indented. Devices
choose their own Product and SerialNumber: both tools escape or indent line ends, so a name cannot
forge a message. A USB device that is none of ours is dropped when the next one takes its place.
"""

import re
from collections.abc import Iterable

import msgspec

_DMESG = re.compile(r"^\[ *(\d{1,12})\.\d+\] (.*)$")
_UNIX = re.compile(r"^(\d{1,12})\.\d+ \S+ kernel: (.*)$")
_NEW = re.compile(
    r"^usb (\d+-[\d.]+): New USB device found, idVendor=([0-9a-f]{4}), idProduct=([0-9a-f]{4})\b"
)
_FIELD = re.compile(r"^usb (\d+-[\d.]+): (Product|Manufacturer|SerialNumber): (.*)$")
_GONE = re.compile(r"^usb (\d+-[\d.]+): USB disconnect\b")
_STORAGE = re.compile(r"^usb-storage (\d+-[\d.]+):\d+\.\d+: USB Mass Storage device detected")
_UAS = re.compile(r"^scsi host\d+: uas$")
_CARD = re.compile(r"^mmc(\d+): new .*?\b(SD\w*) card at address ([0-9a-f]{4})")
_CARD_NAME = re.compile(r"^mmcblk\d+: mmc(\d+):([0-9a-f]{4}) (\S+)")
_CARD_GONE = re.compile(r"^mmc(\d+): card ([0-9a-f]{4}) removed")


class Message(msgspec.Struct, frozen=True):
    """One message and its whole seconds: since the start (dmesg) or since the epoch (journal)."""

    at: int
    text: str


class Drive(msgspec.Struct, frozen=True):
    """One drive that was attached: when, and when it went (None = not seen to go)."""

    kind: str
    """`usb-storage` or `sd`."""

    vendor: str
    product: str
    serial: str
    name: str
    attached_at: int
    gone_at: int | None


class _Port(msgspec.Struct):
    vendor: str = ""
    product: str = ""
    serial: str = ""
    maker: str = ""
    name: str = ""
    kind: str = ""
    at: int = 0


def parse(data: bytes) -> list[Message]:
    """Every message of either form, in the order written; other lines are skipped."""
    found = []
    for line in data.decode("utf-8", "replace").split("\n"):
        match = _DMESG.match(line) or _UNIX.match(line)
        if match:
            found.append(Message(int(match[1]), match[2]))
    return found


def drives(messages: Iterable[Message]) -> list[Drive]:
    """The drives attached over USB or as a card, in the order they went or, still there, came."""
    ports: dict[str, _Port] = {}
    done: list[Drive] = []
    last = ""
    for message in messages:
        if new := _NEW.match(message.text):
            last = new[1]
            _close(ports.pop(last, None), None, done)
            ports[last] = _Port(vendor=new[2], product=new[3])
        elif field := _FIELD.match(message.text):
            _set(ports.get(field[1]), field[2], field[3])
        elif storage := _STORAGE.match(message.text):
            _mark(ports.setdefault(storage[1], _Port()), "usb-storage", message.at)
        elif _UAS.match(message.text) and last in ports:
            # The message does not say which port; it follows its device at once.
            _mark(ports[last], "usb-storage", message.at)
        elif gone := _GONE.match(message.text):
            _close(ports.pop(gone[1], None), message.at, done)
        else:
            _card(message, ports, done)
    for port in ports.values():
        _close(port, None, done)
    return done


def _card(message: Message, ports: dict[str, _Port], done: list[Drive]) -> None:
    if new := _CARD.match(message.text):
        ports[f"mmc{new[1]}"] = _Port(serial=new[3], kind="sd", at=message.at)
    elif name := _CARD_NAME.match(message.text):
        port = ports.get(f"mmc{name[1]}")
        if port is not None and port.serial == name[2]:
            port.name = name[3]
    elif gone := _CARD_GONE.match(message.text):
        _close(ports.pop(f"mmc{gone[1]}", None), message.at, done)


def _set(port: _Port | None, field: str, value: str) -> None:
    if port is None:
        return
    if field == "SerialNumber":
        port.serial = value
    elif field == "Product":
        port.name = value
    else:
        port.maker = value


def _mark(port: _Port, kind: str, at: int) -> None:
    if not port.kind:
        port.kind, port.at = kind, at


def _close(port: _Port | None, gone: int | None, done: list[Drive]) -> None:
    if port is not None and port.kind:
        name = f"{port.maker} {port.name}".strip()
        done.append(Drive(port.kind, port.vendor, port.product, port.serial, name, port.at, gone))
