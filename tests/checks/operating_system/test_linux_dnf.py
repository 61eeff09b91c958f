"""Security updates on rpm systems, asked of the real dnf 4 over a repository made for the test."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from agent.hosts import running
from checks.formats import dnf_advisories, dnf_advisory_dates, repomd
from checks.formats.dnf_advisories import Offer
from checks.formats.errors import ParseError
from checks.host import RUN_TIMEOUT, CannotLook, Ran
from checks.operating_system import linux, linux_dnf
from checks.operating_system.facts import OperatingSystemNow, Update
from checks.unseen import Unseen, known
from tests import needs
from tests.checks.rooted import RootedHost

AT = 1_795_320_000
SPEC = """Name: %{n}
Version: %{v}
Release: 1.el9
Summary: x
License: x
BuildArch: noarch
%description
x
%files
"""
ADVISORY = """<update from="x@example.org" status="final" type="{type}" version="1">
<id>{id}</id><title>{id} of {name}</title><issued date="2026-10-01 00:00:00"/>
<updated date="{date} 12:00:00"/><severity>{severity}</severity><summary>s</summary>
<description>Severity: Low
    Updated: 2001-01-01 00:00:00
===============================================================================
</description><pkglist><collection><package name="{name}" version="{version}" release="1.el9"
 epoch="0" arch="noarch" src="x"><filename>x.rpm</filename></package></collection></pkglist>
</update>"""


class Rpm(RootedHost):
    """A machine whose dnf and rpm are real and know only this root's packages and cache."""

    asked_as: list[str | None]

    def clock(self) -> int:
        return AT

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        self.asked_as.append(as_user)
        own = {"dnf": ["dnf", "-c", f"{self.root}/dnf.conf"], "rpm": ["rpm"]}
        if argv[0] not in own:
            raise CannotLook("tool-missing", argv[0])
        home = f"HOME={self.root}/home"
        return running.run(["env", home, *own[argv[0]], *argv[1:]], timeout)

    def install(self, *packages: str) -> None:
        files = [f"{self.root}/repo/{package}-1.el9.noarch.rpm" for package in packages]
        options = ["--nodeps", "--force-debian"] if Path("/etc/debian_version").exists() else []
        ran = self.run(["rpm", "-U", *options, *files])
        assert ran.code == 0, ran.err

    def publish(self, *advisories: str) -> None:
        """Put the advisories into the repository, and fetch it as the system's timer would."""
        repo = self.root / "repo"
        subprocess.run(["createrepo_c", "-q", str(repo)], check=True, capture_output=True)
        if advisories:
            file = self.root / "updateinfo.xml"
            file.write_text(f"<updates>{''.join(advisories)}</updates>")
            subprocess.run(
                ["modifyrepo_c", str(file), str(repo / "repodata")], check=True, capture_output=True
            )
        ran = self.run(["dnf", "-q", "--refresh", "makecache"])
        assert ran.code == 0, ran.err


def advisory(called: str, package: str, severity: str, date: str = "2026-11-02") -> str:
    name, _, version = package.rpartition("-")
    return ADVISORY.format(
        type="security", id=called, name=name, version=version, severity=severity, date=date
    )


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    needs.program("dnf", package="dnf")
    needs.program("createrepo_c", package="createrepo-c")
    build = needs.program("rpmbuild", package="rpm")
    top = tmp_path_factory.mktemp("rpms")
    (top / "x.spec").write_text(SPEC)
    for package in ("door-1.0", "door-2.0", "door-3.0", "kettle-1.0", "kettle-1.1", "glibc-2.0"):
        name, _, version = package.rpartition("-")
        words = ["--define", f"_topdir {top}", "--define", f"n {name}", "--define", f"v {version}"]
        subprocess.run([build, "-bb", *words, str(top / "x.spec")], check=True, capture_output=True)
    return top / "RPMS" / "noarch"


