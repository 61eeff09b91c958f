"""macOS locking where recordings do not reach: power sources, layers, what sysadminctl says."""

import plistlib
from typing import Any

import pytest

from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Answer, Recording
from checks.locking import macos
from checks.locking.facts import Rule, Session
from checks.unseen import Unseen, known

UUID = "00000000-0000-4000-8000-000000000001"
MANAGED = "/Library/Managed Preferences"
PROFILE = f"{MANAGED}/com.apple.screensaver.plist"
HERS = f"{MANAGED}/maya/com.apple.screensaver.plist"
OWN = f"/Users/maya/Library/Preferences/ByHost/com.apple.screensaver.{UUID}.plist"
OTHERS = (
    "/Users/maya/Library/Preferences/com.apple.screensaver.plist",
    "/Library/Preferences/com.apple.screensaver.plist",
)
MAYA = {"name": "maya", "uid": "502", "home": "/Users/maya", "shell": "", "kind": "human"}
AT_SCREEN = {
    "kCGSSessionUserNameKey": "maya",
    "kCGSSessionUserIDKey": 502,
    "kCGSSessionOnConsoleKey": True,
}
NOW = 1_795_336_200
DESKTOP = "/System/Library/CoreServices/{0}.app/Contents/MacOS/{0}"
DOCK = f"  502       02:00 {DESKTOP.format('Dock')}\n"
ASKED = "screenLock delay is immediate"


def ran(out: str, err: str = "") -> dict[str, object]:
    return {"code": 0, "out": out, "err": err}


def machine(
    *sleeps: int,
    said: str = ASKED,
    seats: tuple[dict[str, Any], ...] = (AT_SCREEN,),
    idle: object = 0,
    runs: str = DOCK,
    **files: dict[str, object],
) -> RecordedHost:
    """`profile`, `hers`, `own`: property lists of the screen saver."""
    ioreg = ["run", "/usr/sbin/ioreg"]
    rows = plistlib.dumps([{"IOPlatformUUID": UUID}]).decode()
    input_rows = plistlib.dumps([{"HIDIdleTime": idle}]).decode()
    users = plistlib.dumps({"IOConsoleUsers": list(seats)}).decode()
    power = "".join(f"Source {n}:\n displaysleep  {m}\n" for n, m in enumerate(sleeps))
    told = ["run_as", "maya", "/usr/sbin/sysadminctl", "-screenLock", "status"]
    answers = [
        Answer(ask=["users"], gives=[MAYA]),
        Answer(ask=[*ioreg, "-rd1", "-c", "IOPlatformExpertDevice", "-a"], gives=ran(rows)),
        Answer(ask=[*ioreg, "-rd1", "-c", "IOHIDSystem", "-a"], gives=ran(input_rows)),
        Answer(ask=[*ioreg, "-n", "Root", "-d1", "-a"], gives=ran(users)),
        Answer(ask=["run", "/usr/bin/pmset", "-g", "custom"], gives=ran(power)),
        Answer(ask=["run", "/bin/ps", "-axo", "uid=,etime=,comm="], gives=ran(runs)),
        Answer(ask=told, gives=ran("", f"2026-11-22 08:30:00 sysadminctl[5:9] {said}\n")),
        Answer(asks=[["read", path] for path in OTHERS], absent=True),
    ]
    for name, path in (("profile", PROFILE), ("hers", HERS), ("own", OWN)):
        if name in files:
            shown = plistlib.dumps(files[name]).decode()
            answers.append(Answer(ask=["read", path], gives=shown))
        else:
            answers.append(Answer(ask=["read", path], absent=True))
    return RecordedHost(
        Recording(
            schema="caretaker.recording/1",
            provenance="constructed",
            source="written by hand",
            platform="macos",
            os="macOS 26.1",
            build="25B78",
            date="2026-11-22",
            at=NOW,
            privileged=True,
            answers=answers,
        )
    )


def rule(*sleeps: int, **more: Any) -> Rule:
    return known(macos.read(machine(*sleeps, **more)).rules)[0]


@pytest.mark.parametrize(
    ("sleeps", "saver", "seconds"),
    [
        ((10,), 300, 300),
        ((2, 10), 300, 300),
        ((2, 4), 300, 240),
        ((2, 0), 300, 300),
        ((2, 10), 0, 600),
        ((2, 0), 0, 0),
        ((0,), 0, 0),
        ((10,), None, 600),
        ((2, 11), None, None),
        ((0,), None, None),
    ],
    ids=str,
)
def test_the_screen_blanks_by_saver_or_display_on_the_source_that_takes_longest(
    sleeps: tuple[int, ...], saver: int | None, seconds: int | None
) -> None:
    files = {} if saver is None else {"own": {"idleTime": saver}}
    found = rule(*sleeps, **files).idle_seconds
    assert isinstance(found, Unseen) if seconds is None else found == seconds


def test_without_an_answer_of_pmset_the_time_is_unseen() -> None:
    assert isinstance(rule(own={"idleTime": 300}).idle_seconds, Unseen)


