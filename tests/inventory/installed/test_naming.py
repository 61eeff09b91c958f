"""One program is one title, whatever version, language and computer names it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.installed.naming import LONGEST, LONGEST_KEY, key_of, named

SAME = {
    "Firefox": [
        ("Mozilla Firefox (x64 en-GB)", "registry", "", "145.0"),
        ("Mozilla Firefox 78.0.2 (x86 en-US)", "registry", "", "78.0.2"),
        ("Mozilla Firefox ESR (x64 en-GB)", "registry", "", "140.5.0"),
        ("Firefox", "application", "org.mozilla.firefox", "145.0"),
        ("firefox-esr", "dpkg", "", "140.5.0esr-1~deb12u1"),
        ("firefox", "snap", "", "145.0-1"),
        ("org.mozilla.firefox", "flatpak", "org.mozilla.firefox", "145.0"),
    ],
    "7-Zip": [
        ("7-Zip 23.01 (x64)", "registry", "", "23.01"),
        ("7-Zip 22.00 (x64 edition)", "registry", "", "22.00.00.0"),
        ("7-Zip 9.20", "registry", "", ""),
        ("p7zip-full", "dpkg", "", "16.02+dfsg-8"),
        ("7zip", "dpkg", "", "22.01+dfsg-8+deb12u1"),
    ],
    "VLC": [
        ("VLC media player", "registry", "", "3.0.20"),
        ("VLC", "application", "org.videolan.vlc", "3.0.21"),
        ("vlc", "dpkg", "", "3.0.21-0+deb12u1"),
        ("org.videolan.VLC", "flatpak", "org.videolan.VLC", "3.0.21"),
    ],
    "LibreOffice": [
        ("LibreOffice 7.6.4.1", "registry", "", "7.6.4.1"),
        ("LibreOffice 24.8", "registry", "", "24.8.4.2"),
        ("LibreOffice", "application", "org.libreoffice.script", "24.8.4"),
        ("libreoffice-core", "dpkg", "", "4:7.4.7-1+deb12u5"),
        ("org.libreoffice.LibreOffice", "flatpak", "", "24.8.4"),
    ],
    "Google Chrome": [
        ("Google Chrome", "registry", "", "131.0.6778.86"),
        ("google-chrome-stable", "dpkg", "", "131.0.6778.85-1"),
        ("Google Chrome", "application", "com.google.Chrome", "131.0"),
    ],
    "Python": [
        ("Python 3.12.4 (64-bit)", "registry", "", "3.12.4150.0"),
        ("Python 3.11.9 Core Interpreter (64-bit)", "registry", "", "3.11.9150.0"),
        ("Python Launcher", "registry", "", "3.12.4150.0"),
        ("python@3.12", "homebrew", "", "3.12.7"),
        ("IDLE", "application", "org.python.IDLE", "3.12.4"),
    ],
    "Java": [
        ("Java 8 Update 391 (64-bit)", "registry", "", "8.0.3910.13"),
        ("Java 8 Update 51", "registry", "", "8.0.510"),
        ("Java(TM) SE Runtime Environment 8.0.391", "registry", "", ""),
    ],
    "Adobe Acrobat Reader": [
        ("Adobe Acrobat Reader DC - English", "registry", "", "22.001.20085"),
        ("Adobe Acrobat Reader (64-bit)", "registry", "", "24.004.20243"),
        ("Adobe Reader XI (11.0.23)", "registry", "", "11.0.23"),
        ("Adobe Acrobat Reader", "application", "com.adobe.Reader", "24.4"),
    ],
    "Microsoft Office 2019": [
        ("Microsoft Office Professional Plus 2019 - en-us", "registry", "", "16.0.10416.20073"),
        ("Microsoft Office Standard 2019 - en-gb", "registry", "", "16.0.10416"),
    ],
    "Microsoft 365 Apps": [
        ("Microsoft 365 Apps for enterprise - en-gb", "registry", "", "16.0.17928"),
        ("Microsoft Office 365 ProPlus - en-us", "registry", "", "16.0.12527"),
    ],
    "Microsoft Teams": [
        ("Teams Machine-Wide Installer", "registry", "", "1.6.00.4472"),
        ("Microsoft Teams", "registry", "", "1.6.00"),
        ("Microsoft Teams classic", "registry", "", "1.7.00"),
        ("MSTeams", "appx", "", "24295.605"),
    ],
    "Zoom": [
        ("Zoom (64-bit)", "registry", "", "5.17.5"),
        ("Zoom(64bit)", "registry", "", "5.16.10"),
        ("Zoom Workplace (64-bit)", "registry", "", "6.2.7"),
        ("zoom.us", "application", "us.zoom.xos", "6.2.7"),
        ("zoom", "dpkg", "", "6.2.6.2503"),
    ],
    "GIMP": [
        ("GIMP 2.10.36-1", "registry", "", "2.10.36"),
        ("GIMP", "application", "org.gimp.gimp-2.10:", "2.10.38"),
        ("gimp", "dpkg", "", "2.10.34-1+deb12u2"),
        ("org.gimp.GIMP", "flatpak", "", "2.10.38"),
    ],
    "Visual Studio Code": [
        ("Microsoft Visual Studio Code (User)", "registry", "", "1.95.3"),
        ("Visual Studio Code", "application", "com.microsoft.VSCode", "1.95.3"),
        ("code", "snap", "", "f1a4fb10"),
        ("code", "dpkg", "", "1.95.3-1731513102"),
    ],
    "Scratch": [
        ("Scratch 3 3.29.1", "registry", "", "3.29.1"),
        ("Scratch Desktop 3.6.0", "registry", "", "3.6.0"),
        ("Scratch 3", "application", "edu.mit.scratch.scratch-desktop", "3.30.5"),
    ],
    "Audacity": [
        ("Audacity 3.4.2", "registry", "", "3.4.2"),
        ("Audacity", "application", "org.audacityteam.audacity", "3.7.0"),
        ("audacity", "dpkg", "", "3.2.4+dfsg-1"),
    ],
    "Notepad++": [
        ("Notepad++ (64-bit x64)", "registry", "", "8.6.2"),
        ("Notepad++", "registry", "", "7.9"),
    ],
    "Adobe Photoshop": [
        ("Adobe Photoshop 2024", "registry", "", "25.3.1"),
        ("Adobe Photoshop CC 2019", "registry", "", "20.0"),
        ("Adobe Photoshop CS6", "registry", "", "13.0"),
    ],
    "Sibelius": [
        ("Sibelius 7", "registry", "", "7.1.3"),
        ("Avid Sibelius", "registry", "", "2024"),
    ],
    "Krita": [
        ("Krita (x64) 5.2.2", "registry", "", "5.2.2"),
        ("krita", "dpkg", "", "1:5.1.5+dfsg-2"),
        ("org.kde.krita", "flatpak", "", "5.2.6"),
    ],
    "Notepad-Plus": [("Notepad-Plus version 1.2", "registry", "", "1.2")],
    "Adobe Photoshop Elements": [("Adobe Photoshop Elements 2023", "registry", "", "21.0")],
    "SMART Notebook": [("SMART Notebook 23", "registry", "", "23.0.100.0")],
    "paint.net": [
        ("paint.net", "registry", "", "5.0.13"),
        ("Paint.NET v3.5.11", "folder", "", ""),
    ],
    "PuTTY": [("PuTTY release 0.81 (64-bit)", "registry", "", "0.81.0.0")],
    "Clicker": [("Clicker 8", "registry", "", "8.0.1"), ("Clicker 7", "registry", "", "7.4")],
    "VMware Player": [("VMware Player", "registry", "", "17.5.1")],
    "Oracle VirtualBox": [("Oracle VirtualBox 7.1.4", "registry", "", "7.1.4")],
    "Purple Mash": [("Purple Mash", "appx", "", "1.0")],
}


@pytest.mark.parametrize("title", sorted(SAME))
def test_all_spellings_of_a_program_are_one_title(title: str) -> None:
    told = {raw: named(*raw) for raw in SAME[title]}
    wrong = {raw: one.title for raw, one in told.items() if one.key != key_of(title)}
    assert wrong == {}


def test_there_are_enough_believable_names_in_the_table() -> None:
    assert sum(map(len, SAME.values())) >= 80


APART = [
    ("Microsoft Office Professional Plus 2016", "Microsoft Office Professional Plus 2019 - en-us"),
    ("Adobe Acrobat Reader DC", "Adobe Acrobat DC (64-bit)"),
    ("Adobe Photoshop 2024", "Adobe Photoshop Elements 2024"),
    ("Visual Studio Community 2022", "Microsoft Visual Studio Code (User)"),
    ("Minecraft Launcher", "Minecraft Education"),
    ("Notepad++ (64-bit x64)", "Notepad"),
    ("C", "C++"),
    ("C++", "C#"),
    ("SQL Server 2019", "SQL Server 2022"),
    ("Java 8 Update 391", "Java SE Development Kit 8 Update 391 (64-bit)"),
    ("TeamViewer 15", "TeamSpeak 3 Client"),
    ("2Simple", "Simple"),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_programs_that_only_look_alike_stay_apart(one: str, other: str) -> None:
    assert named(one, "registry").key != named(other, "registry").key


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("2Calculate", "2Calculate"),
        ("TT Rockstars (en-GB)", "TT Rockstars"),
        ("Lexia Core5 Reading", "Lexia Core5 Reading"),
        ("3D Builder", "3D Builder"),
        ("Year 4 Maths", "Year 4 Maths"),
        ("x64", "x64"),
        ("Kahoot! 5.3.1 - English", "Kahoot!"),
        ("Windows 11 Installation Assistant", "Windows 11 Installation Assistant"),
        ("Microsoft .NET Runtime - 8.0.11 (x64)", "Microsoft .NET Runtime"),
        ("Update", "Update"),
    ],
)
def test_a_program_nobody_listed_keeps_what_is_its_name(name: str, title: str) -> None:
    assert named(name, "registry").title == title


def test_what_is_normally_bought_says_so() -> None:
    assert named("Adobe Photoshop 2024", "registry", "", "25.0").paid
    assert not named("GIMP 2.10.36", "registry", "", "2.10.36").paid


HOSTILE = [
    *("", " ", "\u202eexe.evil\u202c", "\x00", "(((((", "()", "a" * 5_000, "1.2.3", "(x64)" * 500),
    *(
        "-" * 400,
        "1." * 2_000,
        "v " * 900,
        "(" * 900 + ")" * 900,
        "\U0001d7d9\U0001d7da x",
        "\ud800",
    ),
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_a_short_title_at_once(name: str) -> None:
    began = time.perf_counter()
    one = named(name, "registry", name, name)
    assert time.perf_counter() - began < 0.1
    assert 1 <= len(one.title) <= LONGEST
    assert one.title.isprintable()
    assert one.key


@given(st.text(max_size=300), st.sampled_from(["registry", "dpkg", "flatpak", "application"]))
def test_any_name_has_a_title_and_a_key_that_fit_their_columns(name: str, source: str) -> None:
    one = named(name, source)
    assert 1 <= len(one.key) <= LONGEST_KEY
    assert 1 <= len(one.title) <= LONGEST
