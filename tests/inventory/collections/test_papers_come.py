"""Receipts and certificates come, are compared, and end disposals (I2, I8, I9, I10, T4, T5)."""

from typing import Any

import msgspec
import pytest

from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.collections import certificates, receipts, settling
from inventory.collections.typed import Received
from inventory.disposal import recording, told
from inventory.disposal.recording import Move
from inventory.models import (
    Asset,
    Certificate,
    Collection,
    CollectionDifference,
    Contractor,
    Disposal,
    DisposalEvent,
    DisposalException,
    Receipt,
)
from inventory.places.services import create_site
from tests.inventory.collections.collected import (
    DAY,
    FILE,
    HEAD,
    LATER,
    OFFICE,
    TECHNICIAN,
    Away,
    away,
    does,
)
from tests.inventory.collections.paperwork import ALL, THINGS, certificate, receipt


def _by(who: str, after: int = 0, reason: str = "") -> By:
    return By(who, LATER + after, reason=reason)


def _take_in(gone: Away, seen: int = 0, who: str = OFFICE, **said: Any) -> str:
    return receipts.take_in(
        gone.site, gone.collection, receipt(gone, **said), seen=seen, by=_by(who, seen * 60)
    )


def _certify(gone: Away, given: certificates.Given | None = None, after: int = DAY) -> str:
    entered = _by(OFFICE, after)
    one = certificates.enter(
        gone.site, gone.collection, given or certificate(gone, *ALL), by=entered
    )
    certificates.confirm(gone.site, one, seen=1, by=_by(HEAD, after + 60))
    return one


def _states() -> list[str]:
    return [*Disposal.objects.order_by("asset__tag").values_list("state", flat=True)]


def _open() -> list[str]:
    rows = CollectionDifference.objects.filter(closed_at=None).order_by("kind", "serial")
    return [f"{row.paper} {row.kind} {row.serial or row.tag or row.other}" for row in rows]


def _row(kind: str) -> CollectionDifference:
    return CollectionDifference.objects.get(kind=kind, closed_at=None)


def test_a_receipt_and_a_certificate_that_agree_end_every_disposal(gone: Away) -> None:
    _take_in(gone)
    assert _states() == ["received", "received"]
    _certify(gone)
    assert _states() == ["disposed", "disposed"]
    assert [*Asset.objects.values_list("state", flat=True)] == ["disposed", "disposed"]
    assert Collection.objects.get().state == "closed"
    assert not CollectionDifference.objects.exists()
    assert told.misfits(gone.site) == set()
    (batch,) = {*DisposalEvent.objects.filter(type="disposed").values_list("batch", flat=True)}
    DisposalEvent.objects.filter(type="disposed").first().delete()  # type: ignore[union-attr]  # there
    assert told.misfits(gone.site) == {batch}


NO_RECEIPT: tuple[tuple[dict[str, Any], str], ...] = (
    ({"accepts": False}, r"does not accept responsibility .* \(T5, I8\)"),
    ({"accepts": None}, r"does not accept responsibility .* \(T5, I8\)"),
    ({"clause": "  "}, "Copy the words"),
    ({"contractor": "firm_2"}, "from another company"),
    ({"evidence": ""}, "Choose the file"),
    ({"day": "2026-11-22"}, "before the collection"),
    ({"day": "soon"}, "Write the day"),
    ({"lines": ()}, "Tick what stands on the receipt"),
)


def test_a_receipt_that_cannot_be_is_refused_in_a_sentence(gone: Away) -> None:
    for said, sentence in NO_RECEIPT:
        with pytest.raises(RegisterError, match=sentence):
            _take_in(gone, **said)
    assert not Receipt.objects.exists()
    assert _states() == ["collected", "collected"]


def test_whoever_asked_for_the_disposal_takes_in_no_receipt_of_it(gone: Away) -> None:
    with pytest.raises(RegisterError, match="You asked for this disposal"):
        _take_in(gone, who=TECHNICIAN)
    assert not Receipt.objects.exists()


