"""A policy as a person writes it, and what is wrong with it, in words."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from checks.catalogue import catalogue
from checks.policy import DEFAULT_POLICY, Ask, Policy, Quiet, SeverityAsk, Ssid
from controller.policy.trying import MOST_QUIET, faults
from controller.policy.written import WrittenError, read

WHOLE = """
name = "Hill School"
gateways = ["00-1A-2B-3C-4D-5E"]

[[ssids]]
ssid = "Hill-Staff"
role = "staff"

[[decisions]]
check = "lock-idle-timeout"
setting = "limit_seconds"
value = "5 minutes"
profile = "staff"
by = "head"
reason = "the staff room is open to visitors"

[[severities]]
check = "lock-idle-timeout"
severity = "critical"
by = "governors"
reason = "last year's incident"

[[quiet]]
weekdays = ["Monday", "tue", 5]
begins = "8:45"
ends = "15:30"
first_day = 2026-09-01
why = "lessons"
"""


def written(tmp_path: Path, text: str, name: str = "school.toml") -> Policy:
    """What is read from a file of that text."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read(path, "Europe/Paris")


def test_a_person_writes_hours_and_minutes(tmp_path: Path) -> None:
    policy = written(tmp_path, WHOLE)
    assert faults(policy) == []
    assert policy.gateways == ["00:1a:2b:3c:4d:5e"]
    assert policy.ssids == [Ssid("Hill-Staff", "staff")]
    (ask,) = policy.decisions
    assert (ask.value, ask.profile, ask.by) == (300, "staff", "head")
    (hours,) = policy.quiet
    assert hours == Quiet(
        weekdays=[1, 2, 5],
        begins_minute=525,
        ends_minute=930,
        first_day="2026-09-01",
        timezone="Europe/Paris",
        why="lessons",
    )


@pytest.mark.parametrize(
    ("edge", "said", "seconds"),
    [
        ("begins", "08:45", 31_500),
        ("begins", "0:00", 0),
        ("ends", "24:00", 86_400),
        ("begins", "525 minutes", 31_500),
    ],
)
def test_a_time_of_day_is_written_as_on_a_clock(
    tmp_path: Path, edge: str, said: str, seconds: int
) -> None:
    policy = written(
        tmp_path,
        f"""name = "Hill"
        [[decisions]]
        check = "hotspot-uplink"
        setting = "{edge}_seconds"
        value = "{said}"
        by = "head"
        reason = "our hours" """,
    )
    assert [one.value for one in policy.decisions] == [seconds]
    assert faults(policy) == []


def test_what_travels_can_be_read_again(tmp_path: Path) -> None:
    policy = written(tmp_path, WHOLE)
    again = written(tmp_path, msgspec.json.encode(policy).decode(), "school.json")
    assert again == policy


