"""Replaces what tells this machine and its people apart,
everywhere it appears: also inside programs' output.

Two ways at once. Values this machine is known to have (its name, people's names and homes, serials,
Wi-Fi names) are collected first and replaced wherever they stand, in questions too. Shapes that are
personal on any machine (network addresses, UUIDs, mail and web addresses, long hexadecimal ids) are
replaced by rule. One value always becomes the same fake, so what belonged together still does.
"""

import ipaddress
import json
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec

from agent.hosts import called, managed, paired, property_lists
from agent.hosts import recording as form
from checks.formats import nmcli_terse, secret_values
from checks.formats.redact import redact
from checks.host import CannotLook, Host

_MAC: Final = re.compile(
    r"(?<![0-9A-Fa-f:])(?:[0-9A-Fa-f]{2}([:-]))(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:])"
)
_SHORT_MAC: Final = re.compile(
    r"(?<![0-9A-Fa-f:.])(?:[0-9A-Fa-f]{1,2}:){5}[0-9A-Fa-f]{1,2}(?![0-9A-Fa-f:])"
)
"""As macOS prints one, without leading zeros."""
_UUID: Final = re.compile(r"\b[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b")
_HEX_ID: Final = re.compile(r"\b(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})\b")
_MAIL: Final = re.compile(r"\b[\w.+-]+@(?:[\w-]+\.)+[A-Za-z]{2,}\b")
_PRIVATE_IP: Final = re.compile(
    r"\b(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}\b"
)
_IPV6: Final = re.compile(
    r"(?<![0-9A-Za-z:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![0-9A-Za-z:.])"
)
_ROUTE: Final = re.compile(
    r"(?m)^(\S{1,15}\s+)([0-9A-F]{8})(\s+)([0-9A-F]{8})(?=\s+[0-9A-F]{4}\s)", re.ASCII
)
"""Network and gateway in a row of /proc/net/route: lowest byte first."""
_SERIAL_FIELD: Final = re.compile(
    r"(?im)^(?P<head>.*?(?<![A-Za-z])"
    r"(?:serial(?:[ _]?(?:number|num|no))?|asset[ _]?tag|wwn|ssid|psk|password)\b"
    r'["\']?\s*[:=]\s*["\']?)(?P<value>[^"\'\n,;]+)'
)
_LOCAL: Final = ipaddress.IPv6Network("fc00::/7")
_OURS: Final = 0xFD00 << 48
_GLOBAL: Final = ipaddress.IPv6Network("2000::/3")
_EXAMPLES: Final = ipaddress.IPv6Network("2001:db8::/32")
_KEPT: Final = frozenset(
    {
        *("root", "daemon", "nobody", "localhost", "none", "null", "unknown", "not specified"),
        *("local", "localdomain", "lan", "home", "workgroup", "user", "windows user", "0", ""),
        *("internal", "arpa", "home.arpa"),
    }
)


