"""Parsers of package managers: held to real programs, to recordings of others, to any bytes."""

import datetime
import gzip
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.formats import (
    apt_config,
    apt_simulation,
    deb_changelog,
    deb_index,
    deb_release,
    deb_version,
    dnf_advisories,
    dnf_advisory_dates,
    dpkg_log,
    dpkg_status,
    flatpak_list,
    os_release,
    repomd,
    rpm_query,
    snapd,
    ubuntu_pro,
)
from checks.formats.errors import ParseError
from tests import needs
from tests.checks import corpus

PARSERS: list[Callable[[bytes], object]] = [
    apt_config.parse,
    apt_simulation.parse,
    deb_changelog.parse,
    deb_index.parse,
    deb_release.parse,
    dnf_advisories.parse,
    dnf_advisory_dates.parse,
    dpkg_log.parse,
    dpkg_status.parse,
    flatpak_list.parse,
    os_release.parse,
    repomd.parse,
    rpm_query.parse,
    snapd.parse,
    ubuntu_pro.parse,
]
VERSIONS = st.from_regex(
    r"\A([0-9]{1,2}:)?[0-9][0-9a-zA-Z.+~]{0,8}(-[0-9a-z.+~]{1,5})?\Z", fullmatch=True
)


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__module__)
@given(data=st.binary() | st.text().map(str.encode))
def test_no_bytes_break_a_parser(parse: Callable[[bytes], object], data: bytes) -> None:
    try:
        parse(data)
    except ParseError:
        pass  # the one way a parser may refuse


def test_dpkg_status_says_what_dpkg_says() -> None:
    query = needs.program("dpkg-query", package="dpkg")
    form = "${Package}\t${Version}\t${Architecture}\t${Maintainer}\t${db:Status-Status}\n"
    out = subprocess.run([query, "-W", f"-f={form}"], check=True, capture_output=True, text=True)
    rows = {tuple(line.split("\t")[:4]) for line in out.stdout.splitlines() if "\tinst" in line}
    parsed = dpkg_status.parse(Path("/var/lib/dpkg/status").read_bytes())
    assert {(p.name, p.version, p.architecture, p.maintainer) for p in parsed} >= rows
    assert len(parsed) - len(rows) < 5, "packages half-way through an installation"


@pytest.mark.parametrize(
    ("state", "present"),
    [
        ("install ok installed", True),
        ("hold ok installed", True),
        ("install ok triggers-pending", True),
        ("deinstall ok config-files", False),
        ("purge ok not-installed", False),
    ],
)
def test_a_removed_package_whose_settings_stay_is_not_present(state: str, present: bool) -> None:
    data = f"Package: tor\nStatus: {state}\nVersion: 1:0.4-1\n\n".encode()
    assert [p.version for p in dpkg_status.parse(data)] == (["1:0.4-1"] if present else [])


def test_apt_cache_show_of_another_machine_reads_as_what_it_means() -> None:
    out = corpus.need("jc/generic/apt_cache_show--standard.out").read_bytes()
    meant = json.loads(corpus.need("jc/generic/apt_cache_show--standard.json").read_text())
    wanted = [(row["package"], row["version"]) for row in meant]
    assert [(p.name, p.version) for p in dpkg_status.parse(out)] == wanted
    assert [(p.name, p.version) for p in deb_index.parse(out)] == wanted


def test_os_release_of_another_machine_reads_as_what_it_means() -> None:
    parsed = os_release.parse(corpus.need("jc/generic/os-release-ubuntu").read_bytes())
    assert (parsed.id, parsed.version_id, parsed.codename) == ("ubuntu", "18.04", "bionic")
    assert parsed.name == "Ubuntu 18.04.5 LTS"


@settings(max_examples=150)
@given(left=VERSIONS, right=VERSIONS)
def test_versions_compare_as_dpkg_compares_them(left: str, right: str) -> None:
    dpkg = needs.program("dpkg", package="dpkg")
    for ours, word in (
        (deb_version.compare(left, right) < 0, "lt"),
        (deb_version.compare(left, right) > 0, "gt"),
    ):
        ran = subprocess.run(
            [dpkg, "--compare-versions", left, word, right], check=False, capture_output=True
        )
        assert ours == (ran.returncode == 0), (left, word, right)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("1.0~rc1", "1.0"),
        ("1.0", "1.0+deb12u1"),
        ("5.4.1-1", "5.4.1-1+deb12u2"),
        ("9.9-1", "1:0.1-1"),
        ("1.9", "1.10"),
        ("1.0-9", "1.0-10"),
        ("3.0.17-1~deb12u2", "3.0.17-1"),
    ],
)
def test_tildes_epochs_and_numbers_order_versions(older: str, newer: str) -> None:
    assert deb_version.newer(newer, older)
    assert not deb_version.newer(older, newer)
    assert not deb_version.newer(older, older)


def test_a_version_of_ten_thousand_digits_costs_no_arithmetic() -> None:
    assert deb_version.newer("1." + "9" * 10_000, "1." + "8" * 10_000)
    assert deb_version.compare("1." + "0" * 10_000 + "1", "1.1") == 0


