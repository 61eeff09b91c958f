r"""Windows antivirus: what the security centre lists, Defender's own class, makers' registry keys.

- `AntiVirusProduct` in `root/SecurityCenter2` (not on servers): `productState` is undocumented;
  public readers agree on 0xF000 (0 off, 1 on, 2 snoozed, 3 expired) and 0x00F0 (0 up to date). A
  row stays after its product was removed: one whose program file is gone is left out.
- Defender: see `windows_defender`. Where another product is on, Defender stands back and its class
  may take minutes to answer, so it is not asked.
- Others: the products of `products_windows.toml` by display name, on servers by service; when their
  definitions came from the keys of `windows_makers`, else only what they tell the security centre.
Ordinary users see all of it. Hours awake cannot be asked of registry or WMI: the agent's own record
(`online`) counts. No Windows machine was at hand: written from public readers and documentation.
"""

import email.utils
import functools
from fnmatch import fnmatchcase
from typing import Final, Literal

import msgspec

from checks import shipped
from checks.antivirus import chances, windows_defender, windows_makers
from checks.antivirus.facts import AntivirusFacts, AntivirusNow, Freshness, Product, Realtime, State
from checks.host import CannotLook, Host, Processes, attempt
from checks.unseen import Maybe, Unseen
from checks.windows import Row, row_number, row_text, started_at

BLIND: Final = Unseen("unsupported")
DEFENDER: Final = "defender"
OTHER: Final = "other"
_DEFENDER_GUID: Final = "{d68ddc3a-831f-4fae-9e44-da132c1acf46}"
_ASKED: Final = (
    *("displayName", "instanceGuid", "productState", "timestamp", "pathToSignedReportingExe"),
)
_SERVICES: Final = r"SYSTEM\CurrentControlSet\Services"
_STATES: Final[dict[int, State]] = {0: "off", 1: "active", 2: "paused", 3: "expired"}
_ORDER: Final[tuple[State, ...]] = ("active", "paused", "passive", "expired", "off")
_LONGEST: Final = 60


class Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of the table; see its head."""

    name: str
    displays: list[str]
    services: list[str]
    programs: list[str]
    definitions: Literal["dated", "cloud"] = "dated"
    console: bool = False


class Listed(msgspec.Struct, frozen=True):
    """One product as it is found, and what the security centre says of it (None on servers)."""

    id: str
    name: str
    state: State | None
    current: bool | None
    told_at: int | None


@functools.cache
def table() -> dict[str, Known]:
    """The products by id."""
    listed = shipped.toml("antivirus/products_windows.toml")
    rows = {key: row for key, row in listed.items() if isinstance(row, dict)}
    return msgspec.convert(rows, dict[str, Known])


def read(host: Host) -> AntivirusFacts:
    """Which products there are, whether they work and whom they tell."""
    return AntivirusFacts(products=attempt(_products, host))


def read_now(host: Host) -> AntivirusNow:
    """The age of what each product knows, and how long the machine had to fetch better."""
    times = attempt(_times, host)
    return AntivirusNow(
        times=times,
        up_seconds=attempt(_up_seconds, host),
        awake_seconds=BLIND,
        online=chances.countable(attempt(host.online), times),
    )


def listed(host: Host) -> list[Listed]:
    """Products that are there, by id. Raises CannotLook."""
    rows = attempt(host.wmi, "AntiVirusProduct", "root/SecurityCenter2", _ASKED)
    found = []
    if not isinstance(rows, Unseen):
        found = [one for one in (_listed(host, row) for row in rows) if one is not None]
    if not found:  # a server has no centre, and one whose service is off lists nobody
        found = _by_service(host)
    if not found and isinstance(rows, Unseen) and rows.unseen != "unsupported":
        raise CannotLook(rows.unseen, "SecurityCenter2")
    best: dict[str, Listed] = {}
    for one in sorted(found, key=lambda one: _ORDER.index(one.state or "off")):
        best.setdefault(one.id, one)
    return [best[key] for key in sorted(best)]


def _listed(host: Host, row: Row) -> Listed | None:
    """A row of the security centre; None for the ghost of a product that was removed."""
    name, path = row_text(row, "displayName") or "", row_text(row, "pathToSignedReportingExe") or ""
    if path[1:3] == ":\\" and attempt(host.stat, path) is None:
        return None
    told = row_number(row, "productState") or 0
    product = _id(name, row_text(row, "instanceGuid") or "")
    shown = "".join(c for c in " ".join(name.split()) if c.isprintable())[:_LONGEST]
    return Listed(
        id=product,
        name=table()[product].name if product != OTHER else shown or "Another product",
        state=_STATES.get(told >> 12 & 0xF, "off"),
        current=told & 0xF0 == 0,
        told_at=_moment(row_text(row, "timestamp")),
    )


def _id(display: str, guid: str) -> str:
    if guid.lower() == _DEFENDER_GUID:
        return DEFENDER
    name = display.casefold()
    fits = (k for k, row in table().items() if any(fnmatchcase(name, g) for g in row.displays))
    return next(fits, OTHER)


def _moment(written: str | None) -> int | None:
    """RFC 1123, as the centre writes it; None for what is none."""
    try:
        return (
            None if written is None else int(email.utils.parsedate_to_datetime(written).timestamp())
        )
    except (ValueError, OverflowError):
        return None


def _by_service(host: Host) -> list[Listed]:
    """Servers have no security centre. Raises CannotLook."""
    key = host.registry("HKLM", _SERVICES)
    if key is None:
        raise CannotLook("unsupported", _SERVICES)
    services = [name.casefold() for name in key.subkeys]
    return [
        Listed(product, row.name, None, None, None)
        for product, row in table().items()
        if any(fnmatchcase(name, glob) for glob in row.services for name in services)
    ]


def _defender_asked(found: list[Listed]) -> bool:
    """Whether Defender's class answers in time: not where another product is on."""
    others = any(one.state == "active" for one in found if one.id != DEFENDER)
    return not others and any(one.id == DEFENDER for one in found)


