"""Rows of answers into what a device says of itself (`checks.surveys.equipment`). Pure.

A group that no command of this maker fills is `Unseen("unsupported")`; one whose command failed
has that command's reason. A name or description of the other end of a cable is kept only where that
is a switch, a router or an access point: telephones are called after people.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar

import msgspec

from agent.survey.ssh.makers import Ask, Gives, Maker
from agent.survey.ssh.rows import Row
from checks.surveys import equipment as facts
from checks.unseen import Maybe, Unseen

Answers = Mapping[str, list[Row] | Unseen]
"""Command → rows, or why there are none."""

T = TypeVar("T")

LONGEST: Final = 120
_UP: Final = frozenset({"up", "connected", "yes", "enabled", "enable", "running", "r"})
_DOWN: Final = frozenset(
    {"down", "notconnect", "no", "disabled", "disable", "adm", "x", "inactive"}
)
_OWN: Final = frozenset({"self", "static", "system", "internal", "management", "cpu", "l"})
_SPELLINGS: Final = (
    ("fa", "fastethernet"),
    ("gi", "ge", "gig", "gigabitethernet", "gigaethernet"),
    ("te", "xge", "tengigabitethernet", "ten-gigabitethernet", "tengige"),
    ("twe", "wge", "twentyfivegige", "twenty-fivegige", "twentyfivegigabitethernet"),
    ("fo", "fge", "fortygige", "fortygigabitethernet"),
    ("hu", "hge", "hundredgige", "hundredgigabitethernet"),
    ("tw", "twogigabitethernet"),
    ("fi", "fivegigabitethernet"),
    ("po", "port-channel", "portchannel", "lag"),
    ("bagg", "bridge-aggregation"),
    ("m-ge", "m-gigabitethernet"),
)
_SAME: Final = {word: words[0] for words in _SPELLINGS for word in words}
_CAPABILITIES: Final[dict[str, facts.Capability]] = {
    "b": "bridge",
    "bridge": "bridge",
    "r": "router",
    "router": "router",
    "w": "access-point",
    "wlan": "access-point",
    "wlan-access-point": "access-point",
    "wlan access point": "access-point",
    "t": "phone",
    "telephone": "phone",
    "phone": "phone",
    "s": "station",
    "station": "station",
    "station-only": "station",
    "p": "repeater",
    "repeater": "repeater",
    "c": "docsis",
}
_NAMED: Final = frozenset({"bridge", "router", "access-point"})


def equipment(
    maker: Maker, answers: Answers, *, address: str, credential: str, host_key: str
) -> facts.Equipment:
    """One device, from what it printed."""
    group = _Groups(maker, answers)
    ports, macs = group.of("ports", _ports), group.of("macs", _macs)
    return facts.Equipment(
        address=address,
        way="ssh",
        credential=credential,
        kind=maker.kind,
        identity=_identity(group),
        parts=_parts(group),
        ports=_learnt(ports, macs),
        learnt=True if isinstance(macs, list) else macs,
        neighbours=_on_ports(ports, group.of("neighbours", _neighbours)),
        bindings=group.of("bindings", _bindings),
        wireless=_wireless(maker, group),
        printing=None,
        power=None,
        default_community=Unseen("unsupported"),
        host_key=host_key,
    )


def mac(said: str) -> str:
    """A MAC in any maker's spelling, as `aa:bb:cc:dd:ee:ff`; "" for what is none, nobody's or a
    group's."""
    digits = "".join(one for one in said.lower() if one in "0123456789abcdef")
    foreign = set(said.lower()) - set("0123456789abcdef:.- ")
    if len(digits) != 12 or foreign or digits in ("0" * 12, "f" * 12) or int(digits[1], 16) & 1:
        return ""
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


def made_up(address: str) -> bool:
    """Whether a device made this MAC up for itself (the locally administered bit)."""
    return bool(int(address[1], 16) & 2)


class _Groups:
    """The answers by what they give."""

    def __init__(self, maker: Maker, answers: Answers) -> None:
        """Around what was printed."""
        self._maker, self._answers = maker, answers

    def asks(self, gives: Gives) -> list[tuple[Ask, list[Row] | Unseen]]:
        """The commands of one group and what each printed."""
        found = [(c, ask) for c, ask in self._maker.asks.items() if ask.gives == gives]
        return [(ask, self._answers.get(c, Unseen("deferred"))) for c, ask in found]

    def of(self, gives: Gives, read: Callable[[Ask, list[Row]], list[T]]) -> Maybe[list[T]]:
        """All of one group; the first reason where a command failed."""
        found: list[T] = []
        asks = self.asks(gives)
        for ask, rows in asks:
            if isinstance(rows, Unseen):
                return rows
            found += read(ask, rows)
        return found if asks else Unseen("unsupported")


