"""A capture becomes one line for each name of each access point, whatever it is wrapped in."""

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.dot11 import Dot11, Dot11Beacon

from checks.formats.errors import ParseError
from checks.surveys import captures
from checks.surveys.captures import Network
from tests.checks import corpus
from tests.checks.surveys import air
from tests.checks.surveys.air import CCMP, TKIP

LINKS = (air.PLAIN, air.PRISM, air.RADIOTAP, air.AVS, air.PPI)

MODES: dict[str, tuple[bytes, dict[str, Any], set[str]]] = {
    "open": (
        air.beacon(private=False),
        {"security": "open", "akms": [], "pmf": "off", "owe_twin": False},
        {"OPN"},
    ),
    "wep": (air.beacon(), {"security": "wep", "pairwise": [], "group": None}, {"WEP"}),
    "wpa": (
        air.beacon(air.wpa()),
        {"security": "wpa-psk", "wpa1": True, "pairwise": [TKIP], "akms": [2]},
        {"WPA/PSK"},
    ),
    "wpa2": (
        air.beacon(air.rsn([2])),
        {"security": "wpa2-psk", "wpa1": False, "pairwise": [CCMP], "group": CCMP, "pmf": "off"},
        {"WPA2/PSK"},
    ),
    "wpa2-tkip": (
        air.beacon(air.rsn([2], [TKIP, CCMP], TKIP)),
        {"security": "wpa2-psk", "pairwise": [TKIP, CCMP], "group": TKIP},
        {"WPA2/PSK"},
    ),
    "mixed": (
        air.beacon(air.rsn([2]), air.wpa()),
        {"security": "wpa2-psk", "wpa1": True, "pairwise": [TKIP, CCMP]},
        {"WPA2/PSK", "WPA/PSK"},
    ),
    "enterprise": (
        air.beacon(air.rsn([1], pmf=1)),
        {"security": "wpa2-enterprise", "akms": [1], "pmf": "capable"},
        {"WPA2/802.1X"},
    ),
    "sae": (
        air.beacon(air.rsn([8], pmf=2)),
        {"security": "wpa3-sae", "akms": [8], "pmf": "required"},
        {"WPA3/SAE"},
    ),
    "transition": (
        air.beacon(air.rsn([2, 8], pmf=1), air.wps()),
        {"security": "wpa3-transition", "akms": [2, 8], "wps": True},
        {"WPA3-transition/SAE-PSK"},
    ),
    "owe": (
        air.beacon(air.rsn([18], pmf=2)),
        {"security": "owe", "akms": [18], "owe_twin": False},
        {"WPA2/OWE"},
    ),
    "owe-twin": (
        air.beacon(air.owe_twin(), private=False),
        {"security": "open", "owe_twin": True},
        {"OPN"},
    ),
}


def networks(*frames: bytes) -> list[Network]:
    return captures.parse(air.pcap(frames)).networks


def one(*frames: bytes) -> Network:
    (found,) = networks(*frames)
    return found


@pytest.mark.parametrize("mode", MODES)
def test_each_mode_is_named_by_all_it_announces(mode: str) -> None:
    frame, expected, _ = MODES[mode]
    found = one(frame)
    assert {name: getattr(found, name) for name in expected} == expected
    assert (found.bssid, found.ssid, found.channel, found.frames) == (
        air.BSSID,
        "Willowbrook",
        6,
        1,
    )
    assert not found.conflicting
    assert found.broken == 0


@pytest.mark.parametrize("mode", MODES)
def test_another_reader_sees_the_same_frames(mode: str) -> None:
    frame, _, crypto = MODES[mode]
    said = Dot11(frame)[Dot11Beacon].network_stats()
    mixed = {"WPA3-transition/PSK", "WPA3-transition/SAE", "WPA3-transition/SAE-PSK"}
    assert said["crypto"] == crypto or (said["crypto"] | crypto) <= mixed
    assert (said["ssid"], said["channel"]) == ("Willowbrook", 6)


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("mode", MODES)
def test_what_a_card_puts_before_a_frame_changes_nothing(link: int, mode: str) -> None:
    frame, expected, _ = MODES[mode]
    for kept in (frame, air.with_checksum(frame), frame + b"\x30\x14\x01\x00"):
        (found,) = captures.parse(air.pcap([air.dressed(link, kept)], link)).networks
        assert {name: getattr(found, name) for name in expected} == expected
        assert found.broken == 0


