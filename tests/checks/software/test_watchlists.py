"""The watch-lists: dated, in order, and careful about whom they accuse."""

import datetime
import re
import subprocess
import tomllib
from importlib.resources import files
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.host import Platform
from checks.software.facts import Title
from checks.software.globs import Globs, prepare
from checks.software.watchlists import Category, Entry, lists, watch
from tests import needs

CATEGORIES: tuple[Category, ...] = get_args(Category)
PLATFORMS: tuple[Platform, ...] = get_args(Platform)
NOBODY = prepare(())
INNOCENT = {
    "linux": """gcompris gcompris-qt tuxpaint tuxmath tuxtype ktuberling kanagram scratch sonic-pi
        mu-editor thonny minetestmapper openssh-client openssh-server remmina vinagre krdc rdesktop
        freerdp2-x11 tigervnc-viewer xtightvncviewer network-manager network-manager-gnome torcs
        tortoisehg libtorrent-rasterbar2.0 libtransmission transmission-common elementary-icon-theme
        signalbackup-tools steamcmd-docs discover plasma-discover libreoffice-writer vlc gimp
        inkscape audacity blender firefox-esr chromium thunderbird evolution cheese brasero
        gnome-maps gnome-clocks gnome-weather gstreamer1.0-plugins-base squid curl wget git
        libvncserver1 libopenconnect5 libproxy1v5 caja caja-extensions-common slackware itk3
        linephone heroicons lightdm parsec47-data privoxy-doc torsocks-doc signon-ui skype4pidgin
        muffin mumble-server caretaker clash-of-words wesnoth-data-doc tornado python3-tornado
        sessioninstaller element element-web-docs""",
    "windows": """Microsoft Teams|Microsoft Teams Meeting Add-in|Zoom Workplace|Google Chrome
        Mozilla Firefox (x64 en-GB)|Minecraft Education|Minecraft: Education Edition|Scratch 3
        2Simple 2Paint|Purple Mash|SMART Notebook 23|Promethean ActivInspire|Clicker 8|Audacity 3.4
        Microsoft Visual C++ 2015-2022 Redistributable (x64)|Skype for Business 2016|Adobe Acrobat
        Elements of Maths|Signals and Systems|Slackware Reader|TeamSpirit|Transmissions of Light
        Origin 2023b|Steam Train Simulator Lesson|LEGO Education SPIKE|Kahoot|Espresso|Impero Client
        Smoothwall Monitor|Senso.Cloud Client|NetSupport School|Securus|Sophos Endpoint""",
    "macos": """Microsoft Word|Microsoft Teams|Google Chrome|Google Drive|zoom.us|Firefox|VLC
        GarageBand|iMovie|Keynote|Numbers|Pages|Clips|Swift Playgrounds|Xcode|Apple Configurator
        Classroom|Schoolwork|Scratch 3|minecraftpe Education|Minecraft Education|Audacity|GIMP
        Inkscape|LibreOffice|Visual Studio Code|Thonny|IDLE|Python Launcher|Arduino IDE
        SMART Notebook|ActivInspire|Session|Things|Transmit|Transmission Line|Steamboat|Signals
        Chess|Mail|Messages|FaceTime|Podcasts|Home|Find My|TV|Music|Books|News|Stocks|Maps
        Screen Sharing|Wireless Diagnostics|Terminal|node|python@3.13|openssl@3|git|wget|curl|ffmpeg
        libtorrent-rasterbar|gnutls|libssh2|nmh|torch|xray-notes|john-cage|Securly|Jamf Connect
        Self Service|Santa|Munki|Managed Software Centre|Lightspeed Filter Agent|Smoothwall""",
}


def names_of(platform: str) -> list[str]:
    separator = r"\s+" if platform == "linux" else r"\n\s*|\|"
    return [name for name in re.split(separator, INNOCENT[platform]) if name]


def found(category: Category, platform: Platform, name: str) -> list[str]:
    titles = [Title(name, "1", "dpkg")]
    return [entry.title for entry in watch(category, platform).installed(titles, NOBODY)]


@pytest.mark.parametrize("platform", ["linux", "windows", "macos"])
def test_what_schools_use_is_on_no_watch_list(platform: Platform) -> None:
    accused = {
        name: hits
        for name in names_of(platform)
        for category in CATEGORIES
        if (hits := found(category, platform, name))
    }
    assert accused == {}