def _identity(group: _Groups) -> facts.Identity:
    """What several commands say together: the first to say a thing is heard; blank where no command
    says who it is."""
    said: dict[str, str] = {}
    for ask, rows in group.asks("identity"):
        for row in [] if isinstance(rows, Unseen) else rows[:1]:
            for name in ("name", "model", "firmware", "location"):
                said[name] = said.get(name) or _one(row, getattr(ask, name))
    description = " ".join(filter(None, (said.get("model"), said.get("firmware"))))
    return facts.Identity(
        name=said.get("name", ""),
        description=description[:LONGEST],
        object_id="",
        engine_id="",
        location=said.get("location", ""),
        uptime_seconds=None,
    )


def _parts(group: _Groups) -> Maybe[list[facts.Part]]:
    """Chassis and members of a stack: from their own list, else from what it says of itself."""
    listed = group.of("parts", _listed_parts)
    if isinstance(listed, list) and listed:
        return listed
    own: list[facts.Part] = []
    for ask, rows in group.asks("identity"):
        if isinstance(rows, list) and ask.serial:
            own += [part for row in rows[:1] for part in _members(ask, row)]
    return own or listed


def _members(ask: Ask, row: Row) -> list[facts.Part]:
    """A stack prints a list of models and serials in one row; one device a list of one."""
    serials, models = _all(row, ask.serial), _all(row, ask.model)
    firmware = _one(row, ask.firmware)
    kind: Final = "stack" if len(serials) > 1 else "chassis"
    return [
        facts.Part(kind, serial, models[at] if at < len(models) else "", firmware)
        for at, serial in enumerate(serials)
    ]


def _listed_parts(ask: Ask, rows: list[Row]) -> list[facts.Part]:
    found = [part for row in rows if _is_body(_one(row, ask.kind)) for part in _members(ask, row)]
    if len(found) > 1:
        found = [msgspec.structs.replace(part, kind="stack") for part in found]
    return found


def _is_body(said: str) -> bool:
    """Whether a line of an inventory is the thing itself and not a module in it."""
    lowered = said.lower()
    return (
        lowered in ("", "chassis", "1", "self")
        or lowered.startswith(("chassis", "switch "))
        or (lowered.isdigit() and len(lowered) == 1)
        or lowered.endswith((" chassis", " stack"))
    )


def _ports(ask: Ask, rows: list[Row]) -> list[facts.Port]:
    found = []
    for at, row in enumerate(rows[: facts.MOST_PORTS], 1):
        name = _one(row, ask.port)
        if name:
            own = mac(_one(row, ask.own_mac))
            up = _is_up(_one(row, ask.up)) if ask.up else None
            found.append(facts.Port(at, name, _one(row, ask.alias), up, own))
    return found


def _is_up(said: str) -> bool | None:
    lowered = said.lower()
    first = lowered.split(" ")[0].strip("*()").rstrip(",")
    return True if first in _UP else False if first in _DOWN else None


def _macs(ask: Ask, rows: list[Row]) -> list[tuple[str, str]]:
    """MAC and the port it was learnt on; the switch's own are left out."""
    found = []
    for row in rows:
        address, kind = mac(_one(row, ask.mac)), _one(row, ask.type).lower()
        if address and kind not in _OWN:
            found += [(address, port) for port in _all(row, ask.port)[:1]]
    return found


def _learnt(
    ports: Maybe[list[facts.Port]], macs: Maybe[list[tuple[str, str]]]
) -> Maybe[list[facts.Port]]:
    """Ports with what hangs behind them. Ports that only the addresses name are added; without the
    addresses the ports say nothing of who is there, so all of it is unseen."""
    if isinstance(macs, Unseen):
        return macs
    known = [] if isinstance(ports, Unseen) else ports
    by_name = {_short(port.name): port for port in known}
    behind: dict[str, set[str]] = {}
    for address, name in macs:
        behind.setdefault(_short(name), set()).add(address)
        by_name.setdefault(_short(name), facts.Port(len(by_name) + 1, name, "", None, ""))
    return [
        _with(port, behind.get(short, set()))
        for short, port in list(by_name.items())[: facts.MOST_PORTS]
    ]


def _with(port: facts.Port, macs: Iterable[str]) -> facts.Port:
    ordered = sorted(macs)
    told = [one for one in ordered if not made_up(one)]
    return msgspec.structs.replace(
        port,
        macs=told[: facts.MOST_MACS],
        count=len(ordered),
        private=len(ordered) - len(told),
    )


