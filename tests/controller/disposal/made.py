"""Made-up disposals for tests of their pages: one of every event, and folds at every stage."""

from typing import Any

from controller.disposal.headline import Moment
from controller.disposal.saying import File, Names
from controller.disposal.story import Chain, Told
from controller.disposal.story import Story as Page
from controller.disposal.story import story as put_together
from inventory.disposal import events as told
from inventory.disposal.events import Event
from inventory.disposal.values import CertifiedLine, FoundMedium, Offer, Paper
from tests.controller.web.school import DAY, NOW
from tests.inventory.disposal.telling import Story as Tale

PAPER = "ab" * 32
TECHNICIAN, HEAD, MANAGER, OFFICE = "user_tariq", "user_helen", "user_maria", "user_omar"
FIRST, SECOND = "S1AAAAAA", "S2BBBBBB"
NAMES = Names(
    people={
        TECHNICIAN: "Tariq Aziz",
        HEAD: "Helen Marsh",
        MANAGER: "Maria Lopez",
        OFFICE: "Omar Khan",
    },
    machines={"dev_bench": "BENCH-1"},
    companies={"contractor_1": "GreenTech Recycling Ltd"},
    entries={"asset_1": "Office laptop 3"},
    files={PAPER: File(PAPER, "nwipe.log", "log of a wipe", "evidence_1")},
    drives={FIRST: "WDC WD5000LPCX S1-AAAAAA", SECOND: "Samsung 870 S2-BBBBBB"},
)
DRIVES = (
    FoundMedium(
        serial=FIRST,
        kind="hdd_ata",
        serial_raw="S1-AAAAAA",
        make="WDC",
        model="WD5000LPCX",
        size_bytes=500_107_862_016,
    ),
    FoundMedium(
        serial=SECOND,
        kind="ssd_sata",
        serial_raw="S2-BBBBBB",
        make="Samsung",
        model="870",
        size_bytes=512_110_190_592,
    ),
)


def every_event() -> list[Event]:
    """One of each, with everything an event may hold; not a story."""
    start = NOW - 60 * DAY
    at: dict[str, Any] = {"seq": 1, "at": start, "actor": TECHNICIAN, "rules": "rules_1"}
    wipe: dict[str, Any] = {"medium": FIRST, "wipe": 5, "finished_at": start}
    return [
        told.Withdrawn(
            **at, asset="asset_1", tag="WB-3", reason="hinge", personal_data="yes", found=DRIVES
        ),
        told.Inspected(**at, media=DRIVES),
        told.Requested(
            **at,
            route="sale",
            value_pence=12_000,
            licences_checked=True,
            offers=(Offer(pence=10_000, evidence=PAPER),),
        ),
        told.Approved(**at, role="slt", media=(FIRST, SECOND), minute="FGB 7", evidence=(PAPER,)),
        told.Rejected(**at, role="slt"),
        told.MediumAppeared(**at, medium=DRIVES[0]),
        told.MediumMissing(**at, medium=FIRST, exception="exc_1", owner=HEAD, due=NOW),
        told.MediumFailed(**at, medium=FIRST, evidence=(PAPER,), reason="clicks"),
        told.Sanitised(
            **at,
            medium=FIRST,
            level="clear",
            technique="overwrite",
            tool="nwipe",
            tool_version="0.34",
            performer=MANAGER,
            finished_at=start,
            evidence=(PAPER,),
        ),
        told.Verified(
            **at, **wipe, method="full", verifier="machine:dev_bench", result="clean", bytes_read=9
        ),
        told.Validated(**at, medium=FIRST, wipe=5, decision="approved"),
        told.Destroyed(
            **at, medium=SECOND, method="shred", place="on_site", witness=HEAD, particle_mm=6
        ),
        told.Witnessed(**at, medium=SECOND, destruction=12, seen=True),
        told.Retained(**at, medium=FIRST, entry="asset_1"),
        told.Held(**at, hold="hold_1", kind="legal", reason="letter of 3 May"),
        told.HoldReleased(**at, hold="hold_1", role="slt", reason="settled"),
        told.ExceptionOpened(
            **at, exception="exc_1", kind="medium_extra", medium=SECOND, owner=HEAD, due=NOW
        ),
        told.ExceptionClosed(**at, exception="exc_1", outcome="mistaken", reason="a label"),
        told.Collected(
            **at,
            collection="coll_1",
            contractor="contractor_1",
            day="2026-11-02",
            papers=(Paper(kind="carrier", evidence=PAPER),),
            manifest=(FIRST,),
        ),
        told.Received(
            **at,
            collection="coll_1",
            contractor="contractor_1",
            accepts_responsibility=True,
            tag="WB-3",
            serials=(FIRST,),
            receiver=HEAD,
            evidence=(PAPER,),
        ),
        told.Certified(
            **at,
            contractor="contractor_1",
            number="C-77",
            lines=(CertifiedLine(serial=FIRST, level="destroy", finished_at=NOW),),
            entered_by=TECHNICIAN,
            confirmed_by=HEAD,
            evidence=(PAPER,),
        ),
        told.Disposed(**at, manifest=(FIRST,), receipt=(FIRST,), certificate=(FIRST,)),
        told.HandedOver(
            **at, outcome="sold", recipient=OFFICE, evidence=(PAPER,), price_pence=9_900
        ),
        told.Reinstated(**at, reason="Year 2 needs it"),
        told.Missing(**at, kind="stolen", discovered_at=start, reason="window broken"),
        told.Found(**at, reason="behind the piano"),
        told.WrittenOff(**at, role="slt", value_pence=9_900, breach="reported", reason="gone"),
        told.Seen(**at, what="ghost_1", strength="signed"),
        told.Corrected(**at, corrects=1, second=HEAD, reason="wrong room"),
    ]


def told_of(story: Tale) -> Told:
    """What the page of a told disposal is made of; its chain is whole."""
    entry = {
        "id": "asset_1",
        "name": "Office laptop 3",
        "make": "HP",
        "model": "ProBook 440 G9",
        "tag": "WB-3",
        "serial": "5CD1234XYZ",
        "kind": "laptop",
    }
    proofs = {event.seq: f"{event.seq:064x}" for event in story.history}
    chain = Chain(True, len(proofs), "3f" * 32, "SHA256:key", "All lines follow each other.")
    return Told("disp_01KBN5T6C6M8R7J5N5N0H9X4PD", story.now, story.history, proofs, entry, chain)


def page_of(story: Tale, names: Names = NAMES) -> Page:
    """Its page, for a technician an hour after the last step."""
    moment = Moment(story.now.at + 3_600, "Europe/London")
    return put_together(told_of(story), names, moment, [])
