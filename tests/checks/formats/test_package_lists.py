"""Lists of packages that were handed over: dpkg, rpm, snap and flatpak, old versions and new."""

import json
import subprocess
from pathlib import Path

import pytest

from checks.formats import dpkg_list, dpkg_status, flatpak_list, os_release, rpm_query, snap_list
from checks.formats.errors import ParseError
from tests import needs
from tests.checks import corpus

PACKAGES = "glpi-agent/linux/packaging"


@pytest.mark.parametrize("name", ["dpkg-l", "dpkg-l-codes"])
def test_every_line_of_dpkg_is_as_another_parser_has_it(name: str) -> None:
    theirs = json.loads(corpus.need(f"jc/ubuntu-18.04/{name}.json").read_text())
    ours = dpkg_list.parse(corpus.need(f"jc/ubuntu-18.04/{name}.out").read_bytes())
    keys = ("name", "version", "architecture", "description", "desired")
    assert [tuple(getattr(one, key) for key in keys) for one in ours] == [
        tuple(one[key] for key in keys) for one in theirs
    ]
    states = [one["status"].replace("trigger ", "triggers-").replace(" ", "-") for one in theirs]
    assert [one.state.replace("awaited", "await") for one in ours] == states
    assert [one.broken for one in ours] == ["error" in one for one in theirs]


def test_the_real_dpkg_lists_what_its_database_holds() -> None:
    needs.program("dpkg", package="dpkg")
    ran = subprocess.run(["dpkg", "-l"], capture_output=True, check=True)
    listed = {(one.name, one.version) for one in dpkg_list.parse(ran.stdout) if one.present}
    held = dpkg_status.parse(Path("/var/lib/dpkg/status").read_bytes())
    assert {(name.partition(":")[0], version) for name, version in listed} == {
        (one.name, one.version) for one in held
    }


HEAD = (
    "Gewünscht=Unbekannt/Installieren\n| Status=Nicht/Installiert\n||/ Name Version Architektur\n"
)


@pytest.mark.parametrize(
    ("row", "state", "present"),
    [
        ("ii  bash  5.2-1  amd64  GNU", "installed", True),
        ("rc  bash  5.2-1  amd64  GNU", "config-files", False),
        ("un  bash  <none>  <none>  (keine Beschreibung vorhanden)", "not-installed", False),
        ("iU  bash  5.2-1  amd64  GNU", "unpacked", True),
        ("iF  bash  5.2-1  amd64  GNU", "half-configured", True),
        ("it  bash  5.2-1  amd64  GNU", "triggers-pending", True),
        ("iHR bash  5.2-1  amd64  GNU", "half-installed", False),
    ],
)
def test_letters_decide_whatever_language_the_head_is_in(
    row: str, state: str, present: bool
) -> None:
    text = f"{HEAD}+++-====-=====-=====-=====\n{row}\n"
    for lines in (text, text.replace("\n", "\r\n")):
        [one] = dpkg_list.parse(lines.encode())
        assert (one.name, one.state, one.present) == ("bash", state, present)
        assert one.broken == ("R" in row[:3])
        assert one.version in ("5.2-1", "")


def test_a_list_from_before_architectures_has_none() -> None:
    text = "||/ Name Version Description\n+++-====-=====-=====\nii  bash  4.1-3  The GNU shell\n"
    [one] = dpkg_list.parse(text.encode())
    assert (one.version, one.architecture, one.description) == ("4.1-3", "", "The GNU shell")


@pytest.mark.parametrize("data", [b"", b"dpkg-query: no packages found matching x", b"a\tb"])
def test_what_dpkg_never_listed_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        dpkg_list.parse(data)


def test_a_list_made_with_tabs_tells_removed_packages_too() -> None:
    found = dpkg_list.parse(corpus.need(f"{PACKAGES}/dpkg").read_bytes())
    states = {one.name: one.state for one in found}
    assert (states["apache2"], states["vlc-nox"]) == ("installed", "config-files")
    assert [one.name for one in found if not one.present] == ["vlc-nox"]


def test_what_apt_shows_is_read_as_packages() -> None:
    theirs = json.loads(corpus.need("jc/generic/apt_cache_show--standard.json").read_text())
    ours = dpkg_status.parse(corpus.need("jc/generic/apt_cache_show--standard.out").read_bytes())
    assert [(one.name, one.version, one.maintainer) for one in ours] == [
        (one["package"], one["version"], one["maintainer"]) for one in theirs
    ]


def test_a_database_with_other_line_ends_is_the_same_database() -> None:
    text = "Package: a\nStatus: install ok installed\nVersion: 1\n\nPackage: b\nVersion: 2\n"
    assert dpkg_status.parse(text.replace("\n", "\r\n").encode()) == dpkg_status.parse(
        text.encode()
    )


@pytest.mark.parametrize(
    ("line", "name", "version", "architecture"),
    [
        ("zlib-1.2.7-18.el7.x86_64", "zlib", "1.2.7-18.el7", "x86_64"),
        ("kernel-core-6.1.9-200.fc37.x86_64", "kernel-core", "6.1.9-200.fc37", "x86_64"),
        ("zypper-log-1.14.59-150400.3.noarch", "zypper-log", "1.14.59-150400.3", "noarch"),
        ("libfoo-1.0-1", "libfoo", "1.0-1", ""),
    ],
)
def test_a_plain_rpm_name_is_parted_from_the_right(
    line: str, name: str, version: str, architecture: str
) -> None:
    [one] = rpm_query.parse(f"{line}\ngpg-pubkey-f4a80eb5-53a7ff4b\n".encode())
    assert (one.name, one.version, one.architecture) == (name, version, architecture)


