"""docs/reading-linux.md says what needs root: one machine, read as root and as nobody, agrees."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checks.catalogue import DOMAINS
from checks.unseen import REASONS
from tests import needs
from tests.checks.rooted import RootedHost

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/reading-linux.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([\w.:\[\]]+)` \| .+ \| `([\w-]+)` \|$", re.MULTILINE)
DMI = "/sys/class/dmi/id"
OPEN = {
    f"{DMI}/sys_vendor": "HP\n",
    f"{DMI}/product_name": "HP ProBook 450 G8\n",
    f"{DMI}/chassis_type": "10\n",
    "/etc/passwd": "root:x:0:0::/root:/bin/bash\nmaya:x:1000:1000::/home/maya:/bin/bash\n",
    "/etc/os-release": 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n',
    "/etc/pam.d/common-auth": "auth required pam_unix.so\n",
    "/etc/pam.d/common-password": "password required pam_unix.so\n",
    "/proc/cpuinfo": "processor: 0\nmodel name: Test CPU\n",
    "/proc/meminfo": "MemTotal: 8000000 kB\n",
    "/proc/uptime": "5000.0 4000.0\n",
    "/proc/stat": "cpu  1 2 3\nbtime 1795200000\n",
    "/proc/modules": "",
    "/proc/cmdline": "quiet\n",
    "/proc/self/mounts": "/dev/sda1 / ext4 rw 0 0\n",
    "/proc/sys/kernel/osrelease": "6.1.0-1-amd64\n",
    "/sys/bus/usb/devices/usb1/authorized_default": "1\n",
    "/sys/class/net/wlan0/operstate": "down\n",
    "/sys/power/state": "freeze mem\n",
    "/sys/power/suspend_stats/success": "3\n",
    "/usr/bin/clamscan": "",
    "/usr/sbin/clamd": "",
    "/usr/sbin/usbguard-daemon": "",
    "/usr/share/xsessions/gnome.desktop": "",
    "/usr/share/xsessions/plasma.desktop": "",
    "/etc/clamav/clamd.conf": "OnAccessIncludePath /home\n",
    "/etc/clamav/freshclam.conf": "",
    "/var/lib/dpkg/status": "Package: clamav\nStatus: install ok installed\nVersion: 1.0\n",
    "/sys/block/.keep": "",
    "/sys/class/video4linux/video0/dev": "81:0\n",
}
ROOTS_ALONE = {
    f"{DMI}/product_serial": "5CG1234ABC\n",
    f"{DMI}/product_uuid": "4c4c4544-0042-3610-8058-c4c04f4e4d32\n",
    f"{DMI}/board_serial": "PABCD1234\n",
    f"{DMI}/chassis_serial": "5CG1234ABC\n",
    "/proc/timer_list": "now at 5000000000000 nsecs\n",
    "/etc/NetworkManager/system-connections/a.nmconnection": "[connection]\ntype=wifi\n",
    "/etc/wpa_supplicant/wpa_supplicant.conf": 'network={\n ssid="a"\n key_mgmt=SAE\n}\n',
    "/etc/network/interfaces": "iface wlan0 inet dhcp\n wpa-ssid a\n wpa-psk b\n",
    "/var/lib/iwd/a.psk": "",
    "/etc/sudoers": "root ALL=(ALL:ALL) ALL\nmaya ALL=(ALL) ALL\n",
    "/etc/usbguard/usbguard-daemon.conf": "ImplicitPolicyTarget=block\n",
    "/var/spool/cron/crontabs/root": "0 2 * * * clamscan -r /\n",
    "/home/maya/.config/kscreenlockerrc": "[Daemon]\nTimeout=10\n",
}
CLOSED_FOLDERS = ("/var/lib/iwd", "/var/spool/cron/crontabs", "/home/maya")


@pytest.fixture(scope="module")
def machine() -> Iterator[Path]:
    """A made-up machine whose files have the owners and modes of a real one."""
    needs.root()
    root = Path(tempfile.mkdtemp(prefix="caretaker-machine-"))
    root.chmod(0o755)  # nobody must be able to walk in
    host = RootedHost(root)
    for path, text in OPEN.items():
        host.put(path, text, 0o644)
    for path, text in ROOTS_ALONE.items():
        host.put(path, text, 0o400)
    for folder in CLOSED_FOLDERS:
        (root / folder.lstrip("/")).chmod(0o700)
    os.utime(root / "home/maya", (0, 0))  # only what is in it tells that somebody was there lately
    yield root
    shutil.rmtree(root)


def sections(machine: Path, who: str) -> dict[str, Any]:
    probe = [sys.executable, "-m", "tests.checks.ordinary_user", str(machine), who]
    ran = subprocess.run(probe, capture_output=True, check=True, cwd=ROOT)
    return dict(json.loads(ran.stdout))


def blind(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Every fact nobody could look at, without the numbers of rows, and why."""
    if isinstance(value, dict) and set(value) == {"unseen"}:
        yield path, value["unseen"]
    elif isinstance(value, dict) and set(value) == {"where", "reason"}:
        yield f"{path.removesuffix('[]')}:{value['where']}", value["reason"]
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from blind(one, f"{path}.{key}")
    elif isinstance(value, list):
        for one in value:
            yield from blind(one, f"{path}[]")


def every_blind(found: dict[str, Any]) -> set[tuple[str, str]]:
    return {pair for name, body in found.items() for pair in blind(body, name)}


def test_what_an_ordinary_user_cannot_see_is_what_the_tables_say(machine: Path) -> None:
    as_root, as_nobody = sections(machine, "root"), sections(machine, "nobody")
    assert every_blind(as_nobody) - every_blind(as_root) == set(ROW.findall(TEXT))


def test_without_root_nothing_turns_into_another_value(machine: Path) -> None:
    as_root, as_nobody = sections(machine, "root"), sections(machine, "nobody")
    different = [path for name in as_root for path in changed(as_root[name], as_nobody[name], name)]
    assert different == []


def changed(one: Any, other: Any, path: str) -> Iterator[str]:
    """Facts that both see, and see differently; blind spots and their lists are left out."""
    if isinstance(other, dict) and set(other) == {"unseen"}:
        return
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one.keys() | other.keys():
            if key != "blind":
                yield from changed(one.get(key), other.get(key), f"{path}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for a, b in zip(one, other, strict=True):
            yield from changed(a, b, f"{path}[]")
    elif one != other:
        yield path


def test_root_sees_what_is_roots_alone(machine: Path) -> None:
    reasons = {reason for _, reason in every_blind(sections(machine, "root"))}
    assert "denied" not in reasons


def test_every_domain_has_its_heading_and_every_reason_is_one_of_ours() -> None:
    assert re.findall(r"^## (\w+)$", TEXT, re.MULTILINE) == list(DOMAINS)
    rows = [line for line in TEXT.splitlines() if line.startswith("| `")]
    assert len(rows) == len(ROW.findall(TEXT))
    assert {reason for _, reason in ROW.findall(TEXT)} <= REASONS
