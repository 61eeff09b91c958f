"""Beacon elements and saved settings to one closed set: the table of standards, byte by byte."""

import struct
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats import rsn
from checks.formats.errors import ParseError
from checks.wireless.security import UNENCRYPTED, WifiSecurity, of_network, of_profile

CCMP, TKIP, WEP40, WEP104, GCMP256 = 4, 2, 1, 5, 9


def body(
    akms: list[int], pairwise: list[int] | None = None, *, group: int = CCMP, flags: int = 0
) -> bytes:
    """An RSN body as an access point sends it."""

    def suites(numbers: list[int]) -> bytes:
        four = b"".join(b"\x00\x0f\xac" + bytes([number]) for number in numbers)
        return struct.pack("<H", len(numbers)) + four

    head = b"\x01\x00\x00\x0f\xac" + bytes([group])
    return head + suites(pairwise or [CCMP]) + suites(akms) + struct.pack("<H", flags)


def element(number: int, content: bytes) -> bytes:
    return bytes([number, len(content)]) + content


def microsoft(akm: int) -> bytes:
    """A WPA element with TKIP."""
    oui = b"\x00\x50\xf2"
    return element(
        221,
        oui + b"\x01\x01\x00" + oui + b"\x02\x01\x00" + oui + b"\x02\x01\x00" + oui + bytes([akm]),
    )


def of(data: bytes, *, privacy: bool = True) -> str:
    found = rsn.parse(data)
    return of_network(privacy, found.rsn, found.wpa)


@pytest.mark.parametrize(
    ("content", "security"),
    [
        (body([2]), "wpa2-psk"),
        (body([2], [TKIP, CCMP]), "wpa2-psk"),
        (body([2], [TKIP], group=TKIP), "wpa-psk"),
        (body([6], flags=0x80), "wpa2-psk"),
        (body([2, 8], flags=0x80), "wpa3-transition"),
        (body([8], flags=0xC0), "wpa3-sae"),
        (body([8], flags=0x80), "wpa3-transition"),  # SAE that does not insist on protected frames
        (body([24], flags=0xC0), "wpa3-sae"),  # Wi-Fi 7
        (body([1]), "wpa2-enterprise"),
        (body([1, 5], flags=0x80), "wpa2-enterprise"),
        (body([5], flags=0xC0), "wpa3-enterprise"),
        (body([12], [GCMP256], group=GCMP256, flags=0xC0), "wpa3-enterprise"),
        (body([18], flags=0xC0), "owe"),
        (body([2], [WEP104], group=WEP40), "wep"),
        (body([99]), "unknown"),
    ],
)
def test_a_networks_elements_name_its_security(content: bytes, security: str) -> None:
    assert of(element(48, content)) == security


def test_a_network_without_elements_is_open_or_wep_by_its_privacy_bit() -> None:
    assert of(element(0, b"Free Cafe"), privacy=False) == "open"
    assert of(element(0, b"Old Hall"), privacy=True) == "wep"


def test_a_wpa_network_is_named_and_one_that_also_has_wpa2_is_better() -> None:
    assert of(microsoft(2)) == "wpa-psk"
    assert of(microsoft(2) + element(48, body([2], [TKIP, CCMP], group=TKIP))) == "wpa2-psk"
    assert of(microsoft(1)) == "unknown"


def test_an_open_network_with_an_owe_twin_is_open() -> None:
    twin = element(221, b"\x50\x6f\x9a\x1c" + bytes(6) + b"\x04Safe")
    assert rsn.parse(twin).owe_transition
    assert of(twin, privacy=False) == "open"


def test_the_sample_of_a_transition_network_reads_as_one() -> None:
    sample = bytes.fromhex("0100000fac040100000fac040200000fac02000fac0880000000000fac06")
    found = rsn.parse_rsn(sample)
    assert (found.pairwise, found.akms, found.mfp_capable) == ([4], [2, 8], True)
    assert of_network(True, found, None) == "wpa3-transition"


def test_missing_tail_fields_have_the_standards_defaults() -> None:
    found = rsn.parse_rsn(b"\x01\x00")
    assert (found.group, found.pairwise, found.akms, found.mfp_capable) == (4, [4], [1], False)


def test_another_makers_suite_never_looks_like_a_known_one() -> None:
    other = b"\x01\x00\x00\x0f\xac\x04\x01\x00\x00\x0f\xac\x04\x01\x00\xaa\xbb\xcc\x08"
    assert of_network(True, rsn.parse_rsn(other), None) == "unknown"


@pytest.mark.parametrize(
    "broken",
    [
        b"\x01\x00\x00\x0f\xac\x04\x02\x00\x00\x0f\xac\x04",  # two suites announced, one sent
        b"\x02\x00\x00\x0f\xac\x04",  # a version nobody has defined
        b"",
        b"\x01\x00\x00\x0f\xac\x04\xff\xff",
    ],
)
def test_a_broken_element_is_an_error_and_never_an_open_network(broken: bytes) -> None:
    with pytest.raises(ParseError):
        rsn.parse(element(48, broken))


@given(st.binary())
def test_no_bytes_break_the_element_parser(data: bytes) -> None:
    try:
        found = rsn.parse(data)
    except ParseError:
        return
    assert of_network(True, found.rsn, found.wpa) in get_args(WifiSecurity)


@given(st.binary(max_size=64), st.integers(0, 63))
def test_cutting_a_good_element_short_never_makes_it_unencrypted(tail: bytes, cut: int) -> None:
    whole = element(48, body([2, 8], flags=0x80))
    short = whole[: max(2, min(cut, len(whole) - 1))]
    try:
        found = rsn.parse(short + tail)
    except ParseError:
        return
    if found.rsn is not None:
        assert of_network(True, found.rsn, found.wpa) not in UNENCRYPTED - {"wep"}


@given(
    st.sets(st.sampled_from(["WPA-PSK", "SAE", "FT-SAE", "WPA-PSK-SHA256", "WPA-EAP", "OWE"])),
    st.booleans(),
)
def test_allowing_an_open_network_makes_any_profile_open(ways: set[str], legacy: bool) -> None:
    assert of_profile(ways | {"NONE"}, has_wep_key=False, legacy=legacy) == "open"
    assert of_profile(ways | {"NONE"}, has_wep_key=True, legacy=legacy) == "wep"
    assert of_profile(ways, has_wep_key=False, legacy=legacy) not in UNENCRYPTED
