"""What other versions, countries and editors make of a format; every text here is constructed."""

import json

import msgspec
import pytest

from checks.formats import (
    dmidecode,
    edid,
    firewalld,
    flatpak_list,
    iw,
    lsblk,
    plist,
    reg,
    rpm_query,
    smartctl,
    snap_list,
    system_profiler,
    table,
    ufw_status,
    usbguard_rules,
    wmi_list,
    wpa_supplicant_conf,
)
from checks.formats.errors import ParseError

SMART = "smartctl 7.2 2020-12-30 r5155 [x86_64-linux-5.10.0] (local build)\n\n"


@pytest.mark.parametrize(
    ("line", "hours"),
    [
        ("Accumulated power on time, hours:minutes 30123:12 [1807392 minutes]", 30123),
        ("  number of hours powered up = 12345.67", 12345),
        ("Power On Hours:                     1,234", 1234),
        ("Power On Hours:                     1 234", 1234),
        ("Power On Hours:                     1\u202f234", 1234),
    ],
)
def test_a_drive_counts_its_hours_in_many_ways(line: str, hours: int) -> None:
    assert smartctl.parse(f"{SMART}{line}\n".encode()).power_on_hours == hours


@pytest.mark.parametrize("said", ["UNKNOWN!", "Not Available [unsupported]"])
def test_a_drive_that_gave_no_verdict_is_neither_healthy_nor_failing(said: str) -> None:
    assert smartctl.parse(f"{SMART}SMART Health Status: {said}\n".encode()).healthy is None


def test_an_old_scsi_drive_says_in_a_sentence_that_it_watches_itself() -> None:
    seen = smartctl.parse(f"{SMART}Device supports SMART and is Disabled\n".encode())
    assert (seen.smart_available, seen.smart_enabled) == (True, False)


def test_a_scsi_drive_has_names_of_its_own_in_json() -> None:
    said = {"smartctl": {}, "scsi_vendor": "ACME", "scsi_product": "D1", "scsi_revision": "0003"}
    seen = smartctl.parse(json.dumps({**said, "nvme_total_capacity": 512}).encode())
    assert (seen.vendor, seen.model, seen.firmware) == ("ACME", "D1", "0003")
    assert seen.capacity_bytes == 512


UFW = "To                         Action      From\n--                         ------      ----\n"


@pytest.mark.parametrize("mark", ["(out)", "(log)", "(log-all, out)", "(log, in)"])
def test_a_mark_at_the_end_of_a_rule_is_no_part_of_its_source(mark: str) -> None:
    row = f"22/tcp on eth0 (v6)  ALLOW OUT  2001:db8::/32 (v6)   {mark}\n"
    [rule] = ufw_status.parse(f"Status: active\n\n{UFW}{row}".encode()).rules
    assert (rule.source.address, rule.source.service) == ("2001:db8::/32", None)
    assert rule.ipv6


@pytest.mark.parametrize(
    ("line", "active"),
    [
        ("Status: Aktiv", True),
        ("État : inactif", False),
        ("Estado: inactivo", False),
        ("Состояние: активен", True),
        ("状态\uff1a 激活", True),
        ("状态\uff1a 不活动", False),
    ],
)
def test_a_firewall_says_in_other_words_whether_it_is_on(line: str, active: bool) -> None:
    assert ufw_status.parse(f"{line}\n".encode()).active is active


def test_a_word_for_off_is_believed_whatever_stands_below() -> None:
    assert not ufw_status.parse(f"Status: inaktiv\n{UFW}".encode()).active


@pytest.mark.parametrize(
    "head", ["Nombre  Versión  Rev  Canal de seguimiento  Editor  Notas", "Name Version Rev"]
)
def test_a_head_of_several_words_is_still_its_columns(head: str) -> None:
    data = f"{head}\nhello  2.10  29  latest/stable  canonical✓  -\n".encode()
    if head.startswith("Name"):
        with pytest.raises(ParseError):
            snap_list.parse(data)
    else:
        assert snap_list.parse(data)[0].tracking == "latest/stable"


@pytest.mark.parametrize("label", ["Ref:", "Réf. :", "Ссылка:", "参照:"])
def test_an_application_is_known_by_its_reference_in_any_language(label: str) -> None:
    text = f"\nWriter - For notes\n\n   {label} app/org.example.Writer/x86_64/stable\n"
    assert flatpak_list.parse(text.encode()) == [
        flatpak_list.App(
            *("org.example.Writer", "Writer", "", ""), branch="stable", architecture="x86_64"
        )
    ]


def test_an_old_scan_parts_the_card_from_the_address() -> None:
    [one] = iw.parse(b"BSS 00:11:22:33:44:55 (on wlan0) -- associated\n\tSSID: x\n")
    assert (one.interface, one.joined) == ("wlan0", True)


