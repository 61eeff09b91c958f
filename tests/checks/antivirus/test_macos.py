"""macOS antivirus where recordings do not reach: extensions, places, layers, answers that fail."""

import plistlib
from typing import Any

import pytest

from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Answer, Recording
from checks.antivirus import macos
from checks.antivirus.facts import Freshness, Product
from checks.antivirus.products import table
from checks.unseen import Unseen, known

FOLDER = {"kind": "folder", "size": 96, "mode": 493, "uid": 0, "gid": 0, "mtime": 1_790_000_000}
BUNDLE = "/Library/Apple/System/Library/CoreServices/XProtect.bundle"
REMEDIATOR = "/Library/Apple/System/Library/CoreServices/XProtect.app/Contents/Info.plist"
UPDATES = "com.apple.SoftwareUpdate.plist"
SOPHOS = "/Library/Sophos Anti-Virus"
SCAN = "com.sophos.endpoint.scanextension"
STATUS = ["run", "/usr/bin/xprotect", "status"]
VERSION = ["run", "/usr/bin/xprotect", "version"]
ON = "XProtect launch scans: enabled\nXProtect background scans: enabled\n"
RULES = "Version: 5346 Installed: 2026-11-03 08:53:39 +0000\n"
UNTOLD = Unseen("unsupported")


def mac(
    *answers: Answer, programs: tuple[str, ...] = (), root: bool = True, **files: Any
) -> RecordedHost:
    """A Mac with XProtect; what `answers` do not answer is not there."""
    rows = [
        {"pid": pid, "name": exe.rpartition("/")[2], "exe": exe, "user": "0" * 16}
        for pid, exe in enumerate(("/sbin/launchd", *programs), 1)
    ]
    given = [*answers]
    for path, value in files.items():
        given.append(Answer(ask=["read", path], gives=plistlib.dumps(value).decode()))
    usual = [
        Answer(ask=["processes"], gives=rows),
        Answer(ask=["stat", BUNDLE], gives=FOLDER),
        Answer(ask=STATUS, gives={"code": 0, "out": ON}),
        Answer(ask=VERSION, gives={"code": 0, "out": RULES}),
        Answer(ask=["online"], gives=[]),
        Answer(ask=["run", "/usr/sbin/sysctl", "kern.boottime"], gives={"code": 1, "out": ""}),
        Answer(ask=["read", REMEDIATOR], absent=True),
        Answer(ask=["read", f"/Library/Managed Preferences/{UPDATES}"], absent=True),
        Answer(ask=["read", f"/Library/Preferences/{UPDATES}"], absent=True),
    ]
    answered = {tuple(question) for answer in given for question in answer.questions()}
    for answer in usual:
        if answer.ask is not None and tuple(answer.ask) not in answered:
            given.append(answer)
            answered.add(tuple(answer.ask))
    places = [path for row in table(macos.TABLE).values() for path in (*row.folders, *row.files)]
    missing = [["stat", path] for path in places if ("stat", path) not in answered]
    given.append(Answer(asks=missing, absent=True))
    return RecordedHost(
        Recording(
            schema="caretaker.recording/1",
            provenance="constructed",
            source="written by hand",
            platform="macos",
            os="macOS",
            build="25B78",
            date="2026-11-22",
            at=1_795_336_200,
            privileged=root,
            answers=given,
        )
    )


def product(host: RecordedHost, name: str) -> Product:
    return next(one for one in known(macos.read(host).products) if one.id == name)


def times(host: RecordedHost, name: str = "xprotect") -> Freshness:
    return next(one for one in known(macos.read_now(host).times) if one.product == name)


def said(host: RecordedHost) -> tuple[object, object, object]:
    found = product(host, "xprotect")
    return found.running, found.realtime, found.whole


def status(text: str, code: int = 0) -> Answer:
    return Answer(ask=STATUS, gives={"code": code, "out": text})


@pytest.mark.parametrize(
    ("launch", "background", "facts"),
    [
        ("enabled", "enabled", (True, "programs-only", True)),
        ("enabled", "disabled", (True, "programs-only", False)),
        ("disabled", "enabled", (True, "off", False)),
        ("disabled", "disabled", (False, "off", False)),
    ],
)
def test_each_scan_counts_for_itself(launch: str, background: str, facts: tuple[Any, ...]) -> None:
    text = f"XProtect launch scans: {launch}\nXProtect background scans: {background}\n"
    assert said(mac(status(text))) == facts


