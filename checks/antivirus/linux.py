"""Linux antivirus: the products of `products.toml` by folder, file and running program; then each
one's own answer.

ClamAV is read in full (`clamav`, `scanning`); Defender, Bitdefender and SentinelOne answer a
command (`vendors`); of the others only whether they run is known, the rest is unseen. `awake` tells
how long the machine has been up. Ordinary users see everything but what `mdatp` and its like keep
for root and, on a machine that slept, /proc/timer_list.
"""

from checks.antivirus import awake, chances, clamav, products, vendors
from checks.antivirus.facts import AntivirusFacts, AntivirusNow, Freshness, Product
from checks.antivirus.products import Known
from checks.host import Host, Processes, attempt
from checks.unseen import Maybe, Unseen

BLIND = Unseen("unsupported")


def read(host: Host) -> AntivirusFacts:
    """Which products there are, whether they run and whether they watch."""
    return AntivirusFacts(products=attempt(_products, host))


def read_now(host: Host) -> AntivirusNow:
    """The age of what each product knows, and how long the machine had to fetch better."""
    times = attempt(_times, host)
    return AntivirusNow(
        times=times,
        up_seconds=attempt(awake.up_seconds, host),
        awake_seconds=attempt(awake.awake_seconds, host),
        online=chances.countable(attempt(host.online), times),
    )


def _found(host: Host, processes: Maybe[Processes]) -> dict[str, Known]:
    """Installed or running products by id. Raises CannotLook."""
    seen = [] if isinstance(processes, Unseen) else processes
    return {
        product: known
        for product, known in products.table().items()
        if products.installed(host, known) or products.running(seen, known)
    }


def _products(host: Host) -> list[Product]:
    processes = attempt(products.visible, host)
    found = _found(host, processes)
    return [_product(host, product, found[product], processes) for product in sorted(found)]


def _product(host: Host, product: str, known: Known, processes: Maybe[Processes]) -> Product:
    if product == clamav.ID:
        return clamav.product(host, known, processes)
    said = attempt(vendors.ask, host, product)
    running: Maybe[bool]
    running = processes if isinstance(processes, Unseen) else products.running(processes, known)
    return vendors.product(product, known, said, running)


def _times(host: Host) -> list[Freshness]:
    found = _found(host, attempt(products.visible, host))
    return [_freshness(host, product) for product in sorted(found)]


def _freshness(host: Host, product: str) -> Freshness:
    if product == clamav.ID:
        return clamav.freshness(host)
    said = attempt(vendors.ask, host, product)
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