def test_a_release_file_gives_the_archives_own_date() -> None:
    data = (
        b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nOrigin: Debian\n"
        b"Label: Debian-Security\nSuite: oldstable-security\nVersion: 12\n"
        b"Codename: bookworm-security\nDate: Fri, 20 Nov 2026 00:12:41 UTC\n"
        b"Valid-Until: Fri, 27 Nov 2026 00:12:41 UTC\nSHA256:\n e3b0 0 main/Contents\n"
    )
    release = deb_release.parse(data)
    moment = datetime.datetime(2026, 11, 20, 0, 12, 41, tzinfo=datetime.UTC)
    assert release.dated_at == moment.timestamp()
    assert release.valid_until == moment.timestamp() + 7 * 86_400
    assert (release.codename, release.label) == ("bookworm-security", "Debian-Security")


@pytest.mark.parametrize(
    "text", ["", "soon", "Fri, 32 Nov 2026 00:00:00 UTC", "Fri, 20 anF 2026 00:12:41 UTC"]
)
def test_a_date_that_is_none_is_no_date(text: str) -> None:
    assert deb_release.parse(f"Origin: Debian\nDate: {text}\n".encode()).dated_at is None


def test_every_release_file_here_is_read_as_apt_reads_it() -> None:
    files = sorted(Path("/var/lib/apt/lists").glob("*_InRelease"))
    if not files:
        needs.missing("a list of packages (apt-get update)", "apt")
    for file in files:
        assert deb_release.parse(file.read_bytes()).dated_at is not None, file.name


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_the_newest_changelog_entry_names_the_suite(pack: Callable[[bytes], bytes]) -> None:
    text = b"xz-utils (5.4.1-1) bookworm-security; urgency=medium\n\n  * Fix.\n"
    entry = deb_changelog.parse(pack(text))
    assert (entry.source, entry.version, entry.suites) == (
        "xz-utils",
        "5.4.1-1",
        ["bookworm-security"],
    )


def test_a_changelog_that_unpacks_to_a_gigabyte_is_read_at_its_start_only() -> None:
    bomb = gzip.compress(b"tor (1-1) unstable; urgency=low\n" + b"\0" * (64 << 20))
    assert deb_changelog.parse(bomb).source == "tor"


def test_dpkgs_log_tells_installs_from_upgrades_and_where_it_begins() -> None:
    log = dpkg_log.parse(
        b"2026-11-01 08:00:00 startup archives unpack\n"
        b"2026-11-01 08:00:01 install tor:amd64 <none> 0.4.7-1\n"
        b"2026-11-01 08:00:02 status installed tor:amd64 0.4.7-1\n"
        b"2026-11-02 08:00:00 upgrade openssl:amd64 3.0.17 3.0.19\n"
        b"2026-11-03 08:00:00 remove tor:amd64 0.4.7-1 <none>\n"
    )
    assert [(a.verb, a.name, a.new) for a in log.actions] == [
        ("install", "tor", "0.4.7-1"),
        ("upgrade", "openssl", "3.0.19"),
        ("remove", "tor", "<none>"),
    ]
    assert log.begins_at == datetime.datetime(2026, 11, 1, 8, tzinfo=datetime.UTC).timestamp()


def test_apts_own_settings_are_read_as_it_dumps_them() -> None:
    program = needs.program("apt-config", package="apt")
    option = 'Unattended-Upgrade::Origins-Pattern { "origin=Debian,label=Debian-Security"; };'
    dumped = subprocess.run(
        [program, "dump", "-o", "APT::Periodic::Unattended-Upgrade=1"],
        check=True,
        capture_output=True,
    )
    config = apt_config.parse(dumped.stdout)
    assert apt_config.first(config, "APT::Periodic::Unattended-Upgrade", "0") == "1"
    assert apt_config.first(config, "Dir::State", "") == "var/lib/apt"
    lists = f'{option[:35]}:: "origin=Debian,label=Debian-Security";'
    parsed = apt_config.parse(lists.encode())
    assert parsed == {
        "unattended-upgrade::origins-pattern": ["origin=Debian,label=Debian-Security"]
    }


@pytest.mark.parametrize(
    ("value", "on"),
    [("1", True), ("7", True), ("0", False), ("always", True), ("1d", True), ("", False)],
)
def test_a_periodic_setting_is_a_number_of_days_or_a_word(value: str, on: bool) -> None:
    assert apt_config.is_on(value) is on


def test_a_simulation_tells_security_updates_from_others() -> None:
    planned = apt_simulation.parse(
        b"Inst bash [5.2.15-2+b8] (5.2.15-2+b13 Debian:12.15/oldstable [amd64])\n"
        b"Inst libgcrypt20-dev [1.10.1-3] (1.10.1-3+deb12u1 Debian:12.15/oldstable, "
        b"Debian-Security:12/oldstable-security [amd64]) []\n"
        b"Inst linux-image-6.1.0-40-amd64 (6.1.153-1 Debian-Security:12/x [amd64])\n"
        b"Conf bash (5.2.15-2+b13 Debian:12.15/oldstable [amd64])\n"
    )
    assert [(p.name, p.old, p.security) for p in planned] == [
        ("bash", "5.2.15-2+b8", False),
        ("libgcrypt20-dev", "1.10.1-3", True),
        ("linux-image-6.1.0-40-amd64", None, True),
    ]


