"""What is said of a firewall: certainty first, never a pass on what nobody saw."""

import contextlib
import itertools

import pytest

from checks.network.facts import Guard, Inbound, NetworkFacts, Scope
from checks.network.judges import firewall
from checks.unseen import BlindError, Maybe, Unseen
from tests.checks.network import made

DENIED = Unseen("denied")
SCOPES: tuple[Scope, ...] = ("domain", "private", "public")


def guard(
    scope: Scope = "ipv4", on: Maybe[bool] = True, inbound: Maybe[Inbound] = "block"
) -> Guard:
    return Guard(scope, on, inbound, "local-policy")


def facts(*guards: Guard, others: Maybe[list[str]] | None = None) -> NetworkFacts:
    return made.facts(guards=list(guards), others=[] if others is None else others)


def said(found: NetworkFacts) -> tuple[str, str]:
    finding = firewall(found)
    return finding.status, finding.says


@pytest.mark.parametrize("inbound", ["block", "chosen"])
def test_a_firewall_that_refuses_everywhere_passes(inbound: Inbound) -> None:
    assert said(facts(*(guard(one, inbound=inbound) for one in SCOPES))) == ("pass", "on")


@pytest.mark.parametrize(
    ("off", "says"),
    [
        ((), "on"),
        (("domain",), "off-domain"),
        (("private",), "off-private"),
        (("public",), "off-public"),
        (("private", "public"), "off-partly"),
        (SCOPES, "off"),
    ],
)
def test_which_part_is_off_is_said(off: tuple[Scope, ...], says: str) -> None:
    guards = [guard(one, on=one not in off) for one in SCOPES]
    assert said(facts(*guards)) == ("pass" if says == "on" else "fail", says)


def test_a_firewall_for_ipv4_alone_fails() -> None:
    assert said(facts(guard("ipv4"), guard("ipv6", on=False))) == ("fail", "off-ipv6")


def test_one_that_lets_in_whatever_no_rule_forbids_fails() -> None:
    open_one = guard("public", inbound="allow")
    assert said(facts(open_one)) == ("fail", "lets-in")
    assert said(facts(guard("domain"), open_one)) == ("fail", "lets-in-partly")
    assert said(facts(guard("domain", on=False), open_one)) == ("fail", "off-partly")


@pytest.mark.parametrize("which", ["on", "inbound", "guards"])
def test_what_nobody_could_see_is_no_pass(which: str) -> None:
    blind = {
        "on": facts(guard(), guard("ipv6", on=DENIED)),
        "inbound": facts(guard(), guard("ipv6", inbound=DENIED)),
        "guards": made.facts(guards=DENIED),
    }
    with pytest.raises(BlindError):
        firewall(blind[which])


def test_a_firewall_of_no_parts_is_no_answer() -> None:
    with pytest.raises(BlindError):
        firewall(facts())


def test_what_is_certainly_off_is_said_although_another_part_could_not_be_seen() -> None:
    found = facts(guard("public", on=False), guard("private", on=DENIED), guard("domain"))
    assert said(found) == ("fail", "off-public")


def test_another_makers_firewall_in_its_place_is_a_warning() -> None:
    off = [guard(one, on=False) for one in SCOPES]
    finding = firewall(facts(*off, others=["ESET Firewall"]))
    assert (finding.status, finding.says, finding.args["name"]) == (
        "warn",
        "another",
        "ESET Firewall",
    )
    assert said(facts(guard(), others=["ESET Firewall"])) == ("warn", "another")


def test_windows_own_word_is_no_pass_while_nobody_knows_who_else_there_is() -> None:
    with pytest.raises(BlindError):
        firewall(facts(guard(), others=Unseen("timeout")))


def test_an_open_firewall_is_no_failure_while_nobody_knows_who_else_there_is() -> None:
    with pytest.raises(BlindError):
        firewall(facts(guard("all", on=False), others=Unseen("timeout")))


def test_one_that_should_have_started_is_told_apart() -> None:
    off = guard(on=False)
    assert said(made.facts(guards=[off], keepers=["ufw"])) == ("fail", "not-loaded")
    lets_in = guard(inbound="allow")
    found = made.facts(guards=[lets_in], keepers=["ufw"])
    assert said(found) == ("fail", "lets-in")
    with pytest.raises(BlindError):
        firewall(made.facts(guards=[off], keepers=DENIED))


def test_no_combination_with_an_open_part_passes() -> None:
    ons: list[Maybe[bool]] = [True, False, DENIED]
    inbounds: list[Maybe[Inbound]] = ["block", "allow", DENIED]
    for on, inbound, other in itertools.product(ons, inbounds, ons):
        if on is True and other is True and inbound is inbounds[0]:
            continue
        with contextlib.suppress(BlindError):
            assert said(facts(guard("ipv4", on, inbound), guard("ipv6", other)))[0] != "pass"
