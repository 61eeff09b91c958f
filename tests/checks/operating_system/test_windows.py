"""Windows as its registry and update agent tell it: editions, layers, updates, hostile answers."""

from typing import Any, cast

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import end_of_life
from checks.host import CannotLook, Host, Ran
from checks.judging import Moment
from checks.operating_system import windows, windows_updates
from checks.operating_system.facts import OperatingSystemFacts, OperatingSystemNow
from checks.operating_system.judges import (
    AutomaticSettings,
    SupportedSettings,
    automatic,
    supported,
)
from checks.unseen import BlindError, Unseen, known
from checks.windows import WINDOWS_NT
from tests.checks.windows_host import Given, WindowsHost

HALF_YEAR = SupportedSettings(warn_seconds=180 * 86_400)
WEEK = AutomaticSettings(contact_seconds=7 * 86_400)
NOW = 1_795_336_200
MOMENT = Moment.at(NOW)
POWERSHELL = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe"
NT = rf"HKLM\{WINDOWS_NT}"
AU = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU"
MDM = r"HKLM\SOFTWARE\Microsoft\PolicyManager\current\device"
ELEVEN: dict[str, Given] = {
    "ProductName": "Windows 10 Education",
    "CurrentBuildNumber": "26200",
    "UBR": 7171,
    "EditionID": "Education",
    "DisplayVersion": "25H2",
    "InstallationType": "Client",
}
LICENCES = "SoftwareLicensingProduct WHERE " + " OR ".join(f"ID='{one}'" for one in windows._ESU)
SEARCHED = "2026-11-21T06:00:00"


def read(changes: dict[str, Given] | None = None, **keys: dict[str, Given]) -> OperatingSystemFacts:
    return windows.read(host({NT: {**ELEVEN, **(changes or {})}, **keys}))


def host(keys: dict[str, dict[str, Given]], **more: Any) -> Host:
    return cast("Host", WindowsHost(keys, **more))


def told(waiting: list[dict[str, object]] | None = None, **changes: object) -> Ran:
    said = {"searched": SEARCHED, "waiting": waiting or [], "history": [], **changes}
    return Ran(0, b"\xef\xbb\xbf" + msgspec.json.encode(said) + b"\r\n")


def update(**changes: object) -> dict[str, object]:
    security = "0fa1201d-4330-4fa8-8ae9-b877473b6441"
    one = {"title": "Fix", "rated": "", "at": SEARCHED, "kb": "5068861", "kinds": security}
    return {**one, **changes}


def now(ran: Ran | CannotLook, **keys: dict[str, Given]) -> OperatingSystemNow:
    boot = {"LastBootUpTime": "2026-11-20T07:00:00Z"}
    return windows.read_now(
        host(
            {NT: ELEVEN, **keys},
            programs={POWERSHELL: ran},
            wmi={"Win32_OperatingSystem": [boot]},
        )
    )


@pytest.mark.parametrize(
    ("edition_id", "wanted"),
    [
        ("Core", "W"),
        ("CoreSingleLanguage", "W"),
        ("Professional", "W"),
        ("ProfessionalEducationN", "W"),
        ("CloudEdition", "W"),
        ("Education", "E"),
        ("EnterpriseN", "E"),
        ("EnterpriseEval", "E"),
        ("IoTEnterprise", "E"),
        ("EnterpriseS", "LTSC"),
        ("EnterpriseSN", "LTSC"),
        ("EnterpriseSEval", "LTSC"),
        ("IoTEnterpriseS", "IoT"),
    ],
)
def test_the_edition_decides_which_end_date_holds(edition_id: str, wanted: str) -> None:
    assert read({"EditionID": edition_id}).edition == wanted


@pytest.mark.parametrize("edition_id", ["PPIPro", "", "Holographic"])
def test_an_edition_nobody_knows_is_unseen_and_never_a_pass(edition_id: str) -> None:
    facts = read({"EditionID": edition_id})
    assert isinstance(facts.edition, Unseen)
    with pytest.raises(BlindError):
        supported(facts, HALF_YEAR, MOMENT)


def test_windows_11_is_known_by_its_build_whatever_its_name_says() -> None:
    facts = read()
    assert (facts.product, facts.name) == ("windows-11", "Windows 11 Education 25H2")
    assert (facts.build, facts.point, facts.release) == ("26200", "26200.7171", "25H2")
    assert read({"CurrentBuildNumber": "21999"}).product == "windows-10"
    assert read({"CurrentBuildNumber": "22000"}).product == "windows-11"


