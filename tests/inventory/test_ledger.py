"""The ledger: one door, one numbering per school, whoever writes at the same time."""

import threading

import pytest
from django.db import connection, transaction

from inventory.ledger import services as ledger
from inventory.models import Event
from inventory.places.services import create_site

NOW = 1_795_400_000


def _append(site: str, verb: str = "test") -> None:
    with transaction.atomic():
        ledger.append(site_id=site, at=NOW, actor="system", verb=verb, subject=site)


@pytest.mark.django_db(transaction=True)
def test_an_event_needs_the_transaction_of_its_effect() -> None:
    site = create_site(name="Hill School", at=NOW)
    with pytest.raises(transaction.TransactionManagementError):
        ledger.append(site_id=site, at=NOW, actor="system", verb="test", subject=site)


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_leave_no_gap_and_no_double() -> None:
    site = create_site(name="Hill School", at=NOW)
    start = threading.Barrier(6)

    def write() -> None:
        start.wait()
        for _ in range(5):
            _append(site)
        connection.close()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = Event.objects.filter(site_id=site).order_by("seq").values_list("seq", flat=True)
    assert list(numbers) == list(range(1, 32))


@pytest.mark.django_db
def test_each_school_counts_for_itself() -> None:
    one, two = (create_site(name=name, at=NOW) for name in ("One", "Two"))
    _append(one)
    _append(two)
    assert list(Event.objects.filter(site_id=two).values_list("seq", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_an_effect_that_fails_leaves_no_event_and_no_gap() -> None:
    site = create_site(name="Hill School", at=NOW)

    def effect_that_fails() -> None:
        with transaction.atomic():
            ledger.append(site_id=site, at=NOW, actor="system", verb="lost", subject=site)
            raise RuntimeError("the effect failed")

    with pytest.raises(RuntimeError):
        effect_that_fails()
    _append(site, "kept")
    assert list(Event.objects.filter(site_id=site).values_list("seq", "verb")) == [
        (1, "site.create"),
        (2, "kept"),
    ]


def test_the_digest_of_a_reason_cannot_be_guessed_without_its_nonce() -> None:
    assert ledger.reason_digest("a" * 32, "yes") != ledger.reason_digest("b" * 32, "yes")
