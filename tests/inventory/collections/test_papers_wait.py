"""A step is signed by whoever took in the receipt or confirmed the certificate (I1, I2, I8, I9)."""

from typing import Any

import pytest

from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.collections import certificates, receipts, returns, settling
from inventory.collections.certificates import Line
from inventory.collections.typed import Received
from inventory.collections.waiting import key_of
from inventory.disposal import storing
from inventory.models import Collection, CollectionDifference, Disposal, Receipt
from inventory.places.services import create_site
from tests.inventory.collections.collected import (
    AFTER,
    CLAUSE,
    DAY,
    FILE,
    HEAD,
    LATER,
    OFFICE,
    OTHER_FILE,
    TECHNICIAN,
    Away,
    away,
)
from tests.inventory.collections.paperwork import certificate, receipt
from tests.inventory.disposal.stored import check_all


@pytest.fixture
def gone(db: None) -> Away:
    site = create_site(name="Hill School", at=LATER - 3 * DAY)
    return away(site, {"HS-1": ("WD-WX12345",)})


def _by(who: str, after: int = 0, reason: str = "") -> By:
    return By(who, LATER + after, reason=reason)


def _take_in(gone: Away, who: str, serial: str = "WD-WX12345") -> None:
    given = receipt(gone, {"HS-1": (serial,)})
    receipts.take_in(gone.site, gone.collection, given, seen=0, by=_by(who))


def _certify(gone: Away, typed: str, confirms: str, *serials: str) -> None:
    given = certificate(gone, *serials)
    one = certificates.enter(gone.site, gone.collection, given, by=_by(typed, DAY))
    certificates.confirm(gone.site, one, seen=1, by=_by(confirms, DAY + 60))


def _settle(gone: Away, says: str, confirms: str) -> None:
    row = CollectionDifference.objects.get(closed_at=None)
    settling.settle(gone.site, row.id, seen=row.seq, by=_by(says, 2 * DAY, "They wrote to us"))
    row.refresh_from_db()
    assert settling.settle(gone.site, row.id, seen=row.seq, by=_by(confirms, 2 * DAY + 60))


def _waits(gone: Away) -> Any:
    found = returns.one([gone.site], gone.collection)
    assert found is not None
    return found.waits


def _go_on(gone: Away, who: str) -> None:
    seen = key_of(_waits(gone))
    settling.go_on(gone.site, gone.collection, seen=seen, by=_by(who, 3 * DAY))


def _event(tag: str) -> Any:
    found = storing.events([*Disposal.objects.all()])
    return next(e for one in found.values() for e in one if type(e).__name__ == tag)


def test_whoever_asked_takes_in_no_receipt_even_while_something_differs(gone: Away) -> None:
    with pytest.raises(RegisterError, match=r"You asked for this disposal, .* of HS-1"):
        _take_in(gone, TECHNICIAN, "DWW-1X3254")
    assert not Receipt.objects.exists()


def test_a_receipt_is_received_by_who_took_it_in_not_by_who_settled(gone: Away) -> None:
    _take_in(gone, OFFICE, "DWW-1X3254")
    _settle(gone, OFFICE, HEAD)
    assert Disposal.objects.get().state == "collected"
    (one,) = _waits(gone)
    assert (one.paper, one.person, one.barred) == ("receipt", OFFICE, {TECHNICIAN})
    with pytest.raises(RegisterError, match="Somebody else moves this on"):
        _go_on(gone, TECHNICIAN)
    _go_on(gone, OFFICE)
    assert (_event("Received").receiver, _event("Received").actor) == (OFFICE, OFFICE)
    assert _waits(gone) == ()
    check_all()


def test_where_who_took_it_in_settles_too_nothing_waits(gone: Away) -> None:
    _take_in(gone, OFFICE, "DWW-1X3254")
    _settle(gone, HEAD, OFFICE)
    assert Disposal.objects.get().state == "received"
    assert _event("Received").receiver == OFFICE