@pytest.mark.parametrize(
    ("build", "edition_id", "display", "status", "says"),
    [
        ("26200", "Professional", "25H2", "pass", "supported"),
        ("26100", "Professional", "24H2", "fail", "ended"),
        ("26100", "Education", "24H2", "pass", "supported"),
        ("26100", "EnterpriseS", "24H2", "pass", "supported"),
        ("22631", "Education", "23H2", "fail", "ended"),
        ("19045", "Education", "22H2", "fail", "ended"),
        ("19044", "EnterpriseS", "21H2", "warn", "ends-soon"),
        ("19044", "IoTEnterpriseS", "21H2", "pass", "supported"),
        ("14393", "EnterpriseS", "1607", "fail", "ended"),
        ("10240", "Education", "", "fail", "ended"),
        ("9600", "Professional", "", "fail", "ended-long-ago"),
        ("7601", "Professional", "", "fail", "ended-long-ago"),
    ],
)
def test_end_of_life_is_by_build_and_edition(
    build: str, edition_id: str, display: str, status: str, says: str
) -> None:
    changes: dict[str, Given] = {
        "CurrentBuildNumber": build,
        "EditionID": edition_id,
        "DisplayVersion": display,
    }
    facts = msgspec.structs.replace(read(changes), extended=[])
    finding = supported(facts, HALF_YEAR, MOMENT)
    assert (finding.status, finding.says) == (status, says)


@pytest.mark.parametrize("build", ["26220", "26300", "27898", "99999"])
def test_a_build_that_is_not_listed_is_unknown_not_ended_and_not_fine(build: str) -> None:
    with pytest.raises(BlindError) as blind:
        supported(read({"CurrentBuildNumber": build}), HALF_YEAR, MOMENT)
    assert blind.value.says == "newer-than-list"


def test_every_listed_build_of_windows_has_a_line_for_both_kinds_of_edition() -> None:
    for product in end_of_life.load("operating_system"):
        if product.product in ("windows-10", "windows-11"):
            for build in {cycle.build for cycle in product.cycles}:
                for edition in ("W", "E"):
                    assert end_of_life.find(product, "", edition, build), (build, edition)


def test_a_server_is_one_by_its_installation_type_and_needs_no_edition() -> None:
    facts = read({"InstallationType": "Server Core", "CurrentBuildNumber": "20348"})
    assert (facts.product, facts.edition) == ("windows-server", None)
    assert facts.name == "Windows 10 Education"
    assert supported(facts, HALF_YEAR, MOMENT).status == "pass"


@pytest.mark.parametrize("build", ["", "eleven", "0", "-1"])
def test_a_build_that_is_no_number_is_a_whole_section_nobody_could_read(build: str) -> None:
    with pytest.raises(CannotLook):
        read({"CurrentBuildNumber": build})