def test_what_a_short_receipt_names_in_full_is_received_and_the_rest_waits(gone: Away) -> None:
    lines = (Received("HS-1", ("WD-WX12345",)), Received("HS-2", ("STICK-0001",)))
    _take_in(gone, lines=lines)
    assert _states() == ["collected", "received"]
    assert _open() == ["receipt missing S3Z9NB0K"]
    row = _row("missing")
    assert (row.owned_by, row.disposal) == (TECHNICIAN, gone.disposals["HS-1"])
    assert row.due_at == LATER + 7 * DAY
    assert DisposalException.objects.get(closed_at=None).name == row.id
    with pytest.raises(RegisterError, match="No words settle that"):
        settling.settle(gone.site, row.id, seen=1, by=_by(HEAD, 60, "They rang"))
    _take_in(gone, seen=1, reason="They sent it again")
    assert _open() == []
    assert not DisposalException.objects.filter(closed_at=None).exists()
    assert _states() == ["received", "received"]
    assert [*Receipt.objects.values_list("number", flat=True)] == [1, 2]


def test_another_receipt_says_why_and_nobody_is_overtaken(gone: Away) -> None:
    _take_in(gone)
    with pytest.raises(StaleError):
        _take_in(gone)
    with pytest.raises(RegisterError, match="Say why there is another"):
        _take_in(gone, seen=1)
    assert Receipt.objects.count() == 1


def test_no_certificate_counts_before_the_receipt(gone: Away) -> None:
    one = certificates.enter(gone.site, gone.collection, certificate(gone, *ALL), by=_by(OFFICE))
    with pytest.raises(RegisterError, match="No receipt names HS-1, HS-2 in full yet"):
        certificates.confirm(gone.site, one, seen=1, by=_by(HEAD))
    _take_in(gone)
    certificates.confirm(gone.site, one, seen=1, by=_by(HEAD, 60))
    assert _states() == ["disposed", "disposed"]


def test_who_typed_a_certificate_does_not_confirm_it_and_it_is_decided_once(gone: Away) -> None:
    _take_in(gone)
    one = certificates.enter(
        gone.site, gone.collection, certificate(gone, *ALL), by=_by(OFFICE, 60)
    )
    with pytest.raises(RegisterError, match="You entered this"):
        certificates.confirm(gone.site, one, seen=1, by=_by(OFFICE, 120))
    with pytest.raises(RegisterError, match="already"):
        certificates.enter(gone.site, gone.collection, certificate(gone, *ALL), by=_by(HEAD, 60))
    with pytest.raises(RegisterError, match="Say what is wrong"):
        certificates.refuse(gone.site, one, seen=1, by=_by(HEAD, 120))
    certificates.refuse(gone.site, one, seen=1, by=_by(HEAD, 120, "Another school’s"))
    with pytest.raises(RegisterError, match="decided about already"):
        certificates.confirm(gone.site, one, seen=2, by=_by(HEAD, 180))
    assert _states() == ["received", "received"]
    _certify(gone)
    assert _states() == ["disposed", "disposed"]
    states = Certificate.objects.order_by("id").values_list("state", flat=True)
    assert [*states] == ["refused", "confirmed"]


NO_CERTIFICATE: tuple[tuple[dict[str, Any], str], ...] = (
    ({"day": "2026-11-22"}, r"done before it was collected \(I9\)"),
    ({"line": {"day": "2026-11-01"}}, r"done before it was collected \(I9\)"),
    ({"line": {"level": ""}}, "Line 1: say whether it was cleared"),
    ({"line": {"level": "purge"}}, "Line 1: say how it was wiped"),
    ({"lines": ()}, "one to a line"),
    ({"evidence": ""}, "Choose the file"),
    ({"contractor": "firm_2"}, "Choose the company"),
)


def test_a_certificate_that_cannot_be_is_refused_in_a_sentence(gone: Away) -> None:
    for said, sentence in NO_CERTIFICATE:
        given = certificate(gone, *ALL, **said)
        with pytest.raises(RegisterError, match=sentence):
            certificates.enter(gone.site, gone.collection, given, by=_by(OFFICE))
    assert not Certificate.objects.exists()


