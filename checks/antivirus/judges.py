"""Judges of antivirus: one protected machine is enough, so the best product decides.

What came with the system (`pace.built_in`) counts only where no other product runs: a school that
bought one means that one. Ages count only once the computer had its chance (S3): a laptop that lay
in a cupboard over half term is `unknown: on 1 hour 40 of 4 hours`, neither kept nor failed.
"""

from collections.abc import Callable, Sequence

from checks.antivirus import pace
from checks.antivirus.facts import (
    AntivirusFacts,
    AntivirusNow,
    Freshness,
    Product,
    Realtime,
    Removable,
    State,
)
from checks.judging import Device, Judge, Moment, Settings, judge
from checks.online import since
from checks.unseen import BlindError, Unseen, each, known
from checks.verdicts import Finding, best, failed, not_applicable, passed, warned, worst

HOUR = 3_600
NEVER_SLEPT = 60
"""Seconds by which up and awake may differ on a machine that never slept (two clocks, read
apart)."""


class DefinitionsSettings(Settings, frozen=True):
    """Ages of definitions in seconds, and how long a computer must have been on to be blamed."""

    fresh_seconds: int
    old_seconds: int
    ancient_seconds: int
    online_seconds: int


class ScanSettings(Settings, frozen=True):
    """The oldest a quick and a full scan may be, and how long on before that is blamed; seconds."""

    quick_seconds: int
    full_seconds: int
    online_seconds: int


@judge("av-active")
def active(av: AntivirusFacts) -> Finding:
    """At least one product we know is installed and runs; two at once hinder each other."""
    products = known(av.products)
    finding = _best(_relevant(products), _active)
    bought = [product.name for product in products if not pace.built_in(product.id)]
    if finding.status == "pass" and bought and not _bought_at_work(products):
        return warned("only-built-in", product=bought[0])
    at_work = [product.name for product in products if _state(product) == "active"]
    if finding.status == "pass" and len(at_work) > 1:
        return warned("two-at-once", product=at_work[0], other=at_work[1])
    return finding


def _active(product: Product) -> Finding:
    idle = _idle(product)
    if idle is not None and idle.says != "paused":
        return idle
    if not known(product.running):
        return failed("stopped", product=product.name)
    if not _untold(product.whole) and not known(product.whole):
        return failed("half-off", product=product.name)
    return passed("runs", product=product.name)


@judge("av-realtime")
def realtime(av: AntivirusFacts) -> Finding:
    """Files are scanned when they are opened, and bad ones refused."""
    return _best(_relevant(known(av.products)), _realtime)


def _state(product: Product) -> State | None:
    """What the security centre says; None where there is no such thing. Raises BlindError."""
    state = product.state
    if isinstance(state, Unseen) and state.unseen == "unsupported":
        return None
    return known(state)


def _idle(product: Product) -> Finding | None:
    """Why a product that is there does not work, None where nothing says so. Raises BlindError."""
    match _state(product):
        case "passive":
            return failed("stands-back", product=product.name)
        case "expired":
            return failed("expired", product=product.name)
        case "paused":
            return failed("paused", product=product.name)
        case "off":
            return failed("stopped", product=product.name)
        case _:
            return None


def _realtime(product: Product) -> Finding:
    idle = _idle(product)
    if idle is not None:
        return idle
    if not known(product.running):
        return failed("stopped", product=product.name)
    state: Realtime = known(product.realtime)
    match state:
        case "on":
            return passed("watches", product=product.name)
        case "partial":
            return warned("some-folders", product=product.name)
        case "watch-only":
            return warned("does-not-block", product=product.name)
        case "programs-only":
            return warned("programs-only", product=product.name)
        case "off":
            return failed("on-demand-only", product=product.name)


@judge("av-removable-scan")
def removable(av: AntivirusFacts) -> Finding:
    """What is plugged in is scanned before its files are used."""
    return _best(known(av.products), _removable)


def _removable(product: Product) -> Finding:
    idle = _idle(product)
    if idle is not None:
        return idle
    if not known(product.running):
        return failed("stopped", product=product.name)
    state: Removable = known(product.removable)
    match state:
        case "on-insert":
            return passed("scans-drives", product=product.name)
        case "mounted-only":
            return warned("only-mounted", product=product.name)
        case "opened-only":
            return failed("opened-only", product=product.name)
        case "none":
            return failed("drives-unscanned", product=product.name)


@judge("av-definitions-fresh")
def definitions(
    av: AntivirusFacts, now: AntivirusNow, settings: DefinitionsSettings, moment: Moment
) -> Finding:
    """The product that protects the machine knows of this week's viruses."""

    def fresh(product: Product) -> Finding:
        if product.definitions == "cloud":
            return not_applicable("no-definitions-needed", product=product.name)
        return _definitions(_times(now, product), product, now, settings, moment.seen)

    return _best(_protecting(known(av.products)), fresh)


