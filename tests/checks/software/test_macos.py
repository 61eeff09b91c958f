"""macOS programs where recordings do not reach: bundles of every kind, links, formulas."""

import datetime
import json
import os
import plistlib
from pathlib import Path
from typing import Any

import pytest

from checks.facts import encode_section
from checks.host import CannotLook, Listener, Process
from checks.software import macos, macos_titles
from checks.software.facts import Blind, Port, SoftwareNow, Title
from checks.unseen import known
from tests.checks.software.mac import CHROME, Mac

DAY = int(datetime.datetime(2026, 9, 1, tzinfo=datetime.UTC).timestamp())


@pytest.fixture
def mac(tmp_path: Path) -> Mac:
    return Mac(tmp_path)


def titles(mac: Mac) -> dict[str, Title]:
    return {title.name: title for title in macos_titles.look(mac).titles}


def blind(mac: Mac) -> list[Blind]:
    return macos_titles.look(mac).blind


def test_an_application_is_known_by_its_folder_and_what_it_says_of_itself(mac: Mac) -> None:
    mac.app("/Applications/Zoom.app", "us.zoom.xos", "6.2.11", CFBundleName="zoom.us")
    assert titles(mac)["Zoom"] == Title(
        "Zoom", "6.2.11", "application", id="us.zoom.xos", publisher="Zoom"
    )


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_folders_of_programs_are_looked_into_two_deep(mac: Mac, depth: int) -> None:
    mac.app(f"/Applications/{'Suite/' * depth}Tool.app")
    assert ("Tool" in titles(mac)) == (depth <= 2)


def test_an_ipad_program_is_found_inside_its_wrapper(mac: Mac) -> None:
    inner = {"CFBundleIdentifier": "com.roblox.robloxmobile", "CFBundleShortVersionString": "2.6"}
    mac.list_of("/Applications/Roblox.app/Wrapper/Roblox.app/Info.plist", inner)
    mac.link_to("/Applications/Roblox.app/WrappedBundle", "Wrapper/Roblox.app")
    assert titles(mac)["Roblox"].version == "2.6"


def test_a_renamed_application_is_known_by_the_name_inside(mac: Mac) -> None:
    mac.app("/Applications/Homework.app", CFBundleName="Tor Browser")
    mac.app("/Applications/Maths.app", CFBundleDisplayName="Google Chrome", CFBundleName="Chrome")
    mac.app("/Applications/Diary.app", CFBundleName="Some editor")
    assert set(titles(mac)) == {"Tor Browser", "Google Chrome", "Diary"}


def test_in_a_persons_own_folder_the_makers_name_leaves_and_not_the_files(mac: Mac) -> None:
    mac.app("/Users/maya/Applications/Maya's secret.app", CFBundleName="Some editor")
    mac.put("/Users/maya/Applications/For Omar.app/Contents/readme", "")
    mac.app("/Users/Shared/Games/Old.app")
    mac.app("/Users/Shared/Discord.app")
    assert set(titles(mac)) == {"Some editor", "application", "Discord"}
    assert b"secret" not in encode_section(macos.read(mac))


def test_homes_of_accounts_that_are_not_listed_here_are_looked_at(mac: Mac) -> None:
    mac.app("/Users/omar/Applications/Discord.app", CFBundleName="Discord")
    mac.put("/Users/omar/Library/Application Support/Google/Chrome/Local State", "{}")
    if os.geteuid() == 0:
        mac.app("/Users/root-made/Applications/Steam.app", CFBundleName="Steam")
        os.chown(mac.root / "Users/omar", 1_471_826_938, 20)
        assert set(titles(mac)) == {"Discord"}
        assert len(known(macos.read(mac).dns)) == 1
    (mac.root / "Users/omar").rename(mac.root / "Users/Deleted Users")
    assert titles(mac) == {}


def test_a_page_made_into_a_bundle_is_nobodys_program_unless_a_list_knows_it(mac: Mac) -> None:
    pages = "/Users/maya/Applications/Chrome Apps.localized"
    mac.app(f"{pages}/Clinic.app", "com.google.Chrome.app.abc", CFBundleName="Clinic")
    mac.app(f"{pages}/Discord.app", "com.google.Chrome.app.def", CFBundleName="Discord")
    assert set(titles(mac)) == {"Discord"}


def test_apples_own_is_apples_where_only_an_administrator_could_put_it(mac: Mac) -> None:
    mac.app("/Applications/Keynote.app", "com.apple.iWork.Keynote")
    mac.app("/Users/maya/Applications/Fake.app", "com.apple.fake", CFBundleName="Fake")
    found = titles(mac)
    assert (found["Keynote"].system, found["Fake"].system) == (True, False)


