"""Scenes for `exploring`: few media and people, each step as it should be and as it should not."""

import functools
from typing import Final

from inventory.disposal.rules import default
from inventory.disposal.values import CertifiedLine, FoundMedium, MediumEncryption, Offer, Paper
from tests.inventory.disposal.exploring import NEXT, Scene, Stage, T
from tests.inventory.disposal.scenes_stopped import BAD_SERIAL, holding_back, losing
from tests.inventory.disposal.telling import (
    CHARITY,
    FILE,
    GOOD_PAPERS,
    HDD,
    HEAD,
    MACHINE,
    OFFICE,
    SSD,
    START,
    STICK,
    TECHNICIAN,
    approved,
    changed_rules,
    ready,
    received,
)

_OFFERS: Final = tuple(Offer(pence=1, evidence=c * 64) for c in "abc")
_EXPIRED: Final = tuple(
    Paper(kind=kind, valid_from="2025-01-01", valid_until="2026-09-20")
    for kind in default().contractors.papers
)


def asking() -> Scene:
    """From the first step to approval."""
    stage = Stage("asking")
    stage.tries("withdrawn", found=(HDD,)).tries("withdrawn", found=()).tries(
        "withdrawn", found=(HDD,), personal_data="no"
    )
    stage.tries("withdrawn", found=(), personal_data="no")
    stage.tries("withdrawn", found=(BAD_SERIAL,)).tries("withdrawn", found=(HDD, HDD))
    stage.tries("withdrawn", found=(HDD,), reason=" ")
    stage.tries("inspected", media=(), none_confirmed=True)
    stage.tries("inspected", media=(HDD,), none_confirmed=False)
    stage.tries("inspected", media=(), none_confirmed=False)
    stage.tries("requested").tries("requested", value_pence=250_001)
    stage.tries("requested", route="lost").tries("requested", licences_checked=False)
    stage.tries("requested", route="sale", value_pence=10_000)
    stage.tries("requested", route="sale", value_pence=10_000, offers=_OFFERS)
    for media in ((), (HDD.serial,)):
        stage.tries("approved", media=media).tries("approved", media=media, actor=TECHNICIAN)
        stage.tries("approved", media=media, role="governors")
        minuted = {"minute": "FGB 1", "evidence": (FILE,)}
        stage.tries("approved", media=media, role="governors", **minuted)
        stage.tries("approved", media=media, actor="system").tries("approved", media=media, seq=9)
    stage.tries("rejected").tries("reinstated").tries("sanitised", medium=HDD)
    stage.tries("handed_over").tries("medium_appeared", medium=STICK)
    stage.tries("requested", at=T - 1).tries("requested", rules="rules_other")
    return stage.scene()


def asking_lightly() -> Scene:
    """Where the rules ask for an inspection only if no drive is known."""
    stage = Stage("asking lightly", rules=changed_rules(approving={"inspection": "when_empty"}))
    stage.tries("withdrawn", found=(HDD,)).tries("withdrawn", found=())
    stage.tries("inspected", media=(), none_confirmed=True).tries("requested")
    stage.tries("approved", media=()).tries("approved", media=(HDD.serial,))
    stage.tries("medium_appeared", medium=STICK)
    return stage.scene()


