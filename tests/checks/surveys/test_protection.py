"""One access point is graded as the catalogue of checks grades networks."""

from typing import Any

import pytest

from checks.policy import Role
from checks.surveys.air import Bss
from checks.surveys.protection import announced, weaknesses
from checks.unseen import Unseen
from checks.wireless.security import WifiSecurity

BLIND = Unseen("unsupported")


def bss(security: WifiSecurity, **change: Any) -> Bss:
    fields: dict[str, Any] = {
        "bssid": "02:00:00:00:00:01",
        "ssid": "Willowbrook",
        "likeness": "same",
        "security": security,
        "akms": [1],
        "pairwise": [4],
        "group": 4,
        "pmf": "required",
        "wps": False,
        "hidden": False,
        "channel": 6,
        "wpa1": False,
        "owe_twin": False,
    }
    return Bss(**{**fields, **change})


def said(found: Bss, role: Role | None = None) -> list[tuple[str, str]]:
    return [(one.code, one.grade) for one in weaknesses(announced(found), role)]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (bss("wpa3-enterprise"), []),
        (bss("wpa2-enterprise"), []),
        (bss("wpa2-psk", akms=[2]), []),
        (bss("wpa3-sae", akms=[8]), []),
        (bss("owe", akms=[18]), []),
        (bss("open", akms=[], pairwise=[], pmf="off"), [("open", "critical")]),
        (bss("open", akms=[], pmf="off", owe_twin=True), [("owe-transition", "fail")]),
        (bss("wep", akms=[], pairwise=[], pmf="off"), [("wep", "critical")]),
        (bss("wpa2-psk", pairwise=[4, 5]), [("wep", "critical")]),
        (
            bss("wpa-psk", akms=[2], pairwise=[2], pmf="off", wpa1=True),
            [("tkip", "fail"), ("wpa1", "fail"), ("pmf-off", "note")],
        ),
        (bss("wpa2-psk", pairwise=[2, 4]), [("tkip", "fail")]),
        (bss("wpa2-enterprise", wpa1=True), [("wpa1", "fail")]),
        (bss("unknown", wpa1=True), [("wpa1", "fail")]),
        (bss("unknown", pmf=BLIND), [("unknown", "unknown")]),
        (bss("wpa2-psk", wps=True), [("wps", "fail")]),
        (bss("wpa3-transition", pmf="capable"), [("wpa3-transition", "note")]),
        (bss("wpa2-psk", pmf="off"), [("pmf-off", "note")]),
        (bss("wpa2-psk", pmf=BLIND, wps=BLIND, wpa1=BLIND, akms=BLIND), []),
        (bss("wpa2-psk", pairwise=BLIND), [("ciphers-unseen", "unknown")]),
        (bss("wpa2-enterprise", pairwise=BLIND, wpa1=True), [("wpa1", "fail")]),
        (bss("wpa3-sae", pairwise=BLIND), []),
        (bss("open", wpa1=BLIND, owe_twin=BLIND), [("open", "critical")]),
    ],
)
def test_each_weakness_is_named_worst_first(found: Bss, expected: list[tuple[str, str]]) -> None:
    assert said(found) == expected


@pytest.mark.parametrize(
    ("role", "grade"), [("staff", "fail"), ("pupil", "warn"), ("things", "warn")]
)
def test_one_password_for_all_is_weak_where_each_should_sign_in(role: Role, grade: str) -> None:
    for found in (
        bss("wpa2-psk", akms=BLIND),
        bss("wpa3-sae", akms=[8]),
        bss("wpa3-sae", akms=[24]),
    ):
        assert said(found, role) == [("psk", grade)]
    assert said(bss("wpa2-enterprise", akms=[1, 2]), role) == [("psk", grade)]
    assert said(bss("wpa2-enterprise", akms=[1, 3, 5]), role) == []


def test_guests_have_no_accounts_and_nobody_judges_a_network_without_a_role() -> None:
    assert said(bss("wpa2-psk", akms=[2]), "guest") == []
    assert said(bss("wpa2-psk", akms=[2]), None) == []