@pytest.fixture
def machine(tmp_path: Path, packages: Path) -> Rpm:
    """Rocky Linux with door 1.0, kettle 1.0 and a repository that is called as its own."""
    made = Rpm(tmp_path)
    made.asked_as = []
    (tmp_path / "repo").mkdir()
    for file in packages.iterdir():
        (tmp_path / "repo" / file.name).hardlink_to(file)
    made.put("/home/.rpmmacros", f"%_dbpath {tmp_path}/var/lib/rpm\n")
    made.put("/repos/own.repo", f"[baseos]\nname=x\nbaseurl=file://{tmp_path}/repo\n")
    folders = "".join(
        f"{name}={tmp_path}/{place}\n"
        for name, place in (
            ("cachedir", "var/cache/dnf"),
            ("reposdir", "repos"),
            ("varsdir", "vars"),
            ("logdir", "log"),
            ("persistdir", "persist"),
        )
    )
    made.put("/dnf.conf", f"[main]\ngpgcheck=0\nplugins=0\n{folders}")
    made.put("/etc/os-release", "ID=rocky\nVERSION_ID=9.6\n")
    made.put("/proc/stat", f"btime {AT - 86_400}\n")
    (tmp_path / "usr/bin").mkdir(parents=True)
    (tmp_path / "usr/bin/dnf").symlink_to("dnf-3")
    made.install("door-1.0", "kettle-1.0")
    return made


def look(machine: Rpm) -> OperatingSystemNow:
    machine.asked_as.clear()
    return linux.read_now(machine)


def test_a_security_update_waits_with_its_severity_and_date_and_a_plain_one_does_not(
    machine: Rpm,
) -> None:
    plain = ADVISORY.format(
        type="bugfix", id="X-3", name="kettle", version="1.1", severity="None", date="2026-11-03"
    )
    machine.publish(advisory("X-1", "door-2.0", "Important"), plain)
    now = look(machine)
    assert now.pending == [Update("door", "2.0-1.el9", "high", 1_793_620_800)]
    assert now.pending_count == 1
    made = int((machine.root / "repo/repodata/repomd.xml").stat().st_mtime)
    assert abs(known(now.lists_at or 0) - made) <= 60
    user = "nobody" if machine.privileged else None
    assert set(machine.asked_as) <= {user, None}
    assert machine.asked_as.count(user) >= 2, "dnf writes nothing of root's"


def test_a_package_with_several_advisories_waits_since_the_oldest_of_the_worst(
    machine: Rpm,
) -> None:
    machine.publish(
        advisory("X-1", "door-2.0", "Critical", "2026-11-02"),
        advisory("X-2", "door-3.0", "Critical", "2026-11-12"),
        advisory("X-3", "door-3.0", "Low", "2026-09-01"),
        advisory("X-4", "kettle-1.1", ""),
    )
    assert look(machine).pending == [
        Update("door", "3.0-1.el9", "critical", 1_793_620_800),
        Update("kettle", "1.1-1.el9", None, 1_793_620_800),
    ]


def test_what_is_installed_does_not_wait_and_what_is_excluded_does(machine: Rpm) -> None:
    machine.publish(advisory("X-1", "door-2.0", "Low"), advisory("X-4", "kettle-1.1", "Low"))
    machine.install("door-2.0")
    conf = machine.root / "dnf.conf"
    conf.write_text(conf.read_text() + "exclude=kettle\n")
    assert [update.name for update in known(look(machine).pending)] == ["kettle"]
    machine.install("kettle-1.1")
    now = look(machine)
    assert (now.pending, now.pending_count) == ([], 0)


def test_a_repository_without_advisories_is_not_one_with_nothing_to_fix(machine: Rpm) -> None:
    machine.publish()
    now = look(machine)
    assert now.lists_at is None
    assert now.pending == now.pending_count == Unseen("unsupported")


def test_advisories_of_a_maker_say_nothing_of_the_distribution(machine: Rpm) -> None:
    repo = machine.root / "repos/own.repo"
    repo.write_text(repo.read_text().replace("[baseos]", "[epel]"))
    machine.publish(advisory("X-1", "door-2.0", "Low"))
    assert look(machine).lists_at is None
    assert look(machine).pending == Unseen("unsupported")


