"""Programs on Linux, read from real files: whose a package is, hostile homes, what may leave."""

import gzip
import json
import os
from pathlib import Path

import pytest

from checks.facts import encode_section
from checks.host import CannotLook, Listener, Process, User
from checks.software import linux, linux_people, shared
from checks.software.facts import BrowserDns, SoftwareFacts, Title
from checks.unseen import Unseen, known
from tests import needs
from tests.checks.rooted import RootedHost

CANARY = "Wanda Ofsted letter"
FIREFOX = "/home/maya/.mozilla/firefox/a1.default"
DEBIAN = "Debian Team <team@lists.debian.org>"
POLICY = "/etc/firefox/policies/policies.json"


class Machine(RootedHost):
    """A made-up machine with people on it, whose programs and sockets the test chooses."""

    people: tuple[str, ...] = ("maya",)
    runs: tuple[Process, ...] = ()
    listens: tuple[Listener, ...] = ()
    answer: bytes | None = None

    def users(self) -> list[User]:
        return [
            User(name, "1000", self.alias("user", name), f"/home/{name}", "/bin/sh", "human")
            for name in self.people
        ]

    def processes(self) -> list[Process]:
        return list(self.runs)

    def listeners(self) -> list[Listener]:
        return list(self.listens)

    def ask(self, unix_socket: str, question: bytes, limit: int = 0) -> bytes | None:
        return self.answer


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with one package and one empty home."""
    made = Machine(tmp_path)
    made.put("/var/lib/dpkg/status", package("bash", DEBIAN))
    made.put("/proc/self/mounts", "/dev/sda1 / ext4 rw 0 0\n")
    (tmp_path / "home/maya").mkdir(parents=True)
    return made


def package(name: str, maintainer: str, version: str = "1.0-1") -> str:
    return (
        f"Package: {name}\nStatus: install ok installed\nPriority: optional\n"
        f"Maintainer: {maintainer}\nArchitecture: amd64\nVersion: {version}\n\n"
    )


def read(machine: Machine) -> SoftwareFacts:
    facts = linux.read(machine)
    assert encode_section(facts)
    return facts


def titles(machine: Machine) -> dict[str, Title]:
    return {title.name: title for title in known(read(machine).titles)}


@pytest.mark.parametrize(
    ("maintainer", "changelog", "system"),
    [
        (DEBIAN, None, True),
        ("Ubuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>", None, True),
        ("A Debian Developer <someone@debian.org>", None, True),
        ("Somebody <a@example.org>", "thing (1.0-1) unstable; urgency=low", True),
        ("Somebody <a@example.org>", "thing (1.0-1) bookworm-security; urgency=low", True),
        ("Somebody <a@example.org>", "thing (1.0-1) stable; urgency=low", False),
        ("Somebody <a@example.org>", "thing (1.0-1) xenial; urgency=low", False),
        ("Somebody <a@example.org>", "thing (1.0-1) UNRELEASED; urgency=low", False),
        ("Somebody <a@example.org>", "not a changelog", False),
        ("Somebody <a@example.org>", None, False),
        ("Trick <a@notdebian.org>", None, False),
        ("Trick <debian.org@example.org>", None, False),
        ("", None, False),
    ],
)
def test_whose_a_debian_package_is(
    machine: Machine, maintainer: str, changelog: str | None, system: bool
) -> None:
    machine.put("/var/lib/dpkg/status", package("thing", maintainer))
    if changelog is not None:
        path = "/usr/share/doc/thing/changelog.Debian.gz"
        machine.put(path, gzip.compress(changelog.encode()))
    assert titles(machine)["thing"].system is system


def test_a_stranger_was_there_when_dpkgs_log_says_or_before_the_log_began(
    machine: Machine,
) -> None:
    names = ("fresh", "upgraded", "older")
    paragraphs = "".join(package(name, "A Shop <a@example.org>") for name in names)
    machine.put("/var/lib/dpkg/status", paragraphs)
    machine.put(
        "/var/log/dpkg.log",
        "2026-11-01 08:00:00 startup archives unpack\n"
        "2026-11-20 08:00:00 install fresh:amd64 <none> 1.0-1\n"
        "2026-11-20 09:00:00 upgrade upgraded:amd64 0.9-1 1.0-1\n",
    )
    for name, when in (("upgraded", 1_795_165_200), ("older", 1_700_000_000)):
        machine.put(f"/var/lib/dpkg/info/{name}.list", "")
        os.utime(machine.root / f"var/lib/dpkg/info/{name}.list", (when, when))
    found = titles(machine)
    begins = 1_793_520_000  # 1 November 2026, 08:00
    assert found["fresh"].installed_at == 1_795_161_600
    assert found["upgraded"].installed_at == begins, "an upgrade makes nothing new"
    assert found["older"].installed_at == 1_700_000_000
    assert found["older"].publisher == "A Shop"


def test_a_broken_package_database_is_not_an_empty_one(machine: Machine) -> None:
    machine.put("/var/lib/dpkg/status", "rubbish\n\nmore\n")
    facts = read(machine)
    assert [(blind.where, blind.reason) for blind in facts.blind] == [("dpkg", "parse-error")]


def test_a_long_list_is_cut_with_a_count_and_keeps_strangers(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "ROOM", 1_000)
    many = "".join(package(f"lib{n}", DEBIAN) for n in range(50))
    machine.put("/var/lib/dpkg/status", many + package("zoom", "Zoom <a@example.org>"))
    facts = read(machine)
    kept = known(facts.titles)
    assert kept[0].name == "zoom"
    assert facts.cut == 51 - len(kept) > 0


def test_five_thousand_packages_with_the_longest_names_fit_a_section(machine: Machine) -> None:
    long = "".join(package(f"p{n}-" + "x" * 300, "Ö" * 200, "9" * 200) for n in range(5_000))
    machine.put("/var/lib/dpkg/status", long)
    facts = read(machine)
    assert len(encode_section(facts)) < 512 * 1024
    assert facts.cut > 0


def test_an_appimage_is_told_by_its_title_and_nothing_else_of_a_home_leaves(
    machine: Machine,
) -> None:
    home = "/home/maya"
    machine.put(f"{home}/Downloads/Prism_Launcher-9.4-x86_64.AppImage", "x", 0o755)
    machine.put(f"{home}/Downloads/not-executable.AppImage", "x", 0o644)
    machine.put(f"{home}/Documents/{CANARY}.odt", CANARY)
    machine.put(f"{home}/{CANARY}.sh", "#!/bin/sh\n", 0o755)
    machine.put(f"{FIREFOX}/prefs.js", f'user_pref("x.y", "{CANARY}");\n')
    facts = read(machine)
    assert "Prism Launcher" in titles(machine)
    assert "not-executable" not in titles(machine)
    body = encode_section(facts).decode()
    for word in (CANARY, "maya", "/home/maya", "Downloads"):
        assert word not in body


def test_hostile_names_are_tidied_before_they_leave(machine: Machine) -> None:
    nasty = "\x1b[31m<b>\u202eevil\u0007</b>"
    machine.put(f"/home/maya/{nasty}.AppImage", "x", 0o755)
    machine.put("/var/lib/dpkg/status", package("a" * 10_000, f"{nasty} <a@example.org>"))
    for title in known(read(machine).titles):
        assert (title.name + title.publisher).isprintable()
        assert len(title.name) <= 120
        assert len(title.publisher) <= 60


@pytest.mark.parametrize("plant", ["link", "fifo", "folder"])
def test_what_is_planted_in_a_home_is_refused_and_makes_browsers_unseen(
    machine: Machine, plant: str
) -> None:
    place = machine.root / FIREFOX.lstrip("/")
    place.mkdir(parents=True)
    if plant == "link":
        (place / "prefs.js").symlink_to("/etc/passwd")
    elif plant == "fifo":
        os.mkfifo(place / "prefs.js")
    else:
        (place / "prefs.js").mkdir()
    facts = read(machine)
    assert isinstance(facts.dns, Unseen)
    assert isinstance(facts.proxies, Unseen)
    assert facts.blind == []


@pytest.mark.parametrize(
    ("prefs", "policy", "encrypted", "forced"),
    [
        ('user_pref("network.trr.mode", 3);\n', None, "on", False),
        ('user_pref("network.trr.mode", 2);\n', None, "on", False),
        ('user_pref("network.trr.mode", 5);\n', None, "off", False),
        ('user_pref("network.trr.mode", 0);\n', None, "default", False),
        ('user_pref("a.b", 1);\n', None, "default", False),
        ('user_pref("network.trr.mode", 3);\n', {"Enabled": False, "Locked": True}, "off", True),
        ('user_pref("network.trr.mode", 3);\n', {"Enabled": False}, "on", False),
        ('user_pref("a.b", 1);\n', {"Enabled": True, "Locked": True}, "on", True),
    ],
)
def test_firefox_asks_for_names_as_its_owner_or_a_locked_policy_says(
    machine: Machine, prefs: str, policy: object, encrypted: str, forced: bool
) -> None:
    machine.put(f"{FIREFOX}/prefs.js", prefs)
    if policy is not None:
        machine.put(POLICY, json.dumps({"policies": {"DNSOverHTTPS": policy}}))
    dns = known(read(machine).dns)
    assert [(one.browser, one.encrypted, one.forced) for one in dns] == [
        ("firefox", encrypted, forced)
    ]


def test_chromium_and_its_kin_are_read_with_their_extensions(machine: Machine) -> None:
    root = "/home/maya/.config/chromium"
    machine.put(f"{root}/Local State", '{"dns_over_https":{"mode":"secure"}}')
    machine.put(f"{root}/Default/Extensions/{'a' * 32}/1.0/manifest.json", "{}")
    machine.put(f"{root}/Default/Extensions/Temp/x", "")
    facts = read(machine)
    assert facts.dns == [BrowserDns("chromium", "on", False)]
    assert facts.extensions == ["a" * 32]
    machine.put("/etc/chromium/policies/managed/school.json", '{"DnsOverHttpsMode":"off"}')
    assert read(machine).dns == [BrowserDns("chromium", "off", True)]
    machine.put("/etc/chromium/policies/managed/school.json", '{"DnsOverHttpsMode":"never"}')
    assert read(machine).dns == [BrowserDns("chromium", "on", False)]


def test_what_one_browsers_policy_says_holds_for_no_other(machine: Machine) -> None:
    root = "/home/maya/.config/google-chrome"
    machine.put(f"{root}/Local State", '{"dns_over_https":{"mode":"secure"}}')
    machine.put("/etc/chromium/policies/managed/school.json", '{"DnsOverHttpsMode":"off"}')
    assert read(machine).dns == [BrowserDns("chromium", "on", False)]
    machine.put("/etc/opt/chrome/policies/managed/school.json", '{"DnsOverHttpsMode":"off"}')
    assert read(machine).dns == [BrowserDns("chromium", "off", True)]


def test_who_hides_a_profile_among_many_is_not_passed(machine: Machine) -> None:
    for number in range(41):
        machine.put(f"/home/maya/.mozilla/firefox/a{number}/prefs.js", 'user_pref("a.b", 1);\n')
    assert read(machine).dns == Unseen("too-large")


def test_a_firefox_profile_may_be_called_anything(machine: Machine) -> None:
    machine.put("/home/maya/.mozilla/firefox/mine/prefs.js", 'user_pref("network.trr.mode", 3);\n')
    machine.put("/home/maya/.mozilla/firefox/profiles.ini", "")
    assert read(machine).dns == [BrowserDns("firefox", "on", False)]


def test_a_profile_is_found_among_all_else_that_a_browser_keeps(machine: Machine) -> None:
    root = "/home/maya/.config/chromium"
    machine.put(f"{root}/Local State", "{}")
    for number in range(60):
        machine.put(f"{root}/Cache{number}", "")
    machine.put(f"{root}/Profile 1/Extensions/{'a' * 32}/1.0/manifest.json", "{}")
    assert read(machine).extensions == ["a" * 32]


@pytest.mark.parametrize(
    ("file", "text", "where"),
    [
        (".config/environment.d/p.conf", "https_proxy=http://p.example.org\n", ["environment"]),
        (".pam_environment", "ALL_PROXY=socks5://p.example.org\n", ["environment"]),
        (".config/environment.d/p.conf", "#https_proxy=x\nEDITOR=vi\n", []),
        (".config/kioslaverc", "[Proxy Settings]\nProxyType=2\n", ["kde"]),
        (".config/kioslaverc", "[Proxy Settings]\nProxyType=0\n", []),
    ],
)
def test_a_proxy_of_ones_own_is_told_by_where_it_was_set(
    machine: Machine, file: str, text: str, where: list[str]
) -> None:
    machine.put(f"/home/maya/{file}", text)
    facts = read(machine)
    assert facts.proxies == where
    assert "example.org" not in encode_section(facts).decode()


def test_gnomes_proxy_is_unseen_where_gsettings_cannot_be_asked(machine: Machine) -> None:
    machine.put("/home/maya/.config/dconf/user", b"GVariant\0system/proxy/\0mode\0manual")
    assert read(machine).proxies == Unseen("tool-missing")


def test_a_home_that_is_shut_leaves_its_programs_unknown(machine: Machine) -> None:
    machine.people = ("maya", "tom")

    def shut(path: str) -> list[str] | None:
        if path == "/home/tom":
            raise CannotLook("denied", path)
        return RootedHost.list(machine, path)

    machine.list = shut  # type: ignore[method-assign]  # one door of many shut
    facts = read(machine)
    assert [(blind.where, blind.reason) for blind in facts.blind] == [("homes", "denied")]
    assert facts.dns == Unseen("denied")


@pytest.mark.parametrize("home", ["/home/tom", "/home/SCHOOL/tom"])
def test_homes_of_a_directorys_accounts_are_looked_into_as_well(
    machine: Machine, home: str
) -> None:
    needs.root()
    machine.put(f"{home}/.mozilla/firefox/a.default/prefs.js", 'user_pref("network.trr.mode", 3);')
    machine.put(f"{home}/Game.AppImage", "x", 0o755)
    for folder in (home, "/home/maya"):
        os.chown(f"{machine.root}{folder}", 1234, 1234)
    assert "Game" in titles(machine)
    assert read(machine).dns == [BrowserDns("firefox", "on", False)]
    machine.put(f"{home}/.local/share/flatpak/app/org.example.Game/x", "")
    assert [blind.where for blind in read(machine).blind] == ["homes"], "nobody to ask as"


def test_more_homes_than_can_be_looked_into_leave_the_rest_unknown(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linux_people, "PEOPLE", 0)
    assert [(one.where, one.reason) for one in read(machine).blind] == [("homes", "too-large")]


def test_a_script_is_its_interpreter_and_a_persons_hidden_program_is_counted(
    machine: Machine,
) -> None:
    maya = machine.alias("user", "maya")
    machine.runs = (
        Process(1, "systemd", None, "service"),
        Process(2, f"{CANARY}.sh", "/usr/bin/bash", maya),
        Process(3, f"{CANARY}.py", None, maya),
        Process(4, "x", "/home/maya/Tor Browser/firefox.real (deleted)", maya),
        Process(5, "x", "/memfd:sealed-8123", maya),
    )
    found = linux.read_now(machine)
    assert known(found.running) == ["bash", "firefox.real", "memfd", "systemd"]
    assert found.hidden == 1
    assert CANARY.lower() not in encode_section(found).decode().lower()


def test_ports_the_system_picks_are_left_out_and_local_ones_marked(machine: Machine) -> None:
    machine.listens = (
        Listener("udp", "0.0.0.0", 40_000, None),  # noqa: S104  (what is seen, not what is opened)
        Listener("udp", "0.0.0.0", 5353, None),  # noqa: S104  (as above)
        Listener("tcp", "127.0.0.1", 9050, "tor"),
        Listener("tcp", "::1", 9050, "tor"),
        Listener("tcp", "::", 51_413, None),
    )
    ports = known(linux.read_now(machine).listening)
    assert [(one.protocol, one.port, one.local) for one in ports] == [
        ("tcp", 9050, True),
        ("tcp", 51_413, False),
        ("udp", 5353, False),
    ]


def test_mount_options_decide_what_starts_where(machine: Machine, tmp_path: Path) -> None:
    machine.put(
        "/proc/self/mounts", "/dev/sda1 / ext4 rw 0 0\n/dev/sda2 /home ext4 rw,noexec 0 0\n"
    )
    (tmp_path / "tmp").mkdir()
    places = known(read(machine).places)
    seen = [(place.path, place.noexec) for place in places]
    assert seen == [("/home", True), ("/tmp", False)]  # noqa: S108  (a fact)


def test_snaps_of_the_systems_maker_are_its_own(machine: Machine) -> None:
    rows = [
        {"name": "firefox", "version": "1", "publisher": {"display-name": "Mozilla"}},
        {"name": "snap-store", "version": "1", "publisher": {"display-name": "Canonical"}},
        {"name": "core22", "type": "base", "publisher": {"display-name": "Canonical"}},
    ]
    machine.answer = b"HTTP/1.0 200 OK\r\n\r\n" + json.dumps({"result": rows}).encode()
    found = titles(machine)
    assert [found[name].system for name in ("firefox", "snap-store", "core22")] == [
        False,
        True,
        True,
    ]
