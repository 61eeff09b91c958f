"""Nothing outside a signed scope ever passes, at any hour of any night (network.md §4)."""

import datetime
import ipaddress
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.survey.scope import Refused, Scope, outside_hours, read
from tests.wire import samples
from wire import dsse, scope, sshsig
from wire.roots import Roots

AT = samples.AT
DAY = 86_400
ALWAYS = scope.Hours(begins_minute=0, ends_minute=1_440, timezone="Europe/London")


def signed(said: scope.Scope) -> bytes:
    payload = scope.payload_of(said)
    text = sshsig.sign(payload, scope.NAMESPACE, samples.SIGNER_KEY)
    return scope.join(payload, text, [samples.SIGNER_PUBLIC])


def made(**changes: Any) -> Scope:
    """A scope as the scanner holds it."""
    said = msgspec.structs.replace(samples.SCOPE, **{"credentials": [], **changes})
    found = read(signed(said), samples.SCOPED, samples.DEVICE, AT)
    assert isinstance(found, Scope), found
    return found


def refused(
    envelope: bytes = samples.SCOPE_SIGNED,
    roots: Roots = samples.SCOPED,
    device: str = samples.DEVICE,
    now: int = AT,
) -> str:
    found = read(envelope, roots, device, now)
    assert isinstance(found, Refused)
    assert found.sentence.endswith(".")
    return found.code


def test_a_sound_scope_is_read_and_names_what_was_signed() -> None:
    found = read(samples.SCOPE_SIGNED, samples.SCOPED, samples.DEVICE, AT)
    assert isinstance(found, Scope)
    assert found.said == samples.SCOPE
    assert found.digest == dsse.digest(samples.SCOPE_SIGNED)


def test_a_scope_begins_and_ends_at_its_second() -> None:
    ends = samples.SCOPE.expires_at
    assert refused(now=AT - 1) == "not-yet"
    assert isinstance(read(samples.SCOPE_SIGNED, samples.SCOPED, samples.DEVICE, ends - 1), Scope)
    assert refused(now=ends) == "expired"


def test_another_computer_may_not_use_it() -> None:
    assert refused(device="dev_01JD9Z3K4M5N6P7Q8R9S0T1V2X") == "not-this-scanner"
    assert refused(device="") == "not-this-scanner"


def test_it_is_said_whether_nobody_signed_or_somebody_changed_it() -> None:
    parsed = dsse.parse(samples.SCOPE_SIGNED)
    wider = parsed.payload.replace(b"10.20.0.0/24", b"10.99.0.0/24")
    assert refused(dsse.write(parsed._replace(payload=wider))) == "altered"
    stranger = dsse.sign(samples.SCOPE_PAYLOAD, dsse.parse(samples.SCOPE_SIGNED).payload_type,
                         samples.STRANGER_KEY)  # fmt: skip
    assert refused(stranger) == "not-signed"
    assert refused(samples.RULES_SIGNED) == "not-signed"
    assert refused(samples.SCOPE_PAYLOAD) == "altered"
    assert refused(b"") == "altered"
    assert refused(roots=samples.ROOTS) == "not-signed"
    by_controller = samples.SAMPLES["scope-delegated"].envelope
    assert refused(by_controller) == "not-signed"
    assert isinstance(read(by_controller, samples.ROOTS, samples.DEVICE, AT), Scope)


def test_one_for_a_newer_release_is_not_half_obeyed() -> None:
    newer = samples.SCOPE_PAYLOAD.replace(b'"v":1', b'"v":2')
    text = sshsig.sign(newer, scope.NAMESPACE, samples.SIGNER_KEY)
    raw = sshsig.bare(newer, text, scope.NAMESPACE, samples.SIGNER_PUBLIC)
    envelope = dsse.write(dsse.parse(samples.SCOPE_SIGNED)._replace(payload=newer, sig=raw))
    assert refused(envelope) == "not-understood"


def test_a_zone_that_this_computer_does_not_know_is_not_guessed() -> None:
    hours = scope.Hours(begins_minute=0, ends_minute=1_440, timezone="Europe/Nowhere")
    assert refused(signed(msgspec.structs.replace(samples.SCOPE, hours=hours))) == "no-timezone"