def wiping() -> Scene:
    """One magnetic drive, from approval until it is ready."""
    stage = Stage("wiping", approved(HDD))
    good = {"medium": HDD, "level": "clear", "finished_at": T}
    stage.tries("sanitised", **good).tries("sanitised", **good, performer=HEAD)
    stage.tries("sanitised", **{**good, "finished_at": START})
    stage.tries("sanitised", **{**good, "finished_at": T - 1})
    stage.tries("sanitised", **{**good, "finished_at": T + 1})
    stage.tries("sanitised", **{**good, "level": "purge"})
    again = {"at": T + 1, "finished_at": T + 1}
    stage.tries("sanitised", **{**good, **again})
    stage.tries("sanitised", **good, hidden_areas_clear=None)
    stage.tries("sanitised", **good, evidence=()).tries("sanitised", **good, offsite=True)
    stage.tries("sanitised", **{**good, "medium": SSD})
    strong = {"level": "purge", "technique": "secure_erase_enhanced"}
    stage.tries("sanitised", **{**good, **strong})
    full = {"medium": HDD, "wipe": NEXT, "finished_at": T, "bytes_read": HDD.size_bytes}
    stage.tries("verified", **full).tries("verified", **{**full, "wipe": 1})
    stage.tries("verified", **{**full, "finished_at": T - 1})
    stage.tries("verified", **{**full, "finished_at": T + 1})
    stage.tries("verified", **{**full, "bytes_read": HDD.size_bytes - 1})
    stage.tries("verified", **full, evidence=()).tries("verified", **full, result="found")
    stage.tries("verified", **{**full, **again})
    for who in (TECHNICIAN, HEAD):
        stage.tries("verified", **full, verifier=who, actor=who)
    stage.tries("verified", **full, verifier=OFFICE).tries("verified", **full, verifier="system")
    stage.tries("verified", **full, verifier="system", actor="system")
    stage.tries("verified", **full, method="visual")
    stage.tries("verified", **full, method="sample", bound_ppb=1_000)
    for who in (HEAD, TECHNICIAN, MACHINE):
        stage.tries("validated", medium=HDD, wipe=NEXT, actor=who)
    stage.tries("validated", medium=HDD, wipe=1)
    for decision in ("rejected", "escalate"):
        stage.tries("validated", medium=HDD, wipe=NEXT, decision=decision)
        stage.tries("validated", medium=HDD, wipe=NEXT, decision=decision, reason="Odd")
    _ends_of_a_drive(stage)
    return stage.scene()


def _ends_of_a_drive(stage: Stage) -> None:
    stage.tries("medium_failed", medium=HDD).tries("medium_failed", medium=HDD, reason="")
    stage.tries("destroyed", medium=HDD).tries("destroyed", medium=HDD, witness=TECHNICIAN)
    stage.tries("destroyed", medium=HDD, place="off_site")
    stage.tries("destroyed", medium=HDD, awaits_witness=False)
    seen = {"medium": HDD, "destruction": NEXT}
    for who in (TECHNICIAN, HEAD, OFFICE):
        stage.tries("witnessed", **seen, actor=who)
    stage.tries("witnessed", **seen, seen=False)
    stage.tries("witnessed", **seen, seen=False, reason="I was at lunch")
    stage.tries("witnessed", medium=HDD, destruction=1)
    stage.tries("destroyed", medium=HDD, evidence=()).tries("retained", medium=HDD)
    stage.tries("retained", medium=HDD, actor=HEAD).tries("retained", medium=HDD, actor=MACHINE)
    stage.tries("retained", medium=HDD, actor=HEAD, entry="asset_1")
    stage.tries("retained", medium=HDD, actor=OFFICE, role="technician")
    stage.tries("retained", medium=HDD, actor=OFFICE, role="governors")


def sizes() -> Scene:
    """One drive whose size is known, typed smaller than it is, or not known."""
    stage = Stage("sizes")
    small = FoundMedium(serial=HDD.serial, kind="hdd_ata", size_bytes=512)
    unsaid = FoundMedium(serial=HDD.serial, kind="hdd_ata")
    stage.tries("withdrawn", found=(HDD,)).tries("withdrawn", found=(unsaid,))
    for found in (small, unsaid):
        stage.tries("inspected", media=(found,), none_confirmed=False)
    stage.tries("requested").tries("approved", media=(HDD.serial,))
    stage.tries("sanitised", medium=HDD, level="clear", technique="overwrite", finished_at=T)
    full = {"medium": HDD, "wipe": NEXT, "finished_at": T}
    for size in (1, 512, HDD.size_bytes):
        stage.tries("verified", **full, bytes_read=size)
        stage.tries("verified", **full, bytes_read=size, verifier=HEAD, actor=HEAD)
    return stage.scene()