def test_a_drive_is_named_by_whatever_column_was_asked_for_and_mounted_once() -> None:
    row = {"path": "/dev/sda", "mountpoint": "/", "mountpoints": ["/", None]}
    [one] = lsblk.parse(json.dumps({"blockdevices": [row]}).encode())
    assert (one.name, one.mounts) == ("sda", ["/"])


@pytest.mark.parametrize(
    ("line", "installed", "vendor"),
    [
        ("bash-5.1-6.el9.x86_64                         Mon 01 Jan 2024 10:00:00 AM UTC", 1, ""),
        ("bash-5.1-6.el9.x86_64     lun. 01 janv. 2024 10:00:00 CET", None, ""),
        ("bash\tx86_64\t5.1-6.el9\tMon Jan  1 10:00:00 2024\t100\tThe shell", 1, ""),
        ("bash\tx86_64\t5.1-6.el9\t1704103200\t100\tACME\tThe shell", 1, "ACME"),
    ],
)
def test_rpm_tells_the_day_in_several_forms(line: str, installed: int | None, vendor: str) -> None:
    [one] = rpm_query.parse(f"{line}\n".encode())
    moment = installed and 1704103200
    assert one == rpm_query.Package("bash", "5.1-6.el9", "x86_64", moment, vendor)


def test_a_list_from_before_architectures_names_none() -> None:
    [one] = rpm_query.parse(b"bash\t3.2-1\tMon Jan  1 10:00:00 2024\t100\tThe shell\n")
    assert one == rpm_query.Package("bash", "3.2-1", "", 1704103200, "")


@pytest.mark.parametrize(
    ("lines", "key_mgmt"),
    [
        ("key_mgmt=WPA-PSK\nkey_mgmt=NONE", ["NONE"]),
        ("key_mgmt=NONE # for guests", ["NONE"]),
    ],
)
def test_the_later_of_two_lines_stands_and_a_comment_is_none(
    lines: str, key_mgmt: list[str]
) -> None:
    text = f'network={{\nssid=4142 # in bytes\n{lines}\nidentity="a#b"\n}}\n'
    [one] = wpa_supplicant_conf.parse(text.encode())
    assert (one.ssid, one.key_mgmt) == ("AB", key_mgmt)


def test_translations_are_a_list_without_its_braces() -> None:
    assert plist.parse(b'"a" = "b";\n/* then */ c = ( 1, 2 );\n') == {"a": "b", "c": ["1", "2"]}
    with pytest.raises(ParseError):
        plist.parse(b'"a" = "b"; }')


@pytest.mark.parametrize("colon", [":", "\u00a0:", "\u202f:", "\uff1a"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "mac-roman"])
def test_a_mac_writes_the_colon_as_its_language_does(colon: str, encoding: str) -> None:
    if encoding == "mac-roman" and colon not in (":", "\u00a0:"):
        colon = ":"  # it has no other
    between = "" if colon == "\uff1a" else " "
    text = f"Matériel{colon}\n\n    Vue{colon}\n\n      Nom (long){colon}{between}Mac: mini\n"
    [top] = system_profiler.parse_text(text.encode(encoding))
    assert top.name == "Matériel"
    assert [(one.name, one.values) for one in top.items] == [("Vue", {"Nom (long)": "Mac: mini"})]


def test_lines_an_editor_doubled_are_one_object_still() -> None:
    text = "\n\nA=1\nB=2\n\n\nA=3\nB=\n\n\n"
    assert wmi_list.parse(text.replace("\n", "\n\n").encode()) == wmi_list.parse(text.encode())


def test_an_export_may_begin_with_blank_lines() -> None:
    text = '\r\n\r\nWindows Registry Editor Version 5.00\r\n\r\n[HKEY_USERS\\A]\r\n"b"="c"\r\n'
    assert reg.parse(text.encode("utf-16")).keys[0].values["b"].data == "c"


def test_a_screen_printed_with_all_its_extensions_is_read() -> None:
    block = b"\x00" + b"\xff" * 6 + b"\x00" + bytes(120)
    printed = " ".join(f"{one:02x}" for one in block + bytes(7 * 128))
    assert edid.parse(printed.encode()) == edid.parse(block)


SECRET = "Zq7canary9"
KEPT = {
    "keyfile": "[wifi-security]\npsk={}\nwep-key0={}\n[gsm]\npin={}\n[802-1x]\npassword={}\n",
    "iwd-profile": "[Security]\nPassphrase={}\nPreSharedKey={}\nSAE-PT-Group19={}\n",
    "settings-lines": "password={}\nPSK = {}\n",
    "clamd-conf": "HTTPProxyPassword {}\n",
    "firefox-prefs": 'user_pref("network.proxy.password", "{}");\n',
    "xfconf": '<channel><property name="password" value="{}"/></channel>',
    "nmcli-properties": "802-11-wireless-security.psk:{}\n802-1x.password:{}\n",
    "apt-config": 'Acquire::http::Proxy "http://u:{}@p";\nAcquire::Password "{}";\n',
}


