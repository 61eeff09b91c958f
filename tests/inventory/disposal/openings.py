"""How disposals begin in tests of single steps."""

from inventory.disposal.values import CertifiedLine, FoundMedium
from tests.inventory.disposal.telling import HDD, START, Story, approved, ready


def out(*found: FoundMedium, **said: object) -> Story:
    """Just taken out of use."""
    return Story().does("withdrawn", found=found, **said)


def asked(*found: FoundMedium, **said: object) -> Story:
    """Asked for, after an inspection."""
    return out(*found).does("inspected").does("requested", **said)


def wiped(**said: object) -> Story:
    """A drive with a wipe that nobody verified."""
    return approved(HDD).does("sanitised", medium=HDD, **said)


def read(**said: object) -> Story:
    """A drive whose wipe was verified."""
    return wiped().does("verified", medium=HDD, **said)


def away(*found: FoundMedium) -> Story:
    """Collected."""
    return ready(*found).does("collected")


def missing(**said: object) -> Story:
    """A thing that is lost, of which a drive was known."""
    return out(HDD).does("missing", **said)


def line(serial: str = HDD.serial, **said: object) -> dict[str, object]:
    """A certificate with one line."""
    values: dict[str, object] = {"level": "destroy", "finished_at": START + 50_000, **said}
    one = CertifiedLine(serial=serial, **values)  # type: ignore[arg-type]  # a test's own values
    return {"lines": (one,), "at": START + 60_000}
