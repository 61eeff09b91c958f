"""What launchd says of a job, and what of the sender's word is still a fact."""

import pytest

from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Answer, Recording
from checks.filtering import macos, pages
from checks.filtering.facts import Page
from checks.host import CannotLook
from checks.policy import Ask, Policy
from checks.unseen import Unseen

AT = 1_795_305_600
HOUR = 3_600
PROGRAM = "com.example.filter"
FILTER = Policy(decisions=[Ask("monitor-agent", "agents", [PROGRAM], "DSL")])
PAGES = Policy(
    decisions=[
        Ask("filter-effective", "blocked", ["a.example.com", "b.example.com"], "DSL", "pupil"),
        Ask("filter-effective", "open", ["www.example.org"], "DSL"),
    ]
)


def recorded(*answers: Answer) -> RecordedHost:
    return RecordedHost(
        Recording(
            schema="caretaker.recording/1",
            provenance="constructed",
            source="this test",
            platform="macos",
            os="macOS 26.1",
            build="25B78",
            date="2026-11-22",
            at=AT,
            privileged=True,
            answers=[*answers],
        )
    )


LAUNCHD = {"pid": 1, "name": "launchd", "exe": "/sbin/launchd", "user": "0"}


@pytest.mark.parametrize(
    ("said", "runs"),
    [
        ({"code": 0, "out": ["system/x = {", "\tstate = running", "}"]}, True),
        ({"code": 0, "out": ["\tstate = not running"]}, False),
        ({"code": 0, "out": ["\tstate = waiting", "\tjob state = running"]}, False),
        ({"code": 0, "out": ""}, False),
        ({"code": 113, "out": ["\tstate = running"]}, False),
        (None, None),
    ],
)
def test_a_daemon_runs_only_while_launchd_says_so(said: object, runs: bool | None) -> None:
    question = ["run", "/bin/launchctl", "print", f"system/{PROGRAM}"]
    answer = Answer(ask=question, cannot="timeout") if said is None else None
    host = recorded(
        Answer(ask=["list", "/Library/LaunchDaemons"], gives=[f"{PROGRAM}.plist", "notes.txt"]),
        Answer(ask=["list", "/Library/LaunchAgents"], absent=True),
        Answer(ask=["processes"], gives=[LAUNCHD]),
        answer or Answer(ask=question, gives=said),
    )
    facts = macos.read(host, FILTER)
    assert not isinstance(facts.agents, Unseen)
    (agent,) = facts.agents
    assert agent.installed is True
    if runs is None:
        assert isinstance(agent.running, Unseen)
    else:
        assert agent.running is runs


def test_an_accounts_agent_runs_by_its_program_alone() -> None:
    for there in (False, True):
        program = {**LAUNCHD, "pid": 9, "name": PROGRAM, "exe": f"/Applications/x/{PROGRAM}"}
        host = recorded(
            Answer(ask=["list", "/Library/LaunchDaemons"], absent=True),
            Answer(ask=["list", "/Library/LaunchAgents"], gives=[f"{PROGRAM}.plist"]),
            Answer(ask=["processes"], gives=[LAUNCHD, program] if there else [LAUNCHD]),
        )
        facts = macos.read(host, FILTER)
        assert not isinstance(facts.agents, Unseen)
        (agent,) = facts.agents
        assert (agent.installed, agent.running) == (True, there)


def tried(at: int, *names: str) -> RecordedHost:
    told = [{"name": name, "found": "open"} for name in names]
    return recorded(Answer(ask=["tried"], gives={"at": at, "pages": told}))


@pytest.mark.parametrize(
    ("at", "fresh"),
    [
        (AT, True),
        (AT - pages.FRESH_SECONDS, True),
        (AT - pages.FRESH_SECONDS - 1, False),
        (AT + pages.AHEAD_SECONDS, True),
        (AT + pages.AHEAD_SECONDS + 1, False),
        (0, False),
    ],
)
def test_what_was_tried_is_a_fact_for_two_days_and_never_from_the_future(
    at: int, fresh: bool
) -> None:
    if fresh:
        assert pages.found(tried(at, "a.example.com"), PAGES) == [Page("a.example.com", "open")]
    else:
        with pytest.raises(CannotLook, match="stale"):
            pages.found(tried(at, "a.example.com"), PAGES)


def test_only_what_the_policy_names_and_the_sender_tried_is_told() -> None:
    host = tried(AT, "www.example.org", "b.example.com", "elsewhere.example.com")
    assert pages.found(host, PAGES) == [
        Page("b.example.com", "open"),
        Page("www.example.org", "open"),
    ]


def test_pages_for_some_kind_of_computer_are_tried_on_all() -> None:
    assert pages.asked(PAGES).names == ["a.example.com", "b.example.com", "www.example.org"]