def test_the_example_of_the_handbook_can_be_used(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "policy.md").read_text("utf-8")
    example = page.partition("```toml")[2].partition("```")[0]
    policy = written(tmp_path, example)
    assert faults(policy) == []
    assert (len(policy.decisions), len(policy.quiet), len(policy.gateways)) == (1, 1, 1)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(("name =", "nmae ="), "nmae", id="slip-at-the-top"),
        pytest.param(("begins =", "starts ="), "starts", id="slip-inside"),
        pytest.param(('"8:45"', '"quarter to nine"'), "write 08:45", id="hour"),
        pytest.param(('"15:30"', '"24:30"'), "write 08:45", id="after-midnight"),
        pytest.param(('"tue"', '"someday"'), "write mon to sun", id="weekday"),
        pytest.param(("5]", "9]"), "write mon to sun", id="weekday-number"),
        pytest.param(('"staff"', '"pirate"'), "pirate", id="profile"),
        pytest.param(("[[quiet]]", "[quiet"), "line", id="not-toml"),
    ],
)
def test_what_cannot_be_read_says_where(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    with pytest.raises(WrittenError, match=r"school\.toml is no policy") as raised:
        written(tmp_path, WHOLE.replace(*change, 1))
    assert says in str(raised.value)


@pytest.mark.parametrize("data", [b"\xff\xfe", b"{", b"{}x", b"[1]", b"\x00", b"", b"# " * 200_000])
def test_a_file_that_is_something_else_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(data)
    with pytest.raises(WrittenError):
        read(path, "Europe/London")


def ask(**changes: Any) -> Ask:
    """An ask that can be, but for `changes`."""
    return msgspec.structs.replace(
        Ask(check="lock-idle-timeout", setting="limit_seconds", value=300, by="head"), **changes
    )


def approved(patterns: list[str]) -> Ask:
    """A list of programs the school has agreed to."""
    return ask(check="software-unapproved", setting="approved", value=patterns)


def quiet(**changes: Any) -> Quiet:
    """Hours that can be, but for `changes`."""
    return msgspec.structs.replace(
        Quiet(weekdays=[1], begins_minute=540, ends_minute=600), **changes
    )


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        pytest.param(Policy(v=2), "reads 1", id="newer"),
        pytest.param(Policy(name=" "), "no name", id="nameless"),
        pytest.param(Policy(name="x" * 201), "longer than", id="long-name"),
        pytest.param(
            Policy(decisions=[ask(check="lock-idle-timeuot")]),
            "did you mean lock-idle-timeout?",
            id="slip-in-check",
        ),
        pytest.param(
            Policy(clauses=[ask(setting="limit_second")]),
            "did you mean limit_seconds?",
            id="slip-in-setting",
        ),
        pytest.param(
            Policy(decisions=[approved(["x"] * 501)]), "may hold 500 entries", id="long-list"
        ),
        pytest.param(Policy(decisions=[approved(["*a" * 9])]), "8 stars", id="many-stars"),
        pytest.param(Policy(decisions=[ask(by="")]), "nobody is named", id="by-nobody"),
        pytest.param(Policy(decisions=[ask(), ask(value=200)]), "asks for it twice", id="twice"),
        pytest.param(Policy(decisions=[ask(value=1 << 40)]), "is outside", id="out-of-bounds"),
        pytest.param(
            Policy(decisions=[ask(value="soon")]), "a number, or words such as", id="wrong-kind"
        ),
        pytest.param(
            Policy(severities=[SeverityAsk("no-such", "low", "x", "y")]), "no such check", id="sev"
        ),
        pytest.param(
            Policy(severities=[SeverityAsk("lock-idle-timeout", "low", "x", "")]),
            "needs a reason",
            id="severity-without-reason",
        ),
        pytest.param(Policy(quiet=[quiet(weekdays=[])]), "no weekday", id="no-weekday"),
        pytest.param(Policy(quiet=[quiet(ends_minute=10)]), "over midnight", id="over-midnight"),
        pytest.param(Policy(quiet=[quiet(timezone="Mars/Sea")]), "no time zone", id="zone"),
        pytest.param(Policy(quiet=[quiet(timezone="../etc")]), "no time zone", id="hostile-zone"),
        pytest.param(Policy(quiet=[quiet(first_day="2026-02-30")]), "calendar", id="no-such-day"),
        pytest.param(
            Policy(quiet=[quiet(first_day="2026-03-01", last_day="2026-02-01")]),
            "before the first",
            id="days-swapped",
        ),
        pytest.param(
            Policy(quiet=[quiet()] * (MOST_QUIET + 1)), "more than a school can", id="too-many"
        ),
        pytest.param(Policy(gateways=["router"]), "no MAC", id="no-mac"),
        pytest.param(Policy(ssids=[Ssid("", "staff")]), "1 to 32", id="no-name"),
        pytest.param(Policy(ssids=[Ssid("\\x00", "staff")]), "1 to 32", id="nul"),
        pytest.param(Policy(ssids=[Ssid("é" * 17, "staff")]), "1 to 32", id="34-bytes"),
        pytest.param(
            Policy(ssids=[Ssid("a", "staff"), Ssid("\\x61", "pupil")]), "listed twice", id="ssid"
        ),
        pytest.param(
            Policy(ssids=[Ssid(f"a{at}", "guest") for at in range(33)]), "more than", id="33-names"
        ),
        pytest.param(Policy(gateways=["ff:ff:ff:ff:ff:ff"]), "no MAC", id="everybody"),
        pytest.param(Policy(gateways=["00:1a:2b:3c:4d:5e"] * 2), "listed twice", id="gateway"),
    ],
)
def test_what_cannot_be_used_is_said_before_anybody_signs(policy: Policy, says: str) -> None:
    assert any(says in one for one in faults(policy)), faults(policy)


def test_the_catalogues_own_numbers_are_a_policy() -> None:
    assert faults(DEFAULT_POLICY) == []
    for _, check, _, _ in catalogue().judged():
        assert faults(Policy(severities=[SeverityAsk(check, "high", "head", "why")])) == []