def test_a_repository_that_was_never_fetched_leaves_nobody_knowing(machine: Rpm) -> None:
    machine.publish(advisory("X-1", "door-2.0", "Low"))
    machine.put("/repos/more.repo", "[more]\nname=x\nbaseurl=file:///nowhere\n")
    assert look(machine).pending == Unseen("stale")


def test_a_restart_is_due_since_something_below_everything_was_replaced(machine: Rpm) -> None:
    machine.publish(advisory("X-1", "door-2.0", "Low"))
    machine.put("/proc/stat", "btime 1000\n")
    assert look(machine).restart_since is None
    machine.install("glibc-2.0")
    since = known(look(machine).restart_since)
    assert since is not None
    machine.put("/proc/stat", f"btime {since - 1}\n")
    assert look(machine).restart_since == since
    machine.put("/proc/stat", f"btime {since}\n")
    assert look(machine).restart_since is None


@pytest.mark.parametrize("link", ["dnf5", "/usr/bin/dnf5", "microdnf"])
def test_another_dnf_is_not_asked(machine: Rpm, link: str) -> None:
    program = machine.root / "usr/bin/dnf"
    program.unlink()
    program.symlink_to(link)
    now = look(machine)
    assert machine.asked_as == []
    assert now.pending == now.lists_at == now.restart_since == Unseen("unsupported")


@pytest.mark.parametrize(
    ("folder", "own"),
    [
        ("baseos-6d2f2b0225edcbb3", True),
        ("appstream-6d2f2b0225edcbb3", True),
        ("rhel-9-for-x86_64-baseos-rpms-6d2f2b0225edcbb3", True),
        ("ol9_baseos_latest-6d2f2b0225edcbb3", True),
        ("updates-6d2f2b0225edcbb3", True),
        ("updates-testing-6d2f2b0225edcbb3", False),
        ("baseos-debuginfo-6d2f2b0225edcbb3", False),
        ("epel-6d2f2b0225edcbb3", False),
        ("google-chrome-6d2f2b0225edcbb3", False),
        ("baseos.solv", False),
        ("myupdates-6d2f2b0225edcbb3", False),
    ],
)
def test_the_distributions_own_repositories_are_known_by_name(
    tmp_path: Path, folder: str, own: bool
) -> None:
    machine = RootedHost(tmp_path)
    machine.put(f"/var/cache/dnf/{folder}/repodata/repomd.xml", REPOMD)
    assert linux_dnf.Dnf(machine).lists_at() == (1_795_331_048 if own else None)


REPOMD = """<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo"><revision>9</revision>
<data type="primary"><timestamp>7</timestamp></data>
<data type="updateinfo"><timestamp>1795331048.5</timestamp></data></repomd>"""


def test_captured_lines_are_read() -> None:
    lines = (
        b"ALSA-2026:33124 Moderate/Sec.  coreutils-single-9.5-8.el10_2.x86_64\n"
        b"FEDORA-2021-74ebf2f06f Unknown/Sec. avahi-libs-1:0.8-14.fc34.noarch\n"
    )
    assert dnf_advisories.parse(lines) == [
        Offer("ALSA-2026:33124", "medium", "coreutils-single", "9.5-8.el10_2"),
        Offer("FEDORA-2021-74ebf2f06f", None, "avahi-libs", "1:0.8-14.fc34"),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        b"Last metadata expiration check: 0:00:01 ago on Wed Jul 29 15:41:09 2026.\n",
        b"Name Type Severity Package Issued\n",
        b"X-1 bugfix door-2.0-1.noarch\n",
    ],
)
def test_another_answer_than_dnf_4s_is_refused(lines: bytes) -> None:
    with pytest.raises(ParseError):
        dnf_advisories.parse(lines)
    with pytest.raises(ParseError):
        dnf_advisory_dates.parse(lines)


@pytest.mark.parametrize("data", [b"", b"<a/>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_what_is_no_list_of_lists_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        repomd.parse(data)