class Scrubber:
    """The replacements of one machine."""

    def __init__(self, host: Host) -> None:
        """Learn what this machine calls itself and its people."""
        self._fakes: dict[str, str] = {}
        for number, user in enumerate(_people(host), 1):
            self._learn(user.name, f"person{number}")
            self._learn(re.split(r"[/\\]", user.home)[-1], f"person{number}")
            self._learn(user.alias, f"{number:016x}")
        itself = called.of(host)
        for name in itself.names:
            self._learn(name, "machine.example.org" if "." in name else "machine")
            self._learn(name.partition(".")[0], "machine")
        for number, domain in enumerate(called.domains(host), 1):
            self._learn(domain, f"domain{number}.example.org")
        for number, serial in enumerate(itself.numbers, 1):
            self._learn(serial, f"SERIAL{number:04}")
        for number, name in enumerate(_wireless_names(host), 1):
            self._learn(name, f"wifi{number}")
        for address, fake in managed.servers(host).items():
            self._learn(address, fake)
        for number, name in enumerate(paired.names(host), 1):
            self._learn(name, f"device{number}")
        for number, name in enumerate(_volume_names(host), 1):
            self._learn(name, f"volume{number}")

    def answers(self, answers: Iterable[form.Answer]) -> list[form.Answer]:
        """The same answers with every name and number replaced,
        in questions and in what they give."""
        return [
            form.Answer(
                ask=None if answer.ask is None else [self.text(word) for word in answer.ask],
                gives=self._value(answer.gives),
                cannot=answer.cannot,
                absent=answer.absent,
            )
            for answer in answers
        ]

    def text(self, text: str) -> str:
        """One text, scrubbed; secrets first, while their lines are still whole."""
        text = redact(text, lambda name: self._numbered(name, "wifi", lambda n: f"wifi{n}"))
        for known in sorted(self._fakes, key=len, reverse=True):
            if known in text:
                text = re.sub(
                    rf"(?<![A-Za-z0-9]){re.escape(known)}(?![A-Za-z0-9])", self._known, text
                )
        text = _SERIAL_FIELD.sub(self._field, text)
        text = _MAC.sub(lambda m: self._numbered(m[0].lower(), "mac", _mac), text)
        text = _SHORT_MAC.sub(lambda m: self._numbered(_padded(m[0]), "mac", _mac), text)
        text = _UUID.sub(lambda m: self._numbered(m[0].lower(), "uuid", _uuid), text)
        text = _HEX_ID.sub(
            lambda m: self._numbered(m[0], "hex", lambda n: f"{n:0{len(m[0])}x}"), text
        )
        text = _MAIL.sub(lambda m: self._numbered(m[0].lower(), "mail", _mail), text)
        text = _ROUTE.sub(self._route, text)
        text = _IPV6.sub(self._ipv6, text)
        return _PRIVATE_IP.sub(lambda m: self._numbered(m[0], "ip", _ip), text)

    def _learn(self, value: str, fake: str) -> None:
        value = value.strip()
        if len(value) >= 2 and value.lower() not in _KEPT:
            # Windows and DNS write one name in capitals here and without there.
            for spelt in (value, value.lower(), value.upper()):
                self._fakes.setdefault(spelt, fake)

    def _ipv6(self, found: re.Match[str]) -> str:
        """A card's address stands in many, and a household's line in all that lead anywhere."""
        try:
            told = ipaddress.IPv6Address(found[0])
        except ValueError:
            return found[0]
        prefix, own = divmod(int(told), 1 << 64)
        if told.is_link_local and own >= 1 << 32:
            return self._numbered(str(told), "link", lambda n: f"fe80::{n:x}")
        local = told in _LOCAL and int(told) % (1 << 120) and (prefix, own >> 32) != (_OURS, 0)
        if local or (told in _GLOBAL and told not in _EXAMPLES and int(told) % (1 << 96)):
            start = "fd00:" if local else "2001:db8:"
            form = f"{start}:{{:x}}" if own else f"{start}{{:x}}::"
            return self._numbered(str(told), "ipv6", form.format)
        return found[0]

    def _route(self, found: re.Match[str]) -> str:
        """The same fakes as where a neighbour is told of in decimals, so that they still meet."""
        network, gateway = (self._turned(word) for word in (found[2], found[4]))
        return f"{found[1]}{network}{found[3]}{gateway}"

    def _turned(self, word: str) -> str:
        plain = ".".join(str(octet) for octet in reversed(bytes.fromhex(word)))
        fake = _PRIVATE_IP.sub(lambda m: self._numbered(m[0], "ip", _ip), plain)
        return bytes(reversed([int(octet) for octet in fake.split(".")])).hex().upper()

    def _known(self, found: re.Match[str]) -> str:
        return self._fakes[found[0]]

    def _field(self, found: re.Match[str]) -> str:
        value = found["value"].strip()
        if value.lower() in _KEPT or value in self._fakes.values():
            return found[0]
        return found["head"] + self._numbered(value, "serial", lambda n: f"SERIAL{n:04}")

    def _numbered(self, value: str, kind: str, fake: Callable[[int], str]) -> str:
        """The fake for a value of a kind; a fake that comes round again stays as it is."""
        if value in _fakes_of(self._fakes, kind) or not value.strip("0:-f"):
            return value
        key = f"{kind}\0{value}"
        if key not in self._fakes:
            number = sum(1 for known in self._fakes if known.startswith(f"{kind}\0")) + 1
            self._fakes[key] = fake(number)
        return self._fakes[key]

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._whole(value)
        if isinstance(value, list) and value and all(isinstance(line, str) for line in value):
            return self._whole("\n".join(value)).split("\n")
        if isinstance(value, list):
            return [self._value(one) for one in value]
        if isinstance(value, dict) and set(value) == {"hex"}:
            return self._binary(value)
        if isinstance(value, dict):
            return {key: self._keyed(key, one) for key, one in value.items()}
        return value

    def _whole(self, text: str) -> str:
        """A text, or a property list, which hides more than a text does."""
        known = property_lists.scrubbed(text.encode("utf-8", "replace"), self.text)
        return self.text(text) if known is None else known

    def _keyed(self, key: str, value: Any) -> Any:
        """A value that its own key calls a serial or a password needs no other sign."""
        if isinstance(value, dict) and isinstance(value.get("data"), str):
            value = {**value, "data": secret_values.without(key, value["data"])}
        if isinstance(value, str) and key.lower() in ("serial", "serialnumber", "wwn"):
            known = self.text(value)
            if known.lower() in _KEPT or known != value:
                return known
            return self._numbered(value, "serial", lambda n: f"SERIAL{n:04}")
        return self._value(value)

    def _binary(self, value: dict[str, str]) -> dict[str, str] | str:
        """Known names inside binary become as many `x`: lengths in a format stay true."""
        data = bytes.fromhex(value["hex"])
        known_list = property_lists.scrubbed(data, self.text)
        if known_list is not None:
            return known_list
        for known in self._fakes:
            if "\0" not in known and len(known) >= 4:
                data = data.replace(known.encode(), b"x" * len(known.encode()))
        return {"hex": data.hex()}


