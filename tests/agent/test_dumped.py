"""Files of a Windows machine stand in for it: what they hold, what they miss, what they never
knew."""

import json
import lzma
from pathlib import Path

import pytest

from agent.collect.reading import read_domain
from agent.commands.main import main
from agent.hosts.dumped import PERSON, Dump, DumpedHost, load
from checks.catalogue import catalogue
from checks.facts import encode_section
from checks.host import CannotLook
from checks.unseen import Unseen
from tests.checks import corpus
from tests.checks.formats import hives

REGISTRY, WMI, HIVES = "glpi-agent/win32/registry", "glpi-agent/win32/wmi", "hives"

EXPORT = r"""Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\School]
"Limit"=dword:00000384
"Name"="Hall"

[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\School\Below]

[HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Old]
"x"="32"

[HKEY_CURRENT_USER\Control Panel\Desktop]
"ScreenSaveTimeOut"="900"
"""

LISTING = (
    "\r\n\r\nName=Administrators\r\nSID=S-1-5-32-544\r\n\r\nName=Guests\r\nSID=S-1-5-32-546\r\n"
)


def host() -> DumpedHost:
    dump = Dump()
    dump.add_export(b"\xff\xfe" + EXPORT.replace("\n", "\r\n").encode("utf-16-le"))
    dump.add_wmi("Win32_Group", LISTING.encode())
    return DumpedHost(dump, 1_795_000_000)


def test_a_key_is_found_in_any_case_with_its_values_and_subkeys() -> None:
    key = host().registry("HKLM", r"software\POLICIES\school")
    assert key is not None
    assert {name: value.data for name, value in key.values.items()} == {
        "limit": 900,
        "name": "Hall",
    }
    assert key.subkeys == ["Below"]


def test_what_a_file_covers_and_does_not_hold_is_not_there() -> None:
    assert host().registry("HKLM", r"SOFTWARE\Policies\School\None\Deeper") is None


@pytest.mark.parametrize("key", ["SOFTWARE", r"SOFTWARE\Policies", r"SOFTWARE\Policies\Schools"])
def test_what_no_file_covers_nobody_looked_at(key: str) -> None:
    with pytest.raises(CannotLook, match="unsupported"):
        host().registry("HKLM", key)
    with pytest.raises(CannotLook, match="unsupported"):
        host().wmi("Win32_Bios", "root/cimv2", ["SerialNumber"])


def test_the_32_bit_view_is_its_own_node() -> None:
    key = host().registry("HKLM", r"SOFTWARE\Old", "32")
    assert key is not None
    assert key.values["x"].data == "32"
    with pytest.raises(CannotLook, match="unsupported"):
        host().registry("HKLM", r"SOFTWARE\Old", "64")


def test_an_export_of_ones_own_settings_belongs_to_a_person() -> None:
    key = host().registry("HKU", rf"{PERSON}\Control Panel\Desktop")
    assert key is not None
    assert key.values["screensavetimeout"].data == "900"


def test_instances_are_found_by_one_condition() -> None:
    group = "Win32_Group WHERE SID='S-1-5-32-544'"
    assert host().wmi(group, "root/cimv2", ["Name", "Missing"]) == [
        {"Name": "Administrators", "Missing": None}
    ]
    with pytest.raises(CannotLook, match="unsupported"):
        host().wmi("Win32_Group WHERE SID LIKE 'S%'", "root/cimv2", ["Name"])


def test_nothing_else_of_the_machine_is_made_up() -> None:
    machine = host()
    for ask in (
        lambda: machine.run(["auditpol.exe"]),
        lambda: machine.read(r"C:\x"),
        lambda: machine.list(r"C:\x"),
        machine.processes,
        machine.listeners,
        machine.interfaces,
        machine.online,
    ):
        with pytest.raises(CannotLook, match="unsupported"):
            ask()


def test_a_folder_of_files_is_audited(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "school.reg").write_text(EXPORT)
    (tmp_path / "room-7-Win32_Group.wmi").write_text(LISTING)
    (tmp_path / "notes.txt").write_text("not ours")
    (tmp_path / "empty").mkdir()
    main(["audit", "--replay", str(tmp_path), "--format", "json"])
    shown = json.loads(capsys.readouterr().out)
    assert shown["host"]["platform"] == "windows"
    (tmp_path / "bad.reg").write_text("no export")
    assert main(["audit", "--replay", str(tmp_path)]) == 1
    assert "bad.reg" in capsys.readouterr().err
    assert main(["audit", "--replay", str(tmp_path / "empty")]) == 1
    assert "holds no .reg, no .wmi and no hive" in capsys.readouterr().err


