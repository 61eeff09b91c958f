"""The register's entries judged: complete, with somebody, heard from; and the list of software."""

import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.catalogue import settings
from checks.facts import Facts
from checks.judging import Body, Device, Moment, run
from checks.policy import DEFAULT_POLICY
from checks.records.catalogue import records
from checks.records.entries.facts import EntryFacts, HeardFacts, WholeFacts
from checks.records.entries.judges import (
    RegisteredSettings,
    SeenSettings,
    SoftwareSettings,
    allocated,
    last_seen,
    registered,
    software_inventory,
)
from checks.unseen import Unseen

DAY = 86_400
NOW = 1_795_305_600
TODAY = datetime.date(2026, 11, 22)
MOMENT = Moment.at(NOW, TODAY)
ALL = ["tag", "serial", "kind", "place", "bought_on", "review_on"]
REGISTERED = RegisteredSettings(ALL[:4], ALL[4:])
SEEN = SeenSettings(14 * DAY, 60 * DAY)
SOFTWARE = SoftwareSettings(7 * DAY, 95)


def entry(**changes: object) -> EntryFacts:
    whole = EntryFacts("in_use", False, True, ALL, "person", True, False, "")
    return msgspec.structs.replace(whole, **changes)


def test_the_numbers_are_the_catalogues() -> None:
    domain = records().domain_of("asset-registered")
    assert domain is not None
    for judge, known in (
        (registered, REGISTERED),
        (last_seen, SEEN),
        (software_inventory, SOFTWARE),
    ):
        assert settings(domain, judge, DEFAULT_POLICY, []) == known


def test_an_entry_with_everything_is_complete() -> None:
    assert registered(entry(), REGISTERED).status == "pass"


@pytest.mark.parametrize("field", ALL)
def test_each_field_that_is_asked_for_is_missed(field: str) -> None:
    lacking = entry(filled=[name for name in ALL if name != field])
    found = registered(lacking, REGISTERED)
    assert found.status == ("fail" if field in REGISTERED.must else "warn")
    assert found.args["fields"] == field.replace("_", " ")


@pytest.mark.parametrize("state", ["lost", "stolen", "retired"])
def test_what_is_gone_is_asked_nothing_more(state: str) -> None:
    assert registered(entry(state=state, filled=[]), REGISTERED).status == "not-applicable"
    assert allocated(entry(state=state, holder=""), MOMENT).status == "not-applicable"
    silent = HeardFacts("agent", NOW - 400 * DAY)
    assert last_seen(entry(state=state), silent, SEEN, MOMENT).status == "not-applicable"


@pytest.mark.parametrize("state", ["stored", "repair"])
def test_what_is_in_store_or_away_is_registered_all_the_same_but_not_waited_for(state: str) -> None:
    assert registered(entry(state=state, filled=[]), REGISTERED).status == "fail"
    assert allocated(entry(state=state, holder=""), MOMENT).says == "not-in-use"
    assert last_seen(entry(state=state), HeardFacts("agent", 0), SEEN, MOMENT).says == "not-in-use"


def test_what_others_look_after_is_only_listed() -> None:
    theirs = entry(provided=True, filled=[], holder="", due_on="2020-01-01")
    assert registered(theirs, REGISTERED).says == "provided"
    assert allocated(theirs, MOMENT).says == "provided"
    assert last_seen(theirs, HeardFacts("agent", None), SEEN, MOMENT).says == "provided"


@pytest.mark.parametrize("holder", ["person", "room", "pool", "trolley"])
def test_whoever_or_whatever_has_it(holder: str) -> None:
    assert allocated(entry(holder=holder), MOMENT).says == f"with-{holder}"


@pytest.mark.parametrize(
    ("carried", "placed", "grouped", "says"),
    [
        (True, True, False, "nobody-carried"),
        (True, False, False, "nobody-carried"),
        (True, False, True, "with-others"),
        (False, True, False, "in-its-room"),
        (False, False, True, "with-others"),
        (False, False, False, "nobody"),
    ],
)
def test_a_room_answers_for_what_stays_and_not_for_what_is_carried(
    carried: bool, placed: bool, grouped: bool, says: str
) -> None:
    found = allocated(entry(holder="", carried=carried, placed=placed, grouped=grouped), MOMENT)
    assert found.says == says
    assert (found.status == "fail") == says.startswith("nobody")


@pytest.mark.parametrize(
    ("due_on", "status"), [("2026-11-21", "fail"), ("2026-11-22", "pass"), ("2026-11-23", "pass")]
)
def test_a_loan_is_late_from_the_day_after(due_on: str, status: str) -> None:
    assert allocated(entry(due_on=due_on), MOMENT).status == status


def test_a_late_loan_counts_also_while_the_thing_is_in_store() -> None:
    assert allocated(entry(state="stored", due_on="2026-11-01"), MOMENT).args == {"days": 21}


@pytest.mark.parametrize(
    ("age", "status"),
    [
        (0, "pass"),
        (14 * DAY, "pass"),
        (14 * DAY + 1, "warn"),
        (60 * DAY, "warn"),
        (60 * DAY + 1, "fail"),
        (-3600, "pass"),
    ],
)
def test_silence_is_counted_from_the_second_after_the_limit(age: int, status: str) -> None:
    heard = HeardFacts("agent", NOW - age)
    assert last_seen(entry(), heard, SEEN, MOMENT).status == status


def test_what_cannot_report_is_not_missed_and_what_never_did_is() -> None:
    assert last_seen(entry(), HeardFacts("nobody", None), SEEN, MOMENT).says == "does-not-report"
    assert last_seen(entry(), HeardFacts("agent", None), SEEN, MOMENT).status == "warn"


def test_a_contact_that_a_sheet_does_not_tell_is_unknown() -> None:
    heard = HeardFacts("management", Unseen("unsupported"))
    sections: dict[type[Facts], Body] = {EntryFacts: entry(), HeardFacts: heard}
    assert run(last_seen, sections, SEEN, Device("linux"), MOMENT).status == "unknown"


@pytest.mark.parametrize(
    ("recent", "computers", "status"),
    [
        (95, 100, "pass"),
        (94, 100, "fail"),
        (19, 20, "pass"),
        (18, 20, "fail"),
        (1, 1, "pass"),
        (0, 1, "fail"),
        (0, 0, "not-applicable"),
    ],
)
def test_nineteen_of_twenty_is_enough(recent: int, computers: int, status: str) -> None:
    old = [NOW - 7 * DAY - 1] * (computers - recent)
    told = WholeFacts(computers, [NOW - 7 * DAY] * recent + old)
    assert software_inventory(told, SOFTWARE, MOMENT).status == status


@given(
    st.builds(
        EntryFacts,
        state=st.sampled_from(["in_use", "stored", "repair", "lost", "stolen", "retired"]),
        provided=st.booleans(),
        carried=st.booleans(),
        filled=st.lists(st.sampled_from(ALL), unique=True),
        holder=st.sampled_from(["", "person", "room", "pool", "trolley"]),
        placed=st.booleans(),
        grouped=st.booleans(),
        due_on=st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 1, 1)).map(str)
        | st.just(""),
    )
)
def test_knowing_less_never_makes_an_entry_better(said: EntryFacts) -> None:
    rank = {"pass": 0, "not-applicable": 0, "warn": 1, "fail": 2}
    less = msgspec.structs.replace(said, filled=said.filled[1:], holder="", placed=False)
    after = registered(less, REGISTERED), allocated(less, MOMENT)
    before = registered(said, REGISTERED), allocated(said, MOMENT)
    for worse, better in zip(after, before, strict=True):
        assert rank[worse.status] >= rank[better.status]
