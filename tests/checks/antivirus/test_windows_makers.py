"""What other makers leave in the registry, and rows the security centre keeps of what is gone."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import load
from checks.antivirus import windows, windows_makers
from checks.host import CannotLook, Host, Stat, WmiRows
from tests.checks.windows_host import Given, WindowsHost

RECORDINGS = Path(__file__).parents[1] / "recordings"
ESET = r"HKLM\SOFTWARE\ESET\ESET Security\CurrentVersion\Info"
KASPERSKY = r"HKLM\SOFTWARE\KasperskyLab\protected\AVP21\Data"
SOPHOS = r"HKLM\SOFTWARE\Sophos\AutoUpdate\UpdateStatus"
MCAFEE = r"HKLM\SOFTWARE\McAfee\AVEngine"
SHIELD = r"C:\Program Files\Shield\shield.exe"


def host(keys: dict[str, dict[str, Given]] | None = None, **more: Any) -> Host:
    made: Any = WindowsHost(keys, **more)
    return made  # type: ignore[no-any-return]  # it answers what these readers ask


@pytest.mark.parametrize(
    ("product", "key", "values", "at"),
    [
        ("eset", ESET, {"ScannerVersion": "31456 (20261121)"}, 1_795_219_200),
        ("kaspersky", KASPERSKY, {"LastSuccessfulUpdate": 1_795_000_000}, 1_795_000_000),
        ("kaspersky", KASPERSKY, {"LastSuccessfulUpdate": 0xFFFFFFFF}, None),
        ("kaspersky", KASPERSKY, {"LastSuccessfulUpdate": 0}, None),
        ("sophos", SOPHOS, {"LastUpdateTime": "1795000000"}, 1_795_000_000),
        ("trellix", MCAFEE, {"AVDatDate": "2026/11/21"}, 1_795_219_200),
    ],
)
def test_the_day_definitions_came_is_read_and_never_is_none(
    product: str, key: str, values: dict[str, Given], at: int | None
) -> None:
    assert windows_makers.definitions_at(host({key: values}), product) == at


@pytest.mark.parametrize(
    ("product", "key", "values", "reason"),
    [
        ("eset", ESET, {"ScannerVersion": "31456"}, "unsupported"),
        ("eset", ESET, {"ScannerVersion": "31456 (20261399)"}, "parse-error"),
        ("kaspersky", KASPERSKY, {}, "unsupported"),
        ("sophos", SOPHOS, {"LastUpdateTime": "soon"}, "parse-error"),
        ("norton", SOPHOS, {}, "unsupported"),
    ],
)
def test_a_date_nobody_can_read_is_no_date(
    product: str, key: str, values: dict[str, Given], reason: str
) -> None:
    with pytest.raises(CannotLook) as blind:
        windows_makers.definitions_at(host({key: values}), product)
    assert blind.value.reason == reason


class Centre(WindowsHost):
    """A security centre with one product, whose program file is there, gone or out of sight."""

    def __init__(self, state: int, there: bool | None, name: str = "Shield 7") -> None:
        rows: WmiRows = [
            {
                "displayName": name,
                "instanceGuid": "{1}",
                "productState": state,
                "timestamp": "Sun, 22 Nov 2026 06:12:09 GMT",
                "pathToSignedReportingExe": SHIELD,
            }
        ]
        services = r"HKLM\SYSTEM\CurrentControlSet\Services\Dhcp"
        super().__init__({services: {}}, wmi={"AntiVirusProduct": rows})
        self._there = there

    def stat(self, path: str) -> Stat | None:
        assert path == SHIELD
        if self._there is None:
            raise CannotLook("denied", path)
        return Stat("file", 1, 0, 0, 0, 0) if self._there else None


@pytest.mark.parametrize(
    ("state", "expected", "current"),
    [
        (0x041000, "active", True),
        (0x041010, "active", False),
        (0x042000, "paused", True),
        (0x043010, "expired", False),
        (0x040000, "off", True),
        (0x04F000, "off", True),
        (0, "off", True),
    ],
)
def test_the_state_is_read_by_its_bits(state: int, expected: str, current: bool) -> None:
    centre: Any = Centre(state, there=True)
    (one,) = windows.listed(centre)
    assert (one.id, one.name, one.state, one.current) == ("other", "Shield 7", expected, current)
    assert one.told_at == 1_795_327_929


def test_a_row_whose_program_is_gone_is_left_out_and_one_out_of_sight_is_not() -> None:
    gone: Any = Centre(0x041000, there=False)
    hidden: Any = Centre(0x041000, there=None)
    assert windows.listed(gone) == []
    assert len(windows.listed(hidden)) == 1


def test_a_hostile_name_comes_out_plain_and_short() -> None:
    centre: Any = Centre(0x041000, there=True, name="\x1b[31m\u202eShield\n" + "x" * 500)
    (one,) = windows.listed(centre)
    assert one.name.isprintable()
    assert len(one.name) == 60


@pytest.mark.parametrize(
    ("services", "found"), [(["Dhcp", "WinDefend"], ["defender"]), (["Dhcp"], [])]
)
def test_a_centre_that_lists_nobody_is_not_believed_before_services_were_looked_at(
    services: list[str], found: list[str]
) -> None:
    path = RECORDINGS / "antivirus" / "windows-server-good.json"
    recording = load(path)
    answers = [
        msgspec.structs.replace(one, gives=[], cannot=None)
        if (one.ask or [])[:2] == ["wmi", "AntiVirusProduct"]
        else msgspec.structs.replace(one, gives={"values": {}, "subkeys": services})
        if (one.ask or [])[-2:] == [r"SYSTEM\CurrentControlSet\Services", "64"]
        else one
        for one in recording.answers
    ]
    host = RecordedHost(msgspec.structs.replace(recording, answers=answers))
    assert [one.id for one in windows.listed(host)] == found
