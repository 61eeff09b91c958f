"""Every door to Windows gives the same answers to the same registry and the same instances.

Constructed: the same small machine stands behind a stand-in for `winreg` and PowerShell, a stand-in
over a real sshd, an export and a listing, and a recording.
"""

import json
import subprocess
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.hosts import recording as form
from agent.hosts.dumped import Dump, DumpedHost
from agent.hosts.recorded import RecordedHost
from agent.hosts.ssh.windows import FarWindows
from agent.hosts.windows.host import WindowsHost
from agent.hosts.windows.powershell import PowerShell
from checks import windows
from checks.host import Host, RegistryKey, RegistryValue
from tests.agent.sshd import public, serving

SID = "S-1-12-1-1-2-3-4"
SCHOOL = r"SOFTWARE\Policies\School"
KEY = RegistryKey(
    {
        "limit": RegistryValue("dword", 900),
        "name": RegistryValue("sz", "Größe 東"),
        "list": RegistryValue("multi_sz", ["a", "b"]),
        "big": RegistryValue("qword", 1 << 40),
        "raw": RegistryValue("binary", "00ff"),
        "": RegistryValue("sz", "default"),
    },
    ["Below"],
)
ROWS = [{"Name": "Größe 東", "Enabled": True, "SID": "S-1-5-21-1-1-1-500", "Missing": None}]
PROPERTIES = ["Name", "Enabled", "SID", "Missing"]

STAND_IN = r"""
import json, sys
said = json.load(open(sys.argv[1]))
if len(sys.argv) > 2:
    sys.stdin.readline()
print('{"mode":"ConstrainedLanguage","version":"5.1"}', flush=True)
for line in sys.stdin:
    q = json.loads(line)
    if "query" in q:
        answer = {"rows": said["rows"]} if "Win32_UserAccount" in q["query"] else {
            "error": "HRESULT 0x80041010,x"}
    else:
        answer = {"gives": said["keys"].get(q["path"])}
    print(json.dumps({"id": q["id"], **answer}), flush=True)
"""


def said(folder: Path) -> Path:
    """What the stand-ins answer."""
    values = [
        {"name": name, "type": one.type, "data": one.data} for name, one in KEY.values.items()
    ]
    for one in values:
        one["data"] = "0 255" if one["type"] == "binary" else one["data"]
        one["name"] = one["name"] or "(default)"
    keys = {rf"HKEY_LOCAL_MACHINE\{SCHOOL}": {"values": values, "subkeys": KEY.subkeys}}
    keys[rf"HKEY_USERS\{SID}"] = {"values": [], "subkeys": ["Software"]}
    (folder / "said.json").write_text(json.dumps({"keys": keys, "rows": ROWS}))
    (folder / "stand_in.py").write_text(STAND_IN)
    return folder / "said.json"


