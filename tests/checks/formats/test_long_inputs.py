"""Long texts that once, or nearly, took time that grew with their square: each ends here or never.

Nothing is timed: a parser that goes over such a text again for each of its bytes does not come back
within the patience of any test run.
"""

import tracemalloc

import pytest

from checks.formats import table
from checks.formats.errors import ParseError

LENGTH = 50_000
FORMATS = [
    *("airport", "dmidecode", "dpkg-l", "edid", "firewalld", "flatpak-list", "iw-link", "iw-scan"),
    *("mdatp-health", "nmcli-wifi", "plist", "rpm-qa", "sentinelctl", "smartctl", "snap-list"),
    *("system-profiler-json", "system-profiler-text", "ufw-status", "auditpol", "dsregcmd"),
    *("hive-log", "manage-bde", "netsh-interfaces", "netsh-networks", "netsh-profiles"),
    *("nm-keyfile", "powershell-json", "reg", "secedit", "setupapi-log", "usbguard-rules"),
    *("wlan-profile-xml", "wmi-list", "wpa-conf"),
    *("blancco-xml", "hdparm", "nvme-sanitize-log", "nwipe-log", "nwipe-pdf"),
]
TEXTS = {
    "spaces": b" " * LENGTH,
    "lines": b"\n" * LENGTH,
    "dashes": b"a-" * (LENGTH // 2),
    "quotes": b'"' * LENGTH,
    "comments": b"/*" * (LENGTH // 2),
    "neighbours": b"   SSID BSSID  RSSI CHANNEL\n" + b" " * LENGTH,
    "columns": b"a  " * (LENGTH // 3),
    "rules": b"Status: active\n---- ------ ----\n" + b"22  " * (LENGTH // 4),
    "attributes": b"smartctl 7\n" + b"5 A 0x0033 100 100 010 " * (LENGTH // 24),
    "items": b"A:\n\n  B: c\n" + b"text\n" * (LENGTH // 5),
    "addresses": b"DomainJoined : NO\nA : " + b"a" * LENGTH + b"@\n",
    "brackets": b"[" * LENGTH,
    "health": b"healthy : " + b" " * LENGTH + b"x",
    "pairs": b"A=1\n" * (LENGTH // 4),
    "settings": b"  a a" + b" " * LENGTH + b"\n",
    "foreign": b"A : \x81\x9a\xe7 " * (LENGTH // 8),
    "options": b"[2026/11/22 01:12:24]  notice: Found /dev/sda, ATA, " + b"," * LENGTH,
    "streams": b"%PDF-1.3\n1 0 obj\n/Producer (https://github.com/martijnvanbrummelen/nwipe)\n"
    + b"<< " * LENGTH,
    "structures": b"Handle 0x0001, DMI type 17, 4 bytes\nX\n\tA:\n" + b"\t\tA\n" * (LENGTH // 4),
}


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("name", FORMATS)
def test_a_long_text_is_read_or_refused(name: str, text: str) -> None:
    read = table.find(name)
    assert read is not None
    try:
        read(TEXTS[text])
    except ParseError:
        pass  # the one way a parser may refuse


QUOTED = {
    "apt-config": b'A::B "%s";\n',
    "firefox-prefs": b'user_pref("a.b", "%s");\n',
    "nmcli-terse": b"%s:b\n",
    "plist": b'{ a = "%s"; }',
    "udev-rules": b'ATTR{a}=="%s"\n',
    "usbguard-rules": b'allow name "%s"\n',
}


@pytest.mark.parametrize("name", QUOTED)
def test_a_long_quoted_text_costs_a_few_times_its_length(name: str) -> None:
    read = table.find(name)
    assert read is not None
    data = QUOTED[name] % (b"x" * LENGTH)
    read(data)  # loads what it loads
    tracemalloc.start()
    try:
        read(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20 * LENGTH