def _products(host: Host) -> list[Product]:
    found = listed(host)
    processes = attempt(host.processes)
    status = attempt(windows_defender.status, host) if _defender_asked(found) else BLIND
    return [
        windows_defender.product(host, one.state, _running(one, processes), status)
        if one.id == DEFENDER
        else _third_party(host, one, processes)
        for one in found
    ]


def _third_party(host: Host, one: Listed, processes: Maybe[Processes]) -> Product:
    known = table().get(one.id)
    running = _running(one, processes)
    realtime: Maybe[Realtime] = BLIND
    if one.state is not None or running is False:
        realtime = "on" if one.state == "active" else "off"
    return Product(
        id=one.id,
        name=one.name,
        version=attempt(windows_makers.version, host, one.id),
        definitions="dated" if known is None else known.definitions,
        running=running,
        realtime=realtime,
        removable=BLIND,
        updating=BLIND,
        state=BLIND if one.state is None else one.state,
        managed=attempt(windows_makers.managed, host, one.id, known is not None and known.console),
        tamper=attempt(windows_makers.tamper, host, one.id),
    )


def _running(one: Listed, processes: Maybe[Processes]) -> Maybe[bool]:
    """The centre watches the services themselves; where there is none, what runs tells."""
    if one.state in ("active", "paused"):
        return True
    if isinstance(processes, Unseen):
        return processes
    known = table().get(one.id)
    names = {process.name.casefold() for process in processes}
    return known is not None and not names.isdisjoint(known.programs)


def _times(host: Host) -> list[Freshness]:
    found = listed(host)
    asked = _defender_asked(found)
    times = []
    for one in found:
        if one.id == DEFENDER:
            status = attempt(windows_defender.status, host) if asked else BLIND
            times.append(windows_defender.freshness(host, status))
        else:
            times.append(_freshness(host, one))
    return times


def _freshness(host: Host, one: Listed) -> Freshness:
    version = attempt(windows_makers.definitions_version, host, one.id)
    at = attempt(windows_makers.definitions_at, host, one.id)
    untold = isinstance(at, Unseen)
    return Freshness(
        product=one.id,
        definitions_version=version,
        definitions_at=at,
        checked_at=BLIND,
        quick_scan_at=BLIND,
        full_scan_at=BLIND,
        current=one.current if untold and one.current is not None else BLIND,
        told_at=one.told_at if untold and one.current is False else BLIND,
    )


def _up_seconds(host: Host) -> int:
    started = started_at(host)
    if started > host.clock():
        raise CannotLook("parse-error", "LastBootUpTime")
    return host.clock() - started