def test_rpm_answers_our_question_for_a_database_of_our_own(tmp_path: Path) -> None:
    rpm, build = needs.program("rpm", package="rpm"), needs.program("rpmbuild", package="rpm")
    spec = tmp_path / "demo.spec"
    spec.write_text(
        "Name: demo-game\nVersion: 2.5\nRelease: 1\nSummary: x\nLicense: x\nVendor: A Shop\n"
        "BuildArch: noarch\n%description\nx\n%files\n"
    )
    folder = ["--define", f"_topdir {tmp_path}"]
    subprocess.run([build, "-bb", *folder, str(spec)], check=True, capture_output=True)
    package = next(tmp_path.glob("RPMS/noarch/*.rpm"))
    base = [rpm, "--root", str(tmp_path / "root"), "--dbpath", "/db"]
    subprocess.run([*base, "--initdb"], check=True, capture_output=True)
    subprocess.run([*base, "-i", "--nodeps", str(package)], check=True, capture_output=True)
    answer = subprocess.run(
        [*base, "-qa", "--qf", rpm_query.QUERY], check=True, capture_output=True
    )
    (found,) = rpm_query.parse(answer.stdout)
    assert (found.name, found.version, found.vendor) == ("demo-game", "2.5-1", "A Shop")
    assert found.installed_at is not None


def test_rpm_of_an_empty_database_is_no_packages(tmp_path: Path) -> None:
    rpm = needs.program("rpm", package="rpm")
    base = [rpm, "--root", str(tmp_path), "--dbpath", "/db"]
    subprocess.run([*base, "--initdb"], check=True, capture_output=True)
    out = subprocess.run([*base, "-qa", "--qf", rpm_query.QUERY], check=True, capture_output=True)
    assert rpm_query.parse(out.stdout) == []


def test_keys_of_rpm_are_no_programs_and_missing_fields_are_empty() -> None:
    (found,) = rpm_query.parse(
        b"gpg-pubkey\t(none):1-2\t(none)\t1\t(none)\nbash\t1:5.2-1\tx86_64\t(none)\t(none)\n"
    )
    assert (found.version, found.installed_at, found.vendor) == ("1:5.2-1", None, "")


def test_flatpak_without_applications_says_nothing(tmp_path: Path) -> None:
    flatpak = needs.program("flatpak", package="flatpak")
    out = subprocess.run(
        [flatpak, "list", "--app", "--user", f"--columns={flatpak_list.COLUMNS}"],
        check=True,
        capture_output=True,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin", "XDG_DATA_HOME": str(tmp_path)},
    )
    assert flatpak_list.parse(out.stdout) == []


def test_flatpak_rows_are_tab_separated() -> None:
    (app,) = flatpak_list.parse(b"org.videolan.VLC\tVLC\t3.0.21\tflathub\n")
    assert (app.id, app.name, app.version, app.origin) == (
        "org.videolan.VLC",
        "VLC",
        "3.0.21",
        "flathub",
    )


def test_snapds_answer_is_http_around_json() -> None:
    rows = [
        {
            "name": "firefox",
            "version": "145.0",
            "type": "app",
            "publisher": {"display-name": "Mozilla", "validation": "verified"},
            "install-date": "2026-11-02T10:15:00.5Z",
            "apps": [{"name": "firefox"}],
        },
        {"name": "core22", "type": "base", "publisher": {"display-name": "Canonical"}},
    ]
    body = json.dumps({"type": "sync", "status-code": 200, "result": rows}).encode()
    snaps = snapd.parse(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + body)
    assert [(s.name, s.publisher, s.kind) for s in snaps] == [
        ("firefox", "Mozilla", "app"),
        ("core22", "Canonical", "base"),
    ]
    assert snaps[0].installed_at == int(
        datetime.datetime(2026, 11, 2, 10, 15, tzinfo=datetime.UTC).timestamp()
    )


def test_a_refusal_of_snapd_is_not_an_empty_list() -> None:
    with pytest.raises(ParseError):
        snapd.parse(b'HTTP/1.0 401 Unauthorized\r\n\r\n{"result":[]}')


def test_ubuntu_pro_needs_the_service_not_only_the_subscription() -> None:
    status = {
        "attached": True,
        "services": [
            {"name": "esm-infra", "status": "enabled"},
            {"name": "livepatch", "status": "disabled"},
        ],
    }
    assert ubuntu_pro.parse(json.dumps(status).encode()).enabled == ["esm-infra"]


def test_support_end_of_os_release_is_a_day() -> None:
    parsed = os_release.parse(b'ID=fedora\nVERSION_ID=43\nSUPPORT_END="2026-12-02"\n')
    day = datetime.datetime(2026, 12, 2, tzinfo=datetime.UTC)
    assert parsed.support_end == day.timestamp()
    assert os_release.parse(b"ID=arch\n").version_id is None