def test_what_came_with_macos_leaves_by_its_name_and_safari_with_its_version(mac: Mac) -> None:
    mac.app("/System/Applications/Chess.app", version="3.18")
    mac.app("/System/Applications/Utilities/Terminal.app")
    place = "/System/Cryptexes/App/System/Applications/Safari.app"
    mac.app(place, "com.apple.Safari", "26.1")
    mac.link_to("/Applications/Safari.app", f"..{place}")
    found = titles(mac)
    assert set(found) == {"Chess", "Terminal", "Safari"}
    assert all(title.system for title in found.values())
    assert (found["Safari"].version, found["Chess"].version) == ("26.1", "")
    assert blind(mac) == []


def test_safari_before_macos_13_is_a_bundle_like_others(mac: Mac) -> None:
    mac.app("/Applications/Safari.app", "com.apple.Safari", "15.6")
    assert titles(mac)["Safari"] == Title(
        "Safari", "15.6", "application", id="com.apple.Safari", system=True
    )


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\xff", b"bplist00", b"<plist><array/></plist>", plistlib.dumps({"a": 1})],
    ids=["empty", "junk", "cut", "array", "nothing of it"],
)
def test_a_bundle_that_says_nothing_is_there_all_the_same(mac: Mac, content: bytes) -> None:
    mac.put("/Applications/Odd.app/Contents/Info.plist", content)
    assert titles(mac)["Odd"] == Title("Odd", "", "application")


def test_words_of_the_wrong_kind_in_a_bundle_are_no_words(mac: Mac) -> None:
    odd = {"CFBundleIdentifier": ["a"], "CFBundleShortVersionString": 7, "CFBundleName": {"x": 1}}
    mac.list_of("/Applications/Odd.app/Contents/Info.plist", odd)
    mac.app("/Applications/Long.app", "x" * 5_000, "9" * 5_000, CFBundleName="y" * 5_000)
    found = titles(mac)
    assert found["Odd"] == Title("Odd", "", "application")
    assert (found["Long"].id, len(found["Long"].version)) == ("", 60)


def test_a_link_to_a_program_elsewhere_is_named_and_not_followed(mac: Mac) -> None:
    mac.app("/opt/Elsewhere.app", "org.elsewhere", "3")
    mac.link_to("/Users/Shared/Discord.app", f"{mac.root}/opt/Elsewhere.app")
    (mac.root / "Users/Shared").chmod(0o777)
    assert titles(mac)["Discord"].version == ""


def test_a_place_nobody_may_open_leaves_what_is_elsewhere(
    mac: Mac, monkeypatch: pytest.MonkeyPatch
) -> None:
    mac.app("/Applications/Scratch.app", "edu.mit.scratch.desktop")
    looked = mac.list

    def shut(path: str) -> list[str] | None:
        if path.startswith("/Users/maya"):
            raise CannotLook("denied", path)
        return looked(path)

    monkeypatch.setattr(mac, "list", shut)
    assert set(titles(mac)) == {"Scratch"}
    assert blind(mac) == [Blind("homes", "denied")]


