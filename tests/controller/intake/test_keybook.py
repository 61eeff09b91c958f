"""Whose key it is: remembered for devices, asked anew for strangers and for keys given up."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from controller.fleet import services
from controller.fleet.models import Device
from controller.intake.keybook import KeyBook, Known
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW, Machine
from tests.controller.intake.test_rekeying import hand_over
from wire import keys

STRANGER = "0" * 64
Queries = Callable[[int], AbstractContextManager[object]]


def of(machine: Machine) -> tuple[str, Known]:
    """A computer's key id, and what is to be known of it."""
    return keys.key_id(machine.public), Known(machine.device, machine.public)


def test_devices_are_read_once_and_strangers_each_time(
    controller: Controller, django_assert_num_queries: Queries
) -> None:
    (one, one_known), (two, two_known) = (of(controller.machine(name)) for name in ("a", "b"))
    book = KeyBook()
    with django_assert_num_queries(1):
        book.learn({one, two})
    assert (book.find(one), book.find(two)) == (one_known, two_known)
    with django_assert_num_queries(0):
        book.learn({one, two})
    for _ in range(2):
        with django_assert_num_queries(2):
            book.learn({one, STRANGER})
        assert book.find(one) == one_known
        assert book.find(STRANGER) is None is book.find_former(STRANGER)


def test_a_stranger_that_is_let_in_is_known_from_then_on(controller: Controller) -> None:
    book = KeyBook()
    machine = controller.machine()
    name, known = of(machine)
    Device.objects.filter(id=machine.device).update(key_id=STRANGER)
    book.learn([name])
    assert book.find(name) is None
    Device.objects.filter(id=machine.device).update(key_id=name)
    book.learn([name])
    assert book.find(name) == known


def test_keys_given_up_are_known_as_such_for_one_batch_and_of_computers_in_use(
    controller: Controller,
) -> None:
    machines = [controller.machine(name) for name in ("a", "b")]
    former = dict(of(machine) for machine in machines)
    for machine in machines:
        hand_over(machine)
    now, _ = of(machines[0])
    book = KeyBook()
    book.learn({*former, now})
    assert {name: book.find_former(name) for name in former} == former
    assert [book.find(name) for name in former] == [None, None]
    assert book.find_former(now) is None
    book.learn({now})
    assert [book.find_former(name) for name in former] == [None, None]
    services.revoke(machines[0].device, actor="system", at=NOW)
    book.learn(former)
    withdrawn, used = former
    assert book.find_former(withdrawn) is None
    assert book.find_former(used) == former[used]


def test_a_key_that_is_to_be_forgotten_is_asked_for_again(
    controller: Controller, django_assert_num_queries: Queries
) -> None:
    name, known = of(controller.machine())
    book = KeyBook()
    book.learn({name})
    book.forget(name)
    book.forget(STRANGER)  # of which nothing is known: no fault
    assert book.find(name) is None
    with django_assert_num_queries(1):
        book.learn({name})
    assert book.find(name) == known