@pytest.mark.parametrize("name", KEPT)
def test_no_secret_of_a_settings_file_is_handed_on(name: str) -> None:
    read = table.find(name)
    assert read is not None
    told = repr(read(KEPT[name].replace("{}", SECRET).encode()))
    assert SECRET not in told


STATUS = """Status: active
Logging: on (low)
Default: deny (incoming), allow (outgoing), disabled (routed)
New profiles: skip

To                         Action      From
--                         ------      ----
[ 1] 22/tcp                ALLOW IN    10.0.0.0/8                 # who
[ 2] 80,443/tcp (Web Full) LIMIT IN    Anywhere                   (log)
[ 3] Anywhere on eth0      ALLOW FWD   2001:db8::/32 on eth1      (log-all, out)
"""


def test_a_whole_numbered_status_is_read() -> None:
    told = ufw_status.parse(STATUS.encode())
    assert (told.incoming, told.logging) == ("deny", "on (low)")
    assert [(rule.number, rule.action, rule.comment) for rule in told.rules] == [
        (1, "ALLOW", "who"),
        (2, "LIMIT", None),
        (3, "ALLOW", None),
    ]


def test_a_firewall_that_is_not_there_does_not_run() -> None:
    off = firewalld.parse(b"FirewallD is not running\n")
    absent = firewalld.parse(b"Unit firewalld.service could not be found.\n")
    assert (off.running, off.enabled) == (False, None)
    assert (absent.running, absent.enabled) == (False, False)


def test_a_rule_gives_back_what_its_quotes_hid() -> None:
    [rule] = usbguard_rules.parse(rb'block name "a\"b\x0a\\" serial ""')
    assert (rule.values("name"), rule.values("serial")) == (['a"b\n\\'], [""])


def test_a_list_of_a_mac_in_wide_letters_is_the_same_list() -> None:
    text = '{"SPX":[{"_name":"a","serial_number":"é"}]}'
    assert system_profiler.parse(text.encode("utf-16")) == system_profiler.parse(text.encode())
    assert system_profiler.parse_text(text.encode()) == system_profiler.parse(text.encode())


@pytest.mark.parametrize(
    ("number", "size"), [("10,00,20,48,86,016", 1000204886016), ("5,00,107", 500107), ("512", 512)]
)
def test_a_capacity_may_be_parted_at_hundreds(number: str, size: int) -> None:
    seen = smartctl.parse(f"{SMART}User Capacity: {number} bytes\n".encode())
    assert seen.capacity_bytes == size


def test_a_signal_without_a_unit_is_no_decibel() -> None:
    told = [
        iw.parse(f"BSS 00:11:22:33:44:55(on w)\n\tsignal: {said}\n".encode())[0].signal_dbm
        for said in ("-55.00 dBm", "60/100")
    ]
    assert told == [-55, None]


def test_values_of_gnustep_have_their_types() -> None:
    text = b"{ a = <*I5>; b = <*R0.5>; c = <*BY>; d = <*D2002-03-22 11:30:00 +0100>; e = <0f bd>; }"
    told = {"a": 5, "b": 0.5, "c": True, "d": "2002-03-22T10:30:00Z", "e": "0fbd"}
    assert plist.parse(text) == told
    for broken in (b"{a=<*Ix>;}", b"{a=<*BX>;}", b"{a=<*D1>;}", b"{a=<*I" + b"9" * 50 + b">;}"):
        with pytest.raises(ParseError):
            plist.parse(broken)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("iw-scan", b"BSS 00:11:22:33:44:55(on w\xff)\n\tSSID: x\n"),
        ("wpa-conf", b"network={\nkey_mgmt=\xff\n}\n"),
    ],
)
def test_half_a_character_never_reaches_a_report(name: str, data: bytes) -> None:
    read = table.find(name)
    assert read is not None
    assert b"\xef\xbf\xbd" in msgspec.json.encode(read(data))


@pytest.mark.parametrize("form", ["<{}>", "EDID:\n\t\t{}\n", "0x{}", "Monitor 0 {}\n\nMonitor 1"])
def test_a_screen_is_found_in_whatever_a_tool_writes_around_it(form: str) -> None:
    block = b"\x00" + b"\xff" * 6 + b"\x00" + bytes(120)
    between = ", 0x" if form.startswith("0x") else "\n"
    assert edid.parse(form.format(block.hex(between[0]).replace(between[0], between)).encode()) == (
        edid.parse(block)
    )


def test_firmware_tables_that_powershell_wrote_into_a_file_are_read() -> None:
    text = "Handle 0x0001, DMI type 1, 27 bytes\nSystem Information\n\tSerial Number: é 1\n"
    told = dmidecode.parse(text.replace("\n", "\r\n").encode("utf-16"))
    assert (told.serial, len(told.structures)) == ("é 1", 1)
