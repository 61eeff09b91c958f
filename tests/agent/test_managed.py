"""A recording tells whose make a computer's manager is and not whose school."""

import json
from typing import Any

import pytest

from agent.hosts.property_lists import scrubbed
from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Answer, Recording
from agent.hosts.scrubbing import Scrubber
from checks.host import Platform
from checks.management import macos, windows
from checks.management.facts import ManagementFacts
from checks.unseen import known

GUID = "{7F2B9C11-0000-4000-8000-3A5D6E7F8091}"
KEY = r"SOFTWARE\Microsoft\Enrollments"


def recording(platform: Platform, *answers: Answer) -> Recording:
    return Recording(
        schema="caretaker.recording/1",
        provenance="constructed",
        source="a test",
        platform=platform,
        os="-",
        build="-",
        date="2026-11-22",
        at=1_795_305_600,
        privileged=True,
        answers=list(answers),
    )


def enrolled(address: str) -> Recording:
    """A Windows computer whose manager lies there."""
    values: dict[str, Any] = {
        "enrollmentstate": {"type": "dword", "data": 1},
        "providerid": {"type": "sz", "data": "Other MDM"},
        "discoveryservicefullurl": {"type": "sz", "data": address},
    }
    top = {"subkeys": [GUID], "values": {}}
    return recording(
        "windows",
        Answer(ask=["registry", "HKLM", KEY, "64"], gives=top),
        Answer(
            ask=["registry", "HKLM", rf"{KEY}\{GUID}", "64"],
            gives={"subkeys": [], "values": values},
        ),
    )


def mac(address: str) -> Recording:
    said = f"Enrolled via DEP: Yes\nMDM enrollment: Yes (User Approved)\nMDM server: {address}\n"
    ask = ["run", "/usr/bin/profiles", "status", "-type", "enrollment"]
    return recording("macos", Answer(ask=ask, gives={"code": 0, "out": said}))


@pytest.mark.parametrize(
    ("address", "manager"),
    [
        ("https://stmarys-dover.jamfcloud.com/mdm/ServerURL", "jamf"),
        ("https://StMarys-Dover.manage.microsoft.com:443/a?org=dover", "intune"),
        ("https://mdm.stmarys-dover.sch.uk/enrol", "other"),
    ],
)
@pytest.mark.parametrize("made", [enrolled, mac])
def test_a_managers_server_keeps_its_make_and_loses_its_school(
    made: Any, address: str, manager: str
) -> None:
    given = made(address)
    scrubber = Scrubber(RecordedHost(given, strict=False))
    answers = scrubber.answers(given.answers)
    assert "dover" not in json.dumps([one.gives for one in answers]).lower()
    again = recording(given.platform, *answers)
    reader = windows if given.platform == "windows" else macos
    found = reader.read(RecordedHost(again, strict=False))
    assert isinstance(found, ManagementFacts)
    assert [one.manager for one in known(found.enrolments)] == [manager]


def test_a_profile_does_not_say_whose_it_is() -> None:
    profile = b"<plist><dict><key>PayloadOrganization</key><string>St Mary</string></dict></plist>"
    kept = scrubbed(profile, str)
    assert kept is not None
    assert "Mary" not in kept