@pytest.mark.parametrize(
    "answer",
    [
        status("XProtect launch scans: enabled\n"),
        status("", 0),
        status(ON, 1),
        Answer(ask=STATUS, cannot="timeout"),
    ],
    ids=["one line", "nothing", "refused", "hung"],
)
def test_half_an_answer_is_none(answer: Answer) -> None:
    assert all(isinstance(fact, Unseen) for fact in said(mac(answer)))


def test_only_root_is_believed_that_scans_are_switched_off() -> None:
    off = status(ON.replace("enabled", "disabled"))
    assert said(mac(off)) == (False, "off", False)
    blind = product(mac(off, root=False), "xprotect")
    assert isinstance(blind.running, Unseen)
    assert blind.running.unseen == "denied"
    assert said(mac(root=False)) == (True, "programs-only", True)


def test_the_rules_are_as_new_as_the_tool_says() -> None:
    found = times(mac())
    assert (found.definitions_version, found.definitions_at) == ("5346", 1_793_696_019)


def test_rules_without_a_day_are_not_rules_that_never_came() -> None:
    found = times(mac(Answer(ask=VERSION, gives={"code": 0, "out": "Version: 5346\n"})))
    assert found.definitions_version == "5346"
    assert isinstance(found.definitions_at, Unseen)


def before_15(*answers: Answer, root: bool = True, **files: Any) -> RecordedHost:
    jobs = "PID\tStatus\tLabel\n-\t0\tcom.apple.XProtect.daemon.scan\n-\t0\t{}\n"
    text = jobs.format("com.apple.XprotectFramework.PluginService")
    return mac(
        Answer(asks=[STATUS, VERSION], absent=True),
        Answer(ask=["run", "/bin/launchctl", "list"], gives={"code": 0, "out": text}),
        Answer(ask=["stat", f"{BUNDLE}/Contents/Info.plist"], gives=FOLDER),
        *answers,
        root=root,
        **{f"{BUNDLE}/Contents/Info.plist": {"CFBundleShortVersionString": "5290"}, **files},
    )


HISTORY = "/Library/Receipts/InstallHistory.plist"


def test_an_older_mac_tells_by_its_jobs_and_the_day_of_the_bundle() -> None:
    host = before_15(Answer(ask=["read", HISTORY], absent=True))
    assert said(host) == (True, "programs-only", True)
    assert times(host).definitions_at == FOLDER["mtime"]


def test_on_an_older_mac_an_ordinary_user_sees_no_jobs_of_the_systems() -> None:
    assert isinstance(said(before_15(root=False))[0], Unseen)


@pytest.mark.parametrize(
    ("profile", "own", "wanted"),
    [
        ({}, {}, True),
        ({"ConfigDataInstall": False}, {"ConfigDataInstall": True}, False),
        ({"ConfigDataInstall": True}, {"ConfigDataInstall": False}, True),
        ({}, {"CriticalUpdateInstall": 0}, False),
        ({}, {"AutomaticCheckEnabled": False}, False),
    ],
    ids=str,
)
def test_a_profile_decides_whether_new_rules_come(
    profile: dict[str, Any], own: dict[str, Any], wanted: bool
) -> None:
    files: dict[str, Any] = {
        f"/Library/Managed Preferences/{UPDATES}": profile,
        f"/Library/Preferences/{UPDATES}": own,
    }
    assert product(mac(**files), "xprotect").updating is wanted


def listed(*rows: tuple[str, str, str]) -> Answer:
    """Stars of both columns, and the bundle."""
    head = f"{len(rows)} extension(s)\n--- com.apple.system_extension.endpoint_security\n"
    head += "enabled\tactive\tteamID\tbundleID (version)\tname\t[state]\n"
    lines = [f"{a}\t{b}\tTEAM\t{name} (1/1)\tScan\t[…]\n" for a, b, name in rows]
    ask = ["run", "systemextensionsctl", "list"]
    return Answer(ask=ask, gives={"code": 0, "out": head + "".join(lines)})