def test_licences_are_asked_for_only_where_they_can_count() -> None:
    assert read().extended == []
    rows = [
        {"ID": "F520E45E-7413-4A34-A497-D2765967D094", "LicenseStatus": 1},
        {"ID": "1043add5-23b1-4afb-9a0f-64343c8f3f8d", "LicenseStatus": 2},
        {"ID": None, "LicenseStatus": 1},
    ]
    ten = {NT: {**ELEVEN, "CurrentBuildNumber": "19045"}}
    seen = windows.read(host(ten, wmi={LICENCES: rows}))
    assert seen.extended == ["windows-esu-1"]
    assert isinstance(windows.read(host(ten)).extended, Unseen)


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ({}, ("default", True, True)),
        ({AU: {"NoAutoUpdate": 1}}, ("group-policy", False, False)),
        ({AU: {"AUOptions": 2}}, ("group-policy", True, False)),
        ({AU: {"AUOptions": 3, "NoAutoUpdate": 0}}, ("group-policy", True, False)),
        ({AU: {"AUOptions": 4}}, ("group-policy", True, True)),
        ({AU: {"AUOptions": 7}}, ("group-policy", True, False)),
        ({AU: {"UseWUServer": 1}}, ("default", True, True)),
        ({rf"{MDM}\Update": {"AllowAutoUpdate": 0}}, ("mdm", True, False)),
        ({rf"{MDM}\Update": {"AllowAutoUpdate": 4}}, ("mdm", True, True)),
        ({rf"{MDM}\Update": {"AllowAutoUpdate": 5}}, ("mdm", False, False)),
        (
            {AU: {"NoAutoUpdate": 1}, rf"{MDM}\Update": {"AllowAutoUpdate": 2}},
            ("group-policy", False, False),
        ),
        (
            {
                AU: {"NoAutoUpdate": 1},
                rf"{MDM}\Update": {"AllowAutoUpdate": 2},
                rf"{MDM}\ControlPolicyConflict": {"MDMWinsOverGP": 1},
            },
            ("mdm", True, True),
        ),
        (
            {
                AU: {"AUOptions": 4},
                r"HKLM\SYSTEM\CurrentControlSet\Services\wuauserv": {"Start": 4},
            },
            ("local-policy", False, False),
        ),
    ],
    ids=[
        *("nothing", "off", "ask", "download", "install", "server", "wsus"),
        *("mdm-ask", "mdm-install", "mdm-off", "both", "both-mdm-wins", "service-off"),
    ],
)
def test_the_layer_that_is_in_force_decides_over_updates(
    keys: dict[str, dict[str, Given]], wanted: tuple[str, bool, bool]
) -> None:
    (way,) = known(read(None, **keys).automatic)
    assert (way.decided_by, way.runs, way.installs) == wanted


def test_a_server_nobody_told_otherwise_only_downloads() -> None:
    (way,) = known(read({"InstallationType": "Server"}).automatic)
    assert (way.runs, way.installs) == (True, False)


def paused(until: str) -> OperatingSystemFacts:
    key = r"HKLM\SOFTWARE\Microsoft\WindowsUpdate\UX\Settings"
    keys: dict[str, dict[str, Given]] = {key: {"PauseUpdatesExpiryTime": until}}
    return read(None, **keys)


def test_a_pause_is_a_warning_until_it_is_over_and_off_says_who_switched_it_off() -> None:
    ran = now(told())
    for until, says in (
        ("2026-11-22T08:30:00Z", "installs"),  # this very second
        ("2026-11-22T08:30:01Z", "paused"),
        ("", "installs"),
    ):
        facts = paused(until)
        assert automatic(facts, ran, WEEK, MOMENT).says == says
    with pytest.raises(BlindError):
        automatic(paused("morgen"), ran, WEEK, MOMENT)
    switched: dict[str, dict[str, Given]] = {AU: {"NoAutoUpdate": 1}}
    off = automatic(read(None, **switched), ran, WEEK, MOMENT)
    assert (off.says, off.args) == ("switched-off", {"by": "group-policy"})


def test_only_security_updates_wait_and_their_rating_is_microsofts() -> None:
    waiting = [
        update(title="B", rated="Important"),
        update(title="A", rated="", kb="1 2"),
        update(title="Rated elsewhere", rated="Low", kinds="other"),
        update(title="Driver", kinds="ebfc1fc5-71a4-4f7b-9aca-3b9a503104a0"),
        update(title="Definitions", rated="Critical", kinds="E0789628-CE08-4437-BE74-2495B842F43B"),
    ]
    found = known(now(told(waiting)).pending)
    assert [(one.name, one.version, one.severity) for one in found] == [
        ("A", "KB1 KB2", None),
        ("B", "KB5068861", "high"),
        ("Rated elsewhere", "KB5068861", "low"),
    ]


def test_many_updates_are_counted_and_a_hundred_are_named() -> None:
    seen = now(told([update(title=f"u{n}") for n in range(130)]))
    assert (len(known(seen.pending)), seen.pending_count) == (100, 130)


@pytest.mark.parametrize(
    ("ran", "reason"),
    [
        (Ran(windows_updates.CONSTRAINED, b""), "denied"),
        (Ran(1, b""), "parse-error"),
        (Ran(0, b""), "parse-error"),
        (Ran(0, b'{"searched":7}'), "parse-error"),
        (Ran(0, b"[" * 100_000), "parse-error"),
        (CannotLook("timeout"), "timeout"),
        (CannotLook("tool-missing"), "tool-missing"),
    ],
    ids=["constrained", "failed", "nothing", "shape", "deep", "slow", "missing"],
)
def test_an_update_agent_that_does_not_answer_is_unseen(ran: Ran | CannotLook, reason: str) -> None:
    seen = now(ran)
    for field in (seen.lists_at, seen.pending, seen.pending_count, seen.automatic_at):
        assert isinstance(field, Unseen)
        assert field.unseen == reason
    assert seen.up_since == 1_795_158_000


