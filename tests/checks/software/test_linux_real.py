"""Programs on Linux as real package managers keep them: an rpm database, and this machine."""

import subprocess
from pathlib import Path

import msgspec
import pytest

from agent.hosts.local import LocalHost
from checks.facts import encode_section
from checks.software import linux, linux_packages
from checks.software.facts import SoftwareFacts
from checks.unseen import known
from tests import needs
from tests.checks.rooted import RootedHost


@pytest.fixture
def rpm_root(tmp_path: Path) -> list[str]:
    """rpm with a database of the test's own that holds one package of a shop."""
    rpm, build = needs.program("rpm", package="rpm"), needs.program("rpmbuild", package="rpm")
    spec = tmp_path / "demo.spec"
    spec.write_text(
        "Name: demo-game\nVersion: 2.5\nRelease: 1\nSummary: x\nLicense: x\nVendor: A Shop\n"
        "BuildArch: noarch\n%description\nx\n%files\n"
    )
    folder = ["--define", f"_topdir {tmp_path}"]
    subprocess.run([build, "-bb", *folder, str(spec)], check=True, capture_output=True)
    base = [rpm, "--root", str(tmp_path / "root"), "--dbpath", "/var/lib/rpm"]
    subprocess.run([*base, "--initdb"], check=True, capture_output=True)
    file = next(tmp_path.glob("RPMS/noarch/*.rpm"))
    subprocess.run([*base, "-i", "--nodeps", str(file)], check=True, capture_output=True)
    return base


def test_a_real_rpm_database_is_asked_through_rpm(tmp_path: Path, rpm_root: list[str]) -> None:
    class Host(RootedHost):
        def run(self, argv, timeout=20, as_user=None):  # type: ignore[no-untyped-def]  # same as above it
            return LocalHost.run(self, [*rpm_root, *argv[1:]], timeout)

    (found,) = linux_packages.rpm(Host(tmp_path / "root"))
    assert (found.name, found.version, found.publisher) == ("demo-game", "2.5-1", "A Shop")
    assert not found.system
    assert found.installed_at is not None


def test_this_machine_is_read_whole_and_its_own_packages_are_its_own() -> None:
    needs.program("dpkg-query", package="dpkg")
    facts = linux.read(LocalHost(b"k" * 32))
    body = encode_section(facts)
    assert (
        msgspec.json.encode(msgspec.json.decode(body, type=SoftwareFacts), order="sorted") == body
    )
    own = {title.name for title in known(facts.titles) if title.system}
    assert {"dpkg", "bash", "libc6", "apt"} <= own
    assert len(body) < 512 * 1024