def flash() -> Scene:
    """One drive of flash: what an overwrite, a key and a sample are worth."""
    rules = changed_rules(verifying={"sample": True})
    stage = Stage("flash", approved(SSD, rules=rules))
    good = {"medium": SSD, "finished_at": T}
    stage.tries("sanitised", **good)
    stage.tries("sanitised", **good, level="clear", technique="overwrite")
    stage.tries("sanitised", **good, technique="crypto_erase")
    stage.tries("sanitised", **good, technique="crypto_erase", keys_destroyed=True)
    full = {"medium": SSD, "wipe": NEXT, "finished_at": T, "bytes_read": SSD.size_bytes}
    stage.tries("verified", **full)
    for bound in (0, 1_000_000, 1_000_001):
        stage.tries("verified", **full, method="sample", bound_ppb=bound)
    stage.tries("validated", medium=SSD, wipe=NEXT)
    known = FoundMedium(serial=SSD.serial, kind="ssd_nvme", encrypted_since=START)
    stage.tries("medium_appeared", medium=known)
    return stage.scene()


def encrypted() -> Scene:
    """One drive that was encrypted all along."""
    known = FoundMedium(serial=SSD.serial, kind="ssd_nvme", encrypted_since=START)
    stage = Stage("encrypted", approved(known))
    good = {"medium": SSD, "finished_at": T, "technique": "crypto_erase"}
    stage.tries("sanitised", **good).tries("sanitised", **good, keys_destroyed=True)
    read = {"medium": SSD, "wipe": NEXT, "finished_at": T}
    stage.tries("verified", **read, bytes_read=1)
    stage.tries("verified", **read, method="device_log")
    stage.tries("validated", medium=SSD, wipe=NEXT)
    return stage.scene()


def leaving() -> Scene:
    """Two wiped drives, collected, signed for, certified and closed."""
    stage = Stage("leaving", ready(HDD, SSD))
    both = tuple(sorted((HDD.serial, SSD.serial)))
    good = {"manifest": both}
    stage.tries("collected", **good).tries("collected", **good, papers=GOOD_PAPERS[1:])
    stage.tries("collected", **good, papers=_EXPIRED).tries("collected", manifest=both[:1])
    receipt = {"collection": "coll_1", "contractor": "con_1", "serials": both}
    stage.tries("received", **receipt).tries("received", **{**receipt, "serials": both[:1]})
    stage.tries("received", **{**receipt, "contractor": "con_2"})
    stage.tries("received", **{**receipt, "collection": "coll_2"})
    stage.tries("received", **{**receipt, "serials": (*both, STICK.serial)})
    stage.tries("received", **receipt, tag="T-18").tries("received", **receipt, evidence=())
    stage.tries("received", **receipt, accepts_responsibility=False)
    for actor, receiver in ((TECHNICIAN, TECHNICIAN), (HEAD, OFFICE), (TECHNICIAN, HEAD)):
        stage.tries("received", **receipt, actor=actor, receiver=receiver)
    _certificates(stage, both)
    ends = {"manifest": both, "receipt": both, "certificate": both}
    stage.tries("disposed", **ends).tries("disposed", **{**ends, "manifest": both[:1]})
    stage.tries("disposed", **{**ends, "certificate": (*both, both[0])})
    stage.tries("disposed", **ends, elsewhere=both[:1])
    stage.tries("disposed", **{**ends, "certificate": ()})
    stage.tries("exception_closed", exception=f"receipt-{NEXT}", outcome="mistaken")
    stage.tries("exception_closed", exception=f"receipt-{NEXT}", outcome="mistaken", actor=OFFICE)
    stage.tries("seen").tries("corrected").tries("medium_failed", medium=HDD)
    return stage.scene()