@pytest.mark.parametrize("order", ["<", ">"])
def test_every_form_of_file_tells_the_same(order: str) -> None:
    frames = [frame for frame, _, _ in MODES.values()]
    heard = captures.parse(air.pcap(frames))
    assert heard.frames == len(MODES)
    for data in (
        air.pcap(frames, order=order),
        air.pcap(frames, order=order, nanoseconds=True),
        air.pcapng(frames, order=order),
        air.pcapng(frames, order=order, simple=True),
        air.packed(air.pcapng(frames, order=order)),
        air.pcapng(frames, order=order) + air.pcapng([], order=order),
    ):
        assert captures.parse(data) == heard


def test_prism_in_the_other_byte_order_and_avs_under_the_number_of_prism_are_read() -> None:
    frame = air.beacon(air.rsn([2]))
    big = struct.pack(">II16s", 0x44, 144, b"wlan0") + bytes(120) + frame
    heard = captures.parse(air.pcap([big, air.dressed(air.AVS, frame)], air.PRISM))
    assert [(n.security, n.frames) for n in heard.networks] == [("wpa2-psk", 2)]


def test_everything_but_beacons_and_answers_is_dropped_unread() -> None:
    frame = air.beacon(air.rsn([2]))
    kinds = [bytes([kind]) + frame[1:] for kind in range(256) if kind not in (0x80, 0x50)]
    encrypted = frame[:1] + b"\x40" + frame[2:]
    heard = captures.parse(air.pcap([*kinds, encrypted]))
    assert (heard.networks, heard.frames, heard.dropped) == ([], 0, 255)


def test_a_frame_that_the_card_calls_broken_is_dropped() -> None:
    frame = air.beacon(air.rsn([2]))
    heard = captures.parse(air.pcap([air.radiotap(frame, flags=0x40)], air.RADIOTAP))
    assert heard.networks == []


def test_the_loudest_frame_and_where_the_card_listened_are_told() -> None:
    frame = air.beacon(air.rsn([2]), channel=0)
    loud = [air.radiotap(frame, signal=signal, frequency=5180) for signal in (-80, -51, -60)]
    (found,) = captures.parse(air.pcap(loud, air.RADIOTAP)).networks
    assert (found.strongest_dbm, found.channel) == (-51, 36)


@pytest.mark.parametrize(
    ("frames", "security", "pmf"),
    [
        pytest.param(
            [air.beacon(air.rsn([8], pmf=2))] * 3 + [air.beacon(private=False)],
            "open",
            "off",
            id="frames",
        ),
        pytest.param(
            [air.beacon(air.rsn([8], pmf=2), air.rsn([2]))], "wpa2-psk", "off", id="elements"
        ),
        pytest.param(
            [air.beacon(air.rsn([2]), air.rsn([8], pmf=2))], "wpa2-psk", "off", id="order"
        ),
        pytest.param(
            [air.beacon(air.rsn([2], pmf=2)), air.beacon(air.rsn([2]))], "wpa2-psk", "off", id="pmf"
        ),
    ],
)
def test_of_a_contradiction_the_weakest_counts_and_it_is_said(
    frames: list[bytes], security: str, pmf: str
) -> None:
    found = one(*frames)
    assert (found.security, found.pmf, found.conflicting) == (security, pmf, True)


def test_a_frame_with_more_elements_than_any_honest_one_is_unknown() -> None:
    found = one(air.beacon(air.rsn([8], pmf=2), air.rsn([8], pmf=2), air.rsn([2])))
    assert (found.security, found.frames, found.broken) == ("unknown", 1, 1)


