"""When a machine's wireless is good, weak, bad or not known."""

import datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.facts import Facts
from checks.judging import Body, Device, Moment, run
from checks.unseen import Maybe, Unseen
from checks.verdicts import Finding
from checks.wireless.facts import Link, Profile, Source, WirelessFacts, WirelessNow
from checks.wireless.judges import client_profiles
from checks.wireless.security import UNENCRYPTED, WEAK, WifiSecurity

MOMENT = Moment.at(1_795_305_600, datetime.date(2026, 11, 22))
GOOD = ("owe", "wpa2-psk", "wpa2-enterprise", "wpa3-sae", "wpa3-transition", "wpa3-enterprise")


def profile(
    security: WifiSecurity, *, auto: bool = True, legacy: bool = False, check: str | None = None
) -> Profile:
    checks = {"name": "name", "authority": "authority", "anybody": "anybody", None: None}
    return Profile("a1", security, legacy, auto, "machine", False, checks[check])  # type: ignore[arg-type]  # one of the closed set, by the table


def judged(
    *profiles: Profile,
    link: Maybe[WifiSecurity] | None = None,
    blind: Unseen | None = None,
    links: Unseen | None = None,
) -> Finding:
    sources = [Source("networkmanager", list(profiles))] if profiles else []
    if blind is not None:
        sources.append(Source("wpa_supplicant", blind))
    joined = [] if link is None else [Link("wlan0", "a1", link)]
    sections: dict[type[Facts], Body] = {
        WirelessFacts: WirelessFacts(radios=1, sources=sources),
        WirelessNow: WirelessNow(links=joined if links is None else links),
    }
    return run(client_profiles, sections, None, Device("linux"), MOMENT)


@pytest.mark.parametrize("security", GOOD)
def test_an_encrypted_saved_network_passes(security: WifiSecurity) -> None:
    assert judged(profile(security), link=security).status == "pass"


@pytest.mark.parametrize("security", sorted(WEAK))
def test_a_weak_network_joined_unasked_fails_and_one_joined_when_asked_does_not(
    security: WifiSecurity,
) -> None:
    assert judged(profile(security)).status == "fail"
    asked = judged(profile(security, auto=False))
    assert (asked.status, asked.says) == ("pass", "weak-when-asked-one")


@pytest.mark.parametrize("security", sorted(UNENCRYPTED))
def test_being_on_an_unencrypted_network_now_is_critical(security: WifiSecurity) -> None:
    found = judged(profile("wpa2-psk"), link=security)
    assert (found.status, found.severity, found.says) == ("fail", "critical", "on-open-network")


def test_being_on_an_outdated_network_fails_at_the_checks_own_severity() -> None:
    found = judged(link="wpa-psk")
    assert (found.status, found.severity, found.says) == ("fail", None, "on-outdated-network")


def test_enterprise_that_allows_only_tkip_fails() -> None:
    assert judged(profile("unknown", legacy=True)).says == "joins-outdated-one"


@pytest.mark.parametrize(
    ("kept", "says", "count"),
    [
        (("open",), "joins-open-one", 1),
        (("open", "open"), "joins-open", 2),
        (("open", "wpa-psk"), "joins-open-one", 1),
        (("wpa-psk",), "joins-outdated-one", 1),
        (("wpa-psk", "wpa-psk"), "joins-outdated", 2),
    ],
)
def test_networks_that_fail_are_counted_the_open_ones_first(
    kept: tuple[WifiSecurity, ...], says: str, count: int
) -> None:
    found = judged(*(profile(one) for one in kept))
    assert (found.says, found.args["count"]) == (says, count)


def test_a_password_given_to_anybody_who_asks_warns() -> None:
    found = judged(profile("wpa2-enterprise", check="anybody"))
    assert (found.status, found.says) == ("warn", "trusts-anybody-one")
    assert judged(profile("wpa2-enterprise", check="authority")).status == "pass"


def test_no_saved_network_at_all_passes() -> None:
    assert judged().says == "none-saved"


def test_a_network_nobody_understands_is_unknown_if_it_is_joined_unasked() -> None:
    assert judged(profile("unknown")).status == "unknown"
    assert judged(profile("unknown", auto=False)).status == "pass"
    assert judged(link="unknown").status == "unknown"


def test_what_is_certainly_bad_is_said_although_the_rest_was_not_seen() -> None:
    denied = Unseen("denied")
    assert judged(profile("open"), blind=denied, links=denied).status == "fail"
    assert judged(link="open", blind=denied).severity == "critical"


@pytest.mark.parametrize("place", ["blind", "links", "link"])
def test_what_nobody_could_see_is_unknown(place: str) -> None:
    denied = Unseen("denied")
    found = judged(profile("wpa3-sae"), **{place: denied})
    assert (found.status, found.args) == ("unknown", {"reason": "denied"})


any_profile = st.builds(
    profile, st.sampled_from(get_args(WifiSecurity)), auto=st.booleans(), legacy=st.booleans()
)


@given(st.lists(any_profile), any_profile)
def test_forgetting_a_network_never_makes_a_machine_worse(
    others: list[Profile], forgotten: Profile
) -> None:
    rank = {"pass": 0, "warn": 1, "unknown": 2, "fail": 3}
    assert rank[judged(*others).status] <= rank[judged(*others, forgotten).status]
