"""What keeps media out: modprobe's files in their order, USBGuard's daemon, udev rules,
desktops."""

from pathlib import Path

import pytest

from checks.host import CannotLook, Ran, User
from checks.removable_media import control, desktops
from checks.unseen import Unseen
from tests.checks.removable_media.made_up import MadeUpHost

RELEASE = "6.1.0-28-amd64"
MODULES = f"/lib/modules/{RELEASE}"


class Desktop(MadeUpHost):
    """A made-up machine that answers gsettings."""

    answers: dict[str, str] = {}  # noqa: RUF012  (set per test on the instance)

    def run(self, argv: object, timeout: int = 20, as_user: str | None = None) -> Ran:
        """Answer `gsettings VERB SCHEMA KEY` by its verb, only as a person."""
        assert isinstance(argv, list | tuple)
        if argv[0] != "gsettings" or as_user is None:
            raise CannotLook("tool-missing", argv[0])
        if argv[1] not in self.answers:
            return Ran(1, b"", b"No such schema")
        return Ran(0, self.answers[argv[1]].encode())


@pytest.fixture
def host(tmp_path: Path) -> Desktop:
    """A Debian kernel with its storage drivers as modules, none of them loaded."""
    made = Desktop(tmp_path)
    made.put("/proc/modules", "usbcore 348160 0 - Live 0x0\n")
    made.put("/proc/cmdline", "ro quiet\n")
    made.put("/proc/sys/kernel/osrelease", f"{RELEASE}\n")
    made.put(f"{MODULES}/modules.builtin", "kernel/fs/ext4/ext4.ko\n")
    for name in ("usb-storage.ko.xz", "uas.ko.zst"):
        made.put(f"{MODULES}/kernel/drivers/usb/storage/{name}", b"")
    return made


def driver(host: MadeUpHost, name: str) -> tuple[object, object, object]:
    found = next(driver for driver in control.drivers(host) if driver.name == name)
    return found.available, found.blocked, found.loaded


def test_a_compressed_module_is_available_and_one_without_a_file_is_absent(host: Desktop) -> None:
    assert driver(host, "usb_storage") == ("module", "no", False)
    assert driver(host, "uas") == ("module", "no", False)
    assert driver(host, "sr_mod") == ("absent", "no", False)


def test_a_file_in_etc_hides_one_of_the_same_name_elsewhere(host: Desktop) -> None:
    host.put("/usr/lib/modprobe.d/media.conf", "install usb-storage /bin/false\n")
    assert driver(host, "usb_storage")[1] == "install"
    host.put("/etc/modprobe.d/media.conf", "# nothing\n")
    assert driver(host, "usb_storage")[1] == "no"
    host.put("/etc/modprobe.d/media.conf.bak", "install usb-storage /bin/false\n")
    assert driver(host, "usb_storage")[1] == "no", "only *.conf counts"


def test_a_driver_in_the_kernel_or_loaded_is_told(host: Desktop) -> None:
    host.put(f"{MODULES}/modules.builtin", "kernel/drivers/usb/storage/usb-storage.ko\n")
    (host.root / "sys/bus/usb/drivers/usb-storage").mkdir(parents=True)
    assert driver(host, "usb_storage") == ("builtin", "no", True)


def test_the_kernels_command_line_refuses_or_blacklists(host: Desktop) -> None:
    host.put("/proc/cmdline", "ro module_blacklist=usb_storage modprobe.blacklist=uas\n")
    assert driver(host, "usb_storage")[1] == "refused"
    assert driver(host, "uas")[1] == "blacklist"


def test_a_kernel_without_modules_has_what_sysfs_lists(host: Desktop) -> None:
    (host.root / "proc/modules").unlink()
    assert driver(host, "usb_storage") == ("absent", "no", False)
    (host.root / "sys/bus/usb/drivers/usb-storage").mkdir(parents=True)
    assert driver(host, "usb_storage") == ("builtin", "no", True)


def test_without_the_list_of_built_in_drivers_nobody_knows_what_is_absent(host: Desktop) -> None:
    (host.root / MODULES.lstrip("/") / "modules.builtin").unlink()
    assert driver(host, "sr_mod")[0] == Unseen("unsupported")


CONF = """RuleFile=/etc/usbguard/rules.conf
RuleFolder=/etc/usbguard/rules.d/
ImplicitPolicyTarget=block
PresentDevicePolicy={present}
InsertedDevicePolicy=apply-policy
"""


def guard(host: MadeUpHost, rules: str, present: str = "apply-policy", more: str = "") -> object:
    host.put("/usr/sbin/usbguard-daemon", "")
    host.put("/etc/usbguard/usbguard-daemon.conf", CONF.format(present=present))
    host.put("/etc/usbguard/rules.conf", rules)
    host.put("/etc/usbguard/rules.d/50-more.conf", more)
    [found] = control.usbguard(host)
    return found.running, found.stick, found.phone, found.approved


def test_usbguard_decides_by_its_rules_in_order_and_its_daemon(host: Desktop) -> None:
    host.names = ("usbguard-daemon",)
    stick = 'allow id 0781:5581 serial "X"'
    assert guard(host, f"{stick}\n") == (True, "block", "block", 1)
    assert guard(host, "allow with-interface 06:*:*\n") == (True, "block", "allow", 0)
    assert guard(host, f"{stick}\n", more="allow\n") == (True, "allow", "allow", 1)
    assert guard(host, "", present="allow") == (True, "allow", "allow", 0)
    host.names = ()
    assert guard(host, "") == (False, "block", "block", 0)