@pytest.mark.parametrize(
    ("files", "changeable", "by"),
    [
        ({"own": {"idleTime": 300}}, True, "user"),
        ({"profile": {"idleTime": 300}}, True, "mdm"),
        ({"profile": {"idleTime": 300, "askForPassword": True}}, False, "mdm"),
        ({"hers": {"idleTime": 300}, "profile": {"askForPassword": True}}, False, "mdm"),
        ({"own": {"idleTime": 300}, "profile": {"askForPassword": True}}, True, "user"),
        ({}, True, "default"),
    ],
    ids=str,
)
def test_only_a_profile_about_both_is_out_of_reach(
    files: dict[str, dict[str, object]], changeable: bool, by: str
) -> None:
    found = rule(10, **files)
    assert (found.changeable, found.decided_by) == (changeable, by)


@pytest.mark.parametrize(
    ("said", "locks", "grace"),
    [
        (ASKED, True, 0),
        ("screenLock delay is 300 seconds", True, 300),
        ("screenLock is off", False, 0),
    ],
)
def test_what_an_account_says_of_its_own_lock(said: str, locks: bool, grace: int) -> None:
    found = rule(10, said=said)
    assert (found.locks, found.on_resume, found.grace_seconds) == (locks, locks, grace)


def test_words_of_another_kind_are_unseen_and_leave_the_time() -> None:
    found = rule(10, said="Fehler")
    assert isinstance(found.locks, Unseen)
    assert found.idle_seconds == 600


def test_an_account_that_is_not_at_the_screen_is_seen_when_it_next_is() -> None:
    away = {**AT_SCREEN, "kCGSSessionOnConsoleKey": False}
    for seats in ((), (away,)):
        found = rule(10, seats=seats)
        assert (found.loaded, found.locks) == (False, Unseen("deferred"))


def test_a_profile_holds_whoever_is_at_the_screen() -> None:
    asked = {"askForPassword": 1, "askForPasswordDelay": 5.0, "idleTime": 600}
    found = rule(10, seats=(), profile=asked)
    assert (found.loaded, found.locks, found.grace_seconds) == (True, True, 5)
    silent = rule(10, profile={"askForPassword": True})
    assert isinstance(silent.grace_seconds, Unseen)
    strange = rule(10, profile={"askForPassword": "maybe", "idleTime": "soon"})
    assert isinstance(strange.locks, Unseen)
    assert isinstance(strange.idle_seconds, Unseen)


def test_what_an_account_writes_about_asking_decides_nothing() -> None:
    found = rule(10, own={"askForPassword": True, "idleTime": 300}, said="screenLock is off")
    assert found.locks is False


def session(**more: Any) -> Session:
    return known(macos.read_now(machine(10, **more)).sessions)[0]


def test_a_session_at_the_screen_is_open_unless_it_says_locked() -> None:
    found = session(idle=90 * 10**9 + 1)
    assert (found.locked, found.idle_seconds) == (False, 90)
    assert found.logon_at == NOW - 120
    assert session(seats=({**AT_SCREEN, "CGSSessionScreenIsLocked": True},)).locked is True
    assert isinstance(session(idle="long").idle_seconds, Unseen)


def test_a_session_that_was_switched_away_from_does_not_tell() -> None:
    found = session(seats=({**AT_SCREEN, "kCGSSessionOnConsoleKey": False},))
    assert isinstance(found.locked, Unseen)
    assert isinstance(found.idle_seconds, Unseen)


def test_the_login_window_is_nobody() -> None:
    seats = ({"kCGSSessionUserNameKey": "loginwindow", "kCGSSessionOnConsoleKey": True},)
    assert macos.read_now(machine(10, seats=seats)).sessions == []


@pytest.mark.parametrize(
    ("lines", "ago"),
    [
        (["502 00:07 Dock"], 7),
        (["502 59:59 Dock"], 3_599),
        (["502 01:00:00 Dock"], 3_600),
        (["502 3-02:00:01 Dock"], 3 * 86_400 + 7_201),
        (["502 02:00 Dock", "502 08:00:00 Finder", "502 05:00 WindowManager"], 28_800),
        (["502 02:00 Dock", "501 3-00:00:00 Finder", "502 3-00:00:00 loginwindow"], 120),
    ],
    ids=str,
)
def test_somebody_is_signed_in_since_the_oldest_program_of_their_desktop(
    lines: list[str], ago: int
) -> None:
    rows = [line.rpartition(" ") for line in lines]
    runs = "".join(f"{head} {DESKTOP.format(name)}\n" for head, _, name in rows)
    assert session(runs=runs).logon_at == NOW - ago


@pytest.mark.parametrize(
    "runs",
    ["", "502 02:00 /Users/maya/Dock\n", "502 soon " + DESKTOP.format("Dock"), "503 02:00 x\n"],
    ids=["nothing", "elsewhere", "no time", "another"],
)
def test_a_desktop_nobody_saw_start_is_unseen(runs: str) -> None:
    assert isinstance(session(runs=runs).logon_at, Unseen)


def test_a_session_of_no_number_is_unseen() -> None:
    seat = {key: value for key, value in AT_SCREEN.items() if key != "kCGSSessionUserIDKey"}
    assert isinstance(session(seats=(seat,)).logon_at, Unseen)
