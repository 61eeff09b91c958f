"""Defender's command line (constructed after Microsoft's documentation: a stand-in program says
what MpCmdRun.exe is documented to say)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from agent.hosts.windows import running
from agent.scanning import defender
from agent.scanning.result import Result, Tree
from checks.host import RUN_TIMEOUT, CannotLook, Ran, RegistryKey, RegistryValue, Stat

STICK = "E:\\"
TREE = Tree(STICK, [10, 20], 0, False, 60)
START = "Scan starting...\nScan finished.\n"
LISTED = (
    "\n<===========================LIST OF DETECTED THREATS==========================>\n"
    "Threat                  : Virus:DOS/EICAR_Test_File\n"
    "Resources               : 1 total\n"
    "    file                : E:\\Scanning E:\\ found no threats.\n"
)


@pytest.mark.parametrize(
    ("code", "out", "outcome", "threats"),
    [
        (0, f"{START}Scanning {STICK} found no threats.\n", "clean", 0),
        (0, "", "clean", 0),
        (2, f"{START}Scanning {STICK} found 1 threats.\r\n{LISTED}", "found", 1),
        (2, f"{START}Scanning {STICK} found 12 threats.\n", "found", 12),
        (0, f"{START}Scanning {STICK} found 1 threats.\n", "found", 1),
        (2, "CmdTool: Failed with hr = 0x80508023. Check C:\\x\\MpCmdRun.log\n", "error", None),
        (2, f"{START}Scanning {STICK} found no threats.\n", "error", None),
        (2, f"Die Suche nach {STICK} ergab 1 Bedrohung.\n", "error", None),
        (2, LISTED, "error", None),
        (2, "Scanning C:\\ found 1 threats.\n", "error", None),
        (1, f"{START}Scanning {STICK} found 1 threats.\n", "error", None),
        (-1073741510, "", "error", None),
    ],
)
def test_two_means_found_only_where_it_says_so_itself(
    code: int, out: str, outcome: str, threats: int | None
) -> None:
    result = defender.judged(code, out, TREE)
    assert (result.outcome, result.threats) == (outcome, threats)


def test_a_failure_is_told_by_its_number() -> None:
    said = "CmdTool: Failed with hr = 0x80508023. Check C:\\x\\MpCmdRun.log for more information\n"
    assert defender.judged(2, said, TREE).why == "it says 0x80508023"


def test_what_could_not_be_counted_is_told_as_skipped() -> None:
    assert defender.judged(0, "", Tree(STICK, [1], 2, True, 60)) == Result("clean", None, 0, 3)


class Windows:
    """As much of a Windows machine as is asked; programs are stand-ins that really run."""

    platform = "windows"

    def __init__(self, folder: Path, key: RegistryKey | None, names: list[str]) -> None:
        self.folder, self.key, self.names = folder, key, names

    def registry(self, hive: str, key: str, view: str = "64") -> RegistryKey | None:
        assert (hive, key) == ("HKLM", defender.KEY)
        return self.key

    def list(self, path: str) -> list[str] | None:
        assert path == defender.PLATFORM
        return self.names

    def stat(self, path: str) -> Stat | None:
        there = self._there(path)
        return Stat("file", 1, 0o755, 0, 0, 0) if there.is_file() else None

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        return running.run(argv, timeout, {"PATH": "/usr/bin:/bin"}, str(self._there(argv[0])))

    def put(self, folder: str, script: str) -> None:
        there = self._there(f"{folder}\\{defender.PROGRAM}")
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_text(f"#!/bin/sh\n{script}\n")
        there.chmod(0o755)

    def _there(self, path: str) -> Path:
        return self.folder / path.replace("\\", "/").replace(":", "")


def windows(folder: Path, install: str = "", names: Sequence[str] = ()) -> Any:
    key = RegistryKey({"installlocation": RegistryValue("sz", install)}, []) if install else None
    return Windows(folder, key, [*names])


def test_the_newest_program_is_asked(tmp_path: Path) -> None:
    names = ["4.18.9.1-0", "4.18.24090.11-0", "4.18.24080.9-0", "old", "Uploads"]
    host = windows(tmp_path, names=names)
    for name in names:
        host.put(rf"{defender.PLATFORM}\{name}", "exit 0")
    found = defender.installed(host)
    assert found is not None
    assert found.program == rf"{defender.PLATFORM}\4.18.24090.11-0\MpCmdRun.exe"


def test_the_registry_says_where_it_is_before_anything_else(tmp_path: Path) -> None:
    host = windows(tmp_path, "D:\\Defender\\", ["4.18.24090.11-0"])
    host.put("D:\\Defender", "exit 0")
    host.put(rf"{defender.PLATFORM}\4.18.24090.11-0", "exit 0")
    found = defender.installed(host)
    assert found is not None
    assert found.program == "D:\\Defender\\MpCmdRun.exe"


def test_an_old_windows_has_it_in_its_first_place_or_not_at_all(tmp_path: Path) -> None:
    host = windows(tmp_path)
    assert defender.installed(host) is None
    host.put(defender.INSTALLED, "exit 0")
    assert defender.installed(host) is not None


def test_it_is_asked_to_scan_and_to_leave_all_as_it_is(tmp_path: Path) -> None:
    host = windows(tmp_path)
    asked = "-Scan -ScanType 3 -File E:\\ -DisableRemediation"
    host.put(
        defender.INSTALLED,
        f"[ \"$*\" = '{asked}' ] || exit 9; echo 'Scanning E:\\ found 3 threats.'; exit 2",
    )
    found = defender.installed(host)
    assert found is not None
    result = found.scan(TREE, lambda _: None)
    assert (result.outcome, result.threats) == ("found", 3)


def test_meanwhile_it_says_that_it_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(defender, "_TICK", 0.01)
    host = windows(tmp_path)
    host.put(defender.INSTALLED, "sleep 0.3")
    found = defender.installed(host)
    assert found is not None
    told: list[int] = []
    assert found.scan(TREE, told.append).outcome == "clean"
    assert set(told) == {0}


def test_one_that_hangs_is_ended(tmp_path: Path) -> None:
    host = windows(tmp_path)
    host.put(defender.INSTALLED, "sleep 600")
    found = defender.installed(host)
    assert found is not None
    with pytest.raises(CannotLook, match="timeout"):
        found.scan(Tree(STICK, [], 0, False, 1), lambda _: None)