def test_a_certificate_is_confirmed_by_who_compared_it_in_a_school_of_two(gone: Away) -> None:
    _take_in(gone, HEAD)
    _certify(gone, TECHNICIAN, HEAD, "DWW-1X3254", "FOREIGN-77")
    foreign = CollectionDifference.objects.get(kind="unknown_serial")
    suspect = CollectionDifference.objects.get(kind="suspect")
    for row, says, confirms in ((suspect, TECHNICIAN, HEAD), (foreign, HEAD, TECHNICIAN)):
        row.refresh_from_db()
        said = _by(says, 2 * DAY, "They wrote to us")
        settling.settle(gone.site, row.id, seen=row.seq, by=said)
        row.refresh_from_db()
        settling.settle(gone.site, row.id, seen=row.seq, by=_by(confirms, 2 * DAY + 60))
    while _waits(gone):
        _go_on(gone, HEAD)
    found = _event("Certified")
    assert (found.entered_by, found.confirmed_by, found.actor) == (TECHNICIAN, HEAD, HEAD)
    assert Collection.objects.get().state == "closed"
    check_all()


def test_what_a_typist_settled_waits_for_somebody_else_and_does_not_hang(gone: Away) -> None:
    _take_in(gone, HEAD)
    _certify(gone, OFFICE, HEAD, "DWW-1X3254")
    _settle(gone, HEAD, OFFICE)
    assert Disposal.objects.get().state == "received"
    (one,) = _waits(gone)
    assert (one.paper, one.person, one.barred) == ("certificate", HEAD, {OFFICE})
    with pytest.raises(RegisterError, match="not who typed the certificate"):
        _go_on(gone, OFFICE)
    with pytest.raises(StaleError):
        settling.go_on(gone.site, gone.collection, seen="", by=_by(HEAD, 3 * DAY))
    _go_on(gone, "user_governor")
    assert _event("Certified").confirmed_by == "user_governor"
    assert Collection.objects.get().state == "closed"
    check_all()


BOTH = ("WD-WX12345", "S3Z9NB0K")


def _certified_in_two_parts(people: tuple[str, str]) -> Away:
    """Two drives, a certificate for each; who asked confirms the second. `people`: who asks, and
    who approves and takes in the receipt: two are all there are."""
    asks, other = people
    site = create_site(name="Hill School", at=LATER - 3 * DAY)
    gone = away(site, {"HS-1": BOTH}, people=people)
    given = receipts.Given(
        contractor=gone.contractor,
        day=AFTER,
        accepts=True,
        clause=CLAUSE,
        lines=(Received("HS-1", BOTH),),
        evidence=FILE,
    )
    receipts.take_in(site, gone.collection, given, seen=0, by=_by(other))
    for number, (serial, file) in enumerate(zip(BOTH, (OTHER_FILE, FILE), strict=True)):
        line = Line(serial=serial, level="destroy", day=AFTER)
        paper = certificates.Given(
            contractor=gone.contractor, day=AFTER, lines=(line,), evidence=file
        )
        one = certificates.enter(site, gone.collection, paper, by=_by(other, DAY + number * 60))
        certificates.confirm(site, one, seen=1, by=_by(asks, DAY + 30 + number * 60))
    return gone


def test_what_a_second_certificate_settled_waits_for_who_did_not_ask(db: None) -> None:
    gone = _certified_in_two_parts((OFFICE, HEAD))
    assert Disposal.objects.get().state == "received"
    (one,) = _waits(gone)
    assert (one.paper, one.barred) == ("end", {OFFICE})
    with pytest.raises(RegisterError, match="a later paper settled what differed"):
        _go_on(gone, OFFICE)
    _go_on(gone, HEAD)
    assert (Disposal.objects.get().state, Collection.objects.get().state) == ("disposed", "closed")
    assert not CollectionDifference.objects.filter(closed_at=None).exists()
    assert {_event("Certified").confirmed_by, _event("ExceptionClosed").actor} == {OFFICE, HEAD}
    check_all()


def test_or_who_did_not_ask_closes_the_difference_itself_and_all_of_it_ends(db: None) -> None:
    gone = _certified_in_two_parts((TECHNICIAN, HEAD))
    row = CollectionDifference.objects.get(closed_at=None)
    with pytest.raises(RegisterError, match="asked for the disposal, cannot close it"):
        settling.settle(gone.site, row.id, seen=row.seq, by=_by(TECHNICIAN, 2 * DAY))
    assert settling.settle(gone.site, row.id, seen=row.seq, by=_by(HEAD, 2 * DAY))
    assert Disposal.objects.get().state == "disposed"
    check_all()