def _line(serial: str, **said: object) -> CertifiedLine:
    values: dict[str, object] = {"level": "destroy", "finished_at": T, **said}
    return CertifiedLine(serial=serial, **values)  # type: ignore[arg-type]  # a test's own values


def _certificates(stage: Stage, both: tuple[str, ...]) -> None:
    lines = tuple(_line(serial) for serial in both)
    good = {"contractor": "con_1", "lines": lines}
    stage.tries("certified", **good).tries("certified", **{**good, "contractor": "con_2"})
    stage.tries("certified", **{**good, "lines": (lines[0], lines[0])})
    stage.tries("certified", **{**good, "lines": lines[:1]})
    stage.tries("certified", **{**good, "lines": lines[1:]})
    for odd in (
        _line(STICK.serial),
        _line(both[0], succeeded=False),
        _line(both[0], finished_at=T - 1),
        _line(both[0], finished_at=T + 1),
        _line(HDD.serial, level="purge", technique="overwrite"),
        _line(HDD.serial, level="clear", technique="overwrite"),
    ):
        stage.tries("certified", **{**good, "lines": (odd,)})
    stage.tries("certified", **good, entered_by=HEAD).tries("certified", **good, evidence=())
    stage.tries("certified", **good, actor=OFFICE)
    stage.tries("certified", **good, actor="system", confirmed_by="system")


def offsite() -> Scene:
    """A drive that the contractor may wipe."""
    stage = Stage("offsite", approved(HDD, rules=changed_rules(wiping={"offsite": True})))
    one = (HDD.serial,)
    stage.tries("collected", manifest=one)
    stage.tries("received", collection="coll_1", contractor="con_1", serials=one, evidence=(FILE,))
    for line in (
        _line(HDD.serial, level="clear", technique="overwrite"),
        _line(HDD.serial),
    ):
        stage.tries("certified", contractor="con_1", lines=(line,))
    for certificate in (one, ()):
        stage.tries("disposed", manifest=one, receipt=one, certificate=certificate)
    stage.tries("medium_failed", medium=HDD).tries("medium_appeared", medium=STICK)
    stage.tries("sanitised", medium=HDD, finished_at=T, offsite=True)
    stage.tries("destroyed", medium=HDD).tries("collected", manifest=())
    stage.tries("witnessed", medium=HDD, destruction=NEXT)
    return stage.scene()


def offsite_flash() -> Scene:
    """A drive of flash that the contractor wipes too weakly."""
    story = approved(SSD, rules=changed_rules(wiping={"offsite": True}))
    stage = Stage("offsite flash", story.does("collected").does("received"))
    one = (SSD.serial,)
    for line in (
        _line(SSD.serial, level="clear", technique="overwrite"),
        _line(SSD.serial, level="purge", technique="block_erase"),
    ):
        stage.tries("certified", contractor="con_1", lines=(line,))
    stage.tries("disposed", manifest=one, receipt=one, certificate=one)
    return stage.scene()


def handing_over() -> Scene:
    """A wiped drive that is given away."""
    stage = Stage("handing over", ready(HDD, route="donate"))
    for recipient in (CHARITY, TECHNICIAN, HEAD, OFFICE):
        stage.tries("handed_over", recipient=recipient)
    stage.tries("handed_over", actor=OFFICE, recipient=OFFICE)
    stage.tries("handed_over", outsider=False)
    stage.tries("handed_over", outcome="sold").tries("handed_over", evidence=())
    stage.tries("collected", manifest=(HDD.serial,)).tries("medium_appeared", medium=STICK)
    stage.tries("destroyed", medium=STICK).tries("handed_over", actor=MACHINE)
    stage.tries("witnessed", medium=STICK, destruction=NEXT)
    stage.tries("seen").tries("corrected").tries("reinstated").tries("reinstated", reason="")
    stage.tries("corrected", second=TECHNICIAN).tries("corrected", corrects=NEXT)
    return stage.scene()


