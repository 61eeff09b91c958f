"""Takes stored disposals step by step through the services, as two people of a school do (S6)."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from inventory.assets.writing import By
from inventory.disposal import services
from inventory.disposal.media import Proposal, Reported, ReportedDisk, propose
from inventory.disposal.values import CertifiedLine, FoundMedium
from inventory.models import Disposal, DisposalEvidence
from tests.inventory.disposal.stored import check
from tests.inventory.disposal.telling import DAY, FILE, GOOD_PAPERS

NOW: Final = 1_795_400_000
TECHNICIAN: Final = "user_technician"
HEAD: Final = "user_head"
DISK: Final = ReportedDisk("WD-WCC4E1111", "", "WD", "Blue", 5 * 10**11, True, "sata", False)
SSD: Final = ReportedDisk("S3Z9NB0K2222", "", "Samsung", "980", 10**11, False, "nvme", False)
ASKED: Final = services.Asked("waste", 5_000, licences_checked=True)
SLT: Final = services.Approval("slt", comment="Fine by me")
KEEPER: Final = services.Keeper(role="slt")


def by(actor: str, minutes: int = 0) -> By:
    return By(actor, NOW + 60 * minutes)


def told(*disks: ReportedDisk) -> Proposal:
    return propose(Reported(NOW, disks), NOW)


def withdrawn(site: str, laptop: str, *disks: ReportedDisk) -> str:
    found = services.withdraw(
        site, [laptop], reason="Too old", told={laptop: told(*disks)}, by=by(TECHNICIAN)
    )
    return found[0].disposal


def file(site: str, sha256: str = FILE, source: str = "device") -> None:
    """A file that is kept; as if a machine had signed it, unless `source` is another."""
    DisposalEvidence.objects.create(
        id=f"ev_{sha256[:20]}",
        site_id=site,
        sha256=sha256,
        size=1,
        media_type="text/plain",
        name="log",
        kind="wipe_log",
        source=source,
        added_at=NOW,
        added_by=TECHNICIAN,
    )


def approved(site: str, laptop: str, *disks: ReportedDisk) -> str:
    one = withdrawn(site, laptop, *disks)
    found = check(one)
    media = [_looked_at(m) for m in found.media.values()]
    services.inspect(site, one, media=media, none_confirmed=not media, by=by(TECHNICIAN, 1), seen=1)
    services.request(site, one, ASKED, by=by(TECHNICIAN, 2), seen=2)
    services.approve(site, one, SLT, by=by(HEAD, 3), seen=3)
    return one


def _looked_at(medium: Any) -> FoundMedium:
    return FoundMedium(serial=medium.serial, kind=medium.kind, size_bytes=medium.size_bytes)


def wiped(serial: str, minutes: int) -> services.Wiped:
    return services.Wiped(
        medium=serial,
        level="clear",
        technique="overwrite",
        tool="nwipe",
        performer=TECHNICIAN,
        finished_at=NOW + 60 * minutes - 30,
        hidden_areas_clear=True,
        evidence=(FILE,),
    )


def read(serial: str, minutes: int, size: int = 5 * 10**11) -> services.Read:
    return services.Read(
        medium=serial,
        method="full",
        verifier="machine:dev_bench",
        result="clean",
        finished_at=NOW + 60 * minutes - 20,
        bytes_read=size,
        evidence=(FILE,),
    )


def ready(site: str, laptop: str) -> str:
    file(site)
    one = approved(site, laptop, DISK)
    services.sanitise_and_verify(
        site, one, wiped("WD-WCC4E1111", 5), read("WDWCC4E1111", 5), by=by(TECHNICIAN, 5), seen=4
    )
    services.validate(site, one, medium="WDWCC4E1111", decision="approved", by=by(HEAD, 6), seen=6)
    return one


def drives_away(site: str, one: str) -> None:
    gone = services.Gone(collection="coll_1", contractor="con_1", day=DAY, papers=GOOD_PAPERS)
    services.collect(site, gone, seen={one: 7}, by=by(TECHNICIAN, 7))


def collected(site: str, laptop: str) -> str:
    one = ready(site, laptop)
    drives_away(site, one)
    return one


def receipt() -> services.Receipt:
    return services.Receipt(
        collection="coll_1",
        contractor="con_1",
        accepts_responsibility=True,
        tag="HS-1",
        serials=("WDWCC4E1111",),
        evidence=(FILE,),
    )


def received(site: str, laptop: str) -> str:
    one = collected(site, laptop)
    services.receive(site, {one: receipt()}, seen={one: 8}, by=by(HEAD, 8))
    return one


def certified(site: str, one: str) -> None:
    line = CertifiedLine(serial="WDWCC4E1111", level="destroy", finished_at=NOW + 60 * 8)
    certificate = services.Certificate(
        contractor="con_1", lines=(line,), entered_by=TECHNICIAN, evidence=(FILE,)
    )
    services.certify(site, {one: certificate}, seen={one: 9}, by=by(HEAD, 9))


def closed(site: str, one: str) -> None:
    serials = ("WDWCC4E1111",)
    papers = services.Papers(manifest=serials, receipt=serials, certificate=serials)
    services.dispose(site, {one: papers}, seen={one: 10}, by=by(HEAD, 10))


def disposed(site: str, laptop: str) -> str:
    one = received(site, laptop)
    certified(site, one)
    closed(site, one)
    return one


def steps(site: str, laptop: str) -> Iterator[Callable[[], object]]:
    """Each step from withdrawn to disposed, to be done before the next is asked for."""
    yield lambda: withdrawn(site, laptop, DISK)
    one = Disposal.objects.get(asset=laptop).id
    medium = FoundMedium(serial="WDWCC4E1111", kind="hdd_ata", size_bytes=5 * 10**11)
    yield lambda: services.inspect(site, one, media=[medium], by=by(TECHNICIAN, 1), seen=1)
    yield lambda: services.request(site, one, ASKED, by=by(TECHNICIAN, 2), seen=2)
    yield lambda: services.approve(site, one, SLT, by=by(HEAD, 3), seen=3)
    yield lambda: services.sanitise_and_verify(
        site, one, wiped(medium.serial, 5), read(medium.serial, 5), by=by(TECHNICIAN, 5), seen=4
    )
    yield lambda: services.validate(
        site, one, medium=medium.serial, decision="approved", by=by(HEAD, 6), seen=6
    )
    yield lambda: drives_away(site, one)
    yield lambda: services.receive(site, {one: receipt()}, seen={one: 8}, by=by(HEAD, 8))
    yield lambda: certified(site, one)
    yield lambda: closed(site, one)
