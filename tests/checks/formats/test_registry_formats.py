"""Exports of the Windows registry: every entry, every type, and no password."""

import pytest

from checks.formats import reg
from checks.formats.errors import ParseError
from checks.formats.registry_values import Value
from tests.checks import corpus

FOLDER = "glpi-agent/win32/registry"
HEAD = "Windows Registry Editor Version 5.00\r\n\r\n"
KEY = "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Test]\r\n"


def one(entry: str) -> Value:
    """The only value of an export."""
    export = reg.parse((HEAD + KEY + entry + "\r\n").encode("utf-16"))
    assert export.skipped == 0
    [value] = export.keys[0].values.values()
    return value


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ('"a"="x"', Value("sz", "x")),
        ('"a"=""', Value("sz", "")),
        ('@="x"', Value("sz", "x")),
        ('"a"="C:\\\\dir\\\\\\"q\\""', Value("sz", 'C:\\dir\\"q"')),
        ('"a"="two\r\nlines"', Value("sz", "two\nlines")),
        ('"a"="x" ; said somebody', Value("sz", "x")),
        ('"a"=dword:000001f4', Value("dword", 500)),
        ('"a"=dword:ffffffff', Value("dword", 0xFFFFFFFF)),
        ('"a"=hex(4):01,00,00,00', Value("dword", 1)),
        ('"a"=hex(5):00,00,00,01', Value("dword", 1)),
        ('"a"=hex(4):01,00', Value("binary", "0100")),
        ('"a"=hex(b):00,00,00,00,01,00,00,00', Value("qword", 1 << 32)),
        ('"a"=hex:de,ad,\\\r\n  be,ef', Value("binary", "deadbeef")),
        ('"a"=hex:', Value("binary", "")),
        ('"a"=hex(0):', Value("none", "")),
        ('"a"=hex(0):01', Value("binary", "01")),
        ('"a"=hex(2):25,00,78,00,25,00,00,00', Value("expand_sz", "%x%")),
        ('"a"=hex(1):e9,00,00,00,41,00', Value("sz", "é")),
        ('"a"=hex(1):e9,00,41', Value("sz", "é")),
        ('"a"=hex(7):61,00,00,00,62,00,00,00,00,00', Value("multi_sz", ["a", "b"])),
        ('"a"=hex(7):00,00', Value("multi_sz", [])),
        ('"a"=hex(9):ff', Value("binary", "ff")),
        ('"a"=hex(ffff0011):01', Value("binary", "01")),
    ],
)
def test_each_type_is_read(entry: str, value: Value) -> None:
    assert one(entry) == value


def test_names_may_hold_anything_and_the_default_has_none() -> None:
    text = HEAD + KEY + '"a=\\"]["="1"\r\n@=dword:00000002\r\n"Ω"=""\r\n'
    assert set(reg.parse(text.encode("utf-16")).keys[0].values) == {'a="][', "", "Ω"}


def test_a_key_that_stands_twice_is_one() -> None:
    text = HEAD + KEY + '"a"="1"\r\n' + KEY.upper() + '"b"="2"\r\n'
    [key] = reg.parse(text.encode("utf-16")).keys
    assert (key.path, set(key.values)) == ("HKEY_LOCAL_MACHINE\\SOFTWARE\\Test", {"a", "b"})


@pytest.mark.parametrize(
    "data",
    [
        (HEAD + KEY + '"a"="é"\r\n').encode("utf-16"),
        b"\xff\xfe" + (HEAD + KEY + '"a"="é"\r\n').encode("utf-16"),
        (HEAD + KEY + '"a"="é"\r\n').encode("utf-16-le"),
        (HEAD + KEY + '"a"="é"\r\n').encode("utf-8-sig"),
        (HEAD + KEY + '"a"="é"\n').encode(),
        (HEAD + KEY + '"a"="é"\r\n').replace("\r\n", "\r\r\n").encode("utf-16"),
        ("REGEDIT4\r\n" + KEY + '"a"="é"\r\n').encode("cp1252"),
    ],
)
def test_every_encoding_gives_the_same(data: bytes) -> None:
    assert reg.parse(data).keys[0].values == {"a": Value("sz", "é")}


def test_an_old_export_holds_text_as_bytes_of_a_code_page() -> None:
    text = "REGEDIT4\r\n" + KEY + '"a"=hex(2):25,41,25,00\r\n"b"=hex(7):41,00,42,00,00\r\n'
    values = reg.parse(text.encode()).keys[0].values
    assert values == {"a": Value("expand_sz", "%A%"), "b": Value("multi_sz", ["A", "B"])}