def test_more_bundles_than_anybody_has_are_not_all_looked_at(
    mac: Mac, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        mac.app(f"/Applications/Tool {number}.app")
    monkeypatch.setattr(macos_titles, "MOST", 3)
    assert len(titles(mac)) == 3
    assert blind(mac) == [Blind("applications", "too-large")]


def test_folders_people_make_without_end_are_not_all_looked_into(
    mac: Mac, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        mac.put(f"/Users/maya/Applications/{number}/{number}/readme", "")
    assert blind(mac) == []
    monkeypatch.setattr(macos_titles, "MOST", 9)
    assert blind(mac) == [Blind("homes", "too-large")]


def test_a_program_was_there_since_it_was_first_installed(mac: Mac) -> None:
    mac.app("/Applications/Zoom.app", "us.zoom.xos")
    mac.app("/Applications/By name.app", "org.by.name")
    mac.app("/Applications/Dragged.app", "org.dragged")
    day, later = (datetime.datetime(2026, month, 1) for month in (9, 11))  # noqa: DTZ001  (plistlib's)
    history: list[Any] = [
        {"date": later, "displayName": "Zoom", "packageIdentifiers": ["us.zoom.xos"]},
        {"date": day, "displayName": "Zoom", "packageIdentifiers": ["us.zoom.xos"]},
        {"date": day, "displayName": "By name"},
        {"date": "soon", "displayName": "Dragged"},
        {"displayName": "Dragged", "packageIdentifiers": "x"},
        7,
    ]
    mac.put("/Library/Receipts/InstallHistory.plist", plistlib.dumps(history))
    found = titles(mac)
    since = {name: title.installed_at for name, title in found.items()}
    assert since == {"Zoom": DAY, "By name": DAY, "Dragged": None}


@pytest.mark.parametrize("brew", ["/opt/homebrew", "/usr/local"])
def test_formulas_are_listed_and_what_only_others_needed_is_hidden(mac: Mac, brew: str) -> None:
    def receipt(path: str, **keys: object) -> None:
        mac.put(f"{brew}/Cellar/{path}/INSTALL_RECEIPT.json", json.dumps(keys))

    receipt("nmap/7.9", installed_on_request=True, time=DAY)
    receipt("nmap/7.10", installed_on_request=True, time=DAY + 0.5)
    receipt("lua/5.4.6_1", installed_on_request=False, time=DAY)
    mac.put(f"{brew}/Cellar/old/1/INSTALL_RECEIPT.json", "{")
    mac.put(f"{brew}/Cellar/bare/1/bin/bare", "")
    (mac.root / brew.lstrip("/") / "Cellar/removed").mkdir()
    assert titles(mac) == {
        "nmap": Title("nmap", "7.10", "homebrew", installed_at=DAY),
        "lua": Title("lua", "5.4.6_1", "homebrew", installed_at=DAY, hidden=True),
        "old": Title("old", "1", "homebrew"),
        "bare": Title("bare", "1", "homebrew"),
    }


def test_casks_and_commands_are_named_only_where_a_list_knows_them(mac: Mac) -> None:
    mac.put("/opt/homebrew/Caskroom/ngrok/3/ngrok", "")
    mac.put("/opt/homebrew/Caskroom/mayas-own/1/x", "")
    mac.put("/usr/local/bin/hashcat", "")
    mac.put("/usr/local/bin/mayas-script", "")
    assert titles(mac) == {
        "ngrok": Title("ngrok", "", "homebrew"),
        "hashcat": Title("hashcat", "", "folder"),
    }


def test_ports_that_nobody_here_can_read_are_not_nothing(mac: Mac) -> None:
    mac.put("/opt/local/var/macports/software/nmap/nmap-7.tbz2", "")
    assert blind(mac) == [Blind("applications", "unsupported")]


def running(mac: Mac, *programs: tuple[str, str | None]) -> SoftwareNow:
    mac.running = [
        Process(number, (exe or name).rpartition("/")[2], exe, mac.users()[0].alias)
        for number, (name, exe) in enumerate(programs)
    ]
    return macos.read_now(mac)


def test_programs_of_the_sealed_volume_are_told_only_where_a_list_knows_them(mac: Mac) -> None:
    found = running(
        mac,
        ("", "/System/Library/CoreServices/Finder.app/Contents/MacOS/Finder"),
        ("", "/usr/libexec/secd"),
        ("", "/usr/sbin/tcpdump"),
        ("", "/usr/local/bin/mine"),
        ("", "/System/Volumes/Data/Applications/Discord.app/Contents/MacOS/Discord"),
        ("", "/Applications/Scratch 3.app/Contents/MacOS/Scratch 3"),
    )
    assert found.running == ["discord", "mine", "scratch 3", "tcpdump"]
    assert found.hidden == 0


def test_a_persons_program_whose_file_nobody_may_see_is_hidden(mac: Mac) -> None:
    found = running(mac, ("my-diary", None))
    assert (found.running, found.hidden) == ([], 1)


def test_ports_macos_hands_out_by_itself_are_left_out(mac: Mac) -> None:
    mac.sockets = [
        Listener("udp", "0.0.0.0", 49_152, None),  # noqa: S104  (a fact read)
        Listener("udp", "0.0.0.0", 49_151, None),  # noqa: S104  (a fact read)
        Listener("tcp", "::1", 50_000, None),
    ]
    assert macos.read_now(mac).listening == [Port("tcp", 50_000, True), Port("udp", 49_151, False)]


def test_no_account_and_no_path_leaves(mac: Mac) -> None:
    mac.app("/Users/maya/Applications/Tool.app", CFBundleName="Tool")
    mac.put(f"{CHROME}/Local State", "{}")
    running(mac, ("", "/Users/maya/bin/tool"))
    told = encode_section(macos.read(mac)) + encode_section(macos.read_now(mac))
    assert b"maya" not in told
    assert b"/Users" not in told
