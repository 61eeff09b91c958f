"""Which policy a computer judges by, whoever carries it, whatever it says (O20, O21, trust T4)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent import chain, files
from agent.collect import marks, ruling
from agent.collect.introducing import give_up
from agent.collect.looking import look
from agent.collect.manners import LONGEST_SECONDS, put_off
from agent.state import Identity, State
from checks.policy import DEFAULT_POLICY, Ask, Policy, Quiet, policy_hash
from tests.agent.cli import agent_here, printed
from tests.agent.conftest import machine
from tests.agent.school import DAY, School, joined
from tests.agent.simulator import NOW
from wire import canonical, dsse, keys, limits, types

ALWAYS = Quiet(weekdays=[1, 2, 3, 4, 5, 6, 7], begins_minute=0, ends_minute=1440)
STRICT: dict[str, Any] = {
    "check": "lock-idle-timeout",
    "setting": "limit_seconds",
    "value": 300,
    "by": "head",
}


@pytest.fixture
def school(state: State) -> School:
    return joined(state)


def name(state: State) -> str:
    """What the policy in force here is called."""
    return ruling.in_force(state).policy.name


OFFERS: dict[str, tuple[str, Callable[[School], bytes]]] = {
    "older": ("old_policy", lambda school: school.made(2, school.technician)),
    "same-number-other-bytes": (
        "old_policy",
        lambda school: school.made(5, school.technician, issued_at=NOW + 1),
    ),
    "by-the-controller": ("not_signed", lambda school: school.made(9)),
    "by-a-stranger": ("not_signed", lambda school: school.made(9, keys.generate())),
    "by-the-recovery-key": (
        "not_signed",
        lambda school: dsse.sign(
            dsse.parse(school.made(9)).payload, types.POLICY, school.controller.recovery
        ),
    ),
    "another-schools": (
        "other_site",
        lambda school: school.made(9, school.technician, site="site_01JD9YBXRZ8QK2M4N6P8R0S2T5"),
    ),
    "for-a-newer-release": (
        "not_understood",
        lambda school: school.made(9, school.technician, text=b'{"v":2}'),
    ),
}


@pytest.mark.parametrize("offer", OFFERS)
def test_what_may_not_be_taken_is_left_and_the_report_says_why(school: School, offer: str) -> None:
    school.separate()
    school.publish(school.made(5, school.technician))
    why, made = OFFERS[offer]
    found = school.publish(made(school))
    assert (name(school.state), found.why) == ("version 5", why)
    assert found.policy == Policy(name="version 5", version=5)
    found = school.publish(school.made(6, school.technician))
    assert (name(school.state), found.why) == ("version 6", "")


def test_who_stands_between_cannot_choose_among_genuine_policies(school: School) -> None:
    """Each signer's newest is genuine for ever; a signed receipt says which one is in force."""
    other = keys.generate()
    school.separate(school.technician, other)
    first = school.made(1, other)
    school.publish(first)
    school.publish(school.made(2, school.technician))
    (school.state.spool / "policy.json").write_bytes(first)
    assert not ruling.adopt(school.state)
    assert (name(school.state), school.ruled().why) == ("version 2", "")


def test_a_leaked_signers_highest_number_shuts_nobody_out_once_the_roots_drop_it(
    school: School,
) -> None:
    heir = keys.generate()
    school.separate()
    school.publish(school.made(3, school.technician))
    school.publish(school.made(limits.INTEGER, school.technician))
    assert name(school.state) == f"version {limits.INTEGER}"
    assert school.publish(school.made(4, school.technician)).why == "old_policy"
    school.separate(heir)
    assert name(school.state) == DEFAULT_POLICY.name  # nobody vouches for it any more
    found = school.publish(school.made(4, heir))
    assert (name(school.state), found.why) == ("version 4", "")
    # The key comes back, say after a false alarm, and is measured anew.
    school.separate(heir, school.technician)
    assert school.publish(school.made(4, school.technician)).why == ""