@given(st.binary(max_size=2_000))
def test_any_bytes_are_a_refusal_and_never_an_error(data: bytes) -> None:
    assert refused(data) == "altered"


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("10.20.0.1", True),
        ("10.20.0.254", True),
        ("10.20.0.0", False),  # all of the subnet
        ("10.20.0.255", False),
        ("10.20.4.16", True),
        ("10.20.7.254", True),
        ("10.20.5.0", True),  # within /22, no edge of it
        ("10.20.1.0", False),
        ("10.20.8.0", False),
        ("10.20.0.9", False),  # excluded
        ("10.20.4.15", False),  # in an excluded part
        ("10.20.0.64", False),  # somebody else's
        ("10.20.0.95", False),
        ("10.20.0.96", True),
        ("fd12:3456:789a::1", True),
        ("fd12:3456:789a::", False),
        ("fd12:3456:789b::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:10.20.0.1", False),
        ("255.255.255.255", False),
        ("224.0.0.251", False),
        ("ff02::1", False),
        ("010.020.0.1", False),
        ("10.20.0.1/32", False),
        (" 10.20.0.1", False),
        ("printer.local", False),
        ("", False),
    ],
)
def test_only_what_is_plainly_inside_is_asked(address: str, may: bool) -> None:
    assert made().may(address) is may


def test_an_interface_behind_an_address_hides_no_exclusion() -> None:
    held = made(subnets=["fe80::/64"], exclude=["fe80::2"])
    assert held.may("fe80::1%eth0")
    assert not held.may("fe80::2%eth0")


@pytest.mark.parametrize(
    ("mac", "may"),
    [
        ("00:04:f2:aa:bb:cd", True),
        ("00:04:f2:aa:bb:cc", False),
        ("00:1b:63:00:00:01", False),
        ("00:1b:64:00:00:01", True),
        ("00:1B:63:00:00:01", False),  # not as we spell it: not plainly inside
        ("00-1b-64-00-00-01", False),
        ("00:1b:64", False),
        ("\u0660\u0660:1b:64:00:00:01", False),
    ],
)
def test_a_maker_or_a_thing_that_is_barred_by_its_mac_is_not_asked(mac: str, may: bool) -> None:
    assert made().may_mac(mac) is may
    assert made().may("10.20.0.1", mac) is may


def test_half_a_group_of_a_mac_bars_nothing_more() -> None:
    held = made(exclude=["00:1b:63:0a"])
    assert held.may_mac("00:1b:63:0b:00:00")
    assert not held.may_mac("00:1b:63:0a:00:00")


def test_the_targets_are_the_addresses_in_order_without_edges_and_exclusions() -> None:
    held = made(exclude=["10.20.0.2", "10.20.0.128/25"], equipment_of_others=[])
    found = list(held.targets("10.20.0.0/24"))
    assert found == [f"10.20.0.{n}" for n in range(1, 128) if n != 2]
    assert list(held.targets("10.20.1.0/24")) == []
    assert list(held.targets("10.20.0.0/25")) == []
    assert list(held.targets("fd12:3456:789a::/64")) == []
    assert list(made(subnets=["10.20.0.4/31"], exclude=[]).targets("10.20.0.4/31")) == [
        "10.20.0.4",
        "10.20.0.5",
    ]
    assert list(made(subnets=["10.20.0.4/32"], exclude=[]).targets("10.20.0.4/32")) == ["10.20.0.4"]


def test_a_credential_is_used_only_where_the_scope_says() -> None:
    held = made(credentials=samples.SCOPE.credentials, exclude=["10.20.0.3"])
    assert [one.id for one in held.credentials("10.20.0.1")] == ["switches"]
    assert [one.id for one in held.credentials("10.20.0.20")] == ["switches"]
    for outside in ("10.20.0.3", "10.20.0.16", "10.20.0.21", "10.21.0.1", "switches", ""):
        assert held.credentials(outside) == []


PRIVATE = st.one_of(
    st.ip_addresses(v=4, network="10.20.0.0/16"),
    st.ip_addresses(v=4),
    st.ip_addresses(v=6, network="fd12:3456:789a::/62"),
    st.ip_addresses(v=6),
)