def everything(machine: DumpedHost) -> dict[str, dict[str, object]]:
    """All sections of all domains, as they would travel."""
    return {
        kind.section: json.loads(encode_section(body))
        for domain in catalogue().domains
        for kind, body in read_domain(machine, domain).items()
    }


def machines() -> list[str]:
    """Real machines by the prefix of their files' names."""
    stems = [name.rpartition("-")[0] for name in corpus.names(WMI) + corpus.names(REGISTRY)]
    return sorted({stem for stem in stems if stem}) or ["absent"]


@pytest.mark.parametrize("name", machines())
def test_the_readers_run_end_to_end_on_real_machines(name: str, tmp_path: Path) -> None:
    for folder in (REGISTRY, WMI):
        for path in corpus.need(folder).glob(f"{name}-*"):
            if path.stem.rpartition("-")[0] == name:
                (tmp_path / path.name).write_bytes(path.read_bytes())
    sections = everything(DumpedHost(load(tmp_path), 1_795_000_000))
    assert {"locking", "antivirus", "software", "hardware"} <= sections.keys()
    # Little of a machine is in a few files: what is not there is unseen, and never nothing.
    assert '"unseen"' in json.dumps(sections)


def test_a_real_list_of_programs_is_read(tmp_path: Path) -> None:
    path = corpus.need(f"{REGISTRY}/mssql-Uninstall.reg")
    (tmp_path / path.name).write_bytes(path.read_bytes())
    titles = everything(DumpedHost(load(tmp_path), 1_795_000_000))["software"]["titles"]
    assert isinstance(titles, list)
    assert "Microsoft SQL Server 2017" in {title["name"] for title in titles}


def test_a_real_encrypted_drive_is_read(tmp_path: Path) -> None:
    path = corpus.need(f"{WMI}/win10-crypt-Win32_EncryptableVolume.wmi")
    (tmp_path / path.name).write_bytes(path.read_bytes())
    volumes = everything(DumpedHost(load(tmp_path), 1_795_000_000))["encryption"]["volumes"]
    assert isinstance(volumes, list)
    assert volumes


def test_real_hives_are_read_by_the_set_in_force() -> None:
    dump = Dump()
    with lzma.open(corpus.need(f"{HIVES}/SYSTEM_WIN_10_1709.xz")) as file:
        dump.add_hive(file.read(), r"HKLM\SYSTEM")
    with lzma.open(corpus.need(f"{HIVES}/NTUSER-WSL.DAT.xz")) as file:
        dump.add_hive(file.read(), rf"HKU\{PERSON}")
    machine = DumpedHost(dump, 1_795_000_000)
    name = machine.registry("HKLM", r"SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName")
    assert name is not None
    assert str(name.values["computername"].data).startswith("DESKTOP-")
    assert machine.registry("HKLM", r"SYSTEM\CurrentControlSet\NoSuchKey") is None
    desktop = machine.registry("HKU", rf"{PERSON}\Control Panel\Desktop")
    assert desktop is not None
    assert desktop.values["screensaveactive"].data == "1"
    assert not isinstance(everything(machine)["hardware"].get("host_name"), Unseen)


@pytest.mark.parametrize("ends", [(".LOG1", ".log2"), (".log1.xz", ".LOG2")])
def test_logs_beside_a_hive_are_written_into_it(
    ends: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = hives.Node("R", [("a", 4, b"\1\0\0\0")])
    old = hives.Writer().file(key, dirty=True).ljust(8192, b"\0")
    key.values[0] = ("a", 4, b"\2\0\0\0")
    log = hives.log(old, 1, [(0, hives.Writer().file(key)[4096:].ljust(4096, b"\0"))])
    (tmp_path / "SYSTEM").write_bytes(old)
    (tmp_path / f"System{ends[0]}").write_bytes(lzma.compress(log) if "xz" in ends[0] else log)
    (tmp_path / f"SYSTEM{ends[1]}").write_bytes(b"never used")
    found = DumpedHost(load(tmp_path), 1_795_000_000).registry("HKLM", "SYSTEM")
    assert found is not None
    assert found.values["a"].data == 2
    assert main(["parse", "hive", str(tmp_path / "SYSTEM")]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["parsed"]["keys"][0]["values"]["a"]["data"] == 2
    assert "with 1 entries of its logs" in said.err
