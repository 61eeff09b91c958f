"""What the antivirus of a Mac prints and writes, as it does, cut short, and as nonsense."""

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats import eset_state, system_extensions, xprotect
from checks.formats.errors import ParseError
from checks.formats.system_extensions import Extension

XPROTECT_ON = b"XProtect launch scans: enabled\nXProtect background scans: disabled\n"


def test_xprotect_tells_its_two_scans_apart() -> None:
    assert xprotect.parse_status(XPROTECT_ON) == xprotect.Status(launch=True, background=False)
    one = xprotect.parse_status(XPROTECT_ON.splitlines()[1])
    assert one == xprotect.Status(launch=None, background=False)


def test_xprotect_tells_its_rules_and_when_they_came() -> None:
    found = xprotect.parse_version(b"Version: 5346 Installed: 2026-05-28 08:53:39 +0000\n")
    assert found == xprotect.Rules("5346", 1_779_958_419)
    later = xprotect.parse_version(b"Version: 5346 Installed: 2026-05-28 10:53:39 +0200\n")
    assert later == found
    assert xprotect.parse_version(b"Version: 5346\n").installed_at is None


@pytest.mark.parametrize(
    "text",
    [b"", b"xprotect: unknown", b"Version: ", b"Version: 1 Installed: 2026-13-28 08:53:39 +0000"],
)
def test_what_xprotect_does_not_say_is_refused(text: bytes) -> None:
    with pytest.raises(ParseError):
        xprotect.parse_version(text)
    with pytest.raises(ParseError):
        xprotect.parse_status(text)


EXTENSIONS = (
    b"3 extension(s)\n"
    b"--- com.apple.system_extension.network_extension\n"
    b"enabled\tactive\tteamID\tbundleID (version)\tname\t[state]\n"
    b"*\t*\tTEAM1\torg.example.net (6.5 nightly (7300)/7300)\tNet\t[activated enabled]\n"
    b"--- com.apple.system_extension.endpoint_security (Go to 'System Settings' to modify)\n"
    b"enabled\tactive\tteamID\tbundleID (version)\tname\t[state]\n"
    b"\t*\tTEAM2\torg.example.scan (1.0/1)\tScan\t[activated waiting for user]\n"
    b"\t\tTEAM2\torg.example.scan (0.9/1)\tScan\t[terminated waiting to uninstall on reboot]\n"
)


def test_system_extensions_work_where_both_stars_stand() -> None:
    assert system_extensions.parse(EXTENSIONS) == [
        Extension("network_extension", "TEAM1", "org.example.net", works=True),
        Extension("endpoint_security", "TEAM2", "org.example.scan", works=False),
        Extension("endpoint_security", "TEAM2", "org.example.scan", works=False),
    ]
    assert system_extensions.parse(b"0 extension(s)\n") == []


@pytest.mark.parametrize("text", [b"", b"usage: systemextensionsctl", b"\xff\x00"])
def test_another_answer_is_no_list_of_extensions(text: bytes) -> None:
    with pytest.raises(ParseError):
        system_extensions.parse(text)


def test_eset_says_whether_files_are_scanned_as_they_are_opened() -> None:
    text = b'{"State":{"ProtectionStatus":{"RTFSEnabled":{"Active":{"ce_val":%d}}}}}'
    assert eset_state.parse(text % 1).realtime is True
    assert eset_state.parse(text % 0).realtime is False
    assert eset_state.parse(b'{"State":{"ProtectionStatus":[]}}').realtime is None


@pytest.mark.parametrize("value", [b"2", b'"on"', b"[]", b"0.0", b"{}"])
def test_what_eset_may_not_mean_is_refused(value: bytes) -> None:
    whole = b'{"State":{"ProtectionStatus":{"RTFSEnabled":{"Active":{"ce_val":%s}}}}}' % value
    with pytest.raises(ParseError):
        eset_state.parse(whole)


@given(st.binary(max_size=300))
@pytest.mark.parametrize(
    "parse",
    [xprotect.parse_status, xprotect.parse_version, system_extensions.parse, eset_state.parse],
    ids=["status", "version", "extensions", "eset"],
)
def test_nonsense_gives_a_value_or_a_refusal(parse: Callable[[bytes], object], data: bytes) -> None:
    with contextlib.suppress(ParseError):
        parse(data)