@given(st.binary(max_size=300))
def test_any_bytes_from_the_update_agent_are_an_answer_or_unseen(data: bytes) -> None:
    assert isinstance(now(Ran(0, data)), OperatingSystemNow)


PACKAGES = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\Packages"
ROLLUP = rf"{PACKAGES}\Package_for_RollupFix~31bf3856ad364e35~amd64~~"


def installed(at: int, state: int = 0x70) -> dict[str, Given]:
    ticks = (at + 11_644_473_600) * 10_000_000
    high, low = ticks >> 32, ticks & 0xFFFFFFFF
    return {"CurrentState": state, "InstallTimeHigh": high, "InstallTimeLow": low}


def test_the_last_cumulative_update_in_force_is_the_last_security_update() -> None:
    keys = {
        f"{ROLLUP}26100.7171.1.13": installed(NOW - 100, 0x60),  # waits for its restart
        f"{ROLLUP}26100.6899.1.10": installed(NOW - 200),
        f"{ROLLUP}26100.1000.1.1": installed(NOW - 300, 0x50),
        rf"{PACKAGES}\Package_for_KB5054156~31bf3856ad364e35~amd64~~26100.1.1.1": installed(NOW),
    }
    assert now(told(), **keys).security_at == NOW - 200
    assert now(told()).security_at is None


SECURITY, DEFINITIONS = (
    "0fa1201d-4330-4fa8-8ae9-b877473b6441",
    "E0789628-CE08-4437-BE74-2495B842F43B",
)


def done(at: str, code: int = 2, kinds: str = SECURITY) -> dict[str, object]:
    return {"at": at, "code": code, "kinds": kinds}


@pytest.mark.parametrize(
    ("history", "since"),
    [
        ([done("2026-11-21T06:00:00")], 1_795_240_800),
        ([done("2026-11-21T07:00:00", 3), done("2026-11-21T06:00:00")], 1_795_244_400),
        ([done("2026-11-22T06:00:00"), done("2026-11-21T06:00:00", 1)], 1_795_240_800),
        ([done("2026-11-22T06:00:00", 2, DEFINITIONS), done("2026-11-21T06:00:00")], 1_795_240_800),
        ([done("2026-11-21T06:00:00", kinds="")], 1_795_240_800),
        ([done("2026-11-20T07:00:00")], 1_795_158_000),
        ([done("2026-11-20T06:59:59")], None),
        ([done("2026-11-22T06:00:00", 2, DEFINITIONS)], None),
        ([done("2026-11-21T06:00:00", 4)], None),
        ([], None),
    ],
    ids=[
        *("installed", "newest", "still-goes-on", "not-definitions", "without-a-kind"),
        *("with-the-start", "before-the-start", "only-definitions", "failed", "nothing"),
    ],
)
def test_a_restart_is_due_since_what_was_installed_after_the_start_or_nobody_knows(
    history: list[dict[str, object]], since: int | None
) -> None:
    key = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired"
    due: dict[str, dict[str, Given]] = {key: {}}
    assert now(told(history=history)).restart_since is None
    seen = now(told(history=history), **due).restart_since
    assert seen == (Unseen("unsupported") if since is None else since)
    assert isinstance(now(Ran(1, b""), **due).restart_since, Unseen)


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ({}, None),
        ({AU: {"UseWUServer": 1}}, None),
        ({AU: {"UseWUServer": 1}, AU.removesuffix("\\AU"): {"WUServer": "http://w:8530"}}, "wsus"),
        ({rf"{MDM}\Update": {"AllowAutoUpdate": 1}}, "mdm"),
    ],
    ids=["nobody", "no-server", "wsus", "mdm"],
)
def test_whoever_manages_updates_is_known_by_what_they_set(
    keys: dict[str, dict[str, Given]], wanted: str | None
) -> None:
    assert read(None, **keys).managed_by == wanted


def test_the_script_survives_every_shell_on_the_way() -> None:
    assert not set(windows_updates.SCRIPT) & set('"%^\n')
    assert len(windows_updates.SCRIPT) < 8_000