def _short(name: str) -> str:
    """A port's name however a command spells it: `GigabitEthernet1/0/1` and `Gi1/0/1` are one."""
    plain = name.lower().replace(" ", "")
    letters = plain.rstrip("0123456789/.:")
    return _SAME.get(letters, letters) + plain[len(letters) :]


class _FarEnd(msgspec.Struct, frozen=True):
    """The other end of a cable, and our port's name."""

    port: str
    end: facts.Neighbour


def _neighbours(ask: Ask, rows: list[Row]) -> list[_FarEnd]:
    found = []
    for row in rows[: facts.MOST_NEIGHBOURS]:
        said = _one(row, ask.chassis)
        can = _abilities(_all(row, ask.capabilities))
        named = bool(_NAMED & set(can))
        end = facts.Neighbour(
            port=0,
            protocol="lldp",
            chassis=mac(said) or said,
            far_port=_one(row, ask.far_port) or _one(row, ask.far_port_id),
            name=_one(row, ask.name) if named else "",
            description=_one(row, ask.description) if named else "",
            capabilities=can,
        )
        if end.chassis or end.far_port:
            found.append(_FarEnd(_one(row, ask.port), end))
    return found


def _abilities(said: list[str]) -> list[facts.Capability]:
    words = [w.strip().lower() for one in said for w in one.replace(";", ",").split(",")]
    return sorted({_CAPABILITIES.get(word, "other") for word in words if word})


def _on_ports(
    ports: Maybe[list[facts.Port]], ends: Maybe[list[_FarEnd]]
) -> Maybe[list[facts.Neighbour]]:
    if isinstance(ends, Unseen):
        return ends
    known = [] if isinstance(ports, Unseen) else ports
    index = {_short(port.name): port.index for port in known}
    return [msgspec.structs.replace(one.end, port=index.get(_short(one.port), 0)) for one in ends]


def _bindings(ask: Ask, rows: list[Row]) -> list[facts.Binding]:
    pairs = [(mac(_one(row, ask.mac)), _one(row, ask.address)) for row in rows]
    return [facts.Binding(m, a) for m, a in pairs if m and a and not made_up(m)]


def _wireless(maker: Maker, group: _Groups) -> facts.Wireless | None:
    gives: list[Gives] = ["ssids", "points", "bssids"]
    if not any(ask.gives in gives for ask in maker.asks.values()):
        return None
    unsupported = Unseen("unsupported")
    return facts.Wireless(
        ssids=group.of("ssids", _ssids),
        points=_with_bssids(group.of("points", _points), group.of("bssids", _bssids)),
        rogues=unsupported,
        others=0,
    )


def _ssids(ask: Ask, rows: list[Row]) -> list[facts.Ssid]:
    """Names and whether they are on: no list of a command line says how a network is protected."""
    unsupported = Unseen("unsupported")
    return [
        facts.Ssid(
            ssid=_one(row, ask.ssid),
            enabled=_one(row, ask.enabled).lower() == "enabled" if ask.enabled else unsupported,
            security=unsupported,
            tkip=unsupported,
            pmf=unsupported,
            hidden=unsupported,
        )
        for row in rows[: facts.MOST_SSIDS]
        if _one(row, ask.ssid)
    ]


def _points(ask: Ask, rows: list[Row]) -> list[facts.Point]:
    return [
        facts.Point(
            mac=mac(_one(row, ask.mac)),
            name=_one(row, ask.name),
            model=_one(row, ask.model),
            serial=_one(row, ask.serial),
            address=_one(row, ask.address),
        )
        for row in rows[: facts.MOST_POINTS]
    ]


def _bssids(ask: Ask, rows: list[Row]) -> list[tuple[str, str]]:
    pairs = [(_one(row, ask.point), mac(_one(row, ask.bssid))) for row in rows]
    return [(point, bssid) for point, bssid in pairs if point and bssid]


def _with_bssids(
    points: Maybe[list[facts.Point]], bssids: Maybe[list[tuple[str, str]]]
) -> Maybe[list[facts.Point]]:
    if isinstance(points, Unseen) or isinstance(bssids, Unseen):
        return points
    sent: dict[str, list[str]] = {}
    for point, bssid in bssids:
        sent.setdefault(point, []).append(bssid)
    return [msgspec.structs.replace(p, bssids=sorted(sent.get(p.name, []))) for p in points]


def _all(row: Row, column: str) -> list[str]:
    """The texts of one column, trimmed and bounded; none for a column without a name."""
    said = row.get(column, "") if column else ""
    texts = [said] if isinstance(said, str) else said
    return [text.strip()[:LONGEST] for text in texts if text.strip()]


def _one(row: Row, column: str) -> str:
    return next(iter(_all(row, column)), "")
