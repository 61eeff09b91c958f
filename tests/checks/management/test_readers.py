"""Enrolments as Windows' registry and macOS' `profiles` describe them; constructed."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest

from checks.formats import profiles_status
from checks.formats.errors import ParseError
from checks.host import RUN_TIMEOUT, CannotLook, Host, Ran, Stretches
from checks.management import linux, macos, managers, windows
from checks.management.facts import RECENT_SECONDS, Enrolment, ManagementFacts
from checks.online import Stretch
from checks.unseen import NotHere, Unseen, known
from tests.checks.rooted import RootedHost
from tests.checks.windows_host import Given, WindowsHost

NOW = 1_795_336_200
DAY = 86_400
GUID = "00000000-0000-4000-8000-00000000000A"
KEY = rf"HKLM\{windows.ENROLMENTS}\{GUID}"
CONTACT = rf"HKLM\{windows.ACCOUNTS}\{GUID}\Protected\ConnInfo"
INTUNE: dict[str, Given] = {
    "EnrollmentState": 1,
    "ProviderID": "MS DM Server",
    "DiscoveryServiceFullURL": "https://enrollment.manage.microsoft.com/discovery.svc",
    "UPN": "maya@school.example",
}


class Machine(WindowsHost):
    """With hours that somebody remembers."""

    stretches: Stretches | CannotLook = CannotLook("unsupported")

    def online(self) -> Stretches:
        if isinstance(self.stretches, CannotLook):
            raise self.stretches
        return self.stretches


def machine(*keys: tuple[str, dict[str, Given]], domain: object = False) -> Machine:
    row = {"PartOfDomain": domain}
    return Machine(dict(keys), wmi={"Win32_ComputerSystem": [row]}, at=NOW)  # type: ignore[list-item]  # also what it never says


def read(host: Machine) -> ManagementFacts:
    return windows.read(cast("Host", host))


def only(host: Machine) -> Enrolment:
    (found,) = known(read(host).enrolments)
    return found


def at(seconds: int) -> str:
    import datetime

    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y%m%dT%H%M%SZ")


def test_no_key_at_all_is_enrolled_nowhere() -> None:
    assert read(machine()) == ManagementFacts([], domain=False)


@pytest.mark.parametrize(
    "values",
    [
        {**INTUNE, "EnrollmentState": 3},
        {**INTUNE, "ProviderID": ""},
        {**INTUNE, "ProviderID": "WMI_Bridge_Server"},
        {**INTUNE, "ProviderID": "Local_Management"},
        {"EnrollmentState": 1},
        {"ProviderID": "MS DM Server"},
    ],
)
def test_what_old_enrolments_and_windows_itself_leave_is_none(values: dict[str, Given]) -> None:
    assert read(machine((KEY, values))).enrolments == []


def test_a_key_that_is_no_enrolment_is_passed_over() -> None:
    other = rf"HKLM\{windows.ENROLMENTS}\Context\{GUID}"
    assert read(machine((other, INTUNE))).enrolments == []


@pytest.mark.parametrize(
    ("age", "contact", "since"),
    [
        (0, "recent", None),
        (RECENT_SECONDS, "recent", None),
        (RECENT_SECONDS + 1, "past", NOW - RECENT_SECONDS - 1),
        (-DAY, "recent", None),
        (-DAY - 1, Unseen("parse-error"), None),
    ],
)
def test_only_silence_has_a_date(age: int, contact: object, since: object) -> None:
    found = only(machine((KEY, INTUNE), (CONTACT, {"ServerLastSuccessTime": at(NOW - age)})))
    assert found.manager == "intune"
    assert found.contact == contact
    assert found.silent_since == since


def test_hours_on_and_connected_since_then_count_up_to_a_day() -> None:
    host = machine((KEY, INTUNE), (CONTACT, {"ServerLastSuccessTime": at(NOW - 30 * DAY)}))
    assert only(host).online_seconds == Unseen("unsupported")
    host.stretches = []
    assert only(host).online_seconds == Unseen("deferred")
    host.stretches = [Stretch(NOW - 3_600, NOW, 3_000)]
    assert only(host).online_seconds == 3_000
    host.stretches = [Stretch(NOW - 9 * DAY, NOW, 9 * DAY)]
    assert only(host).online_seconds == DAY


@pytest.mark.parametrize(
    ("values", "contact"),
    [
        ({}, "never"),
        ({"ServerLastSuccessTime": ""}, "never"),
        ({"ServerLastSuccessTime": "16010101T000000Z"}, "never"),
        ({"ServerLastSuccessTime": "20261399T000000Z"}, Unseen("parse-error")),
        ({"ServerLastSuccessTime": "yesterday"}, Unseen("parse-error")),
        ({"ServerLastSuccessTime": ["20261121T203015Z"]}, Unseen("parse-error")),
    ],
)
def test_a_contact_that_never_was_or_cannot_be_read(
    values: dict[str, Given], contact: object
) -> None:
    assert only(machine((KEY, INTUNE), (CONTACT, values))).contact == contact


@pytest.mark.parametrize(
    ("values", "manager"),
    [
        ({"DiscoveryServiceFullURL": "https://x.awmdm.com/d"}, "workspace-one"),
        ({"DiscoveryServiceFullURL": "https://mdm.school.example/d"}, "other"),
        ({"DiscoveryServiceFullURL": ""}, "intune"),
        ({"DiscoveryServiceFullURL": "", "ProviderID": "ms dm server"}, "intune"),
        ({"DiscoveryServiceFullURL": "", "ProviderID": "Somebody\n"}, "other"),
        ({"DiscoveryServiceFullURL": "https://manage.microsoft.com.evil.example"}, "other"),
        ({"DiscoveryServiceFullURL": "https://manage.microsoft.com@evil.example/"}, "other"),
        ({"DiscoveryServiceFullURL": "https://evilmanage.microsoft.com/"}, "other"),
        ({"DiscoveryServiceFullURL": "https://MANAGE.microsoft.com.:443/x"}, "intune"),
    ],
)
def test_of_a_manager_only_an_id_of_the_list_is_kept(
    values: dict[str, Given], manager: str
) -> None:
    assert only(machine((KEY, {**INTUNE, **values}))).manager == manager


@pytest.mark.parametrize(
    ("said", "domain"),
    [(True, True), (False, False), (None, Unseen("parse-error")), ("yes", Unseen("parse-error"))],
)
def test_membership_of_a_domain(said: object, domain: object) -> None:
    assert read(machine(domain=said)).domain == domain


def test_a_wall_of_enrolments_is_refused() -> None:
    many = [(f"{KEY[:-3]}{number:03}", INTUNE) for number in range(201)]
    assert read(machine(*many)).enrolments == Unseen("too-large")


def test_every_manager_of_the_list_is_found_by_its_own_servers() -> None:
    for key, row in managers.table().items():
        assert row.servers, key
        for server in row.servers:
            assert managers.by_address(f"https://school.{server}/enrol") == key
        for provider in row.providers:
            assert managers.by_provider(provider) == key


class Mac(RootedHost):
    """A Mac that answers one question."""

    said: Ran | CannotLook

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        del timeout, as_user
        assert list(argv) == ["/usr/bin/profiles", "status", "-type", "enrollment"]
        if isinstance(self.said, CannotLook):
            raise self.said
        return self.said


def on_mac(root: Path, said: str | CannotLook, code: int = 0) -> ManagementFacts:
    host = Mac(root, cards=[])
    host.said = said if isinstance(said, CannotLook) else Ran(code, said.encode())
    return macos.read(host)


DEP = "Enrolled via DEP: Yes\n"
SERVER = "MDM server: https://example.jamfcloud.com/mdm/ServerURL\n"


@pytest.mark.parametrize(
    ("said", "manager", "supervised"),
    [
        (f"{DEP}MDM enrollment: Yes (User Approved)\n{SERVER}", "jamf", True),
        (f"{DEP}MDM enrollment: Yes\n{SERVER}", "jamf", True),
        (f"Enrolled via DEP: No\nMDM enrollment: Yes\n{SERVER}", "jamf", False),
        ("MDM enrollment: Yes (User Approved)\n", "other", True),
    ],
)
def test_a_mac_that_is_enrolled(tmp_path: Path, said: str, manager: str, supervised: bool) -> None:
    (found,) = known(on_mac(tmp_path, said).enrolments)
    assert (found.manager, found.supervised) == (manager, supervised)
    assert found.contact == Unseen("unsupported")


@pytest.mark.parametrize(
    ("said", "enrolments"),
    [
        ("Enrolled via DEP: No\nMDM enrollment: No\n", []),
        (f"{DEP}MDM enrollment: No\n", []),
        (f"{DEP}MDM enrollment: Ja\n", Unseen("parse-error")),
        ("", Unseen("parse-error")),
        ("Error: something\n", Unseen("parse-error")),
        (CannotLook("tool-missing"), Unseen("tool-missing")),
        (CannotLook("timeout"), Unseen("timeout")),
    ],
)
def test_a_mac_that_is_not_enrolled_has_said_so(
    tmp_path: Path, said: str | CannotLook, enrolments: object
) -> None:
    assert on_mac(tmp_path, said).enrolments == enrolments


def test_profiles_that_fails_is_unseen(tmp_path: Path) -> None:
    assert isinstance(on_mac(tmp_path, "MDM enrollment: No\n", code=1).enrolments, Unseen)


def test_an_answer_without_end_is_refused() -> None:
    with pytest.raises(ParseError):
        profiles_status.parse(b"MDM enrollment: No\n" * 10_000)


def test_on_linux_nothing_is_asked() -> None:
    assert isinstance(linux.read(cast("Host", None)), NotHere)
