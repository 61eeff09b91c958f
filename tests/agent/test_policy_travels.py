"""A policy on its way: a receipt names it, the sender fetches it, the next round judges by it."""

import msgspec
import pytest

from agent.collect import answers
from agent.collect.round import Collected, collect
from agent.deliver.upload import deliver
from agent.state import State
from checks.policy import DEFAULT_POLICY, Policy, Quiet, policy_hash
from tests.agent.cli import agent_here, printed
from tests.agent.conftest import machine
from tests.agent.school import DAY, School
from tests.agent.simulator import NOW, Controller, Reply
from wire import keys, report


@pytest.fixture
def school(enrolled: State, controller: Controller) -> School:
    return School(controller, enrolled)


def night(school: School, at: int = NOW) -> Collected:
    """A round as `run` makes it."""
    answers.act(school.state, at)
    collected = collect(school.state, machine(at))
    assert deliver(school.state, at, scheduled=False).code == ""
    answers.act(school.state, at)
    return collected


def judged(school: School, at: int = NOW) -> report.Content:
    """What the computer says it judged by, in a round of now."""
    night(school, at)
    said = school.controller.reports[-1].content
    return school.controller.contents[said] if isinstance(said, str) else said


def asked(school: School) -> list[str]:
    return [one.path for one in school.controller.requests if "/policy" in one.path]


@pytest.mark.parametrize("separated", [False, True], ids=["delegated", "separated"])
def test_a_published_policy_is_judged_by_from_the_next_night_on(
    school: School, separated: bool
) -> None:
    if separated:
        school.separate()
    assert judged(school).policy == policy_hash(DEFAULT_POLICY)
    assert asked(school) == []
    wanted = Policy(name="ours", version=1, gateways=["02:00:00:00:00:01"])
    by = school.technician if separated else None
    school.controller.policy = school.made(by=by, policy=wanted)
    night(school)
    content = judged(school)
    assert (content.policy, content.ruled) == (policy_hash(wanted), msgspec.UNSET)
    assert asked(school) == [f"/v1/policy?site={school.controller.site}"]
    before = len(school.controller.requests)
    assert night(school).unchanged
    assert [one.path for one in school.controller.requests[before:]] == ["/v1/reports"]


def test_a_new_signers_policy_and_the_list_that_names_the_signer_come_in_one_night(
    school: School,
) -> None:
    night(school)  # the day's question about the list was asked
    listed = [keys.to_text(keys.public_bytes(school.technician))]
    school.controller.list_keys(delegated=False, policy_signers=listed)
    school.controller.policy = school.made(1, school.technician)
    night(school)
    content = judged(school)
    wanted = policy_hash(Policy(name="version 1", version=1))
    assert (content.policy, content.ruled) == (wanted, msgspec.UNSET)


def test_the_profile_the_school_set_is_what_the_computer_is_judged_as(school: School) -> None:
    school.controller.profile = "pupil"
    assert judged(school).profile is msgspec.UNSET  # only that night's receipt says so
    school.controller.profile = "a-newer-word"
    assert judged(school).profile == "pupil"
    school.controller.profile = ""
    assert judged(school).profile is msgspec.UNSET
    assert judged(school).profile is msgspec.UNSET


def test_what_is_wrong_with_a_policy_is_said_once_and_keeps_no_report_back(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    school.controller.policy = school.made(expires_at=NOW + 10)
    night(school)
    content = judged(school, NOW + 900 * DAY)  # this computer's own clock is years ahead
    assert content.ruled is msgspec.UNSET
    monkeypatch.setattr("tests.agent.simulator.NOW", NOW + 10)
    night(school)
    late = judged(school)
    assert (late.ruled, late.policy) == ("expired", content.policy)
    assert night(school).unchanged


def test_no_answer_about_policy_costs_no_report(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    school.controller.policy = school.made(3)
    honest = school.controller.ruling
    for reply in (Reply(404, b""), Reply(200, b"<html>", "text/html"), Reply(204, b"")):
        monkeypatch.setattr(school.controller, "ruling", lambda reply=reply: reply)
        night(school)
    assert judged(school).policy == policy_hash(DEFAULT_POLICY)
    monkeypatch.setattr(school.controller, "ruling", honest)
    night(school)
    assert judged(school).policy == policy_hash(Policy(name="version 3", version=3))
    assert len(school.controller.reports) == 6


def test_the_quiet_hours_of_a_policy_put_a_scheduled_round_off_and_no_other(
    school: School,
) -> None:
    always = Quiet(weekdays=[1, 2, 3, 4, 5, 6, 7], begins_minute=0, ends_minute=1440, why="SATs")
    school.controller.policy = school.made(policy=Policy(name="ours", quiet=[always]))
    night(school)
    data = school.state.root.parent
    words = ("run", "--scheduled", "--format", "json")
    put_off = printed(agent_here(*words, data=data))
    assert (put_off["code"], put_off["seq"]) == ("deferred", 0)
    assert "SATs" in put_off["sentence"]
    status = printed(agent_here("status", "--format", "json", data=data))
    assert (status["policy"], status["policy_until_at"]) == ("ours, version 1", NOW + 400 * DAY)
    assert status["policy_says"] == ""


def test_a_policy_given_by_hand_is_judged_by_and_nothing_is_kept_of_it(school: School) -> None:
    school.controller.policy = school.made(3)
    night(school)
    collect(school.state, machine(), Policy(name="by hand"))
    deliver(school.state, NOW, scheduled=False)
    said = school.controller.reports[-1].content
    assert isinstance(said, report.Content)
    assert said.policy == policy_hash(Policy(name="by hand"))
    assert judged(school).policy == policy_hash(Policy(name="version 3", version=3))
