"""Filtering: nothing but a filter that was seen to stop a page passes."""

from typing import get_args

import pytest

from checks.catalogue import catalogue
from checks.device import judge_device
from checks.facts import Facts
from checks.filtering.facts import Agent, FilteringFacts, Page
from checks.filtering.judges import (
    SILENT,
    SURE,
    AgentSettings,
    PageSettings,
    effective,
    monitored,
)
from checks.judging import Body, Device, Moment, run
from checks.policy import Ask, Policy, SeverityAsk
from checks.tried import Answered
from checks.unseen import Maybe, Unseen
from checks.verdicts import Finding

DENIED = Unseen("denied")
ANSWERS: tuple[Answered, ...] = get_args(Answered)


def asks(
    *,
    blocked: tuple[str, ...] = ("games.example.com",),
    opens: tuple[str, ...] = ("www.example.org",),
    illegal: tuple[str, ...] = ("test.example.net",),
    by: str = "page",
) -> PageSettings:
    return PageSettings([*blocked], [*opens], [*illegal], [], by)


def tried(**found: Answered) -> FilteringFacts:
    """Answers by the part of a name before its dot; the three of `asks` are as they should be."""
    names = {"games": "games.example.com", "www": "www.example.org", "test": "test.example.net"}
    usual: dict[str, Answered] = {"games": "block-page", "test": "block-page", "www": "open"}
    pages = {names.get(key, key): came for key, came in {**usual, **found}.items()}
    return FilteringFacts([], [Page(name, came) for name, came in sorted(pages.items())])


def filtered(facts: FilteringFacts, settings: PageSettings | None = None) -> Finding:
    return run(
        effective, {FilteringFacts: facts}, settings or asks(), Device("linux"), Moment.at(0)
    )


def watched(agents: Maybe[list[Agent]], *named: str) -> Finding:
    facts: dict[type[Facts], Body] = {FilteringFacts: FilteringFacts(agents, [])}
    return run(monitored, facts, AgentSettings([*named]), Device("linux"), Moment.at(0))


@pytest.mark.parametrize(
    ("came", "says"),
    [
        ("no-name", "perhaps-gone"),
        ("refused", "perhaps-gone"),
        ("reset", "perhaps-gone"),
        ("silent", "not-sure"),
        ("elsewhere", "not-sure"),
    ],
)
def test_an_answer_that_is_no_filters_says_what_it_may_be(came: Answered, says: str) -> None:
    told = filtered(tried(games=came))
    assert (told.status, told.says) == ("unknown", says)


def test_without_test_pages_the_filter_is_not_tried() -> None:
    nothing = asks(blocked=(), opens=(), illegal=())
    assert filtered(FilteringFacts([], []), nothing).status == "not-applicable"
    only_open = asks(blocked=(), illegal=())
    assert filtered(tried(), only_open).says == "no-pages", "that the web is there is no filter"


def test_a_filter_that_stops_all_while_others_open_passes() -> None:
    assert filtered(tried()) == Finding("pass", "stops", {"count": 2})


@pytest.mark.parametrize("came", ANSWERS)
def test_a_page_that_must_be_stopped_passes_only_where_a_filter_is_seen(came: Answered) -> None:
    found = filtered(tried(games=came))
    wanted = "pass" if came in SURE else "fail" if came == "open" else "unknown"
    assert found.status == wanted
    silently = filtered(tried(games=came), asks(by="silence"))
    assert silently.status == ("pass" if came in SURE | SILENT else wanted)


@pytest.mark.parametrize("came", ANSWERS)
@pytest.mark.parametrize("by", ["page", "silence"])
def test_without_a_page_that_opens_nothing_passes(came: Answered, by: str) -> None:
    found = filtered(tried(www=came), asks(by=by))
    assert (found.status == "pass") == (came == "open")
    assert found.status == (
        "pass" if came == "open" else "fail" if came == "block-page" else "unknown"
    )


def test_a_line_that_reaches_nothing_is_never_a_filter() -> None:
    for came in ("no-line", "silent", "no-name", "sinkhole", "elsewhere"):
        found = filtered(tried(games=came, test=came, www=came), asks(by="silence"))
        assert (found.status, found.says) == ("unknown", "no-line")


