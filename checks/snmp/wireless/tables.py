"""What the makers' modules share: rows of a table by named columns, and the facts they make."""

from collections.abc import Iterable, Mapping
from typing import Final, Literal

from checks.formats import ssids
from checks.formats.rsn import CCMP, GCMP256, TKIP, Suites
from checks.formats.snmp_values import Oid, Value
from checks.snmp import values
from checks.snmp.asking import CannotAsk, Snmp
from checks.snmp.denied import below
from checks.surveys.equipment import MOST_POINTS, MOST_ROGUES, MOST_SSIDS, Point, Rogue, Ssid
from checks.surveys.likeness import likeness
from checks.unseen import Maybe, Unseen

UNSUPPORTED: Final = Unseen("unsupported")
DOT1X, PSK, FT_DOT1X, FT_PSK, DOT1X_SHA256 = 1, 2, 3, 4, 5
SAE, FT_SAE, SUITE_B, OWE = 8, 9, 12, 18
"""Key management by the numbers IEEE gave it."""
Row = Mapping[str, Value]
Pmf = Literal["off", "capable", "required"]
"""Protection of management frames."""


def rows(snmp: Snmp, key: str, *columns: str, most: int) -> dict[Oid, Row]:
    """Rows by index: `key` is walked, the columns beside it asked for one by one, since keys may
    lie between them. Raises CannotAsk, also for more than `most` rows."""
    found = snmp.walk(key)
    if len(found) > most:
        raise CannotAsk("budget")
    return {index: {key: value, **beside(snmp, index, columns)} for index, value in found}


def beside(snmp: Snmp, index: Oid, columns: Iterable[str]) -> dict[str, Value]:
    """A row's other columns, by column."""
    asked = {below(column, index): column for column in columns}
    return {asked[oid]: value for oid, value in snmp.get(list(asked)).items()} if asked else {}


def flag(value: Value | None, yes: int = 1, no: int = 2) -> bool | None:
    """A truth (1 yes, 2 no, as SMI's TruthValue, unless said otherwise)."""
    number = values.number(value)
    return None if number is None else {yes: True, no: False}.get(number)


def known(value: bool | None) -> Maybe[bool]:
    """The fact, or that this device does not tell."""
    return UNSUPPORTED if value is None else value


def ssid_name(value: Value | None) -> str:
    """A network's name as it is shown everywhere."""
    return ssids.text(value.rstrip(b"\0")[: ssids.LONGEST]) if isinstance(value, bytes) else ""


def suites(akms: Iterable[int], *, aes: bool, tkip: bool, pmf: Pmf = "off") -> Suites:
    """What a network's beacon will offer, from how it is set up."""
    keys = sorted(set(akms))
    strong = GCMP256 if SUITE_B in keys else CCMP
    ciphers = [cipher for cipher, used in ((TKIP, tkip), (strong, aes)) if used]
    return Suites(
        group=TKIP if tkip else strong,
        pairwise=ciphers or [strong],
        akms=keys,
        mfp_capable=pmf != "off",
        mfp_required=pmf == "required",
    )


def bare(
    name: str, *, enabled: Maybe[bool] = UNSUPPORTED, hidden: Maybe[bool] = UNSUPPORTED
) -> Ssid:
    """A network whose protection its maker shows to nobody over SNMP."""
    return Ssid(
        ssid=name,
        enabled=enabled,
        security=UNSUPPORTED,
        tkip=UNSUPPORTED,
        pmf=UNSUPPORTED,
        hidden=hidden,
    )


def each_once(found: Iterable[Ssid]) -> list[Ssid]:
    """By name: one radio's row tells no more than the other's, but whether any is on."""
    kept = dict[str, Ssid]()
    for one in found:
        before = kept.get(one.ssid)
        if one.ssid and (before is None or (before.enabled is False and one.enabled is True)):
            kept[one.ssid] = one
    if len(kept) > MOST_SSIDS:
        raise CannotAsk("budget")
    return [kept[name] for name in sorted(kept)]


def points(
    snmp: Snmp,
    *,
    name: str,
    model: str = "",
    serial: str = "",
    address: str = "",
    bssids: Mapping[str, list[str]] | None = None,
) -> list[Point]:
    """Access points that a controller lists under their MACs. `bssids`: by that MAC."""
    others = [column for column in (model, serial, address) if column]
    found = []
    for index, row in rows(snmp, name, *others, most=MOST_POINTS).items():
        mac = values.spelled(bytes(index[-6:])) if max(index, default=256) < 256 else ""
        where = row.get(address)
        found.append(
            Point(
                mac=mac,
                name=values.name(row.get(name)),
                model=values.model(row.get(model)),
                serial=values.serial(row.get(serial)),
                address=values.address(where) if isinstance(where, bytes) else "",
                bssids=sorted((bssids or {}).get(mac, [])),
            )
        )
    return sorted(found, key=lambda point: (point.mac, point.name))


Verdict = Literal["friendly", "malicious", "unclassified"]
Foreign = tuple[str, str, bool | None, Verdict]
"""Address, name, whether it was seen on our own wire, and what the controller makes of it."""


def rogues(found: Iterable[Foreign], own: Iterable[str]) -> tuple[list[Rogue], int]:
    """Foreign access points that matter to the school, and how many do not. `own`: the names of its
    own networks."""
    names = list(own)
    kept, others = dict[str, Rogue](), 0
    for bssid, name, on_wire, verdict in found:
        ours = bool(name) and likeness(name, names) is not None
        if not bssid or not (ours or on_wire or verdict == "malicious"):
            others += 1
            continue
        kept[bssid] = Rogue(
            bssid=bssid,
            ours=ours,
            on_wire=known(on_wire),
            verdict=verdict,
        )
    if len(kept) > MOST_ROGUES:
        raise CannotAsk("budget")
    return [kept[bssid] for bssid in sorted(kept)], others
