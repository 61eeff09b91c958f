"""Only the school's names and what looks like them leave a computer; the rest is a number."""

import msgspec

from checks.facts import UNSUPPORTED, decode_section, encode_section, parted
from checks.surveys import captures
from checks.surveys.air import MOST_HEARD, AirFacts, Bss
from checks.surveys.hearing import Point, facts
from checks.unseen import Unseen
from tests.checks.surveys import air

OURS = ["Willowbrook", "Willowbrook-Guest"]


def point(ssid: str, number: int = 1, dbm: int | None = None) -> Point:
    return Point(f"02:00:00:00:00:{number:02x}", ssid, "wpa2-psk", dbm=dbm)


def test_neighbours_are_a_number_and_their_names_stay_here() -> None:
    strangers = ["The Smiths", "BTHub6-X", "Maya’s iPhone", "Maya’s iPhone", ""]
    points = [point(name, at, -40) for at, name in enumerate(strangers)]
    found = facts("iw", [*points, point("Willowbrook", 9)], OURS)
    assert (found.others, found.hotspots) == (4, 1)
    assert not isinstance(found.heard, Unseen)
    assert [bss.ssid for bss in found.heard] == ["Willowbrook"]
    body = encode_section(found).decode()
    assert not any(name in body for name in ("Smiths", "BTHub", "iPhone", "02:00:00:00:00:00"))


def test_a_telephone_counts_where_it_is_loud() -> None:
    for dbm, count in ((-54, 1), (-55, 0), (-90, 0), (None, 0)):
        assert facts("iw", [point("iPhone", dbm=dbm)], OURS).hotspots == count


def test_a_school_that_has_not_said_hears_nothing_told() -> None:
    found = facts("iw", [point("Willowbrook")], [])
    assert found == AirFacts(via="iw", heard=Unseen("deferred"))
    assert parted(encode_section(found), AirFacts)[0] == AirFacts.resting


def test_a_name_of_the_school_is_told_however_loud_and_a_likeness_with_that() -> None:
    def strong(name: str, dbm: int | None) -> object:
        heard = facts("iw", [point(name, dbm=dbm)], OURS).heard
        assert not isinstance(heard, Unseen)
        return heard[0].strong

    assert strong("Willowbrook", -30) is None
    assert (strong("willowbrook", -54), strong("willowbrook", -55)) == (True, False)
    assert strong("willowbrook", None) == UNSUPPORTED


def test_an_unchanged_night_is_a_few_bytes_however_loud_things_are_and_in_whatever_order() -> None:
    points = [point("Willowbrook", at, -40 - at) for at in range(40)]
    tonight = encode_section(facts("netsh", [*points, point("x")], OURS))
    moved = [msgspec.structs.replace(one, dbm=-90) for one in reversed(points)]
    again = encode_section(facts("netsh", [point("y"), *moved], OURS))
    assert again == tonight
    drifts, seldom = parted(tonight, AirFacts)
    assert drifts == b'{"hotspots":0,"others":1}'
    assert len(seldom) > 1_000


def test_one_access_point_told_twice_is_one_and_those_without_an_address_are_told_apart() -> None:
    twice = facts("iw", [point("Willowbrook"), point("Willowbrook")], OURS)
    blank = Point("", "Willowbrook", "open")
    nameless = facts("airport", [blank, blank, Point("", "Willowbrook", "wpa2-psk")], OURS)
    assert [len(f.heard) for f in (twice, nameless) if not isinstance(f.heard, Unseen)] == [1, 2]


def test_more_than_a_school_can_have_is_too_large_and_never_cut() -> None:
    for count, cut in ((MOST_HEARD, False), (MOST_HEARD + 1, True)):
        bssids = [
            Point(f"02:00:00:00:{at >> 8:02x}:{at & 255:02x}", OURS[0], "open")
            for at in range(count)
        ]
        found = facts("iw", bssids, OURS)
        assert isinstance(found.heard, Unseen) == cut


def test_a_capture_tells_the_same_and_of_broken_frames_only_the_name() -> None:
    whole = air.beacon(air.rsn([2]), air.wps())
    heard = captures.parse(air.pcap([whole, air.beacon(ssid=b"The Smiths")]))
    found = captures.facts(heard, OURS)
    assert not isinstance(found.heard, Unseen)
    (bss,) = found.heard
    assert (bss.security, bss.akms, bss.pmf, bss.wps, found.others) == (
        "wpa2-psk",
        [2],
        "off",
        True,
        1,
    )
    broken = captures.parse(air.pcap([whole[:70]]))
    (blind,) = known(captures.facts(broken, OURS))
    assert (blind.security, blind.ssid) == ("unknown", "Willowbrook")
    assert all(isinstance(one, Unseen) for one in (blind.akms, blind.pmf, blind.wps, blind.wpa1))


def test_a_flooded_capture_tells_nothing_of_absence() -> None:
    heard = captures.parse(air.pcap([air.beacon(air.rsn([2]))]))
    flooded = msgspec.structs.replace(heard, more_networks=1)
    assert captures.facts(flooded, OURS).heard == Unseen("too-large")


def test_what_is_told_is_read_back_the_same() -> None:
    heard = captures.parse(air.pcap([air.beacon(air.rsn([2]))]))
    for found in (captures.facts(heard, OURS), facts("netsh", [point("Willowbrook")], OURS)):
        assert decode_section(encode_section(found), 1, AirFacts) == found


def known(found: AirFacts) -> list[Bss]:
    assert not isinstance(found.heard, Unseen)
    return list(found.heard)