def certified() -> Scene:
    """One drive at the contractor's, by a school that asks for certificates only where it did
    not wipe itself."""
    rules = changed_rules(wiping={"certificate": "when_not_done_here"})
    story = ready(HDD, rules=rules).does("collected").does("received")
    stage = Stage("certified", story)
    one = (HDD.serial,)
    stage.tries("disposed", manifest=one, receipt=one, certificate=())
    stage.tries("medium_failed", medium=HDD).tries("medium_appeared", medium=STICK)
    return stage.scene()


def signed_for() -> Scene:
    """Two drives that were collected and signed for, and what may still turn up."""
    stage = Stage("signed for", received(HDD))
    one = (HDD.serial,)
    stage.tries("medium_appeared", medium=STICK)
    stage.tries("exception_closed", exception=f"extra-{STICK.serial}", outcome="resolved")
    for serial in (HDD.serial, STICK.serial):
        stage.tries("certified", contractor="con_1", lines=(_line(serial),))
    for certificate in (one, (HDD.serial, STICK.serial)):
        stage.tries("disposed", manifest=one, receipt=one, certificate=certificate)
    stage.tries("missing", discovered_at=T)
    return stage.scene()


def whole() -> Scene:
    """Two drives and two people, from nothing to every end: what one scene after another cannot
    mix."""
    stage = Stage("whole")
    both = tuple(sorted((HDD.serial, SSD.serial)))
    stage.tries("withdrawn").tries("inspected", media=(HDD, SSD), none_confirmed=False)
    for route in ("waste", "donate", "sale", "transfer", "return_lessor", "internal_reuse"):
        stage.tries("requested", route=route)
    stage.tries("approved", media=both).tries("approved", media=both, actor=TECHNICIAN)
    for medium, best in ((HDD, ("clear", "overwrite")), (SSD, ("purge", "block_erase"))):
        level, technique = best
        wipe = {"level": level, "technique": technique, "finished_at": T}
        stage.tries("sanitised", medium=medium, **wipe)
        read = {"wipe": NEXT, "finished_at": T, "bytes_read": medium.size_bytes}
        stage.tries("verified", medium=medium, **read)
        stage.tries("validated", medium=medium, wipe=NEXT)
    stage.tries("medium_failed", medium=HDD).tries("destroyed", medium=HDD)
    stage.tries("witnessed", medium=HDD, destruction=NEXT)
    for manifest in (both, (SSD.serial,)):
        stage.tries("collected", manifest=manifest)
        receipt = {"collection": "coll_1", "contractor": "con_1", "evidence": (FILE,)}
        stage.tries("received", serials=manifest, tag="T-17", **receipt)
        lines = tuple(_line(serial) for serial in manifest)
        stage.tries("certified", contractor="con_1", lines=lines)
        stage.tries("disposed", manifest=manifest, receipt=manifest, certificate=manifest)
    for outcome in ("donated", "sold", "transferred", "returned", "reused"):
        stage.tries("handed_over", outcome=outcome)
    stage.tries("reinstated").tries("missing", encryption=_unknown(both), discovered_at=T)
    stage.tries("written_off", actor=OFFICE).tries("written_off")
    return stage.scene()


def _unknown(serials: tuple[str, ...]) -> tuple[MediumEncryption, ...]:
    return tuple(MediumEncryption(serial=serial) for serial in serials)


@functools.cache
def scenes() -> tuple[Scene, ...]:
    """Every scene."""
    made = (
        asking,
        asking_lightly,
        wiping,
        sizes,
        flash,
        encrypted,
        leaving,
        offsite,
        offsite_flash,
        handing_over,
        holding_back,
        losing,
        certified,
        signed_for,
        whole,
    )
    return tuple(make() for make in made)