def test_usbguard_rules_it_would_refuse_are_unseen(host: Desktop) -> None:
    blind = Unseen("parse-error")
    assert guard(host, "let everything in\n") == (False, blind, blind, blind)


def test_without_usbguard_there_is_none(host: Desktop) -> None:
    assert control.usbguard(host) == []


STORAGE = 'ACTION=="add", SUBSYSTEM=="block", ENV{ID_BUS}=="usb", '


@pytest.mark.parametrize(
    ("rule", "effect"),
    [
        (STORAGE + 'ENV{UDISKS_IGNORE}="1"', "hidden"),
        (STORAGE + 'ENV{ID_VENDOR_ID}=="0781", ENV{UDISKS_IGNORE}="1"', None),
        (STORAGE + 'ENV{UDISKS_IGNORE}="0"', None),
        ('SUBSYSTEM=="block", ENV{UDISKS_IGNORE}="1"', None),
        ('SUBSYSTEM=="usb", ATTR{bInterfaceClass}=="08", ATTR{authorized}="0"', "blocked"),
        ('SUBSYSTEM=="usb", ATTR{bInterfaceClass}!="03", ATTR{authorized}="0"', None),
        ('SUBSYSTEM=="usb", ATTR{bInterfaceClass}=="e0", ATTR{authorized}="0"', None),
        ('SUBSYSTEM=="usb", DRIVER=="btusb", ATTR{authorized}="0"', None),
        ('SUBSYSTEM=="usb", KERNEL=="1-1.2", ATTR{authorized}="0"', None),
        ('SUBSYSTEM=="usb", KERNELS=="usb2", ATTR{authorized}="0"', None),
        ('ACTION=="remove", SUBSYSTEM=="usb", ATTR{authorized}="0"', None),
        (
            'ACTION=="add|change", SUBSYSTEM=="usb", DRIVERS=="usb-*", ATTR{authorized}="0"',
            "blocked",
        ),
        ("# " + STORAGE + 'ENV{UDISKS_IGNORE}="1"', None),
    ],
)
def test_only_a_udev_rule_for_every_usb_drive_counts(
    host: Desktop, rule: str, effect: str | None
) -> None:
    host.put("/etc/udev/rules.d/90-media.rules", f"{rule}\n")
    assert control.udev(host) == effect


MAYA = User("maya", "1000", "a" * 16, "/home/maya", "/bin/bash", "human")


@pytest.mark.parametrize(
    ("answers", "starts", "changeable"),
    [
        ({"get": "true\n", "writable": "false\n"}, False, False),
        ({"get": "true\n", "writable": "true\n"}, False, True),
        ({"get": "false\n", "writable": "true\n"}, True, True),
        ({}, Unseen("parse-error"), Unseen("parse-error")),
        ({"get": "maybe\n", "writable": "true\n"}, Unseen("parse-error"), True),
    ],
)
def test_gnome_is_asked_as_the_person_it_belongs_to(
    host: Desktop, answers: dict[str, str], starts: object, changeable: object
) -> None:
    host.people, host.answers = (MAYA,), answers
    host.put("/usr/share/wayland-sessions/gnome.desktop", "")
    [found] = desktops.autorun(host)
    assert (found.desktop, found.starts, found.changeable) == ("gnome", starts, changeable)


CHANNEL = (
    '<channel name="thunar-volman" version="1.0"><property name="autorun" type="empty">'
    '<property name="enabled" type="bool" value="{}"{}/></property>'
    '<property name="autoopen" type="empty">'
    '<property name="enabled" type="bool" value="false"{}/></property></channel>'
)


def test_xfce_starts_what_its_volume_manager_is_told_to(host: Desktop) -> None:
    host.people = (MAYA,)
    host.put("/usr/share/xsessions/xfce.desktop", "")
    assert [(d.starts, d.changeable) for d in desktops.autorun(host)] == [(False, False)]
    host.put("/usr/bin/thunar-volman", "")
    assert [(d.starts, d.changeable) for d in desktops.autorun(host)] == [(False, True)]
    host.put(f"/home/maya/.config/{desktops.CHANNEL}", CHANNEL.format("true", "", ""))
    assert [(d.starts, d.changeable) for d in desktops.autorun(host)] == [(True, True)]
    locked = ' locked="*"'
    host.put(f"/etc/xdg/{desktops.CHANNEL}", CHANNEL.format("false", locked, locked))
    assert [(d.starts, d.changeable) for d in desktops.autorun(host)] == [(False, False)]
    host.put(f"/home/maya/.config/{desktops.CHANNEL}", "<channel")
    assert desktops.autorun(host)[0].starts == Unseen("parse-error")


def test_without_a_desktop_or_people_nothing_can_start(host: Desktop) -> None:
    host.people = (MAYA,)
    assert desktops.autorun(host) == []
    host.put("/usr/share/xsessions/lxqt.desktop", "")
    assert desktops.autorun(host)[0].starts == Unseen("unsupported")
