"""Two people at the papers of one collection at the same moment, on either database."""

from collections.abc import Callable

import pytest

from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.collections import certificates, receipts, settling
from inventory.models import CollectionDifference, Disposal, DisposalEvent, Receipt
from inventory.places.services import create_site
from tests.inventory.at_once import at_once
from tests.inventory.collections.collected import (
    DAY,
    HEAD,
    LATER,
    OFFICE,
    Away,
    away,
)
from tests.inventory.collections.paperwork import certificate, receipt
from tests.inventory.disposal.stored import check_all

THINGS = {"HS-1": ("WD-WX12345",), "HS-2": ("STICK-0001",)}
pytestmark = pytest.mark.django_db(transaction=True)


def _gone() -> Away:
    site = create_site(name="Hill School", at=LATER - 3 * DAY)
    return away(site, THINGS)


def _take_in(gone: Away, who: str) -> str:
    given = receipt(gone, THINGS)
    return receipts.take_in(gone.site, gone.collection, given, seen=0, by=By(who, LATER))


def test_a_receipt_that_two_take_in_at_once_is_taken_in_once_for_every_thing() -> None:
    gone = _gone()
    found = at_once(lambda: _take_in(gone, HEAD), lambda: _take_in(gone, OFFICE))
    assert found == [StaleError.__name__, "done"]
    assert Receipt.objects.count() == 1
    assert DisposalEvent.objects.filter(type="received").count() == 2
    check_all()


def test_a_certificate_confirmed_twice_at_once_ends_each_disposal_once() -> None:
    gone = _gone()
    _take_in(gone, HEAD)
    given = certificate(gone, "WD-WX12345", "STICK-0001")
    one = certificates.enter(gone.site, gone.collection, given, by=By(OFFICE, LATER + DAY))

    def confirm() -> None:
        certificates.confirm(gone.site, one, seen=1, by=By(HEAD, LATER + DAY + 60))

    assert at_once(confirm, confirm) == [RegisterError.__name__, "done"]
    assert DisposalEvent.objects.filter(type="disposed").count() == 2
    assert {*Disposal.objects.values_list("state", flat=True)} == {"disposed"}
    check_all()


def test_a_difference_is_settled_once_by_two_who_confirm_at_once() -> None:
    gone = _gone()
    _take_in(gone, HEAD)
    given = certificate(gone, "WD-WX12345", "STICK-0001", "FOREIGN-77")
    one = certificates.enter(gone.site, gone.collection, given, by=By(OFFICE, LATER + DAY))
    certificates.confirm(gone.site, one, seen=1, by=By(HEAD, LATER + DAY + 60))
    row = CollectionDifference.objects.get()
    later = LATER + 2 * DAY
    settling.settle(gone.site, row.id, seen=1, by=By(OFFICE, later, reason="Another school’s"))

    def confirm(who: str) -> Callable[[], object]:
        return lambda: settling.settle(gone.site, row.id, seen=2, by=By(who, later + 60))

    found = at_once(confirm(HEAD), confirm("user_governor"))
    assert found == [RegisterError.__name__, "done"]
    assert DisposalEvent.objects.filter(type="disposed").count() == 2
    check_all()