def test_a_certificate_that_forgets_a_drive_keeps_everything_open_until_the_next(
    gone: Away,
) -> None:
    _take_in(gone)
    _certify(gone, certificate(gone, "WD-WX12345", "STICK-0001"))
    assert _open() == ["certificate missing S3Z9NB0K"]
    assert _states() == ["received", "received"]
    _certify(gone, certificate(gone, "s3z9 nb0k", evidence=FILE), after=2 * DAY)
    assert _open() == []
    assert _states() == ["disposed", "disposed"]


def test_a_misread_serial_is_settled_by_two_people_and_then_counts(gone: Away) -> None:
    _take_in(gone)
    _certify(gone, certificate(gone, "DWW-1X3254", "S3Z9NB0K", "STICK-0001"))
    assert _open() == ["certificate suspect WDWX12345"]
    row = _row("suspect")
    with pytest.raises(RegisterError, match="Say how it was settled"):
        settling.settle(gone.site, row.id, seen=1, by=_by(OFFICE, 2 * DAY))
    assert not settling.settle(gone.site, row.id, seen=1, by=_by(OFFICE, 2 * DAY, "A photograph"))
    assert not settling.settle(gone.site, row.id, seen=2, by=_by(OFFICE, 2 * DAY, "A photograph"))
    assert _states() == ["received", "received"]
    assert settling.settle(gone.site, row.id, seen=3, by=_by(HEAD, 2 * DAY + 60))
    assert _open() == []
    assert _states() == ["disposed", "disposed"]


def test_a_strangers_drive_on_a_certificate_is_settled_by_two_people(gone: Away) -> None:
    _take_in(gone)
    _certify(gone, certificate(gone, "WD-WX12345", "S3Z9NB0K", "STICK-0001", "FOREIGN-77"))
    assert _open() == ["certificate unknown_serial FOREIGN77"]
    row = _row("unknown_serial")
    assert row.disposal == ""
    settling.take_over(gone.site, row.id, seen=1, by=_by(HEAD, 2 * DAY))
    settling.settle(gone.site, row.id, seen=2, by=_by(OFFICE, 2 * DAY, "Another school’s"))
    settling.turn_down(gone.site, row.id, seen=3, by=_by(HEAD, 2 * DAY))
    settling.settle(gone.site, row.id, seen=4, by=_by(OFFICE, 2 * DAY, "Their letter says so"))
    with pytest.raises(StaleError):
        settling.settle(gone.site, row.id, seen=4, by=_by(HEAD, 2 * DAY))
    assert settling.settle(gone.site, row.id, seen=5, by=_by(HEAD, 2 * DAY))
    row.refresh_from_db()
    assert (row.how, row.owned_by, row.closed_by) == ("settled", HEAD, HEAD)
    assert _states() == ["disposed", "disposed"]


def test_whoever_asked_for_the_disposal_settles_nothing_of_it(gone: Away) -> None:
    _take_in(gone)
    _certify(gone, certificate(gone, "WD-WX12345", "WD-WX12345", "S3Z9NB0K", "STICK-0001"))
    row = _row("certified_twice")
    settling.settle(gone.site, row.id, seen=1, by=_by(OFFICE, 2 * DAY, "Printed twice"))
    with pytest.raises(RegisterError, match="Whoever opened this"):
        settling.settle(gone.site, row.id, seen=2, by=_by(TECHNICIAN, 2 * DAY))
    assert settling.settle(gone.site, row.id, seen=2, by=_by(HEAD, 2 * DAY))
    assert _states() == ["disposed", "disposed"]


def test_what_a_later_paper_settles_waits_where_the_requester_confirmed_it(gone: Away) -> None:
    _take_in(gone)
    _certify(gone, certificate(gone, "WD-WX12345", "STICK-0001"))
    later = _by(OFFICE, 2 * DAY)
    given = certificate(gone, "S3Z9NB0K", evidence=FILE)
    one = certificates.enter(gone.site, gone.collection, given, by=later)
    certificates.confirm(gone.site, one, seen=1, by=_by(TECHNICIAN, 2 * DAY + 60))
    row = _row("missing")
    assert (row.closed_at, row.reason) == (None, "A later paper agrees.")
    assert _states() == ["received", "disposed"]
    assert settling.settle(gone.site, row.id, seen=row.seq, by=_by(HEAD, 3 * DAY))
    assert _states() == ["disposed", "disposed"]
    assert Collection.objects.get().state == "closed"