def test_a_broken_element_is_unknown_and_never_open() -> None:
    whole = air.beacon(air.rsn([2]))
    greedy = whole[:-20] + whole[-20:].replace(
        b"\x01\x00\x00\x0f\xac\x02", b"\x99\x00\x00\x0f\xac\x02"
    )
    assert greedy != whole
    found = one(greedy)
    assert (found.security, found.pmf, found.broken, found.conflicting) == (
        "unknown",
        None,
        1,
        False,
    )
    mended = one(greedy, whole)
    assert (mended.security, mended.broken, mended.conflicting) == ("wpa2-psk", 1, False)


def test_a_beacon_cut_anywhere_is_never_taken_for_weaker() -> None:
    whole = air.beacon(air.rsn([8], pmf=2))
    for length in range(len(whole)):
        head = struct.pack("<IIII", 0, 0, length, len(whole))
        data = air.pcap([]) + head + whole[:length]
        found = captures.parse(data).networks
        assert {one.security for one in found} <= {"unknown", "wpa3-sae"}, length


def test_a_hidden_network_is_one_with_the_name_that_an_answer_gives_away() -> None:
    quiet = [air.beacon(air.rsn([2]), ssid=ssid) for ssid in (b"", bytes(11))]
    assert [(n.ssid, n.hidden, n.frames) for n in networks(*quiet)] == [("", True, 2)]
    named = one(*quiet, air.beacon(air.rsn([2]), asked=True))
    assert (named.ssid, named.hidden, named.frames) == ("Willowbrook", True, 3)
    assert not one(air.beacon(air.rsn([2]), asked=True)).hidden


def profile(index: int, ssid: bytes, *elements: bytes, private: bool = True) -> bytes:
    """One further network of a radio, as element 71 holds it."""
    body = b"\x53\x02" + (b"\x11\x04" if private else b"\x01\x04") + bytes((0, len(ssid))) + ssid
    body += bytes((85, 1, index)) + b"".join(elements)
    return bytes((0, len(body))) + body


def several(*profiles: bytes) -> bytes:
    """A beacon of a radio with up to eight networks, the first protected by SAE."""
    body = b"\x03" + b"".join(profiles)
    frame = air.beacon(air.rsn([8], pmf=2), bssid="02:1a:11:00:00:0f")
    return frame + bytes((71, len(body))) + body


def test_further_networks_of_a_radio_have_an_address_and_a_protection_of_their_own() -> None:
    enterprise = bytes(air.rsn([1]))
    open_to_all = b"\xff\x03\x38\x01\x30"
    found = networks(
        several(
            profile(1, b"Staff", enterprise),
            profile(2, b"Same as the radio's"),
            profile(3, b"Guest", open_to_all, private=False),
        )
    )
    assert [(n.ssid, n.bssid[-2:], n.security, n.frames) for n in found] == [
        ("Guest", "0a", "open", 1),
        ("Same as the radio's", "09", "wpa3-sae", 1),
        ("Staff", "08", "wpa2-enterprise", 1),
        ("Willowbrook", "0f", "wpa3-sae", 1),
    ]


@given(st.binary(max_size=60))
def test_a_list_of_further_networks_may_hold_anything(body: bytes) -> None:
    frame = air.beacon(air.rsn([8], pmf=2)) + bytes((71, len(body) + 1)) + b"\x03" + body
    assert "Willowbrook" in {one.ssid for one in networks(frame)}


def test_a_further_network_whose_protection_is_cut_is_unknown() -> None:
    (staff, _) = networks(several(profile(1, b"Staff", b"\x30\x14\x01\x00")))
    assert (staff.ssid, staff.security) == ("Staff", "unknown")


def test_two_names_of_one_access_point_stay_two() -> None:
    frames = [air.beacon(air.rsn([2]), ssid=ssid) for ssid in (b"a", b"b", b"")]
    assert [(n.ssid, n.hidden) for n in networks(*frames)] == [
        ("", True),
        ("a", False),
        ("b", False),
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("测试".encode("gb2312"), r"\xb2\xe2\xca\xd4"),
        ("测试".encode(), "测试"),
        (b"<b>&amp;</b>", "<b>&amp;</b>"),
        (b"a\0b", r"a\x00b"),
        (b"a\x1b]52;c;", r"a\x1b]52;c;"),
        ("\u202egp.exe".encode(), r"\xe2\x80\xaegp.exe"),
        (b"\\x00", r"\x5cx00"),
        (b"\xff" * 32, r"\xff" * 32),
    ],
)
def test_a_name_is_any_bytes_and_shown_as_harmless_text(name: bytes, shown: str) -> None:
    found = one(air.beacon(air.rsn([2]), ssid=name))
    assert (found.ssid, found.ssid_hex) == (shown, name.hex())