def _fakes_of(fakes: dict[str, str], kind: str) -> set[str]:
    return {fake for key, fake in fakes.items() if key.startswith(f"{kind}\0")}


def _padded(mac: str) -> str:
    return ":".join(part.zfill(2) for part in mac.lower().split(":"))


def _mac(number: int) -> str:
    return "02:00:00:" + ":".join(f"{number >> shift & 255:02x}" for shift in (16, 8, 0))


def _ip(number: int) -> str:
    """Addresses for documentation, and when they run out those for tests of networks."""
    return f"192.0.2.{number}" if number < 255 else f"198.18.{number >> 8 & 255}.{number & 255}"


def _uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012x}"


def _mail(number: int) -> str:
    return f"person{number}@example.org"


def _people(host: Host) -> "list[Any]":
    try:
        return [user for user in host.users() if user.kind == "human"]
    except CannotLook:
        return []


_NETWORK_FOLDERS: Final = (
    *("/etc/NetworkManager/system-connections", "/run/NetworkManager/system-connections"),
    "/var/lib/iwd",
)


def _wireless_names(host: Host) -> list[str]:
    """Names NetworkManager holds or hears, neighbours' too, and those of files, which are called
    like their network."""
    if host.platform == "macos":
        return property_lists.networks(host)
    names = [
        name.rpartition(".")[0].removeprefix("netplan-")
        for folder in _NETWORK_FOLDERS
        for name in _names(host, folder)
    ]
    kept = _answer(host, ["nmcli", "-t", "-f", "NAME", "connection", "show"])
    heard = nmcli_terse.parse(_answer(host, list(nmcli_terse.WIFI_ARGV)))
    near = [row[-1] for row in heard if len(row) == len(nmcli_terse.WIFI_FIELDS)]
    told = kept.decode("utf-8", "replace").splitlines()
    return [name for name in (*names, *told, *near) if name.strip()]


def _answer(host: Host, argv: list[str]) -> bytes:
    try:
        return host.run(argv).out
    except CannotLook:
        return b""


def _volume_names(host: Host) -> list[str]:
    """Drives on a Mac are mounted under what people call them."""
    return _names(host, "/Volumes") if host.platform == "macos" else []


def _names(host: Host, folder: str) -> list[str]:
    try:
        return host.list(folder) or []
    except CannotLook:
        return []


def secrets_of(host: Host) -> list[str]:
    """What must not stand in a recording of this machine: its name, its people, its cards."""
    try:
        cards = [
            card.mac for card in host.interfaces() if card.mac and not card.mac.startswith("02")
        ]
    except CannotLook:
        cards = []
    itself = called.of(host)
    places = [name for name in called.domains(host) if "." in name]
    away = (name for name, fake in managed.servers(host).items() if name.casefold() != fake)
    names = [*itself.names, *places, *away, *(user.name for user in _people(host)), *itself.numbers]
    known = [*cards, *(value for value in names if value.lower() not in _KEPT)]
    return [value for value in known if len(value) >= 4]


def leaks(recording: form.Recording, secrets: Iterable[str]) -> list[str]:
    """Which of `secrets` still stand in a recording; `record` refuses to write one that leaks."""
    text = json.dumps(msgspec.to_builtins(recording), ensure_ascii=False)
    return [secret for secret in secrets if secret and secret in text]
