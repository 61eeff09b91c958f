"""The night asks after a certificate that is late, once, and the certificate settles it (I9)."""

from inventory.assets.writing import By
from inventory.collections import certificates, receipts
from inventory.disposal import late, leaving
from inventory.disposal.leaving import Settled
from inventory.models import Disposal, DisposalEvent, DisposalException
from inventory.places.services import create_site
from tests.inventory.collections.collected import (
    COLLECTED_AT,
    DAY,
    FILE,
    HEAD,
    LATER,
    OFFICE,
    OTHER_FILE,
    TECHNICIAN,
    Away,
)
from tests.inventory.collections.paperwork import ALL, certificate, receipt


def _due() -> int:
    due = Disposal.objects.values_list("certificate_due_at", flat=True).first()
    assert due is not None
    return due


def _receive(gone: Away) -> None:
    receipts.take_in(gone.site, gone.collection, receipt(gone), seen=0, by=By(OFFICE, LATER))


def _certify(gone: Away, at: int, *serials: str, file: str = OTHER_FILE) -> None:
    """Confirmed by whoever asked for the disposals."""
    given = certificate(gone, *serials, reference=f"C-{at}", evidence=file)
    one = certificates.enter(gone.site, gone.collection, given, by=By(OFFICE, at))
    certificates.confirm(gone.site, one, seen=1, by=By(TECHNICIAN, at + 60))


def _open() -> list[str]:
    rows = DisposalException.objects.filter(closed_at=None, kind="certificate_overdue")
    return [*rows.order_by("disposal__asset__tag").values_list("disposal__asset__tag", flat=True)]


def test_it_is_opened_the_first_night_after_its_days_and_once(gone: Away) -> None:
    assert late.open_late(gone.site, _due()) == 0
    assert late.open_late(gone.site, _due() + 1) == 2
    assert late.open_late(gone.site, _due() + DAY) == 0
    found = DisposalException.objects.values_list("owned_by", "due_at", "opened_by").distinct()
    assert [*found] == [(TECHNICIAN, _due() + 1 + 7 * DAY, "system")]
    assert _due() == COLLECTED_AT - 10 * 600 + 6_000 + 30 * DAY


def test_the_night_of_another_school_opens_nothing_here(gone: Away) -> None:
    other = create_site(name="Dale School", at=LATER)
    assert late.open_late(other, _due() + DAY) == 0


def test_the_certificate_closes_it_and_ends_the_disposal_whoever_confirms_it(gone: Away) -> None:
    _receive(gone)
    late.open_late(gone.site, _due() + 1)
    _certify(gone, _due() + 2 * DAY, *ALL)
    assert _open() == []
    assert {*Disposal.objects.values_list("state", flat=True)} == {"disposed"}
    closed = DisposalException.objects.values_list("closed_by", "closed_at").distinct()
    assert [*closed] == [(TECHNICIAN, _due() + 2 * DAY + 60)]


def test_a_certificate_closes_it_of_the_things_that_it_names_in_full(gone: Away) -> None:
    _receive(gone)
    late.open_late(gone.site, _due() + 1)
    _certify(gone, _due() + DAY, "WD-WX12345", "STICK-0001", file=FILE)
    assert _open() == ["HS-1"]


def test_what_somebody_closed_by_hand_is_not_opened_again_for_the_same_collection(
    gone: Away,
) -> None:
    late.open_late(gone.site, _due() + 1)
    row = DisposalException.objects.order_by("id")[0]
    settled = Settled(exception=row.name, outcome="resolved", reason="They post it on Monday")
    by = By(HEAD, _due() + DAY)
    leaving.close_exception(gone.site, row.disposal_id, settled, by=by, seen=None)
    assert late.open_late(gone.site, _due() + 2 * DAY) == 0


def test_a_night_whose_clock_runs_behind_opens_nothing_and_does_not_fail(gone: Away) -> None:
    first = Disposal.objects.order_by("id")[0]
    Disposal.objects.filter(id=first.id).update(certificate_due_at=1)
    last = DisposalEvent.objects.filter(disposal=first).order_by("-seq")[0].at
    due = Disposal.objects.exclude(id=first.id).get().certificate_due_at
    Disposal.objects.exclude(id=first.id).update(certificate_due_at=2)
    assert late.open_late(gone.site, last - 1) == 0
    assert due is not None
    assert late.open_late(gone.site, due + DAY) == 2
