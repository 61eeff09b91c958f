"""Things of a school that are approved as waste and wiped, or not yet, for collections to take."""

from typing import Final

from inventory.assets import services as assets
from inventory.assets.writing import By
from inventory.disposal import services
from inventory.disposal.media import ReportedDisk
from inventory.models import DisposalEvidence
from tests.inventory.disposal import journey
from tests.inventory.disposal.telling import FILE

SIZE: Final = 5 * 10**11


def disk(serial: str) -> ReportedDisk:
    """A hard drive as a computer tells it."""
    return ReportedDisk(serial, "", "WD", "Blue", SIZE, True, "sata", False)


def entry(site: str, tag: str, kind: str = "laptop") -> str:
    """A thing of the school's; its id."""
    told = {"tag": tag, "kind": kind, "make": "HP", "model": "ProBook 440", "serial": f"5CG{tag}"}
    return assets.add(site, told, by=By(journey.TECHNICIAN, journey.NOW))


def approved(site: str, tag: str, *serials: str) -> str:
    """One that is approved as waste, its drives not wiped yet; without drives it is ready. The
    disposal's id."""
    return journey.approved(site, entry(site, tag), *(disk(one) for one in serials))


def ready(site: str, tag: str, *serials: str) -> str:
    """One whose drives are all wiped, checked and approved; the disposal's id."""
    if not DisposalEvidence.objects.filter(site_id=site, sha256=FILE).exists():
        journey.file(site)
    one, seen = approved(site, tag, *serials), 4
    for minute, serial in enumerate(serials, 5):
        wiped, read = journey.wiped(serial, minute), journey.read(serial, minute)
        by, head = journey.by(journey.TECHNICIAN, minute), journey.by(journey.HEAD, minute)
        services.sanitise_and_verify(site, one, wiped, read, by=by, seen=seen)
        services.validate(site, one, medium=serial, decision="approved", by=head, seen=seen + 2)
        seen += 3
    return one