def _definitions(
    times: Freshness, product: Product, now: AntivirusNow, settings: DefinitionsSettings, seen: int
) -> Finding:
    if _untold(times.definitions_at) and not _untold(times.current):
        return _word(times, product, now, settings, seen)
    at = known(times.definitions_at)
    if at is None:
        return failed("no-definitions", severity="critical", product=product.name)
    age, maker = seen - at, pace.of(product.id)
    fresh = max(settings.fresh_seconds, maker.fresh)
    if age < -HOUR:
        raise BlindError("parse-error", says="from-the-future")
    if age <= fresh:
        return passed("fresh", age=max(age, 0))
    online = _online(now, at + fresh, seen)
    if online < settings.online_seconds:
        need = settings.online_seconds
        raise BlindError("deferred", says="too-little-online", online=online, need=need, age=age)
    says = "old-no-updater" if product.updating is False else "old"
    if age > max(settings.ancient_seconds, maker.ancient):
        return failed(says, severity="critical", age=age)
    old = max(settings.old_seconds, maker.old)
    return failed(says, age=age) if age > old else warned(says, age=age)


def _untold(fact: object) -> bool:
    """Whether this product never tells that, as opposed to nobody having been able to look."""
    return isinstance(fact, Unseen) and fact.unseen == "unsupported"


def _word(
    times: Freshness, product: Product, now: AntivirusNow, settings: DefinitionsSettings, seen: int
) -> Finding:
    """A product that only says "up to date" or "out of date", and nobody knows since when."""
    if known(times.current):
        return passed("says-current", product=product.name)
    told = known(times.told_at)
    if told is None or _online(now, told, seen) < settings.online_seconds:
        return warned("says-old", product=product.name)
    return failed("says-old", product=product.name)


@judge("av-scan-recent")
def scans(av: AntivirusFacts, now: AntivirusNow, settings: ScanSettings, moment: Moment) -> Finding:
    """Parts of the machine were scanned this week and all of it this month."""

    def recent(product: Product) -> Finding:
        times = _times(now, product)
        full = _scanned_at(times.full_scan_at, product)
        quick = max(_scanned_at(times.quick_scan_at, product), full)
        need, seen = settings.online_seconds, moment.seen
        late = _late(quick, settings.quick_seconds, now, need=need, seen=seen)
        if late is not None:
            return failed("quick-old", age=late) if quick else failed("never")
        late = _late(full, settings.full_seconds, now, need=need, seen=seen)
        if late is not None:
            return failed("full-old", age=late) if full else failed("full-never")
        return passed("scanned", quick=max(0, seen - quick), full=max(0, seen - full))

    return _best(_protecting(known(av.products)), recent)


def _scanned_at(at: int | Unseen | None, product: Product) -> int:
    """When a scan ended, 0 for never."""
    if isinstance(at, Unseen) and at.unseen == "unsupported":
        raise BlindError(at.unseen, says="no-record", product=product.name)
    return known(at) or 0


@judge("av-managed")
def managed(av: AntivirusFacts, device: Device) -> Finding:
    """Somebody is told when the product finds something, and nobody can switch it off."""
    if device.platform == "linux" and device.purpose() != "server":
        return not_applicable("servers-only")
    return _best(_protecting(known(av.products)), _managed)


def _managed(product: Product) -> Finding:
    if not known(product.managed):
        return failed("no-console", product=product.name)
    if not known(product.tamper):
        return failed("tamper-off", product=product.name)
    return passed("managed", product=product.name)


def _late(at: int, limit: int, now: AntivirusNow, *, need: int, seen: int) -> int | None:
    """The age of a scan past its limit, None if it is within it. Raises BlindError."""
    age = seen - at
    if age < -HOUR:
        raise BlindError("parse-error", says="from-the-future")
    if age <= limit:
        return None
    online = _online(now, at + limit, seen)
    if online < need:
        raise BlindError("deferred", says="too-little-online", online=online, need=need)
    return age


def _online(now: AntivirusNow, due: int, seen: int) -> int:
    """Seconds the computer surely had, on and connected, since something was due (S3).

    The agent's own record counts over restarts. Where nobody could look at one, the clock starts at
    the last start; on a machine that slept since, only what cannot have been before `due` counts.
    """
    if not isinstance(now.online, Unseen):
        return since(now.online, due, seen)
    up, awake = known(now.up_seconds), known(now.awake_seconds)
    if up - awake <= NEVER_SLEPT:
        return up
    before = max(0, due - (seen - up))
    return max(0, awake - before)


def _protecting(products: Sequence[Product]) -> Sequence[Product]:
    """The products that run and count; all of those where none runs."""
    counting = _relevant(products)
    return [p for p in counting if _idle(p) is None and known(p.running)] or counting


def _relevant(products: Sequence[Product]) -> Sequence[Product]:
    """Without what came with the system, unless nothing else is at work."""
    return _bought_at_work(products) or products


def _bought_at_work(products: Sequence[Product]) -> Sequence[Product]:
    """Products that did not come with the system, where one of them may be at work."""
    bought = [product for product in products if not pace.built_in(product.id)]
    stopped = all(product.running is False for product in bought)
    return [] if stopped else bought


def _times(now: AntivirusNow, product: Product) -> Freshness:
    found = next((t for t in known(now.times) if t.product == product.id), None)
    if found is None:
        raise BlindError("unsupported")
    return found


def _best(products: Sequence[Product], one: Callable[[Product], Finding]) -> Finding:
    """The best finding over the products; blind only where what was seen does not already do."""
    if not products:
        return failed("no-antivirus")
    found, blind = each(products, one)
    if blind and not any(finding.status in ("pass", "warn") for finding in found):
        # Asked again outside `each`, so that the first blindness speaks with its own words.
        return worst([one(product) for product in products])
    return best(found)


JUDGES: tuple[Judge, ...] = (active, realtime, definitions, scans, removable, managed)
