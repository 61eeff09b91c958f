"""Names that a person would take for the school's are told, and a neighbour's never."""

import pytest

from checks.surveys.likeness import Likeness, is_hotspot, likeness

OURS = ["Willowbrook", "Willowbrook-Staff", "Hill-Staff", "Guest", "TALKTALK12AB34", "Class1"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Willowbrook", "same"),
        ("Guest", "same"),
        ("willowbrook", "near"),
        ("Willow Brook", "near"),
        ("WILLOWBROOK_5G", "near"),
        ("Willowbrook-2.4GHz", "near"),
        ("Willowbrook_EXT", "near"),
        ("Willowbrook-Guest1", "near"),
        ("Free Willowbrook Wi-Fi", "near"),
        ("Willowbrook Primary School", "near"),
        ("Wi11owbr00k", "near"),
        ("WilIowbrook", "near"),
        ("VVillowbrook", "near"),
        ("W\u0456llowbr\u043eok", "near"),
        ("Willowbroók", "near"),
        ("\uff37illowbrook", "near"),
        ("Willowbrok", "near"),
        ("Willobwrook", "near"),
        ("Wllowbrook", "near"),
        ("Willowbrookk", "near"),
        ("Villowbrook", "near"),
        (r"Willowbrook\x00", "near"),
        (r"Willow\xe2\x80\x8bbrook", "near"),
        ("Hill-Guest", "near"),
        ("HilI-Staff", "near"),
        ("Hill-Staff-5G", "near"),
        ("GUEST", "near"),
        ("Class2", "near"),
    ],
)
def test_what_a_person_would_take_for_it_is_like_it(name: str, found: Likeness) -> None:
    assert likeness(name, OURS) == found


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Willow",
        "Brook",
        "Brookside",
        "Willowbank",
        "Willows Cafe",
        "The Willowbrook Arms",
        "Willowbrook Dental",
        "Weeping Willow",
        "Hill",
        "Hill WiFi",
        "Hill House",
        "Hills",
        "Mill-Staff",
        "Guest WiFi",
        "Guests",
        "Staff",
        "WiFi",
        "School",
        "TALKTALK98CD76",
        "TALKTALK12AB35",
        "TALKTALK",
        "Room1",
        "BT-ABC123",
        r"\xb2\xe2\xca\xd4",
        "!!!",
    ],
)
def test_a_false_friend_is_a_neighbour(name: str) -> None:
    assert likeness(name, OURS) is None


def test_nothing_is_like_a_school_that_has_not_said() -> None:
    assert likeness("Willowbrook", []) is None
    assert likeness("Willowbrook", [""]) is None


@pytest.mark.parametrize(
    "name",
    [
        "iPhone",
        "Maya's iPhone",
        "Maya’s iPhone (2)",
        "AndroidAP_4471",
        "Galaxy A52s 5G 11B2",
        "Pixel 8",
        "Redmi Note 9",
        "HUAWEI P30",
        "HUAWEI-E5330-9C1",
        "moto g54",
        "OnePlus Nord",
    ],
)
def test_a_telephone_sharing_its_network_is_known_by_its_name(name: str) -> None:
    assert is_hotspot(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "BTHub6-ABCD",
        "SKY12345",
        "Samsung TV",
        "DIRECT-a1-HP OfficeJet",
        "Philip's Home",
        "Willowbrook",
        "Pixels",
        "Vivo Cafe Wifi",
        "HONOURS",
        "Galaxy Cafe",
        "Mottram",
        r"\xff\xfe",
    ],
)
def test_anything_else_is_none(name: str) -> None:
    assert not is_hotspot(name)
