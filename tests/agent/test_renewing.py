"""A computer changes its key once a year by itself, in trusted time, and not all on one night."""

import msgspec
import pytest

from agent import chain, keyfile, spool
from agent.collect import answers, renewing
from agent.collect.round import collect
from agent.deliver.upload import deliver
from agent.state import State
from tests.agent.cli import agent_here
from tests.agent.conftest import machine
from tests.agent.nights import night as look
from tests.agent.nights import round_trip
from tests.agent.simulator import NOW, Controller
from wire import keys

YEAR = renewing.YEAR_SECONDS


def public(state: State) -> bytes:
    key = keyfile.load(state.key)
    assert key is not None
    return keys.public_bytes(key)


def at(state: State, trusted: int) -> None:
    """As if the newest receipt had been written then."""
    links = chain.load(state.key)
    chain.save(state.key, msgspec.structs.replace(links, received_at=trusted))


def scheduled(state: State) -> str:
    """A round as the schedule makes it."""
    answers.act(state, NOW)
    asked = renewing.consider(state)
    collect(state, machine())
    code = deliver(state, NOW).code
    answers.act(state, NOW)
    return code or ("asked" if asked else "")


@pytest.fixture
def reporting(enrolled: State) -> State:
    """A computer whose first receipt is here."""
    look(enrolled)
    assert round_trip(enrolled).code == ""
    assert not renewing.consider(enrolled)  # from now on the key's age is counted
    return enrolled


def test_after_a_year_the_key_is_another_and_the_chain_is_the_same(
    reporting: State, controller: Controller
) -> None:
    old = public(reporting)
    began = chain.load(reporting.key).received_at
    at(reporting, began + YEAR)
    assert scheduled(reporting) == "asked"
    assert public(reporting) == controller.device_key != old
    assert scheduled(reporting) == ""
    assert [found.seq for found in controller.reports] == [1, 2, 3]
    assert not renewing.consider(reporting)  # counted anew
    assert public(reporting) == controller.device_key


def test_an_ordinary_round_does_it(reporting: State, controller: Controller) -> None:
    old = public(reporting)
    at(reporting, chain.load(reporting.key).received_at + YEAR)
    ran = agent_here("run", data=reporting.root.parent)
    assert ran.returncode == 0, ran.stderr
    assert public(reporting) == controller.device_key != old


def test_a_key_is_not_changed_before_its_day(reporting: State) -> None:
    began = chain.load(reporting.key).received_at
    day = YEAR - renewing.early(keys.key_id(public(reporting)))
    at(reporting, began + day - 1)
    assert not renewing.consider(reporting)
    at(reporting, began + day)
    assert renewing.consider(reporting)


def test_a_local_clock_changes_no_key(reporting: State) -> None:
    collect(reporting, machine(at=NOW + 10 * YEAR))
    assert not renewing.consider(reporting)


def test_a_controllers_clock_that_went_back_begins_the_year_anew(reporting: State) -> None:
    began = chain.load(reporting.key).received_at
    at(reporting, began - YEAR)
    assert not renewing.consider(reporting)
    at(reporting, began)
    assert renewing.consider(reporting)


def test_while_reports_wait_the_year_waits_too(reporting: State) -> None:
    at(reporting, chain.load(reporting.key).received_at + 2 * YEAR)
    look(reporting)
    assert not renewing.consider(reporting)
    assert not (reporting.key / "device.key.next").exists()
    assert len(spool.entries(reporting.spool)) == 1


def test_before_the_first_receipt_nothing_is_counted(enrolled: State) -> None:
    assert not renewing.consider(enrolled)
    assert not (enrolled.key / renewing.NAME).exists()


def test_computers_that_joined_together_change_on_different_days() -> None:
    found = {renewing.early(keys.key_id(bytes([n]) * 32)) // 86_400 for n in range(60)}
    assert len(found) > 30
    assert all(0 <= days < 60 for days in found)
