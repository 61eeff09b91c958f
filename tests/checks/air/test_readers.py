"""What a computer hears of the school's networks, from recorded lists; its neighbours stay here."""

from pathlib import Path

import pytest

from agent.collect.places import withheld
from checks.air import linux, windows
from checks.facts import encode_section
from checks.formats import netsh_networks
from checks.surveys.air import AirFacts, Bss
from checks.surveys.protection import announced, weaknesses
from checks.unseen import NotHere, Unseen
from tests.checks import corpus
from tests.checks.test_recordings import sections_of

RECORDINGS = Path(__file__).parents[1] / "recordings" / "air"


def heard(name: str) -> AirFacts:
    found = sections_of(RECORDINGS / f"{name}.json")[AirFacts]
    assert isinstance(found, AirFacts)
    return found


def told(name: str) -> list[Bss]:
    found = heard(name).heard
    assert not isinstance(found, Unseen)
    return found


def said(name: str) -> set[tuple[str, str, str]]:
    return {(one.ssid, one.likeness, one.security) for one in told(name)}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "linux-iw-and-networkmanager-good",
            {
                ("Willowbrook", "same", "wpa2-enterprise"),
                ("Willowbrook-Staff", "same", "wpa2-enterprise"),
            },
        ),
        ("linux-networkmanager-only-good", {("Willowbrook", "same", "wpa3-sae")}),
        ("linux-busy-card-good", {("Willowbrook", "same", "wpa3-sae")}),
        (
            "linux-tkip-and-lookalike-bad",
            {
                ("Willowbrook", "same", "wpa2-psk"),
                ("Willowbrook-Staff", "same", "wep"),
                ("Willowbrook-Guest1", "near", "open"),
                ("willowbrook", "near", "open"),
                ("W1LLOWBROOK", "near", "wpa2-psk"),
            },
        ),
        ("windows-english-good", {("Willowbrook", "same", "wpa2-enterprise")}),
        (
            "windows-german-open-bad",
            {
                ("Willowbrook", "same", "open"),
                ("Willowbrook-Staff", "same", "wpa-psk"),
                ("Willowbr00k", "near", "wpa2-psk"),
            },
        ),
        (
            "windows-french-wep-bad",
            {("Willowbrook", "same", "wep"), ("Willowbrook-Staff", "same", "wpa2-enterprise")},
        ),
        (
            "macos-good",
            {
                ("Willowbrook", "same", "wpa2-enterprise"),
                ("Willowbrook", "same", "wpa3-transition"),
            },
        ),
        (
            "macos-open-and-mixed-bad",
            {
                ("Willowbrook", "same", "open"),
                ("Willowbrook-Staff", "same", "wpa2-psk"),
                ("Willow-Brook", "near", "open"),
            },
        ),
    ],
)
def test_the_schools_networks_are_told_and_nobody_elses(
    name: str, expected: set[tuple[str, str, str]]
) -> None:
    assert said(name) == expected
    body = encode_section(heard(name)).decode()
    for stranger in (
        "Smiths",
        "iPhone",
        "BTHub",
        "AndroidAP",
        "02:1a:11:00:00:5",
        "02:1a:11:00:00:2",
    ):
        assert stranger not in body


def weak(name: str) -> set[str]:
    return {one.code for bss in told(name) for one in weaknesses(announced(bss))}


def test_what_is_wrong_with_an_access_point_can_be_told_from_what_is_heard() -> None:
    assert weak("linux-iw-and-networkmanager-good") == set()
    assert weak("windows-english-good") == {"ciphers-unseen"}
    assert weak("linux-tkip-and-lookalike-bad") >= {"tkip", "wpa1", "wps", "wep", "open"}
    assert "owe-transition" in weak("linux-tkip-and-lookalike-bad")
    assert weak("windows-german-open-bad") >= {"open", "wpa1", "tkip"}
    assert weak("macos-open-and-mixed-bad") == {"open", "wpa1", "owe-transition"}


def test_iw_tells_more_of_an_access_point_than_networkmanager_and_goes_first() -> None:
    by_address = {one.bssid: one for one in told("linux-iw-and-networkmanager-good")}
    assert by_address["02:1a:11:00:00:11"].pmf == "capable"
    assert by_address["02:1a:11:00:00:13"].pmf == Unseen("unsupported")
    assert by_address["02:1a:11:00:00:13"].channel == 36


@pytest.mark.parametrize("platform", ["linux-no-radio", "windows-desktop", "macos-no-card"])
def test_a_computer_without_a_card_has_no_air(platform: str) -> None:
    found = sections_of(RECORDINGS / f"{platform}-good.json")[AirFacts]
    assert found == NotHere("it has no wireless card")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("linux-no-tools-blind", "tool-missing"),
        ("windows-location-refused-blind", "denied"),
        ("macos-names-redacted-bad", "denied"),
        ("macos-no-answer-blind", "timeout"),
    ],
)
def test_nobody_who_could_not_look_has_heard_nothing(name: str, reason: str) -> None:
    found = sections_of(RECORDINGS / f"{name}.json")[AirFacts]
    assert isinstance(found, Unseen)
    assert found.unseen == reason


def test_a_school_that_named_no_network_has_nobody_listen() -> None:
    assert heard("linux-nothing-named-good").heard == Unseen("deferred")


def test_neighbours_are_not_even_counted_where_nobody_said_where_the_school_is() -> None:
    assert (heard("windows-english-good").others, heard("windows-english-good").hotspots) == (
        None,
        None,
    )


def test_away_from_school_nothing_of_the_air_is_told() -> None:
    found = withheld({AirFacts: heard("windows-english-good")})[AirFacts]
    assert found == AirFacts(via="netsh", heard=Unseen("withheld"))


@pytest.mark.parametrize("language", ["de", "en", "es", "fr"])
def test_a_list_in_any_language_tells_each_access_point(language: str) -> None:
    data = corpus.need(f"wifi-heatmapper/win-netsh-networks-{language}.txt").read_bytes()
    networks = netsh_networks.parse(data)
    points = [point for one in networks for point in windows._points(one)]
    assert points
    assert all(point.security != "unknown" for point in points)
    assert all(point.bssid.count(":") == 5 and point.dbm is not None for point in points)


@pytest.mark.parametrize(
    ("share", "dbm"), [("0", -100), ("100", -40), ("75", -55), ("76", -55), ("78", -54)]
)
def test_networkmanagers_share_is_loudness(share: str, dbm: int) -> None:
    assert linux._dbm(share) == dbm
    assert linux._dbm("x") is None


@pytest.mark.parametrize(
    "row",
    [
        "not-hex:1:1:WPA2::x:zz",
        "a:b",
        "02\\:00\\:00\\:00\\:00\\:01:1:50:WPA2:(none):pair_ccmp group_ccmp psk:5769",
    ],
)
def test_a_row_of_another_form_is_left_out(row: str) -> None:
    fields = row.replace("\\:", ".").split(":")
    found = linux._of_row(*fields) if len(fields) == len(linux.FIELDS) else None
    assert (found is not None) == row.endswith("5769")
