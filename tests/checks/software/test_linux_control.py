"""What lets programs start on Linux: fapolicyd as it is set up."""

from pathlib import Path

import pytest

from checks.software import linux
from tests.checks.rooted import RootedHost


@pytest.fixture
def machine(tmp_path: Path) -> RootedHost:
    """A machine with nothing on it."""
    made = RootedHost(tmp_path)
    made.put("/proc/self/mounts", "/dev/sda1 / ext4 rw 0 0\n")
    return made


@pytest.mark.parametrize(
    ("text", "enabled", "found"),
    [
        (None, False, None),
        ("permissive = 0\n", False, "off"),
        ("permissive = 0\n", True, "enforcing"),
        ("permissive = 1\n", True, "permissive"),
    ],
)
def test_an_allow_list_is_what_it_is_set_up_to_be(
    machine: RootedHost, text: str | None, enabled: bool, found: str | None
) -> None:
    if text is not None:
        machine.put("/etc/fapolicyd/fapolicyd.conf", text)
    if enabled:
        wants = machine.root / "etc/systemd/system/multi-user.target.wants"
        wants.mkdir(parents=True)
        (wants / "fapolicyd.service").symlink_to("/usr/lib/systemd/system/fapolicyd.service")
    assert linux.read(machine).allow_list == found
