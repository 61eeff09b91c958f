"""firewalld: what `systemctl status`, `firewall-cmd` (`--state`, `--list-all-zones`) and a zone's
XML file say.

Traps: firewalld off is no firewall only where nothing else filters; `firewall-cmd --state` writes
its answer to the error stream when it is not running; the unit's line is not translated, the rest
of the status may be; the default zone is marked `(default, active)` only since 1.0; a zone without
a target has `default`, which refuses.
"""

import re
from typing import Final

import msgspec

from checks.formats.errors import ParseError

_OFF: Final = "FirewallD is not running"
_ABSENT: Final = "Unit firewalld.service could not be found."
_LOADED: Final = re.compile(r"^[ \t]*Loaded: (\S+)(?: \(([^;)]*)(?:; ([a-z-]+))?)?", re.MULTILINE)
_ACTIVE: Final = re.compile(r"^[ \t]*Active: ([a-z-]+)(?: \(([a-z-]+)\))?", re.MULTILINE)
_ZONE: Final = re.compile(r"^([A-Za-z0-9_/-]{1,64})(?: \(([a-z, ]{1,40})\))?$")
_FIELD: Final = re.compile(r"^  ([a-z -]{3,30}): ?(.*)$")
_LISTS: Final = ("interfaces", "sources", "services", "ports", "protocols", "source-ports")


class Zone(msgspec.Struct, frozen=True):
    """One zone. `target` is `default`, `ACCEPT`, `DROP`, `%%REJECT%%`."""

    name: str
    default: bool
    active: bool
    target: str
    interfaces: list[str]
    sources: list[str]
    services: list[str]
    ports: list[str]
    protocols: list[str]
    source_ports: list[str]
    masquerade: bool
    forward_ports: list[str]
    rich_rules: list[str]


class Firewalld(msgspec.Struct, frozen=True):
    """What the bytes tell. None: these bytes do not tell."""

    running: bool | None
    enabled: bool | None
    """Whether it starts with the machine."""
    zones: list[Zone]


def parse(data: bytes) -> Firewalld:
    """Read any of the answers. Raises ParseError."""
    if data.lstrip().startswith(b"<"):
        return Firewalld(None, None, [_of_xml(data)])
    text = data.decode("utf-8", "replace")
    active = _ACTIVE.search(text)
    if active:
        loaded = _LOADED.search(text)
        if "firewalld" not in text:
            raise ParseError("firewalld: the status of another unit")
        state = loaded[3] if loaded else None
        enabled = None if state is None else state in ("enabled", "enabled-runtime")
        return Firewalld(active[1] == "active", enabled, [])
    if text.strip() in ("running", "not running", _OFF):
        return Firewalld(text.strip() == "running", None, [])
    if text.strip() == _ABSENT:
        return Firewalld(False, False, [])
    zones = _zones(text)
    if not zones:
        raise ParseError("firewalld: no status, state or zone")
    return Firewalld(True, None, zones)


def _zones(text: str) -> list[Zone]:
    found: list[tuple[str, str, dict[str, list[str]]]] = []
    last = ""
    for line in text.splitlines():
        head = _ZONE.match(line.rstrip())
        field = _FIELD.match(line)
        if head:
            found.append((head[1], head[2] or "", {}))
            last = ""
        elif field and found:
            last = field[1]
            found[-1][2][last] = [field[2].strip()] if field[2].strip() else []
        elif last and line.strip():
            found[-1][2][last].append(line.strip())
    return [_zone(*one) for one in found if one[2]]


def _zone(name: str, marks: str, fields: dict[str, list[str]]) -> Zone:
    words = {key: " ".join(fields.get(key, [])).split() for key in _LISTS}
    return Zone(
        name=name,
        default="default" in marks,
        active="active" in marks,
        target=" ".join(fields.get("target", [])) or "default",
        interfaces=words["interfaces"],
        sources=words["sources"],
        services=words["services"],
        ports=words["ports"],
        protocols=words["protocols"],
        source_ports=words["source-ports"],
        masquerade=fields.get("masquerade") == ["yes"],
        forward_ports=fields.get("forward-ports", []),
        rich_rules=fields.get("rich rules", []),
    )


def _of_xml(data: bytes) -> Zone:
    """A file of `/etc/firewalld/zones`; a document that defines entities is refused unread."""
    from xml.etree import ElementTree  # loaded where a zone's file is read only

    if b"\0" in data or b"<!" in data.replace(b"<!--", b""):
        raise ParseError("firewalld: a zone with a document type")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314  (no document type gets here: no entities)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise ParseError("firewalld: not XML") from error
    if root.tag != "zone":
        raise ParseError("firewalld: not a zone")

    def named(tag: str, *keys: str) -> list[str]:
        rows = [[one.get(key, "") for key in keys] for one in root.findall(tag)]
        return ["/".join(part for part in row if part) for row in rows]

    return Zone(
        name=root.findtext("short", "").strip(),
        default=False,
        active=False,
        target=root.get("target", "default"),
        interfaces=named("interface", "name"),
        sources=named("source", "address", "mac", "ipset"),
        services=named("service", "name"),
        ports=named("port", "port", "protocol"),
        protocols=named("protocol", "value"),
        source_ports=named("source-port", "port", "protocol"),
        masquerade=root.find("masquerade") is not None,
        forward_ports=named("forward-port", "port", "protocol", "to-port", "to-addr"),
        rich_rules=[" ".join(part.tag for part in rule.iter()) for rule in root.findall("rule")],
    )
