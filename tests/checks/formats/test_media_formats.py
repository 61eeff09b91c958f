"""modprobe, USBGuard, udev and the kernel's log, against the real tools and against nonsense."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.formats import kernel_log, modprobe_config, udev_rules, usbguard_conf, usbguard_rules
from checks.formats.errors import ParseError
from checks.formats.usbguard_rules import PHONE, STORAGE
from tests import needs

LINES = """# removable media
install usb-storage /bin/false
install mmc_block /sbin/modprobe --ignore-install mmc_block && /bin/true
blacklist usb_storage
blacklist uas
install sr_mod /bin/true # no discs
alias block-major-11-* sr_mod
options uas quirks=0781:5581:u
"""


def test_only_a_command_that_does_nothing_stops_a_module() -> None:
    config = modprobe_config.parse(LINES.encode())
    blocks = {name: config.block(name) for name in ("usb_storage", "uas", "mmc_block", "sr_mod")}
    assert blocks == {
        "usb_storage": "install",
        "uas": "blacklist",
        "mmc_block": "no",
        "sr_mod": "install",
    }


def test_the_real_modprobe_understands_the_files_as_we_do(tmp_path: Path) -> None:
    modprobe = needs.program("modprobe", package="kmod")
    (tmp_path / "removable.conf").write_text(LINES)
    shown = subprocess.run(
        [modprobe, "--showconfig", f"--config={tmp_path}"], capture_output=True, check=True
    ).stdout
    ours, theirs = modprobe_config.parse(LINES.encode()), modprobe_config.parse(shown)
    for name in ("usb_storage", "uas", "mmc_block", "sr_mod", "ext4"):
        assert ours.block(name) == theirs.block(name), name


def test_the_command_line_can_refuse_a_module_altogether() -> None:
    line = b"ro quiet module_blacklist=usb-storage,uas modprobe.blacklist=sr_mod\n"
    assert modprobe_config.refused_at_boot(line) == {"usb_storage", "uas"}
    assert modprobe_config.blacklisted_at_boot(line) == {"sr_mod"}


HUB = 'allow id 1d6b:0002 serial "0000:00:14.0" hash "jEP/6W=" with-interface 09:00:00'
MOUSE = 'allow id 046d:c077 serial "" hash "Ck0ouM=" with-interface 03:01:02'
STICK = 'allow id 0781:5581 serial "EXAMPLE" with-interface 08:06:50'
RULES = [
    (HUB, "block", 1, 0),
    (MOUSE, "block", 1, 0),
    (STICK, "block", 1, 0),
    ("allow", "allow", 0, 0),
    ("allow id 0781:5581", "block", 0, 1),
    ("allow id 0781:* with-interface 08:06:50", "allow", 0, 0),
    ("allow id *:*", "allow", 0, 0),
    ("allow id none-of { 0781:5581 }", "allow", 0, 0),
    ('allow hash none-of { "abc=" }', "allow", 0, 0),
    ('allow name "Ultra"', "allow", 0, 0),
    ('allow via-port "1-2"', "allow", 0, 0),
    ("allow with-interface 08:*:*", "allow", 0, 0),
    ("allow with-interface one-of { 03:00:01 08:06:50 }", "allow", 0, 0),
    ("allow with-interface match-all { 03:*:* }", "block", 0, 0),
    ("allow with-interface none-of { 08:*:* }", "block", 0, 0),
    ("allow with-interface none-of { 03:*:* }", "allow", 0, 0),
    ("allow with-interface equals { 09:00:00 }", "block", 0, 0),
    ("allow if random(0.1)", "allow", 0, 0),
    ("reject with-interface 08:*:*\nallow", "reject", 0, 0),
    ('block id *:* label "the rest"\nallow', "block", 0, 0),
    ("block with-interface all-of { 08:*:* 03:*:* }\nallow", "allow", 0, 0),
    ("block id 0781:5581\nallow", "allow", 0, 0),
    ("block with-interface 08:*:* if random\nallow", "allow", 0, 0),
]


@pytest.mark.parametrize(("text", "stick", "approved", "models"), RULES)
def test_an_unknown_stick_is_let_in_if_any_rule_could_let_it_in(
    text: str, stick: str, approved: int, models: int
) -> None:
    rules = usbguard_rules.parse(text.encode())
    assert usbguard_rules.stranger(rules, "block", STORAGE) == stick
    assert usbguard_rules.approved(rules) == approved
    assert usbguard_rules.models(rules, STORAGE) == models


def test_without_a_rule_the_implicit_target_decides() -> None:
    assert usbguard_rules.stranger([], "reject", PHONE) == "reject"
    assert usbguard_rules.stranger([], "allow", PHONE) == "allow"


@pytest.mark.parametrize("text", [text for text, *_ in RULES])
def test_usbguards_own_parser_takes_the_rules_we_take(text: str) -> None:
    tool = needs.program("usbguard-rule-parser", package="usbguard")
    for line in text.splitlines():
        ran = subprocess.run([tool, line], capture_output=True, check=False)
        assert b"OUTPUT: " in ran.stdout, line


@pytest.mark.parametrize(
    "text",
    [
        "permit id 1:2",
        "allow foo bar",
        'allow name "open',
        "allow id {",
        "allow id",
        "allow with-interface one-of { 08:06:50",
    ],
)
def test_a_rule_usbguard_refuses_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        usbguard_rules.parse(text.encode())
    tool = needs.program("usbguard-rule-parser", package="usbguard")
    assert b"OUTPUT" not in subprocess.run([tool, text], capture_output=True, check=False).stdout


def test_the_settings_debian_ships_block_what_no_rule_names() -> None:
    path = needs.file("/etc/usbguard/usbguard-daemon.conf", package="usbguard")
    if not os.access(path, os.R_OK):
        pytest.skip("only root may read USBGuard's settings")
    config = usbguard_conf.parse(path.read_bytes())
    assert (config.implicit, config.present, config.inserted) == (
        "block",
        "apply-policy",
        "apply-policy",
    )
    assert config.rule_file == "/etc/usbguard/rules.conf"
    with pytest.raises(ParseError):
        usbguard_conf.parse(b"ImplicitPolicyTarget=maybe\n")


def test_udev_rules_keep_conditions_and_assignments_apart() -> None:
    [rule] = udev_rules.parse(
        b'# sticks\nACTION=="add", SUBSYSTEM=="block", \\\n  ENV{ID_BUS}=="usb", '
        b'ENV{UDISKS_IGNORE}="1", RUN+="/bin/sh -c \\"x\\"", LABEL="end"\n\n'
    )
    assert [pair.value for pair in rule.condition("ENV", "ID_BUS")] == ["usb"]
    assert rule.assigned("ENV", "UDISKS_IGNORE") == ["1"]
    assert rule.assigned("RUN") == ['/bin/sh -c \\"x\\"']


DMESG = b"""[    0.000000] Linux version 6.1.0
[   10.000000] usb 1-2: New USB device found, idVendor=0781, idProduct=5581, bcdDevice= 1.00
[   10.000001] usb 1-2: New USB device strings: Mfr=1, Product=2, SerialNumber=3
[   10.000002] usb 1-2: Product: Ultra
[   10.000003] usb 1-2: Manufacturer: SanDisk
[   10.000004] usb 1-2: SerialNumber: EXAMPLE0001
[   11.000000] usb-storage 1-2:1.0: USB Mass Storage device detected
[   11.500000] scsi host6: usb-storage 1-2:1.0
[   20.000000] usb 1-3: New USB device found, idVendor=046d, idProduct=c077, bcdDevice=72.00
[   20.500000] usb 1-3: Product: USB Mouse
[   30.000000] usb 2-1.4: New USB device found, idVendor=152d, idProduct=0578, bcdDevice= 5.08
[   30.100000] usb 2-1.4: SerialNumber: EXAMPLE0002
[   30.200000] scsi host7: uas
[   40.000000] usb 1-2: USB disconnect, device number 5
[   50.000000] mmc0: new high speed SDHC card at address aaaa
[   50.100000] mmcblk0: mmc0:aaaa SL16G 14.8 GiB
[   60.000000] mmc1: new HS400 MMC card at address 0001
[   70.000000] mmc0: card aaaa removed
"""


def test_the_kernels_log_tells_drives_from_mice_and_cards_from_soldered_memory() -> None:
    found = kernel_log.drives(kernel_log.parse(DMESG))
    seen = [(d.kind, d.vendor, d.serial, d.name, d.attached_at, d.gone_at) for d in found]
    assert seen == [
        ("usb-storage", "0781", "EXAMPLE0001", "SanDisk Ultra", 11, 40),
        ("sd", "", "aaaa", "SL16G", 50, 70),
        ("usb-storage", "152d", "EXAMPLE0002", "", 30, None),
    ]


def test_both_tools_say_the_same() -> None:
    unix = b"".join(
        b"%d.%s pc kernel: %s" % (1_795_000_000 + int(line[1:].split(b".")[0]), b"5", text)
        for line in DMESG.splitlines(keepends=True)
        for text in [line.split(b"] ", 1)[1]]
    )
    journal = kernel_log.drives(kernel_log.parse(unix))
    shifted = [(d.kind, d.serial, d.attached_at - 1_795_000_000) for d in journal]
    dmesg = kernel_log.drives(kernel_log.parse(DMESG))
    assert shifted == [(d.kind, d.serial, d.attached_at) for d in dmesg]


def test_a_name_with_a_line_end_cannot_forge_a_message() -> None:
    journal = (
        b"1795000000.1 pc kernel: usb 1-2: Product: a\n"
        b"                        usb-storage 1-2:1.0: USB Mass Storage device detected\n"
    )
    assert kernel_log.drives(kernel_log.parse(journal)) == []


def test_this_machines_own_log_is_read_from_its_first_message() -> None:
    dmesg = needs.program("dmesg", package="util-linux")
    ran = subprocess.run([dmesg, "--kernel"], capture_output=True, check=False)
    if ran.returncode != 0:
        pytest.skip("this kernel shows its log to root only")
    messages = kernel_log.parse(ran.stdout)
    assert len(messages) >= ran.stdout.count(b"\n[") // 2
    assert isinstance(kernel_log.drives(messages), list)


PIECES = st.sampled_from(
    [
        *(line + b"\n" for line in DMESG.splitlines()),
        *(f"{text}\n".encode() for text, *_ in RULES),
        *(line.encode() + b"\n" for line in LINES.splitlines()),
        *(b"{", b"}", b'"', b"\\\n", b"=", b"\0", b"if ", b"allow "),
    ]
)
PARSERS = (kernel_log, modprobe_config, udev_rules, usbguard_conf, usbguard_rules)


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.__name__)
@given(data=st.lists(PIECES | st.binary(max_size=12), max_size=40).map(b"".join))
@settings(max_examples=150)
def test_no_bytes_make_a_parser_crash(parser: object, data: bytes) -> None:
    try:
        found = parser.parse(data)  # type: ignore[attr-defined]  # each of these modules has one
    except ParseError:
        return
    if parser is kernel_log:
        kernel_log.drives(found)
    if parser is usbguard_rules:
        assert usbguard_rules.stranger(found, "block", STORAGE) in ("allow", "block", "reject")


@given(st.lists(st.sampled_from([text for text, *_ in RULES]), max_size=6))
def test_an_implicit_allow_never_blocks_more_than_an_implicit_block(texts: list[str]) -> None:
    rules = usbguard_rules.parse("\n".join(texts).encode())
    if usbguard_rules.stranger(rules, "block", STORAGE) == "allow":
        assert usbguard_rules.stranger(rules, "allow", STORAGE) == "allow"
