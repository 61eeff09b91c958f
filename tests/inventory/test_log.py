"""The evidence log: one line for each effect, one numbering, a tree over all of it."""

import threading

import pytest
from django.db import connection, transaction

from inventory.ledger import log
from inventory.ledger import services as ledger
from inventory.models import Event, LedgerHead, Line, Waypoint
from inventory.places.services import create_site
from wire import merkle

NOW = 1_795_400_000
DIGEST = bytes(range(32))


def _leaves(site: str) -> list[bytes]:
    return [merkle.leaf(line.encode()) for line in log.lines(site)]


def _add(site: str, count: int) -> log.Extent:
    with transaction.atomic():
        tail = log.take([site])[site]
        for n in range(count):
            tail.add(NOW + n, f"report dev_1 {n}", DIGEST)
        log.write([tail])
    return log.extent(site)


@pytest.mark.django_db
def test_an_event_and_its_line_say_the_same() -> None:
    site = create_site(name="Hill School", at=NOW)
    with transaction.atomic():
        event = ledger.append(
            site_id=site, at=NOW, actor="user_1", verb="role.give", subject="user_2", after={"n": 1}
        )
    *_, last = log.lines(site)
    after = ledger.digest({"n": 1})
    assert last == f"1 2026-11-23T02:13:20Z role.give user_2 user_1 - {after} -"
    assert event.line == 1


@pytest.mark.django_db
def test_a_line_of_a_report_ends_in_its_envelopes_digest() -> None:
    site = create_site(name="Hill School", at=NOW)
    _add(site, 1)
    *_, last = log.lines(site)
    assert last == f"1 2026-11-23T02:13:20Z report dev_1 0 sha256:{DIGEST.hex()}"


@pytest.mark.django_db
def test_the_logs_of_no_school_are_none() -> None:
    with transaction.atomic():
        assert log.take([]) == {}
        log.write([])


@pytest.mark.django_db
@pytest.mark.parametrize("counts", [(1,), (254,), (255, 1), (256, 300), (3, 600, 1)])
def test_the_head_is_the_root_over_every_line(counts: tuple[int, ...]) -> None:
    site = create_site(name="Hill School", at=NOW)
    for count in counts:
        extent = _add(site, count)
    leaves = _leaves(site)
    assert extent == log.Extent(len(leaves), merkle.root(leaves))
    assert len(leaves) == 1 + sum(counts)


@pytest.mark.django_db
def test_every_earlier_root_is_found_again() -> None:
    site = create_site(name="Hill School", at=NOW)
    _add(site, 2 * log.STRIDE + 9)
    leaves = _leaves(site)
    for size in (0, 1, 2, log.STRIDE - 1, log.STRIDE, log.STRIDE + 1, len(leaves)):
        assert log.roots_around(site, size)[size] == merkle.root(leaves[:size])
    assert log.roots_at(site, {1, 70, 10_000}) == {
        1: merkle.root(leaves[:1]),
        70: merkle.root(leaves[:70]),
    }
    assert Waypoint.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_effect_that_fails_leaves_no_line() -> None:
    site = create_site(name="Hill School", at=NOW)
    before = log.extent(site)

    def effect_that_fails() -> None:
        with transaction.atomic():
            ledger.append(site_id=site, at=NOW, actor="system", verb="lost", subject=site)
            raise RuntimeError("the effect failed")

    with pytest.raises(RuntimeError):
        effect_that_fails()
    assert log.extent(site) == before
    assert Line.objects.count() == before.size


@pytest.mark.django_db(transaction=True)
def test_a_line_needs_the_transaction_of_its_effect() -> None:
    site = create_site(name="Hill School", at=NOW)
    with pytest.raises(transaction.TransactionManagementError):
        log.take([site])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["two\nlines", "", " space", "a  b", "caf\xe9", "x" * 490], ids=range(6)
)
def test_what_would_not_be_one_plain_line_is_refused(text: str) -> None:
    site = create_site(name="Hill School", at=NOW)
    with transaction.atomic(), pytest.raises(ValueError, match="no line"):
        log.take([site])[site].add(NOW, text)


@pytest.mark.django_db(transaction=True)
def test_events_and_batches_of_several_writers_keep_one_numbering() -> None:
    one, two = (create_site(name=name, at=NOW) for name in ("One", "Two"))
    start = threading.Barrier(4)

    def people() -> None:
        start.wait()
        for n in range(8):
            with transaction.atomic():
                ledger.append(
                    site_id=(one, two)[n % 2], at=NOW, actor="user_1", verb="v", subject="s"
                )
        connection.close()

    def intake() -> None:
        start.wait()
        for n in range(8):
            with transaction.atomic():
                tails = log.take([two, one])
                for _ in range(40):
                    tails[one].add(NOW, f"report dev_1 {n}", DIGEST)
                    tails[two].add(NOW, f"report dev_2 {n}", DIGEST)
                log.write(tails.values())
        connection.close()

    threads = [threading.Thread(target=work) for work in (people, people, intake, intake)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for site in (one, two):
        rows = Line.objects.filter(site_id=site).order_by("idx")
        numbers = list(rows.values_list("idx", flat=True))
        assert numbers == list(range(1 + 8 + 640))
        assert log.extent(site) == log.Extent(649, merkle.root(_leaves(site)))
        events = Event.objects.filter(site_id=site).order_by("seq")
        assert list(events.values_list("seq", flat=True)) == list(range(1, 10))


@pytest.mark.django_db
def test_a_head_that_was_tampered_with_takes_no_more_lines() -> None:
    site = create_site(name="Hill School", at=NOW)
    LedgerHead.objects.filter(site_id=site).update(size=5)
    with transaction.atomic(), pytest.raises(ValueError, match="does not fit"):
        log.take([site])