@given(PRIVATE)
def test_whatever_passes_is_in_a_subnet_and_in_nothing_barred(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    said = samples.SCOPE
    inside = any(address in ipaddress.ip_network(one) for one in said.subnets)
    barred = ["10.20.0.9", "10.20.4.0/28", "10.20.0.64/27"]
    outside = any(address in ipaddress.ip_network(one) for one in barred)
    if HELD.may(str(address)):
        assert inside
        assert not outside
        assert address.is_private


@given(st.text(max_size=50))
def test_no_other_text_passes(text: str) -> None:
    if HELD.may(text):
        assert ipaddress.ip_address(text).is_private


HELD = made()


def london(*when: int, fold: int = 0) -> int:
    here = datetime.datetime(*when, tzinfo=ZoneInfo("Europe/London"), fold=fold)  # type: ignore[arg-type,misc]  # five numbers
    return int(here.timestamp())


def night(begins: int, ends: int) -> Scope:
    hours = scope.Hours(begins_minute=begins, ends_minute=ends, timezone="Europe/London")
    begun = london(2026, 3, 1, 0, 0)
    said = msgspec.structs.replace(
        samples.SCOPE, credentials=[], hours=hours, issued_at=begun, expires_at=begun + 390 * DAY
    )
    found = read(signed(said), samples.SCOPED, samples.DEVICE, begun)
    assert isinstance(found, Scope)
    return found


def test_the_hours_run_over_midnight_and_end_at_their_minute() -> None:
    held = night(18 * 60, 6 * 60)
    for hour, minute, is_open in (
        (17, 59, False),
        (18, 0, True),
        (23, 59, True),
        (0, 0, True),
        (5, 59, True),
        (6, 0, False),
        (12, 0, False),
    ):
        assert held.is_open(london(2026, 6, 10, hour, minute)) is is_open
    assert not held.is_open(london(2026, 6, 10, 18, 0) - 1)
    assert held.is_open(london(2026, 6, 10, 6, 0) - 1)
    assert held.closes_at(london(2026, 6, 9, 23, 12)) == london(2026, 6, 10, 6, 0)


def test_hours_of_one_day_begin_and_end_on_it() -> None:
    held = night(60, 120)
    assert [held.is_open(london(2026, 6, 10, 0, 59) + n) for n in (0, 60, 3_659, 3_660)] == [
        False,
        True,
        True,
        False,
    ]


def test_the_night_that_has_no_half_past_one_ends_when_the_clock_has_passed_it() -> None:
    held = night(22 * 60, 90)
    began = london(2026, 3, 28, 23, 0)
    closes = held.closes_at(began)
    assert closes == london(2026, 3, 29, 2, 0)  # the second after 00:59:59
    assert held.is_open(closes - 1)
    assert not held.is_open(closes)


def test_the_hour_that_comes_twice_counts_twice() -> None:
    held = night(22 * 60, 90)
    first, second = (london(2026, 10, 25, 1, 0, fold=fold) for fold in (0, 1))
    assert second - first == 3_600
    assert held.is_open(first)
    assert not held.is_open(first + 1_800)  # half past, summer time
    assert held.is_open(second)
    assert not held.is_open(second + 1_800)


def test_asking_ends_with_the_authority_however_long_the_hours() -> None:
    held = made(hours=ALWAYS)
    ends = samples.SCOPE.expires_at
    assert held.closes_at(ends - 100) == ends
    assert held.closes_at(ends) == ends
    assert not held.is_open(ends)
    assert not held.is_open(AT - 1)
    assert held.closes_at(AT) == AT + DAY


def test_outside_the_hours_the_sentence_says_which_they_are() -> None:
    found = outside_hours(made())
    assert found.code == "outside-hours"
    assert "18:00 to 06:00 (Europe/London)" in found.sentence


@given(st.integers(0, 400 * DAY), st.integers(0, 1_439), st.integers(1, 1_440))
def test_it_is_open_until_it_closes_and_not_then(after: int, begins: int, ends: int) -> None:
    if begins == ends:
        return
    held = msgspec.structs.replace(
        HELD,
        said=msgspec.structs.replace(
            HELD.said,
            hours=scope.Hours(begins_minute=begins, ends_minute=ends, timezone="Europe/London"),
        ),
    )
    now = AT + after
    closes = held.closes_at(now)
    if not held.is_open(now):
        assert closes == now
    else:
        assert held.is_open(closes - 1)
        assert not held.is_open(closes) or closes == now + DAY