SAV = "/Library/Preferences/com.sophos.sav.plist"
SAV_ON = Answer(ask=["read", SAV], gives=plistlib.dumps({"OnAccessRunning": True}).decode())


def sophos(*answers: Answer, **files: Any) -> Product:
    there = Answer(ask=["stat", SOPHOS], gives=FOLDER)
    files.setdefault(SAV, {"OnAccessRunning": 1})
    host = mac(there, *answers, programs=(f"{SOPHOS}/SophosScanD",), **files)
    return product(host, "sophos")


@pytest.mark.parametrize(
    ("rows", "runs"),
    [
        ([("*", "*", SCAN)], True),
        ([("", "", SCAN), ("*", "*", SCAN)], True),
        ([("", "*", SCAN)], False),
        ([("*", "", SCAN)], False),
        ([], True),
        ([("*", "*", "org.example.other")], True),
    ],
    ids=["works", "replaced", "not allowed", "not loaded", "none", "not its own"],
)
def test_a_product_whose_extension_is_not_let_work_does_not_run(
    rows: list[tuple[str, str, str]], runs: bool
) -> None:
    found = sophos(listed(*rows))
    assert found.running is runs
    own = any(name == SCAN for _, _, name in rows)
    assert found.realtime == (("on" if runs else "off") if own else UNTOLD)


def test_an_extension_nobody_could_look_at_is_not_one_that_works() -> None:
    found = sophos(Answer(ask=["run", "systemextensionsctl", "list"], cannot="denied"))
    assert isinstance(found.running, Unseen)


@pytest.mark.parametrize(
    ("own", "realtime"),
    [({"OnAccessRunning": True}, "on"), ({"OnAccessRunning": 0}, "off")],
    ids=str,
)
def test_sophos_says_whether_it_watches(own: dict[str, Any], realtime: str) -> None:
    assert sophos(listed(("*", "*", SCAN)), **{SAV: own}).realtime == realtime


def test_a_product_that_says_it_is_off_is_off_wherever_its_extension_is() -> None:
    assert sophos(listed(), **{SAV: {"OnAccessRunning": 0}}).realtime == "off"


def test_a_product_that_says_nothing_is_unseen_and_not_off() -> None:
    assert isinstance(sophos(listed(), **{SAV: {}}).realtime, Unseen)


def test_a_program_of_a_known_name_in_somebodys_own_folder_is_no_antivirus() -> None:
    own = ("/Users/maya", "/System/Volumes/Data/Users/maya", "/private/tmp", "/Library/Caches")
    host = mac(programs=tuple(f"{place}/sentineld" for place in own))
    assert [one.id for one in known(macos.read(host).products)] == ["xprotect"]


def test_the_part_that_sees_files_is_a_program_of_its_product() -> None:
    place = "/Library/SystemExtensions/00000000-0000-4000-8000-000000000001/{}.systemextension/x"
    host = mac(listed(("*", "*", SCAN)), SAV_ON, programs=(place.format(SCAN),))
    assert product(host, "sophos").running is True
    other = mac(programs=(place.format("org.example.other"),))
    assert [one.id for one in known(macos.read(other).products)] == ["xprotect"]


def test_eset_tells_by_its_own_window() -> None:
    place = "/Library/Application Support/ESET/Security/var/confd/settings.json"
    app = "/Applications/ESET Endpoint Security.app"
    text = '{"State":{"ProtectionStatus":{"RTFSEnabled":{"Active":{"ce_val":0}}}}}'
    host = mac(
        Answer(ask=["stat", app], gives=FOLDER),
        Answer(ask=["read", place], gives=text),
        programs=(f"{app}/Contents/MacOS/startd",),
    )
    found = product(host, "eset")
    assert (found.running, found.realtime) == (True, "off")


def test_programs_nobody_could_list_leave_a_product_unseen() -> None:
    hidden = Answer(ask=["processes"], cannot="denied")
    found = product(
        mac(hidden, Answer(ask=["stat", SOPHOS], gives=FOLDER), listed(), SAV_ON), "sophos"
    )
    assert isinstance(found.running, Unseen)
