"""What each maker's equipment is asked, as `makers.toml` says; checked when it is loaded."""

import functools
import tomllib
from pathlib import Path
from typing import Final, Literal

import msgspec

from checks.surveys.equipment import Kind

Gives = Literal[
    "identity", "parts", "ports", "macs", "bindings", "neighbours", "ssids", "points", "bssids"
]
SHOWING: Final = frozenset({"show", "display", "get"})
"""The first word of every command that is typed; RouterOS has its own, which end in `print …`."""
QUIET: Final = frozenset(
    {
        "terminal length 0",
        "terminal width 0",
        "terminal datadump",
        "no page",
        "no paging",
        "screen-length disable",
        "skip-page-display",
    }
)
"""What may be typed besides: settings of this one session, so that answers come unpaged."""


class MakerError(Exception):
    """The table says something that must not be typed."""


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One command: the group its answer fills, and the column of each of our names."""

    gives: Gives
    template: str = msgspec.field(name="as", default="")
    """The command's name in ntc-templates, where it is another."""
    name: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""
    location: str = ""
    kind: str = ""
    port: str = ""
    alias: str = ""
    up: str = ""
    own_mac: str = ""
    mac: str = ""
    type: str = ""
    address: str = ""
    chassis: str = ""
    far_port: str = ""
    far_port_id: str = ""
    description: str = ""
    capabilities: str = ""
    ssid: str = ""
    enabled: str = ""
    bssid: str = ""
    point: str = ""


class Maker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One maker's command line. `first`: what is typed to see who it is, where the SSH server's
    greeting does not say."""

    template: str
    kind: Kind
    how: Literal["shell", "exec"]
    asks: dict[str, Ask]
    greets: list[str] = []
    says: list[str] = []
    quiet: list[str] = []
    first: str = "show version"


@functools.cache
def makers() -> dict[str, Maker]:
    """All of them by name. Raises MakerError, msgspec.ValidationError."""
    data = (Path(__file__).parent / "makers.toml").read_text("utf-8")
    found = msgspec.convert(tomllib.loads(data), dict[str, Maker])
    for name, maker in found.items():
        for command in (*maker.asks, maker.first):
            if not only_shows(command):
                raise MakerError(f"{name}: {command!r} does more than show")
        if not set(maker.quiet) <= QUIET:
            raise MakerError(f"{name}: {maker.quiet} sets more than this session")
    return found


def only_shows(command: str) -> bool:
    """Whether a command changes nothing: its verb shows, and it is one plain line."""
    words = command.split(" ")
    plain = command.isascii() and command.isprintable() and not set(command) & set(";|&><`$\"'\\")
    return plain and (words[0] in SHOWING or (words[0].startswith("/") and "print" in words))


def greeted(server: str) -> str:
    """The maker whose SSH server introduces itself like this; "" where anybody's does."""
    for name, maker in makers().items():
        if any(server.startswith(one) for one in maker.greets):
            return name
    return ""


def told(text: str) -> str:
    """The maker that an answer to `first` names; "" for none we know. The most words that fit
    win: a Cisco controller speaks of Cisco too."""
    lowered = text.lower()
    fits = [
        (max(len(word) for word in hits), name)
        for name, maker in makers().items()
        if (hits := [word for word in maker.says if word.lower() in lowered])
    ]
    return max(fits)[1] if fits else ""
