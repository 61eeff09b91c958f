"""What a recording must not hold of a Mac: names of networks, and what property lists hide.

A list is binary, or carries raw bytes that hide a name from every search, so it is opened, emptied
of what tells somebody apart and written as XML, which readers take alike. Raw bytes that are no
text are blanked, length kept: a bookmark, a key or a signature means nothing elsewhere. Never run
on macOS.
"""

import plistlib
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from checks import macos
from checks.formats import plist, secret_values
from checks.formats.errors import ParseError
from checks.formats.system_profiler import Item
from checks.host import CannotLook, Host

_KNOWN: Final = "/Library/Preferences/com.apple.wifi.known-networks.plist"
_PREFIX: Final = "wifi.network.ssid."
_BEGINNINGS: Final = (b"bplist0", b"<?xml", b"<!DOCTYPE plist", b"<plist")
_LARGEST: Final = 8 << 20
_NUMBER: Final = re.compile(r"serial(?:[ _]?(?:number|num|no))?(?:string)?$|^wwn$", re.IGNORECASE)
"""Keys of what a maker numbered: drives, sticks, cards."""
_ORGANISATION: Final = re.compile(r"organi[sz]ation$", re.IGNORECASE)
"""Keys of profiles that name the school."""
_VOLUMES: Final = "/Volumes/"

Text = Callable[[str], str]


def networks(host: Host) -> list[str]:
    """Names of networks the Mac knows, hears or was given; those nobody may ask for are not in
    any answer either."""
    return sorted({name for ask in (_known, _heard, _given) for name in _told(ask, host)})


def _told(ask: Callable[[Host], Iterator[str]], host: Host) -> Iterator[str]:
    try:
        yield from ask(host)
    except CannotLook:
        return


def _known(host: Host) -> Iterator[str]:
    for key in macos.settings(host, _KNOWN, _LARGEST):
        if key.startswith(_PREFIX):
            yield key.removeprefix(_PREFIX)


def _heard(host: Host) -> Iterator[str]:
    """The network a card is on, and its neighbours'."""
    for kind in macos.profiled(host, "SPAirPortDataType"):
        yield from _below(kind, inside=False)


def _below(item: Item, *, inside: bool) -> Iterator[str]:
    own = item.values.get("_name")
    if inside and item.name:
        yield item.name
    if isinstance(own, str):
        yield own
    for one in item.items:
        yield from _below(one, inside="wireless_networks" in item.name)


def _given(host: Host) -> Iterator[str]:
    for payload in macos.payloads(host, "com.apple.wifi.managed"):
        name = payload.content.get("SSID_STR")
        if isinstance(name, str):
            yield name


def scrubbed(data: bytes, text: Text) -> str | None:
    """A property list as XML without passwords, and every text as `text` gives it; None for what is
    no property list."""
    if not data.lstrip().startswith(_BEGINNINGS):
        return None
    try:
        plist.parse(data)
        return plistlib.dumps(_tree(plistlib.loads(data), "", text), sort_keys=False).decode()
    except (ParseError, TypeError, ValueError, OverflowError):
        return None


def _tree(value: Any, key: str, text: Text) -> Any:
    if isinstance(value, dict):
        return {text(name): _tree(held, name, text) for name, held in value.items()}
    if isinstance(value, list):
        return [_tree(held, key, text) for held in value]
    if isinstance(value, str):
        return _text(secret_values.without(key, value), key, text)
    if isinstance(value, bytes):
        return _bytes(value, key, text)
    if isinstance(value, plistlib.UID):
        return {"CF$UID": value.data}
    return value


def _text(value: str, key: str, text: Text) -> str:
    """A number of its maker's as any line that calls it one; what people call their drives, as
    many `x`."""
    if value and _NUMBER.search(key):
        plain = value if value.isascii() and value.replace("-", "").isalnum() else "x" * len(value)
        return text(f"serial: {plain}").removeprefix("serial: ")
    if key == "VolumeName" or _ORGANISATION.search(key):
        return "x" * len(value)
    if key == "MountPoint" and value.startswith(_VOLUMES):
        return _VOLUMES + "x" * len(value.removeprefix(_VOLUMES))
    return text(value)


def _bytes(value: bytes, key: str, text: Text) -> bytes:
    try:
        plain = value.decode()
    except UnicodeDecodeError:
        return bytes(len(value))
    if not plain.rstrip("\0").isprintable() or secret_values.is_secret(key):
        return bytes(len(value))
    return text(plain).encode()