def test_what_takes_away_is_counted_and_what_is_broken_too() -> None:
    text = HEAD + "[-HKEY_LOCAL_MACHINE\\A]\r\n" + KEY + '"a"=-\r\n"b"=dword:xyz\r\n"c"="1"\r\n'
    export = reg.parse(text.encode("utf-16"))
    assert (export.removes, export.skipped, len(export.keys)) == (2, 1, 1)
    assert export.keys[0].values == {"c": Value("sz", "1")}


@pytest.mark.parametrize("entry", ['"b"="half', '"b"=hex:01,02,\\', '"b"=hex:01,', '"b', '"b"=dw'])
def test_a_file_cut_off_keeps_what_was_whole(entry: str) -> None:
    export = reg.parse((HEAD + KEY + '"a"="1"\r\n' + entry).encode("utf-16"))
    assert export.keys[0].values == {"a": Value("sz", "1")}
    assert export.skipped == 1


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[HKEY_LOCAL_MACHINE]", b"\x00" * 40])
def test_another_file_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        reg.parse(data)


def test_too_many_entries_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reg, "MOST", 10)
    with pytest.raises(ParseError, match="too many"):
        reg.parse((HEAD + KEY * 11).encode("utf-16"))


@pytest.mark.parametrize(
    "entry",
    [
        '"DefaultPassword"="Canary1"',
        '"Proxy Password"="Canary1"',
        '"PasswordEncrypted"="Canary1"',
        '"Password"=hex(1):43,00,61,00,6e,00,61,00,72,00,79,00,31,00,00,00',
        '"wifi-psk"="Canary1"',
        '"Password"=hex:43,61,6e,61,72,79,31',
        '"Share"="https://me:Canary1@nas.example/x"',
        '"Note"="key 111111-222222-333333-444444-555555-666666-777777-888888"',
    ],
)
def test_no_password_comes_out(entry: str) -> None:
    said = str(one(entry).data)
    assert "removed" in said
    assert "Canary1" not in said
    assert "888888" not in said
    assert b"Canary1".hex() not in said


@pytest.mark.parametrize(
    ("entry", "data"),
    [
        ('"MinimumPasswordLength"=dword:00000008', 8),
        ('"PasswordExpiryWarning"=dword:0000000e', 14),
        ('"DisablePasswordChange"="1"', "1"),
        ('"ScreenSaverUsePassword"="1"', "1"),
        ('"DefaultPassword"=""', ""),
    ],
)
def test_settings_about_passwords_stay(entry: str, data: object) -> None:
    assert one(entry).data == data


@pytest.mark.parametrize("name", corpus.names(FOLDER))
def test_every_entry_of_a_real_export_is_read(name: str) -> None:
    data = corpus.need(f"{FOLDER}/{name}").read_bytes()
    text = data.decode("utf-16" if data.startswith(b"\xff\xfe") else "utf-16-le")
    export = reg.parse(data)
    entries: dict[str, set[str]] = {}
    for line in text.split("\r\n"):
        if line.startswith("[HKEY_"):  # one file has a key twice
            here = entries.setdefault(line.lower(), set())
        elif line.startswith(("@=", '"')):
            here.add(line.partition("=")[0])
    assert (export.skipped, export.removes) == (0, 0)
    assert [len(key.values) for key in export.keys] == [len(one) for one in entries.values()]


def values(name: str, key: str) -> dict[str, Value]:
    """The values of one key of a real export, by the end of its path."""
    export = reg.parse(corpus.need(f"{FOLDER}/{name}").read_bytes())
    return next(one.values for one in export.keys if one.path.endswith(key))


@pytest.mark.parametrize(
    ("name", "key", "value", "data"),
    [
        ("2003-CentralProcessor.reg", "\\0", "VendorIdentifier", "GenuineIntel"),
        ("2003-CentralProcessor.reg", "\\0", "~MHz", 3065),
        ("2003SP2-CentralProcessor.reg", "\\1", "Identifier", "x86 Family 6 Model 23 Stepping 6"),
        ("10-StandAlone-LogonUI.reg", "LogonUI", "LastLoggedOnUser", ".\\teclib"),
        ("10-StandardProfile.reg", "StandardProfile", "EnableFirewall", 1),
        ("7_firewall-PublicProfile.reg", "PublicProfile", "EnableFirewall", 0),
        (
            "10-StandardProfile.reg",
            "Logging",
            "LogFilePath",
            "%systemroot%\\system32\\LogFiles\\Firewall\\pfirewall.log",
        ),
        (
            "office_2010_2.reg",
            "{90140000-003D-0000-0000-0000000FF1CE}",
            "ProductID",
            "82503-OEM-1170032-70636",
        ),
    ],
)
def test_real_values_mean_what_others_made_of_them(
    name: str, key: str, value: str, data: object
) -> None:
    assert values(name, key)[value].data == data