def test_a_policy_that_names_nothing_that_opens_never_passes() -> None:
    found = filtered(tried(), asks(opens=()))
    assert (found.status, found.says) == ("unknown", "nothing-to-compare")
    assert filtered(tried(games="open"), asks(opens=())).status == "fail"


def test_one_of_several_that_must_open_and_did_not_is_unknown() -> None:
    facts = tried(**{"other.example.org": "silent"})  # type: ignore[arg-type]  # keys are names
    found = filtered(facts, asks(opens=("www.example.org", "other.example.org")))
    assert (found.status, found.says) == ("unknown", "did-not-open")
    assert found.args["page"] == "other.example.org"


def test_a_page_that_must_open_and_is_stopped_is_a_filter_too_strict() -> None:
    found = filtered(tried(www="block-page"))
    assert (found.status, found.says) == ("fail", "too-strict")


def test_an_opened_page_fails_whatever_else_could_not_be_tried() -> None:
    assert filtered(tried(games="open", www="no-line", test="silent")).says == "opened"
    more = asks(blocked=("games.example.com", "other.example.com"))
    facts = tried(**{"games": "open", "other.example.com": "open"})  # type: ignore[arg-type]  # keys are names
    assert filtered(facts, more).args == {"page": "games.example.com", "count": 2}


def test_a_test_page_for_illegal_content_that_opens_is_critical_and_told_first() -> None:
    found = filtered(tried(test="open", games="open"))
    assert (found.says, found.severity) == ("illegal-opened", "critical")
    assert filtered(tried(games="open")).severity is None


def test_the_school_cannot_make_an_opened_illegal_page_less_than_critical() -> None:
    policy = Policy(
        decisions=[Ask("filter-effective", "illegal", ["test.example.net"], "head")],
        severities=[SeverityAsk("filter-effective", "low", "head", "why not")],
    )
    verdicts = judge_device(
        catalogue(),
        {FilteringFacts: tried(test="open")},
        policy,
        Device("linux", "pupil"),
        Moment.at(0),
    )
    (one,) = (verdict for verdict in verdicts if verdict.check == "filter-effective")
    assert (one.status, one.severity) == ("fail", "critical")


def test_a_page_named_since_the_last_try_is_unknown() -> None:
    found = filtered(tried(), asks(blocked=("games.example.com", "new.example.com")))
    assert (found.status, found.says) == ("unknown", "not-tried")
    assert filtered(FilteringFacts([], [])).says == "not-tried"
    assert filtered(FilteringFacts([], DENIED)).status == "unknown"


def test_programs_are_asked_about_only_where_the_policy_names_some() -> None:
    assert watched([]).status == "not-applicable"
    assert watched(DENIED).status == "not-applicable"


@pytest.mark.parametrize(
    ("installed", "running", "status", "says"),
    [
        (True, True, "pass", "running"),
        (True, False, "fail", "stopped"),
        (False, False, "fail", "missing"),
        (DENIED, False, "fail", "stopped"),
        (True, DENIED, "unknown", "could-not-look"),
        (DENIED, DENIED, "unknown", "could-not-look"),
    ],
)
def test_a_program_passes_only_while_it_is_seen_to_run(
    installed: Maybe[bool], running: Maybe[bool], status: str, says: str
) -> None:
    found = watched([Agent("veyon", installed, running)], "veyon")
    assert (found.status, found.says) == (status, says)


def test_of_several_programs_one_that_is_off_is_told_although_another_is_unseen() -> None:
    on, off = Agent("a", True, True), Agent("b", True, False)
    unseen = Agent("c", DENIED, DENIED)
    assert watched([on, off, unseen], "a", "b", "c").args == {"agent": "b", "count": 1}
    assert watched([on, unseen], "a", "c").status == "unknown"
    assert watched([on], "a").says == "running"
    assert watched([on, Agent("b", True, True)], "a", "b").args == {"count": 2}


def test_a_program_named_since_the_last_look_is_unknown_and_no_failure() -> None:
    found = watched([Agent("a", True, True)], "a", "b")
    assert (found.status, found.says) == ("unknown", "not-asked-yet")
    assert watched(DENIED, "a").status == "unknown"
