"""Whatever stands in a policy, this release makes something of it, or says that it cannot (O2)."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent.collect.places import placed
from agent.collect.reading import read_domain
from agent.hosts.recorded import RecordedHost
from checks.catalogue import catalogue
from checks.device import judge_device, numbers_for
from checks.facts import Facts
from checks.host import Platform
from checks.judging import Body, Device, Moment
from checks.other_release import understood, usable
from checks.policy import (
    DEFAULT_POLICY,
    PROFILES,
    Ask,
    Policy,
    PolicyError,
    Profile,
    Quiet,
    Ssid,
    Value,
    spelled,
)

RECORDINGS = Path(__file__).parent / "recordings"
WISH: dict[str, Any] = {
    "by": "head",
    "check": "lock-idle-timeout",
    "setting": "limit_seconds",
    "value": 300,
}
FIELDS = [one.name for one in msgspec.structs.fields(Policy)]
SETTINGS = sorted(
    {
        (check, one.name)
        for d in catalogue().domains
        for check, t in d.thresholds.items()
        for one in t
    }
)
leaves = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=9)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


def read(**fields: Any) -> tuple[Policy, bool]:
    return understood(msgspec.json.encode(fields))


def test_what_this_release_writes_it_understands_whole() -> None:
    policy = Policy(
        name="ours",
        version=3,
        decisions=[Ask(**WISH, profile="pupil")],
        quiet=[Quiet(weekdays=[1], begins_minute=540, ends_minute=900, why="tests")],
        gateways=["02:00:00:00:00:01"],
        ssids=[Ssid("Willowbrook", "pupil")],
    )
    assert understood(spelled(policy)) == (policy, True)
    assert understood(b"{}") == (Policy(), True)


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        pytest.param({"probes": ["a.example"]}, Policy(), id="a-field"),
        pytest.param(
            {"decisions": [WISH, WISH | {"room": "A1"}]},
            Policy(decisions=[Ask(**WISH)]),
            id="a-condition",
        ),
        pytest.param(
            {"clauses": [WISH | {"profile": "lab"}, WISH]},
            Policy(clauses=[Ask(**WISH)]),
            id="a-profile",
        ),
        pytest.param({"name": ["a"], "gateways": ["x", 7]}, Policy(gateways=["x"]), id="kinds"),
        pytest.param(
            {"ssids": [{"ssid": "a", "role": "boarders"}, {"ssid": "b", "role": "guest"}]},
            Policy(ssids=[Ssid("b", "guest")]),
            id="a-role",
        ),
        pytest.param({"quiet": 7, "version": "1"}, Policy(), id="whole-fields"),
    ],
)
def test_an_entry_that_is_not_understood_is_left_out_and_the_rest_stays(
    fields: dict[str, Any], left: Policy
) -> None:
    assert read(**fields) == (left, False)


@pytest.mark.parametrize(
    "text",
    [
        *[b"", b"[]", b'"x"', b"{", b'{"v":"1"}', b'{"v":true}', b"\xff"],
        pytest.param(b'{"name":"\xff"}', id="no-text"),
        pytest.param(b"[" * 50_000, id="brackets"),
    ],
)
def test_what_is_no_policy_is_not_taken_for_an_empty_one(text: bytes) -> None:
    with pytest.raises(PolicyError, match="not a policy"):
        understood(text)


def test_a_field_of_this_release_that_says_nothing_is_not_sent_to_older_ones() -> None:
    assert b"ssids" not in spelled(Policy())
    assert b"ssids" in spelled(Policy(ssids=[Ssid("b", "guest")]))


@pytest.mark.parametrize("version", [0, 2, 99])
def test_a_version_that_must_be_understood_is_refused_whole(version: int) -> None:
    with pytest.raises(PolicyError, match="newer release"):
        read(v=version, decisions=[WISH])


@given(fields=st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=6), values, max_size=4))
@example(fields={"name": [[[]]]})
@example(fields={"decisions": [[]], "quiet": [{}], "gateways": [None]})
def test_any_json_is_a_policy_or_refused_and_never_an_accident(fields: dict[str, Any]) -> None:
    try:
        policy, whole = read(**fields)
    except PolicyError:
        return
    assert msgspec.convert(msgspec.to_builtins(policy), Policy) == policy
    assert read(**msgspec.to_builtins(policy)) == (policy, True)
    assert whole or fields


wishes = st.lists(
    st.builds(
        lambda where, value, profile: Ask(where[0], where[1], value, "x", profile),
        st.sampled_from(SETTINGS),
        st.integers(-(2**53), 2**53) | st.text(max_size=5) | st.lists(st.text(max_size=5)),
        st.none() | st.sampled_from(PROFILES),
    ),
    max_size=6,
)


@given(
    decisions=wishes,
    clauses=wishes,
    platform=st.sampled_from(["linux", "windows", "macos"]),
    profile=st.none() | st.sampled_from(PROFILES),
)
def test_after_leaving_out_what_cannot_be_met_every_computer_can_be_judged(
    decisions: list[Ask], clauses: list[Ask], platform: Platform, profile: Profile | None
) -> None:
    device = Device(platform) if profile is None else Device(platform, profile)
    asked = Policy(decisions=decisions, clauses=clauses)
    left, whole = usable(asked, catalogue(), device)
    assert numbers_for(catalogue(), left, device)
    assert whole == (left == asked)


globs = st.text("*?[]!-ab \\{é", max_size=12) | st.text(max_size=12)
lists = st.lists(globs, max_size=8)


@pytest.fixture(scope="module")
def machine() -> dict[type[Facts], Body]:
    """The facts of one good machine of each domain."""
    sections: dict[type[Facts], Body] = {}
    for domain in catalogue().domains:
        (path,) = sorted((RECORDINGS / domain.name).glob("linux-*-good.json"))[:1]
        with RecordedHost.open(path) as host:
            asks = host.recording.policy or DEFAULT_POLICY
            sections |= placed(host, read_domain(host, domain, asks), asks.gateways)
    return sections


@pytest.mark.parametrize("profile", [None, "pupil", "server"])
@settings(max_examples=40)
@given(approved=lists, draw=st.data())
def test_no_setting_within_its_bounds_breaks_a_judge(
    machine: dict[type[Facts], Body],
    profile: Profile | None,
    approved: list[str],
    draw: st.DataObject,
) -> None:
    wanted: list[Ask] = []
    for domain in catalogue().domains:
        for check, thresholds in domain.thresholds.items():
            for one in thresholds:
                value: Value = approved
                if isinstance(one.default, int):
                    value = draw.draw(st.integers(one.min or 0, one.max or 2**53))
                elif isinstance(one.default, str):
                    value = draw.draw(st.sampled_from(one.choices))
                elif one.unit == "names":
                    value = ["www.example.org"][: len(approved)]
                elif one.choices:
                    value = draw.draw(st.lists(st.sampled_from(one.choices), unique=True))
                wanted.append(Ask(check, one.name, value, "head"))
    device = Device("linux") if profile is None else Device("linux", profile)
    asked = Policy(decisions=wanted)
    left, whole = usable(asked, catalogue(), device)
    assert whole
    assert judge_device(catalogue(), machine, left, device, Moment.at(1_795_320_000))


def test_one_wish_out_of_bounds_takes_the_others_about_that_check_along_and_no_more() -> None:
    other = Ask("av-definitions-fresh", "old_seconds", 86_400, "head")
    asked = Policy(decisions=[Ask(**WISH | {"value": 10**9}), Ask(**WISH), other], name="n")
    left, whole = usable(asked, catalogue(), Device("linux"))
    assert (left, whole) == (Policy(decisions=[other], name="n"), False)
