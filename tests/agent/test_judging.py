"""Judging has a budget, too: a policy that takes an hour to judge by silences nobody (O20)."""

import msgspec
import pytest

from agent.collect import judging, looking
from agent.collect.round import collect
from agent.state import State
from checks.catalogue import catalogue
from checks.device import judge_device
from checks.facts import Facts
from checks.judging import Body, Device, Moment
from checks.policy import DEFAULT_POLICY, Ask, Policy, PolicyError, policy_hash
from checks.software.facts import SoftwareFacts, Title
from checks.unseen import Unseen
from tests.agent.conftest import machine
from tests.agent.simulator import NOW
from wire import dsse, report
from wire.policy import RULED

MOMENT = Moment.at(NOW)
GLOBS = ["*" + "[ab]" * 240 + "c"] * 60
SLOW = Policy(name="slow", decisions=[Ask("software-unapproved", "approved", GLOBS, "head")])


def crowded() -> SoftwareFacts:
    """A computer with thousands of programs of long names."""
    blind = Unseen("unsupported")
    titles = [Title(f"{'a' * 1_000}{n}", "1", "dpkg") for n in range(3_000)]
    return SoftwareFacts(
        titles=titles,
        cut=0,
        blind=[],
        dns=blind,
        proxies=blind,
        extensions=blind,
        places=blind,
        allow_list=blind,
    )


def test_a_policy_that_takes_too_long_gives_way_to_the_defaults() -> None:
    sections: dict[type[Facts], Body] = {SoftwareFacts: crowded()}
    verdicts, by = judging.judge_within_budget(
        catalogue(), sections, SLOW, Device("linux"), MOMENT, cpu=0.1
    )
    assert by == DEFAULT_POLICY
    assert verdicts == judge_device(catalogue(), sections, DEFAULT_POLICY, Device("linux"), MOMENT)


def test_a_policy_that_does_not_is_the_one_judged_by() -> None:
    verdicts, by = judging.judge_within_budget(catalogue(), {}, SLOW, Device("linux"), MOMENT)
    assert (len(verdicts), by) == (len(list(catalogue().judged())), SLOW)
    odd = Policy(decisions=[Ask("lock-idle-timeout", "limit_seconds", 10**9, "head")])
    with pytest.raises(PolicyError):  # as a person is told who gave it by hand
        judging.judge_within_budget(catalogue(), {}, odd, Device("linux"), MOMENT)


def test_the_report_says_so_and_names_the_defaults(
    enrolled: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        looking,
        "judge_within_budget",
        lambda known, sections, _, device, moment: (
            judge_device(known, sections, DEFAULT_POLICY, device, moment),
            DEFAULT_POLICY,
        ),
    )
    collect(enrolled, machine(), SLOW)
    (envelope,) = enrolled.spool.glob("*/envelope.json")
    content = msgspec.json.decode(dsse.parse(envelope.read_bytes()).payload, type=report.Report)
    assert isinstance(content.content, report.Content)
    assert content.content.policy == policy_hash(DEFAULT_POLICY)
    assert content.content.ruled == judging.TOO_SLOW
    assert judging.TOO_SLOW in RULED
