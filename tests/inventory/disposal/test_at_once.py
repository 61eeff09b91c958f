"""Two people at one disposal at the same moment, and a server that dies in the middle of a step."""

import os
import signal
from collections.abc import Callable
from typing import Any, Final

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from inventory.assets import services as assets
from inventory.assets.errors import RegisterError, StaleError
from inventory.disposal import services
from inventory.disposal.refusing import Refused
from inventory.models import (
    Asset,
    AssetEvent,
    Disposal,
    DisposalEvent,
    DisposalMedium,
    LedgerHead,
    WatchedMark,
)
from inventory.places.services import create_site
from tests.inventory.at_once import at_once
from tests.inventory.disposal import journey
from tests.inventory.disposal.journey import (
    ASKED,
    DISK,
    HEAD,
    NOW,
    SLT,
    TECHNICIAN,
    by,
    collected,
    withdrawn,
)
from tests.inventory.disposal.stored import check_all

pytestmark = pytest.mark.django_db(transaction=True)
_TABLES: Final[tuple[type[Model], ...]] = (
    *(Asset, AssetEvent, Disposal, DisposalEvent, DisposalMedium, LedgerHead, WatchedMark),
)
_STRIDE: Final = 4
_WRITES: Final = ("INSERT", "UPDATE", "DELETE")


def _school() -> tuple[str, str]:
    site = create_site(name="Hill School", at=NOW)
    return site, assets.add(site, {"tag": "HS-1", "kind": "laptop"}, by=by(TECHNICIAN))


def test_of_two_approvers_at_once_one_approves() -> None:
    site, laptop = _school()
    one = withdrawn(site, laptop)
    services.inspect(site, one, none_confirmed=True, by=by(TECHNICIAN, 1), seen=1)
    services.request(site, one, ASKED, by=by(TECHNICIAN, 2), seen=2)

    def approve(actor: str) -> Callable[[], object]:
        return lambda: services.approve(site, one, SLT, by=by(actor, 3), seen=3)

    assert at_once(approve(HEAD), approve("user_office")) == [StaleError.__name__, "done"]
    assert DisposalEvent.objects.filter(disposal=one, type="approved").count() == 1
    check_all()


def test_a_receipt_that_is_sent_twice_at_once_is_taken_in_once() -> None:
    site, laptop = _school()
    one = collected(site, laptop)

    def receive() -> object:
        # Whoever does not say what they saw is stopped by the state all the same.
        return services.receive(site, {one: journey.receipt()}, seen={one: None}, by=by(HEAD, 8))

    assert at_once(receive, receive) == [Refused.__name__, "done"]
    assert DisposalEvent.objects.filter(disposal=one, type="received").count() == 1
    check_all()


def test_of_two_who_withdraw_the_same_thing_one_begins_a_disposal() -> None:
    site, laptop = _school()

    def begin(actor: str) -> Callable[[], object]:
        return lambda: services.withdraw(site, [laptop], reason="Old", by=by(actor))

    assert at_once(begin(TECHNICIAN), begin(HEAD)) == [RegisterError.__name__, "done"]
    check_all()


def test_one_drive_reported_by_two_things_at_once_is_on_one_list() -> None:
    site, laptop = _school()
    other = assets.add(site, {"tag": "HS-2", "kind": "laptop"}, by=by(TECHNICIAN))

    def begin(asset: str) -> Callable[[], object]:
        return lambda: withdrawn(site, asset, DISK)

    assert at_once(begin(laptop), begin(other)) == [RegisterError.__name__, "done"]
    check_all()


@pytest.mark.parametrize(
    "changed",
    [
        {"seq": 9},
        {"prev": "0" * 64},
        {"seq": 9, "prev": "0" * 64},
    ],
)
def test_the_database_itself_refuses_a_second_approval(changed: dict[str, Any]) -> None:
    """Whatever the code above it does: by number, by place in the chain, by what it is for."""
    site, laptop = _school()
    one = withdrawn(site, laptop)
    services.inspect(site, one, none_confirmed=True, by=by(TECHNICIAN, 1), seen=1)
    services.request(site, one, ASKED, by=by(TECHNICIAN, 2), seen=2)
    services.approve(site, one, SLT, by=by(HEAD, 3), seen=3)
    row = DisposalEvent.objects.get(disposal=one, type="approved")
    row.pk = None
    for name, value in changed.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_the_database_itself_refuses_a_second_open_disposal_and_a_drive_on_two_lists() -> None:
    site, laptop = _school()
    withdrawn(site, laptop, DISK)
    row, drive = Disposal.objects.get(), DisposalMedium.objects.get()
    row.id = "disp_other"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    drive.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        drive.save(force_insert=True)


def _dies(work: Callable[[], object], after: int) -> bool:
    """Do it in a process that is killed after so many changed rows; whether it came so far."""
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            with connection.execute_wrapper(_Killer(after)):
                work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == -signal.SIGKILL


class _Killer:
    """Counts statements that write."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(
        self, execute: Any, statement: str, params: Any, many: bool, context: Any
    ) -> object:
        found = execute(statement, params, many, context)
        if statement.lstrip().startswith(_WRITES):
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return found


def _rows() -> list[list[tuple[Any, ...]]]:
    return [list(table._default_manager.order_by("pk").values_list()) for table in _TABLES]


def test_killed_anywhere_in_a_step_leaves_all_of_it_or_nothing() -> None:
    """Each step of the way dies after every few statements that write, each time others, and is
    then done."""
    site, laptop = _school()
    journey.file(site)
    for number, work in enumerate(journey.steps(site, laptop)):
        before, after = _rows(), 1 + number % _STRIDE
        while _dies(work, after):
            assert _rows() == before
            after += _STRIDE
        assert after > 5
        assert _rows() != before
        check_all()
    assert Disposal.objects.get().state == "disposed"