def test_a_failed_drive_that_is_certified_as_wiped_stays_an_alarm_until_two_people_say_why(
    gone: Away,
) -> None:
    _take_in(gone)
    one, who = gone.disposals["HS-2"], _by(OFFICE, 60)
    moves = [Move(one, does("medium_failed", medium="STICK0001", reason="It clicked"))]
    recording.record(gone.site, moves, who)
    wiped = {"level": "purge", "technique": "secure_erase_enhanced"}
    _certify(gone, certificate(gone, *ALL, line=wiped))
    assert _open() == [
        "certificate certified_though_failed STICK0001",
        "certificate too_weak STICK0001",
    ]
    assert _states() == ["received", "received"]
    _certify(gone, certificate(gone, "STICK-0001", evidence=FILE), after=2 * DAY)
    assert _open() == ["certificate certified_though_failed STICK0001"]
    assert _states() == ["received", "received"]
    row = _row("certified_though_failed")
    said = _by(OFFICE, 3 * DAY, "They mixed up two serial numbers; see their letter")
    assert not settling.settle(gone.site, row.id, seen=row.seq, by=said)
    row.refresh_from_db()
    assert settling.settle(gone.site, row.id, seen=row.seq, by=_by(HEAD, 3 * DAY + 60))
    assert _states() == ["disposed", "disposed"]


def test_what_is_lost_at_the_company_holds_up_neither_itself_nor_the_others(gone: Away) -> None:
    _take_in(gone, lines=(Received("HS-1", THINGS["HS-1"]),))
    assert _open() == ["receipt missing hs-2", "receipt missing STICK0001"]
    lost = does("missing", kind="lost", discovered_at=LATER)
    recording.record(gone.site, [Move(gone.disposals["HS-2"], lost)], _by(OFFICE, 60))
    _certify(gone, certificate(gone, "WD-WX12345", "S3Z9NB0K"))
    assert _open() == []
    assert _states() == ["disposed", "missing"]
    assert not DisposalException.objects.filter(closed_at=None).exists()
    assert Collection.objects.get().state == "closed"


def test_a_loose_drive_without_a_tag_is_received_by_its_serial(db: None) -> None:
    site = create_site(name="Hill School", at=LATER - 3 * DAY)
    gone = away(site, {"LOOSE-77": ("loose 77",)})
    lines = (Received("", ("LOOSE77",)),)
    receipts.take_in(site, gone.collection, receipt(gone, lines=lines), seen=0, by=_by(OFFICE))
    assert _states() == ["received"]


def test_another_companys_certificate_certifies_nothing(gone: Away) -> None:
    other = Contractor.objects.create(
        id="firm_2", site_id=gone.site, name="Other Ltd", created_at=LATER, created_by=OFFICE
    )
    _take_in(gone)
    _certify(gone, certificate(gone, *ALL, contractor=other.id))
    assert _open() == ["certificate wrong_contractor firm_2"]
    assert _states() == ["received", "received"]


def test_a_certificate_of_another_collection_that_names_the_same_drive_is_seen(gone: Away) -> None:
    _take_in(gone)
    _certify(gone)
    more = away(gone.site, {"HS-3": ("NEW-DRIVE-1",)}, at=LATER + 30 * DAY)
    again = msgspec.structs.replace(gone, collection=more.collection, contractor=more.contractor)
    given = receipt(again, lines=(Received("HS-3", ("NEW-DRIVE-1",)),), day="2026-12-30")
    by = _by(OFFICE, 31 * DAY)
    receipts.take_in(gone.site, more.collection, given, seen=0, by=by)
    line = {"day": "2026-12-30"}
    given_too = certificate(again, "NEW-DRIVE-1", "STICK-0001", line=line, day="2026-12-30")
    _certify(again, given_too, after=32 * DAY)
    assert _open() == ["certificate certified_twice STICK0001", "certificate extra STICK0001"]