def test_a_name_longer_than_any_is_no_network() -> None:
    assert networks(air.beacon(air.rsn([2]), ssid=b"x" * 33)) == []


def test_invented_names_do_not_fill_the_memory() -> None:
    frame = air.beacon(ssid=b"12345678")
    frames = [frame.replace(b"12345678", b"%08d" % at) for at in range(captures.MOST_NETWORKS + 5)]
    heard = captures.parse(air.pcap(frames))
    assert (len(heard.networks), heard.more_networks) == (captures.MOST_NETWORKS, 5)


@pytest.mark.parametrize(
    "data",
    [b"", b"\xd4\xc3\xb2\xa1", b"MZ" * 40, air.pcap([bytes(60)], 1), air.pcapng([b"x"], 113)],
)
def test_what_holds_no_air_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        captures.parse(data)


def test_a_capture_of_a_cable_and_of_the_air_tells_the_air() -> None:
    cable = air.pcapng([bytes(60)], 1)
    heard = captures.parse(cable + air.pcapng([air.beacon(air.rsn([2]))]))
    assert (len(heard.networks), heard.dropped) == (1, 1)


@given(
    st.sampled_from(LINKS),
    st.sampled_from(sorted(MODES)),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=8),
    st.integers(0, 400),
)
def test_a_damaged_frame_is_read_or_dropped(
    link: int, mode: str, changes: list[tuple[int, int]], length: int
) -> None:
    frame = bytearray(air.dressed(link, MODES[mode][0]))
    for at, byte in changes:
        frame[at % len(frame)] = byte
    heard = captures.parse(air.pcap([bytes(frame[:length])], link))
    assert heard.frames + heard.dropped == 1


REAL = {
    "aircrack-ng/Chinese-SSID-Name.pcap": [(r"\xb2\xe2\xca\xd4", "wep", 6, 1)],
    "aircrack-ng/capture_wds-01.cap": [("test1", "wpa2-psk", 140, 1)],
    "aircrack-ng/test23.pcap": [("WLAN-2", "wpa2-psk", 11, 1)],
    "aircrack-ng/wpa-psk-linksys.cap": [("linksys", "wpa-psk", 1, 101)],
    "aircrack-ng/wpa.cap": [("test", "wpa-psk", 7, 1)],
    "aircrack-ng/wpa2-psk-linksys.cap": [("linksys", "wpa2-psk", 1, 91)],
    "aircrack-ng/wpa2.eapol.cap": [("Harkonen", "wpa2-psk", 1, 1)],
    "aircrack-ng/wpa3-psk.pcap": [("WPA3-Network", "wpa3-sae", 1, 2)],
    "aircrack-ng/zn2i.pcap": [("dlink", "wpa2-psk", 4, 1)],
    "aircrack-ng/80211ad_beacon.pcap": [],
    "scapy/bad_rsn_parsing_overrides_ssid.pcap": [("ROUTE-821E295", "wpa2-psk", 1, 1)],
}


@pytest.mark.parametrize("name", REAL)
def test_real_captures_are_what_their_names_say(name: str) -> None:
    heard = captures.parse(corpus.need(f"dot11/{name}").read_bytes())
    found = [(n.ssid, n.security, n.channel, n.frames) for n in heard.networks]
    assert found == REAL[name]


@pytest.mark.parametrize("name", [*corpus.names("dot11/aircrack-ng"), *corpus.names("tcpdump")])
def test_no_capture_breaks_the_reader(name: str) -> None:
    folder = "dot11/aircrack-ng" if name in corpus.names("dot11/aircrack-ng") else "tcpdump"
    data = corpus.need(f"{folder}/{name}").read_bytes()
    for part in (data, data[: len(data) // 2], data[:-1]):
        try:
            captures.parse(part)
        except ParseError:
            continue