@pytest.mark.parametrize(
    ("platform", "name", "category"),
    [
        ("linux", "transmission-gtk", "p2p"),
        ("linux", "org.qbittorrent.qBittorrent", "p2p"),
        ("windows", "µTorrent", "p2p"),
        ("windows", "qBittorrent 5.0.2", "p2p"),
        ("linux", "steam:i386", None),
        ("linux", "steam-launcher", "games"),
        ("windows", "Steam", "games"),
        ("windows", "Roblox Player for maya", "games"),
        ("windows", "Minecraft Launcher", "games"),
        ("macos", "Roblox", "games"),
        ("macos", "Tor Browser", "filter_bypass"),
        ("macos", "tor", "filter_bypass"),
        ("macos", "cloudflared", "filter_bypass"),
        ("macos", "uTorrent Web", "p2p"),
        ("macos", "rtorrent", "p2p"),
        ("macos", "nmap", "security_tools"),
        ("macos", "john-jumbo", "security_tools"),
        ("macos", "TeamViewerQS", "remote_access"),
        ("linux", "tor", "filter_bypass"),
        ("linux", "torbrowser-launcher", "filter_bypass"),
        ("linux", "protonvpn-stable-release", "filter_bypass"),
        ("windows", "NordVPN 7.30", "filter_bypass"),
        ("linux", "com.discordapp.Discord", "messaging"),
        ("windows", "WhatsApp", "messaging"),
        ("windows", "TeamViewer 15", "remote_access"),
        ("linux", "rustdesk", "remote_access"),
        ("windows", "ScreenConnect Client (a1b2c3d4e5f60718)", "remote_access"),
    ],
)
def test_what_is_looked_for_is_found_under_the_name_it_really_has(
    platform: Platform, name: str, category: Category | None
) -> None:
    hits = [wanted for wanted in CATEGORIES if found(wanted, platform, name)]
    assert hits == ([category] if category else [])


def test_nothing_that_this_machine_got_from_its_maker_is_accused_but_what_is_known_to_be() -> None:
    query = needs.program("dpkg-query", package="dpkg")
    out = subprocess.run(
        [query, "-W", "-f=${Package}\n"], check=True, capture_output=True, text=True
    )
    judged = [c for c in CATEGORIES if c not in ("security_tools", "ai_assistants")]
    accused = {n for n in out.stdout.split() for c in judged if found(c, "linux", n)}
    known = {"tor", "transmission-gtk", "x11vnc", "xrdp", "openvpn", "tigervnc-standalone-server"}
    assert accused <= known


def entries() -> list[tuple[Category, Entry]]:
    return [(category, entry) for category in CATEGORIES for entry in getattr(lists(), category)]


def test_the_lists_are_dated_and_say_where_they_come_from() -> None:
    assert datetime.date.fromisoformat(lists().as_of) >= datetime.date(2026, 11, 22)
    assert lists().source


def test_every_entry_can_be_recognised_somehow_and_stands_once() -> None:
    for category in CATEGORIES:
        titles = [entry.title for entry in getattr(lists(), category)]
        assert len(titles) == len(set(titles)), category
    for category, entry in entries():
        ways = [*entry.linux, *entry.windows, *entry.macos, *entry.running, *entry.extensions]
        assert ways, (category, entry.title)
        # Matching folds case; a pattern in upper case would hide that from its reader.
        assert all(way == way.lower() for way in ways), entry.title


def test_no_pattern_fits_everything_or_is_a_regular_expression() -> None:
    for _, entry in entries():
        for pattern in (*entry.linux, *entry.windows, *entry.macos, *entry.running):
            assert len(pattern.replace("*", "")) >= 3, (entry.title, pattern)
            assert not set(pattern) & set("^$\\|{}"), (entry.title, pattern)


def test_extensions_are_identifiers_of_chromium() -> None:
    for _, entry in entries():
        assert all(re.fullmatch("[a-p]{32}", one) for one in entry.extensions), entry.title


def test_no_port_is_one_the_system_hands_out_or_everybody_uses() -> None:
    for _, entry in entries():
        for port in entry.tcp:
            assert 1024 < port < 65_536
            assert port not in (3306, 3389, 5432, 5900, 8000, 8080, 8443)


def test_the_file_holds_nothing_but_categories_a_date_and_a_source() -> None:
    text = (files("checks") / "software" / "watchlists.toml").read_text(encoding="utf-8")
    assert set(tomllib.loads(text)) == {"as_of", "source", *CATEGORIES}


@given(
    patterns=st.lists(st.text(st.sampled_from("ab*?["), max_size=6), max_size=8),
    name=st.text(st.sampled_from("abAB["), max_size=8),
)
def test_prepared_globs_say_what_plain_ones_say(patterns: list[str], name: str) -> None:
    import fnmatch

    expected = any(
        fnmatch.fnmatchcase(name.casefold(), pattern.casefold())
        if set(pattern) & set("*?[")
        else pattern.casefold() == name.casefold()
        for pattern in patterns
    )
    globs = Globs(tuple(patterns))
    assert (globs.match(name) is not None) is expected
    assert (globs.match(name) is not None) is expected, "remembered"


def test_many_names_against_many_globs_remember_no_more_than_they_should(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from checks.software import globs

    monkeypatch.setattr(globs, "_REMEMBERED", 10)
    prepared = Globs(("a*",))
    assert sum(prepared.match(f"a{n}") is not None for n in range(100)) == 100
    assert len(prepared._memo) <= 10


def test_a_glob_made_to_be_slow_is_not() -> None:
    evil = Globs(("*a" * 40 + "b",))
    assert evil.match("a" * 5_000) is None
