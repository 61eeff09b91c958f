"""Thresholds: the school's decision beats clauses, the stricter clause beats the looser (A3)."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.policy import (
    DEFAULT_POLICY,
    PROFILES,
    Ask,
    InForce,
    Policy,
    PolicyError,
    Threshold,
    policy_hash,
    resolve,
)
from checks.unseen import Unseen

LIMIT = Threshold(
    "limit", "seconds", 900, "test", stricter="lower", min=60, max=3600, profiles={"office": 600}
)
FREE = Threshold("way", "choice", "lock", "test", choices=["lock", "sign-out"])


def ask(value: int | str, by: str, profile: str | None = None, setting: str = "limit") -> Ask:
    return msgspec.convert(
        {"check": "c", "setting": setting, "value": value, "by": by, "profile": profile}, Ask
    )


def value_of(answer: InForce | Unseen) -> object:
    assert isinstance(answer, InForce)
    return answer.value


def test_the_default_holds_where_nobody_asked() -> None:
    assert resolve(DEFAULT_POLICY, "c", LIMIT, ["pupil"]) == InForce(900)


def test_a_profile_has_its_own_default() -> None:
    assert value_of(resolve(DEFAULT_POLICY, "c", LIMIT, ["office"])) == 600


def test_a_number_that_depends_on_an_unset_profile_is_unseen() -> None:
    assert isinstance(resolve(DEFAULT_POLICY, "c", LIMIT, Unseen("unsupported")), Unseen)


def test_a_number_that_is_the_same_for_every_profile_needs_none() -> None:
    policy = Policy(decisions=[ask(300, "head")])
    assert value_of(resolve(policy, "c", LIMIT, Unseen("unsupported"))) == 300


def test_the_stricter_of_two_clauses_wins_and_both_are_kept() -> None:
    policy = Policy(clauses=[ask(900, "dfe-cyber-2"), ask(600, "clifton-051")])
    assert resolve(policy, "c", LIMIT, ["pupil"]) == InForce(600, ["clifton-051", "dfe-cyber-2"])


def test_a_decision_of_the_school_beats_a_stricter_clause() -> None:
    policy = Policy(clauses=[ask(600, "clifton-051")], decisions=[ask(1200, "head")])
    assert value_of(resolve(policy, "c", LIMIT, ["pupil"])) == 1200


def test_a_decision_for_the_profile_beats_one_for_all() -> None:
    policy = Policy(decisions=[ask(1200, "head"), ask(300, "head", "office")])
    assert value_of(resolve(policy, "c", LIMIT, ["office"])) == 300
    assert value_of(resolve(policy, "c", LIMIT, ["pupil"])) == 1200


def test_a_device_with_several_profiles_gets_the_stricter() -> None:
    assert value_of(resolve(DEFAULT_POLICY, "c", LIMIT, ["staff", "office"])) == 600


@pytest.mark.parametrize(("value", "fine"), [(59, False), (60, True), (3600, True), (3601, False)])
def test_a_value_outside_its_bounds_names_who_asked(value: int, fine: bool) -> None:
    policy = Policy(decisions=[ask(value, "clifton-051")])
    if fine:
        assert value_of(resolve(policy, "c", LIMIT, ["pupil"])) == value
    else:
        with pytest.raises(PolicyError, match="clifton-051"):
            resolve(policy, "c", LIMIT, ["pupil"])


def test_two_different_asks_without_an_order_are_an_error_a_person_must_settle() -> None:
    policy = Policy(clauses=[ask("lock", "a", setting="way"), ask("sign-out", "b", setting="way")])
    with pytest.raises(PolicyError, match="the school must decide"):
        resolve(policy, "c", FREE, ["pupil"])


def test_a_choice_nobody_offers_is_refused() -> None:
    policy = Policy(decisions=[ask("shout", "head", setting="way")])
    with pytest.raises(PolicyError, match="shout"):
        resolve(policy, "c", FREE, ["pupil"])


def test_one_word_of_a_list_that_nobody_offers_is_refused_by_name() -> None:
    doors = Threshold("doors", "choices", [], "test", choices=["ssh", "rdp"])
    policy = Policy(decisions=[Ask("c", "doors", ["ssh", "rpd"], "head")])
    with pytest.raises(PolicyError, match="'rpd' is none of ssh, rdp"):
        resolve(policy, "c", doors, ["pupil"])


def test_a_wrong_type_is_refused() -> None:
    policy = Policy(decisions=[ask("ten", "head")])
    with pytest.raises(
        PolicyError, match=r"a number, or words such as .10 minutes., is wanted here"
    ):
        resolve(policy, "c", LIMIT, ["pupil"])


@given(st.lists(st.integers(60, 3600), min_size=1, max_size=6), st.sampled_from(PROFILES))
def test_no_clause_is_ever_loosened_by_another(values: list[int], profile: str) -> None:
    policy = Policy(clauses=[ask(v, f"clause-{i}") for i, v in enumerate(values)])
    assert value_of(resolve(policy, "c", LIMIT, [msgspec.convert(profile, str)])) == min(values)


def test_the_hash_of_a_policy_changes_with_any_ask() -> None:
    hashes = {
        policy_hash(policy)
        for policy in (
            DEFAULT_POLICY,
            Policy(decisions=[ask(300, "head")]),
            Policy(clauses=[ask(300, "head")]),
            Policy(decisions=[ask(301, "head")]),
        )
    }
    assert len(hashes) == 4
