"""Parsers of browsers' files and of mounts: hostile bytes, later lines, escapes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats import browser_json, firefox_prefs, mounts
from checks.formats.errors import ParseError

PARSERS: list[Callable[[bytes], object]] = [
    browser_json.parse,
    firefox_prefs.parse,
    mounts.parse,
]


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__module__)
@given(data=st.binary() | st.text().map(str.encode))
def test_no_bytes_break_a_parser(parse: Callable[[bytes], object], data: bytes) -> None:
    try:
        parse(data)
    except ParseError:
        pass  # the one way a parser may refuse


def test_firefoxs_later_preference_wins_and_comments_are_none() -> None:
    prefs = firefox_prefs.parse(
        b'// Mozilla User Preferences\nuser_pref("network.trr.mode", 2);\n'
        b'user_pref("network.trr.mode", 5);\n// user_pref("network.proxy.type", 1);\n'
        b'user_pref("browser.startup.homepage", "https://example.org/\\"x");\n'
        b'user_pref("app.shield.optoutstudies.enabled", false);\n'
    )
    assert prefs["network.trr.mode"] == 5
    assert "network.proxy.type" not in prefs
    assert prefs["app.shield.optoutstudies.enabled"] is False


def test_each_browser_file_fills_its_own_fields() -> None:
    local = browser_json.parse(json.dumps({"dns_over_https": {"mode": "secure"}}).encode())
    assert (local.local_mode, local.managed_mode) == ("secure", None)
    managed = browser_json.parse(b'{"DnsOverHttpsMode":"off"}')
    assert managed.managed_mode == "off"
    firefox = browser_json.parse(b'{"policies":{"DNSOverHTTPS":{"Enabled":false,"Locked":true}}}')
    assert (firefox.firefox_enabled, firefox.firefox_locked) == (False, True)


def test_a_deeply_nested_file_is_refused_not_followed() -> None:
    with pytest.raises(ParseError):
        browser_json.parse(b'{"dns_over_https":' * 50_000 + b"1" + b"}" * 50_000)


def test_this_machines_mounts_hold_its_folders() -> None:
    table = mounts.parse(Path("/proc/self/mounts").read_bytes())
    root = mounts.holding(table, "/")
    assert root is not None
    assert root.place == "/"
    holding = mounts.holding(table, "/proc/self")
    assert holding is not None
    assert holding.kind == "proc"


def test_the_longest_and_latest_mount_holds_a_path() -> None:
    table = mounts.parse(
        b"/dev/sda1 / ext4 rw 0 0\n/dev/sda2 /home ext4 rw,noexec 0 0\n"
        b"tmpfs /home tmpfs rw 0 0\n/dev/sdb1 /media/my\\040stick vfat rw 0 0\n"
    )
    held = mounts.holding(table, "/home/maya")
    assert held is not None
    assert (held.kind, held.options) == ("tmpfs", ["rw"])
    other = mounts.holding(table, "/homely")
    assert other is not None
    assert other.place == "/"
    assert table[-1].place == "/media/my stick"
