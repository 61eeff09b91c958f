"""Two people at one collection at the same moment: one of them is told, and nothing goes twice."""

import threading
import time
from collections.abc import Callable
from operator import attrgetter

import pytest
from django.db import OperationalError, connection, transaction

from inventory.assets.writing import By
from inventory.collections import leaving, services
from inventory.collections.leaving import Done, Went
from inventory.collections.services import Wanted
from inventory.contractors import papers
from inventory.documents import signatures
from inventory.ledger import services as ledger
from inventory.models import Collection, CollectionLine, ContractorPaper, Disposal, DisposalEvent
from inventory.places.services import create_site
from tests.inventory.at_once import at_once
from tests.inventory.collections.things import ready
from tests.inventory.contractors.firms import enter
from tests.inventory.disposal.journey import HEAD, NOW, TECHNICIAN
from tests.inventory.disposal.stored import check_all

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = "2026-11-23"
BY = By(TECHNICIAN, NOW + 3_600)
CODE = attrgetter("code")
SIGNED = signatures.typed("Helen Marsh", ticked=True)


def booked() -> tuple[str, str, Done]:
    """A school, its collection with one thing on the list, and what happened on the day."""
    site = create_site(name="Hill School", at=NOW)
    wanted = Wanted(TODAY)
    made = services.book(site, enter(site, BY), "recycle", wanted, by=BY, today=TODAY)
    one = ready(site, "HS-1", "WD-WCC4E1111")
    services.choose(site, made, [one], seen=1, by=BY)
    went = {CollectionLine.objects.get().id: Went(Disposal.objects.get().seq)}
    done = Done(TODAY, "Sam Carter", went, note_kind="consignment", note_number="N-1")
    return site, made, done


def test_of_two_who_hand_over_one_does() -> None:
    site, made, done = booked()

    def hand(actor: str) -> Callable[[], object]:
        by = By(actor, NOW + 3_600)
        return lambda: leaving.collect(site, made, done, SIGNED, seen=2, by=by, today=TODAY)

    assert at_once(hand(TECHNICIAN), hand(HEAD), said=CODE) == ["done", "not_booked"]
    assert DisposalEvent.objects.filter(type="collected").count() == 1
    check_all()


def test_a_paper_that_is_withdrawn_just_then_stops_it_or_comes_after() -> None:
    site, made, done = booked()
    paper = ContractorPaper.objects.get(kind="carrier")
    firm = paper.contractor_id
    found = at_once(
        lambda: leaving.collect(site, made, done, SIGNED, seen=2, by=BY, today=TODAY),
        lambda: papers.end(site, firm, paper.id, "withdrawn", seen=1, by=BY),
        said=CODE,
    )
    went = Collection.objects.get().state == "collected"
    assert found == (["done", "done"] if went else ["done", "papers"])
    check_all()


def waiting() -> bool:
    """Whether another transaction waits for a lock; SQLite lets none begin meanwhile."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def test_a_step_and_a_collection_of_the_same_thing_wait_in_one_order() -> None:
    site, made, done = booked()
    has_it, found = threading.Event(), []

    def step() -> None:
        """Holds the disposal, as a step does, until the other one waits; then the ledger's."""
        with transaction.atomic():
            list(Disposal.objects.select_for_update())
            has_it.set()
            ends = time.monotonic() + 10
            while not waiting() and time.monotonic() < ends:
                pass
            ledger.append(site_id=site, at=NOW, actor=HEAD, verb="disposal.seen", subject="disp_1")

    def hand() -> None:
        has_it.wait()
        leaving.collect(site, made, done, SIGNED, seen=2, by=BY, today=TODAY)

    def run(work: Callable[[], object]) -> None:
        try:
            work()
            found.append("done")
        except OperationalError as error:
            found.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in (step, hand)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["done", "done"]