def test_rpm_blocks_of_new_and_old_versions_are_read() -> None:
    new = "Name        : make\nEpoch       : 1\nVersion     : 3.82\nRelease     : 24.el7\n"
    new += "Architecture: x86_64\nInstall Date: Wed 16 Oct 2019 09:21:42 PM EDT\n"
    new += "Vendor      : CentOS\nDescription :\nGNU Make\nVersion: as in a text\n"
    old = "Name        : bash                Relocations: (not relocatable)\n"
    old += "Version     : 4.1                      Vendor: CentOS\nRelease     : 1.el6\n"
    old += "Install Date: mer. 16 oct. 2019\n"
    make, bash = rpm_query.parse((new + old).encode())
    assert make == rpm_query.Package("make", "1:3.82-24.el7", "x86_64", 1571260902, "CentOS")
    assert (bash.name, bash.version, bash.installed_at) == ("bash", "4.1-1.el6", None)


def test_rpm_fields_of_another_inventory_are_read() -> None:
    line = b"zlib\tx86_64\t1.2.7-18.el7\t1571217702\t92056\tCentOS\tA library\tSystem\n"
    assert rpm_query.parse(line) == [
        rpm_query.Package("zlib", "1.2.7-18.el7", "x86_64", 1571217702, "CentOS")
    ]


@pytest.mark.parametrize("data", [b"error: cannot open Packages", b"a\tb\tc", b"bash"])
def test_what_rpm_never_listed_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        rpm_query.parse(data)


def test_real_snaps_and_their_kinds() -> None:
    found = snap_list.parse(corpus.need(f"{PACKAGES}/snap").read_bytes())
    assert [(one.name, one.kind, one.checked) for one in found] == [
        ("core18", "base", True),
        ("kde-frameworks-5-core18", "app", True),
        ("kdenlive", "app", True),
        ("scrcpy", "app", False),
        ("snapd", "snapd", True),
    ]
    [one] = snap_list.parse(corpus.need(f"{PACKAGES}/snap_kde-frameworks-5-core18").read_bytes())
    assert (one.name, one.version, one.revision, one.publisher) == (
        found[1].name,
        "5.61.0",
        "32",
        "KDE",
    )


@pytest.mark.parametrize(
    ("head", "row", "tracking", "publisher"),
    [
        ("Name Version Rev Notes", "hello 2.10 29 -", "", ""),
        ("Name Version Rev Developer Notes", "hello 2.10 29 canonical -", "", "canonical"),
        (
            "Nom Version Rév Suivi Éditeur Notes",
            "hello 2.10 29 latest/stable canonical✓ -",
            "latest/stable",
            "canonical",
        ),
    ],
)
def test_columns_of_any_age_and_language(
    head: str, row: str, tracking: str, publisher: str
) -> None:
    [one] = snap_list.parse(f"{head}\n{row}\n".encode())
    assert (one.name, one.version, one.revision) == ("hello", "2.10", "29")
    assert (one.tracking, one.publisher, one.notes) == (tracking, publisher, [])


@pytest.mark.parametrize("data", [b"x", b"a b c d\ne f", b"name: x\nsummary: not installed"])
def test_what_snap_never_listed_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        snap_list.parse(data)


def flatpaks() -> list[str]:
    return [name for name in corpus.names(PACKAGES) if name.startswith("flatpak")] or ["absent"]


@pytest.mark.parametrize("name", flatpaks())
def test_a_real_flatpak_is_what_its_file_is_named_for(name: str) -> None:
    [one] = flatpak_list.parse(corpus.need(f"{PACKAGES}/{name}").read_bytes())
    wanted = name.removeprefix("flatpak_").rsplit("_", 2)
    assert [one.id, one.branch, one.installation] == wanted
    assert (one.origin, one.architecture) == ("flathub", "x86_64")


TERMINAL = """Name  Anwendungskennung  Version  Zweig  Installation
VLC   org.videolan.VLC   3.0.18   stable   system
"""


@pytest.mark.parametrize(
    "text",
    [
        "org.videolan.VLC\tVLC\t3.0.18\tflathub\n",
        "VLC\torg.videolan.VLC\t3.0.18\tstable\tsystem\n",
        "VLC\torg.videolan.VLC\t3.0.18\tstable\tflathub\tsystem\n",
        TERMINAL,
        "org.videolan.VLC/x86_64/stable\tsystem,current\n",
    ],
)
def test_columns_of_every_version_name_the_same_application(text: str) -> None:
    [one] = flatpak_list.parse(text.encode())
    assert one.id == "org.videolan.VLC"
    assert one.version in ("3.0.18", "")
    assert one.installation in ("system", "")


@pytest.mark.parametrize("data", [b"one", b"a\tb\tc\td", b"error: not found", b"Ref: x"])
def test_what_flatpak_never_listed_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        flatpak_list.parse(data)


def test_a_real_system_names_itself_as_another_parser_has_it() -> None:
    theirs = json.loads(corpus.need("jc/generic/os-release-ubuntu.json").read_text())
    ours = os_release.parse(corpus.need("jc/generic/os-release-ubuntu").read_bytes())
    assert ours.assignments == theirs
    assert (ours.id, ours.version_id, ours.codename) == ("ubuntu", "18.04", "bionic")
