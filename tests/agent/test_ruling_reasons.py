"""Why a computer does not simply go by the policy that the newest receipt names, as it says it."""

import msgspec
import pytest

from agent import chain
from agent.collect import ruling
from agent.state import State
from tests.agent.school import School, joined
from tests.agent.simulator import NOW
from wire import dsse, keys, types

OUT_OF_BOUNDS = (
    b'{"decisions":[{"by":"h","check":"lock-idle-timeout","setting":"limit_seconds",'
    b'"value":999999999}],"name":"n","v":1}'
)


@pytest.fixture
def school(state: State) -> School:
    return joined(state)


def name(school: School) -> str:
    """What the policy in force is called."""
    return ruling.in_force(school.state).policy.name


def test_one_reason_is_told_where_there_are_two(school: School) -> None:
    school.publish(school.made(1, text=OUT_OF_BOUNDS, expires_at=NOW + 10))
    links = chain.load(school.state.key)
    chain.save(school.state.key, msgspec.structs.replace(links, received_at=NOW + 10))
    assert (school.ruled().why, name(school)) == ("expired", "n")
    found = school.publish(school.made(2, keys.generate(), expires_at=NOW + 10))
    assert (found.why, name(school)) == ("not_signed", "n")


def test_a_refusal_is_told_only_while_that_policy_is_the_one_wanted(school: School) -> None:
    school.publish(school.made(5))
    assert school.publish(school.made(4)).why == "old_policy"
    school.name_in_receipt(school.made(6))
    assert (school.ruled().why, name(school)) == ("", "version 5")


def test_a_first_policy_without_a_list_of_keys_is_not_signed(school: School) -> None:
    (school.state.key / "roots.json").unlink()
    assert school.publish(school.made(1)) == ruling.Ruled(why="not_signed")


def test_what_was_signed_in_another_form_is_not_understood(school: School) -> None:
    newer = dsse.parse(school.made(9)).payload.replace(b'"v":1,', b'"v":2,')
    signed = dsse.sign(newer, types.POLICY, school.controller.key)
    assert school.publish(signed) == ruling.Ruled(why="not_understood")
    other = dsse.sign(dsse.parse(school.made(9)).payload, types.REPORT, school.controller.key)
    assert school.publish(other) == ruling.Ruled(why="not_signed")


@pytest.mark.parametrize(("said", "profile"), [("kiosk", "kiosk"), ("spaceship", None), ("", None)])
def test_a_profile_that_this_release_does_not_know_is_none(
    school: School, said: str, profile: str | None
) -> None:
    links = chain.load(school.state.key)
    chain.save(school.state.key, msgspec.structs.replace(links, profile=said))
    assert ruling.profile(school.state) == profile


def test_what_a_newer_agent_kept_stops_no_older_one(school: School) -> None:
    (school.state.key / "policy.json").write_bytes(school.made(3, text=b'{"v":2}'))
    assert school.ruled() == ruling.Ruled(why="not_understood")
    assert school.publish(school.made(4, keys.generate())) == ruling.Ruled(why="not_signed")
    assert (school.publish(school.made(4)).why, name(school)) == ("", "version 4")


def test_a_controller_that_may_sign_again_is_measured_anew(school: School) -> None:
    school.publish(school.made(9))
    assert school.publish(school.made(4)).why == "old_policy"
    school.separate()
    school.controller.list_keys(delegated=True)
    school.believe()
    assert (school.publish(school.made(4)).why, name(school)) == ("", "version 4")


@pytest.mark.parametrize("spoilt", [b"", b"<html>", b'{"refused":"\xff"}', b"\xff"])
def test_what_the_disk_made_of_a_list_or_a_memory_ends_no_round(
    school: School, spoilt: bytes
) -> None:
    kept = school.made(3)
    school.publish(kept)
    (school.state.key / "ruling.json").write_bytes(spoilt)
    assert (school.ruled().why, name(school)) == ("", "version 3")
    (school.state.key / "roots.json").write_bytes(spoilt)
    assert school.ruled() == ruling.Ruled(why="not_signed")
    assert school.publish(kept) == ruling.Ruled(why="not_signed")
