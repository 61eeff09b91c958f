"""macOS antivirus: XProtect, which came with the system, and the products of `products_macos.toml`
by folder and running program; then each one's own answer (`macos_xprotect`, `macos_makers`).

A product sees files being opened only through a system extension that somebody allowed
(`systemextensionsctl list`): one whose extension is known and does not work there is not running,
whatever else of it runs, and one whose extension is not listed at all watches nothing that we could
see, whatever its settings still say. A program counts only where people cannot put one of that
name (`/System/Volumes` leads to their homes). Ordinary users see all of it but, before macOS 15,
whether XProtect scans. Hours awake since the start are not asked: the agent's own record (`online`)
counts. Never run on macOS.
"""

import functools
from collections.abc import Mapping
from typing import Final

from checks.antivirus import chances, macos_makers, macos_xprotect, products, vendors
from checks.antivirus.facts import AntivirusFacts, AntivirusNow, Freshness, Product
from checks.antivirus.products import Known
from checks.formats import system_extensions
from checks.formats.errors import ParseError
from checks.formats.system_extensions import Extension
from checks.host import CannotLook, Host, Process, Processes, attempt
from checks.macos import booted_at
from checks.unseen import Maybe, Unseen

BLIND: Final = Unseen("unsupported")
TABLE: Final = "products_macos"
_LIST: Final = ("systemextensionsctl", "list")
_IN_SYSTEM: Final = "/Library/SystemExtensions/"
_PLACES: Final = ("/Applications/", "/Library/", "/System/", "/opt/", "/usr/")
"""Where nobody but an administrator puts programs."""
_OPEN: Final = ("/System/Volumes/", "/Library/Caches/")
"""But there others may."""


def read(host: Host) -> AntivirusFacts:
    """Which products there are, whether they work and whom they tell."""
    return AntivirusFacts(products=attempt(_products, host))


def read_now(host: Host) -> AntivirusNow:
    """The age of what each product knows, and how long the Mac had to fetch better."""
    times = attempt(_times, host)
    return AntivirusNow(
        times=times,
        up_seconds=attempt(_up_seconds, host),
        awake_seconds=BLIND,
        online=chances.countable(attempt(host.online), times),
    )


@functools.lru_cache(maxsize=1)  # two sections are read from one answer; a host sees one round
def _found(host: Host) -> tuple[Maybe[Processes], Mapping[str, Known]]:
    """Programs, and installed or running products by id. Raises CannotLook."""
    processes = attempt(products.visible, host)
    seen = [] if isinstance(processes, Unseen) else processes
    found = {
        product: known
        for product, known in products.table(TABLE).items()
        if products.installed(host, known) or _running(seen, known)
    }
    return processes, found


def _running(processes: list[Process], known: Known) -> bool:
    below = tuple(f"{folder}/" for folder in known.folders)
    return any(_is_of(process, known, below) for process in processes)


def _is_of(process: Process, known: Known, below: tuple[str, ...]) -> bool:
    place = process.exe or ""
    if below and place.startswith(below):
        return True
    if place.startswith(_IN_SYSTEM):
        return any(f"/{name}.systemextension/" in place for name in known.extensions)
    fixed = place.startswith(_PLACES) and not place.startswith(_OPEN)
    return fixed and process.name in known.programs


def _extensions(host: Host) -> list[Extension]:
    """Raises CannotLook."""
    ran = host.run(list(_LIST))
    if ran.code != 0:
        raise CannotLook("parse-error", f"{_LIST[0]} exited {ran.code}")
    try:
        return system_extensions.parse(ran.out)
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error


def _products(host: Host) -> list[Product]:
    processes, found = _found(host)
    needed = any(known.extensions for known in found.values())
    extensions: Maybe[list[Extension]] = attempt(_extensions, host) if needed else []
    listed = []
    for product in sorted(found):
        known = found[product]
        if known.built_in:
            listed.append(macos_xprotect.product(host, product, known))
            continue
        runs = processes if isinstance(processes, Unseen) else _running(processes, known)
        let, sees = _let(runs, known, extensions), _may_see(known, extensions)
        listed.append(_third_party(host, product, known, let, sees=sees))
    return listed


def _let(runs: Maybe[bool], known: Known, extensions: Maybe[list[Extension]]) -> Maybe[bool]:
    """Whether it runs and its extension, if one of it is known and listed, is let work."""
    if isinstance(runs, Unseen) or not runs or not known.extensions:
        return runs
    if isinstance(extensions, Unseen):
        return extensions
    own = [one for one in extensions if one.bundle in known.extensions]
    return any(one.works for one in own) if own else runs


def _may_see(known: Known, extensions: Maybe[list[Extension]]) -> bool:
    """Whether its extension is listed, where we know how it is called."""
    if isinstance(extensions, Unseen) or not known.extensions:
        return True  # then it is unseen whether it runs
    return any(one.bundle in known.extensions for one in extensions)


def _third_party(
    host: Host, product: str, known: Known, running: Maybe[bool], *, sees: bool
) -> Product:
    said = attempt(macos_makers.ask, host, product)
    return vendors.product(product, known, said, running, sees=sees)


def _times(host: Host) -> list[Freshness]:
    _, found = _found(host)
    return [_freshness(host, product, found[product]) for product in sorted(found)]


def _freshness(host: Host, product: str, known: Known) -> Freshness:
    if known.built_in:
        return macos_xprotect.freshness(host, product)
    said = attempt(macos_makers.ask, host, product)
    blind = said if isinstance(said, Unseen) else BLIND
    told = None if isinstance(said, Unseen) else said
    return Freshness(
        product=product,
        definitions_version=blind if told is None else told.definitions_version,
        definitions_at=blind if told is None else told.definitions_at,
        checked_at=BLIND,
        quick_scan_at=BLIND,
        full_scan_at=BLIND,
    )


def _up_seconds(host: Host) -> int:
    started, now = booted_at(host), host.clock()
    if started > now:
        raise CannotLook("parse-error", "kern.boottime")
    return now - started