def test_the_measure_of_one_signer_is_not_that_of_another(school: School) -> None:
    other = keys.generate()
    school.separate(school.technician, other)
    school.publish(school.made(7, school.technician))
    school.publish(school.made(1, other))
    assert name(school.state) == "version 1"
    assert school.publish(school.made(6, school.technician)).why == "old_policy"


def test_a_policy_that_the_controller_signed_ends_when_the_roots_say_it_may_not(
    school: School,
) -> None:
    school.publish(school.made(3))
    school.separate()
    found = school.ruled()
    assert (found.policy, found.why) == (DEFAULT_POLICY, "not_signed")


def test_an_expired_policy_stays_in_use_and_says_so_by_the_time_of_receipts(
    school: School,
) -> None:
    school.publish(school.made(1, expires_at=NOW + 10))
    for at, why in ((NOW + 9, ""), (NOW + 10, "expired"), (NOW + 900 * DAY, "expired")):
        links = chain.load(school.state.key)
        chain.save(school.state.key, msgspec.structs.replace(links, received_at=at))
        found = school.ruled()
        assert (found.policy.name, found.why) == ("version 1", why)
    assert school.publish(school.made(2, expires_at=NOW + 901 * DAY)).why == ""


def test_an_offer_that_the_sender_takes_away_meanwhile_is_taken_all_the_same(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = school.state.spool / "policy.json"
    monkeypatch.setattr(files, "step", lambda _: offer.unlink(missing_ok=True))
    school.publish(school.made(3))
    assert name(school.state) == "version 3"


def test_a_receipt_that_names_none_takes_none_away(school: School) -> None:
    school.publish(school.made(3))
    school.publish(b"")
    assert name(school.state) == "version 3"
    withdrawn = school.publish(school.made(4, policy=DEFAULT_POLICY))
    assert (withdrawn.policy, withdrawn.why) == (DEFAULT_POLICY, "")


def test_a_computer_that_moves_to_another_school_goes_by_that_ones(school: School) -> None:
    school.separate()
    school.publish(school.made(9, school.technician))
    here, school.controller.site = school.controller.site, "site_01JD9YBXRZ8QK2M4N6P8R0S2T5"
    assert school.publish(b"").policy == DEFAULT_POLICY
    school.publish(school.made(2, school.technician))
    assert name(school.state) == "version 2"  # one signer counts for each school anew
    school.controller.site = here
    assert school.publish(school.made(8, school.technician)).why == "old_policy"


def test_a_policy_comes_again_when_the_list_that_names_its_signer_came_late(
    school: School,
) -> None:
    listed = [keys.to_text(keys.public_bytes(school.technician))]
    school.controller.list_keys(delegated=False, policy_signers=listed)
    wanted = school.made(1, school.technician)
    assert school.publish(wanted).why == "not_signed"
    school.believe()
    assert school.ruled().why == "not_signed"  # until it is asked for again
    assert (school.publish(wanted).why, name(school.state)) == ("", "version 1")


NEWER: dict[str, bytes] = {
    "a-field": b'{"name":"n","probes":["a.example"],"v":1}',
    "a-condition-on-a-wish": b'{"decisions":[{"by":"h","check":"lock-idle-timeout","os":"x",'
    b'"setting":"limit_seconds","value":60}],"name":"n","v":1}',
    "a-profile": b'{"decisions":[{"by":"h","check":"lock-idle-timeout","profile":"lab",'
    b'"setting":"limit_seconds","value":60}],"name":"n","v":1}',
    "a-severity": b'{"name":"n","severities":[{"by":"h","check":"a","reason":"r",'
    b'"severity":"urgent"}],"v":1}',
    "a-condition-on-quiet-hours": b'{"name":"n","quiet":[{"begins_minute":0,"ends_minute":1440,'
    b'"rooms":["a"],"weekdays":[1,2,3,4,5,6,7]}],"v":1}',
    "out-of-bounds": b'{"decisions":[{"by":"h","check":"lock-idle-timeout","setting":'
    b'"limit_seconds","value":999999999}],"name":"n","v":1}',
    "of-another-kind": b'{"decisions":[{"by":"h","check":"lock-idle-timeout","setting":'
    b'"limit_seconds","value":["x"]}],"name":"n","v":1}',
    "no-list": b'{"decisions":7,"gateways":"all","name":"n","quiet":{},"v":1}',
}


@pytest.mark.parametrize("case", NEWER)
def test_what_a_newer_release_wrote_is_understood_as_far_as_it_goes(
    school: School, case: str
) -> None:
    found = school.publish(school.made(text=NEWER[case]))
    assert found.why == "not_understood"
    assert found.policy == Policy(name="n")
    assert put_off(school.state.key, machine(), found.policy) == ""


HOSTILE: dict[str, bytes] = {
    "a-check-nobody-has": canonical.encode({"v": 1, "decisions": [STRICT | {"check": "x" * 900}]}),
    "a-thousand-wishes": canonical.encode({"v": 1, "decisions": [STRICT] * 600}),
    "as-many-as-fit": canonical.encode({"v": 1, "gateways": ["x" * 1_000] * 62}),
    "quiet-for-ever": canonical.encode(Policy(quiet=[ALWAYS])),
    "quiet-nowhere": canonical.encode(
        Policy(quiet=[msgspec.structs.replace(ALWAYS, timezone="../../../etc/passwd")])
    ),
    "quiet-in-a-folder": canonical.encode(
        Policy(quiet=[msgspec.structs.replace(ALWAYS, timezone="Europe")])
    ),
    "quiet-in-no-zone": canonical.encode(
        Policy(quiet=[msgspec.structs.replace(ALWAYS, timezone="")])
    ),
    "nowhere-is-school": canonical.encode(Policy(gateways=["no mac", "", "x" * 900])),
    "deep": b'{"name":' + b"[" * 15 + b"]" * 15 + b',"v":1}',
}


@pytest.mark.parametrize("case", HOSTILE)
def test_no_policy_keeps_a_computer_from_looking_and_reporting(school: School, case: str) -> None:
    school.separate()
    school.publish(school.made(1, school.technician, text=HOSTILE[case]))
    assert len(look(machine(), school.ruled().policy).verdicts) == len(look(machine()).verdicts)
    assert put_off_for(school) <= LONGEST_SECONDS + 3_600
    assert school.publish(school.made(2, school.technician)).why == ""
    assert name(school.state) == "version 2"


def put_off_for(school: School) -> int:
    """The longest time between two rounds of a week in which the schedule comes round hourly."""
    policy_now, looked, longest = ruling.in_force(school.state).policy, NOW, 0
    for hour in range(1, 7 * 24):
        at = NOW + hour * 3_600
        if not put_off(school.state.key, machine(at), policy_now):
            longest, looked = max(longest, at - looked), at
    return max(longest, NOW + 7 * DAY - looked)


def test_quiet_hours_that_never_end_put_each_round_off_by_a_day_and_no_more(
    school: School,
) -> None:
    school.publish(school.made(policy=Policy(quiet=[ALWAYS])))
    assert put_off_for(school) == LONGEST_SECONDS + 3_600  # the first hour is not put off yet


JUNK: dict[str, Callable[[Path], object]] = {
    "a-page": lambda path: path.write_bytes(b"<html>"),
    "nothing": lambda path: path.write_bytes(b""),
    "too-much": lambda path: path.write_bytes(b"x" * (limits.ENVELOPE + 1)),
    "a-link": lambda path: path.symlink_to("/etc/passwd"),
    "a-folder": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("case", JUNK)
def test_what_a_sender_lays_down_in_its_place_changes_nothing(school: School, case: str) -> None:
    school.publish(school.made(3))
    JUNK[case](school.state.spool / "policy.json")
    assert not ruling.adopt(school.state)
    assert (name(school.state), school.ruled().why) == ("version 3", "")


def test_a_policy_or_a_memory_that_the_disk_lost_is_made_good_by_the_same_bytes(
    school: School,
) -> None:
    kept = school.made(3)
    school.publish(kept)
    for file in ("policy.json", "ruling.json"):
        for spoil in (lambda path: path.write_bytes(b"\xff{"), Path.unlink):
            spoil(school.state.key / file)
            ruling.adopt(school.state)
            assert (identity(school).policy == "") == (file == "policy.json")
            assert (school.publish(kept).why, name(school.state)) == ("", "version 3")


def identity(school: School) -> Identity:
    """What the sender may read."""
    found = school.state.identity()
    assert found is not None
    return found


class Killed(BaseException):
    """The power went."""


def test_a_crash_at_any_point_leaves_a_policy_in_force_and_loses_no_version(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    school.publish(school.made(1))
    version, steps = 2, 0
    while True:
        left = steps

        def step(_: str) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise Killed

        wanted = school.made(version)
        school.name_in_receipt(wanted)
        (school.state.spool / "policy.json").write_bytes(wanted)
        monkeypatch.setattr(files, "step", step)
        try:
            ruling.adopt(school.state)
            break
        except Killed:
            assert name(school.state) in (f"version {version - 1}", f"version {version}")
        finally:
            monkeypatch.undo()
        ruling.adopt(school.state)
        assert (name(school.state), school.ruled().why) == (f"version {version}", "")
        assert identity(school).policy == dsse.digest(wanted)
        version, steps = version + 1, steps + 1
    assert steps == 7  # two for each of three files, and one between


def test_a_computer_that_never_joined_takes_no_policy(state: State) -> None:
    (state.spool / "policy.json").write_bytes(b"{}")
    assert not ruling.adopt(state)
    assert ruling.in_force(state) == ruling.Ruled()


def test_whoever_takes_a_policy_is_told_whether_another_is_in_force(school: School) -> None:
    wanted = school.made(3)
    school.name_in_receipt(wanted)
    assert not ruling.adopt(school.state)
    (school.state.spool / "policy.json").write_bytes(wanted)
    assert ruling.adopt(school.state)
    assert not ruling.adopt(school.state)


def test_without_a_list_of_keys_nobody_may_sign(school: School) -> None:
    kept = school.made(3)
    school.publish(kept)
    (school.state.key / "roots.json").unlink()
    assert school.ruled() == ruling.Ruled(why="not_signed")
    assert school.publish(school.made(4)).why == "not_signed"
    (school.state.key / "roots.json").write_bytes(school.controller.roots())
    assert (school.publish(kept).why, name(school.state)) == ("", "version 3")


def test_of_more_schools_than_a_computer_meets_the_oldest_is_forgotten(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "MOST", 2)
    for number in (1, 2, 1, 3):
        school.controller.site = f"site_{number}"
        school.publish(school.made(5))
    kept = json.loads((school.state.key / "ruling.json").read_bytes())["marks"]
    assert [one["site"] for one in kept] == ["site_1", "site_3"]


def test_a_controller_that_does_not_say_the_school_takes_no_policy_away(school: School) -> None:
    school.publish(school.made(5))
    links = chain.load(school.state.key)
    chain.save(school.state.key, msgspec.structs.replace(links, site=""))
    assert (school.ruled().why, name(school.state)) == ("", "version 5")


def test_an_audit_at_the_machine_is_judged_as_the_school_judges(school: School) -> None:
    school.publish(school.made(policy=Policy(name="ours", decisions=[Ask(**STRICT)])))
    links = chain.load(school.state.key)
    chain.save(school.state.key, msgspec.structs.replace(links, profile="kiosk"))
    words = ("audit", "--check", "lock-idle-timeout")
    data = school.state.root.parent
    document = printed(agent_here(*words, "--format", "json", data=data))
    assert document["host"]["policy"] == policy_hash(school.ruled().policy)
    assert "Judged by the policy “ours”." in agent_here(*words, data=data).stdout
    (school.state.key / "chain.json").write_bytes(b"{")  # an audit needs no enrolment, nor this
    assert "Judged by" not in agent_here(*words, data=data).stdout


def test_an_identity_given_up_takes_its_policy_along(school: School) -> None:
    school.publish(school.made(3))
    give_up(school.state, NOW)
    assert not (school.state.key / "policy.json").exists()
    assert not (school.state.key / "ruling.json").exists()
    assert ruling.in_force(school.state) == ruling.Ruled()