def local(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    fake = types.ModuleType("winreg")
    numbers = {"dword": 4, "sz": 1, "multi_sz": 7, "qword": 11, "binary": 3}
    values = [
        (name, b"\x00\xff" if one.type == "binary" else one.data, numbers[one.type])
        for name, one in KEY.values.items()
    ]
    held = {(1, SCHOOL): (values, KEY.subkeys), (2, SID): ([], ["Software"])}

    @contextmanager
    def opened(root: int, key: str, _: int, access: int) -> Iterator[object]:
        if (root, key) not in held or access & 8:
            raise FileNotFoundError(2, key)
        yield held[root, key]

    fake.__dict__.update(
        HKEY_LOCAL_MACHINE=1,
        HKEY_USERS=2,
        KEY_READ=1,
        KEY_WOW64_32KEY=8,
        KEY_WOW64_64KEY=4,
        OpenKey=opened,
        QueryInfoKey=lambda key: (len(key[1]), len(key[0]), 0),
        EnumValue=lambda key, index: key[0][index],
        EnumKey=lambda key, index: key[1][index],
    )
    monkeypatch.setitem(sys.modules, "winreg", fake)
    argv = [sys.executable, "-I", str(folder / "stand_in.py"), str(said(folder))]
    pipe = subprocess.PIPE
    host = WindowsHost(b"k")
    host._powershell = PowerShell(lambda: subprocess.Popen(argv, stdin=pipe, stdout=pipe))
    return host


def dumped() -> Host:
    hexed = "61,00,00,00,62,00,00,00,00,00"
    lines = [
        *("Windows Registry Editor Version 5.00", "", rf"[HKEY_LOCAL_MACHINE\{SCHOOL}]"),
        *('@="default"', '"Limit"=dword:00000384', '"Name"="Größe 東"', f'"List"=hex(7):{hexed}'),
        *('"Big"=hex(b):00,00,00,00,00,01,00,00', '"Raw"=hex:00,ff', ""),
        *(rf"[HKEY_LOCAL_MACHINE\{SCHOOL}\Below]", ""),
        *(rf"[HKEY_USERS\{SID}]", "", rf"[HKEY_USERS\{SID}\Software]", ""),
        r"[HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Policies]",
    ]
    listing = "\r\n\r\nEnabled=TRUE\r\nName=Größe 東\r\nSID=S-1-5-21-1-1-1-500\r\n"
    dump = Dump()
    dump.add_export(b"\xff\xfe" + "\r\n".join(lines).encode("utf-16-le"))
    dump.add_wmi("Win32_UserAccount", b"\xff\xfe" + listing.encode("utf-16-le"))
    return DumpedHost(dump, 1_795_000_000)


def recorded() -> Host:
    values = {name: {"type": one.type, "data": one.data} for name, one in KEY.values.items()}
    gives = {
        ("registry", "HKLM", SCHOOL, "64"): {"values": values, "subkeys": KEY.subkeys},
        ("registry", "HKU", SID, "64"): {"values": {}, "subkeys": ["Software"]},
        ("wmi", "Win32_UserAccount", "root/cimv2", *PROPERTIES): ROWS,
    }
    absent = [("HKLM", rf"{SCHOOL}\None", "64"), ("HKLM", SCHOOL, "32")]
    answers = [form.Answer(ask=[*asked], gives=given) for asked, given in gives.items()]
    answers += [form.Answer(ask=["registry", *asked], absent=True) for asked in absent]
    about = form.Recording(
        schema="caretaker.recording/1",
        provenance="constructed",
        source="the contract's own tests",
        platform="windows",
        os="none",
        build="none",
        date="2026-11-22",
        at=1_795_000_000,
        privileged=True,
        answers=answers,
    )
    return RecordedHost(about, strict=False)


@pytest.fixture(params=["local", "ssh", "dumped", "recorded"])
def host(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Host]:
    if request.param == "ssh":
        with serving(tmp_path) as server:
            argv = f"{sys.executable} -I {tmp_path}/stand_in.py {said(tmp_path)} far"
            server.authorise(f'command="{argv}" {public(server.identity)}')
            session = server.connect()
            far = FarWindows(session, b"k")
            yield far
            far.close()
            session.close()
        return
    doors: dict[str, Callable[[], Host]] = {
        "local": lambda: local(tmp_path, monkeypatch),
        "dumped": dumped,
        "recorded": recorded,
    }
    door = doors[request.param]()
    yield door
    if isinstance(door, WindowsHost):
        door._powershell.close()


def test_all_doors_give_one_answer(host: Host) -> None:
    assert host.platform == "windows"
    assert host.registry("HKLM", SCHOOL) == KEY
    assert host.registry("HKLM", rf"{SCHOOL}\None") is None
    assert host.registry("HKLM", SCHOOL, "32") is None
    loaded = host.registry("HKU", SID)
    assert loaded is not None
    assert loaded.subkeys == ["Software"]
    assert host.wmi("Win32_UserAccount", "root/cimv2", PROPERTIES) == ROWS
    assert windows.number(host.registry("HKLM", SCHOOL), "Limit") == 900
    assert windows.texts(host.registry("HKLM", SCHOOL), "List") == ["a", "b"]
    assert windows.raw(host.registry("HKLM", SCHOOL), "Raw") == b"\x00\xff"
