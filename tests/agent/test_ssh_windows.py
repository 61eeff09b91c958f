"""Windows over SSH (constructed: behind a real sshd a stand-in speaks PowerShell's side)."""

import base64
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.hosts.ssh import windows
from agent.hosts.ssh.windows import FarWindows
from agent.hosts.windows import people
from checks.host import CannotLook, Ran, RegistryValue, Stat
from tests.agent.sshd import public, serving

DESKTOP = {
    "values": [
        {"name": "ScreenSaveTimeOut", "type": "sz", "data": "900"},
        {"name": "Negative", "type": "dword", "data": -1},
        {"name": "Long", "type": "qword", "data": 1 << 40},
        {"name": "Bytes", "type": "binary", "data": "1 255"},
        {"name": "Names", "type": "multi_sz", "data": {"value": ["a", "b"], "Count": 2}},
        {"name": "(default)", "type": "sz", "data": "d"},
        {"name": "Empty", "type": "binary", "data": ""},
    ],
    "subkeys": "Only",
}
SAID = {
    "registry": {r"HKEY_USERS\S-1-5-21-1-1-1-1001\Control Panel\Desktop": DESKTOP},
    "read": {
        r"C:\plain.txt": {"way": "plain", "bytes": "104 105"},
        r"C:\empty.txt": {"way": "plain", "bytes": ""},
        r"C:\link.txt": {"way": "link"},
        r"C:\large.txt": {"way": "large"},
        r"C:\odd.txt": {"way": "plain", "bytes": "256"},
    },
    "list": {r"C:\Users": {"way": "plain", "names": ["maya", "Public"]}},
    "stat": {
        r"C:\plain.txt": {
            "attributes": "Archive",
            "folder": False,
            "size": 2,
            "at": "2026-11-21T08:00:00.0000000Z",
        }
    },
    "wmi": {
        "Win32_OperatingSystem": [{"LocalDateTime": "2026-11-22T08:00:00.0000000Z"}],
        "Win32_Process": [{"ProcessId": 4, "Name": "System"}, {"ProcessId": 9, "Name": "a.exe"}],
        "MSFT_NetTCPConnection": [{"LocalAddress": "::", "LocalPort": 445, "OwningProcess": 4}],
        "MSFT_NetUDPEndpoint": [],
    },
}

STAND_IN = r"""
import json, os, sys
asked = os.environ["SSH_ORIGINAL_COMMAND"]
if not asked.startswith("powershell.exe "):
    print(asked)
    sys.exit(3)
said = json.load(open(sys.argv[1]))
assert "Get-Answer" in json.loads(sys.stdin.readline())["script"]
print('{"mode":"FullLanguage","version":"5.1"}', flush=True)
for line in sys.stdin:
    q = json.loads(line)
    if "query" in q:
        rows = said["wmi"].get(q["query"].split(" FROM ")[1].split(" ")[0])
        answer = {"rows": rows} if rows is not None else {"error": "HRESULT 0x80041010,x"}
    elif q["path"].endswith("denied"):
        answer = {"error": "System.Security.SecurityException,x"}
    else:
        nothing = {"way": "none"} if q["ask"] in ("read", "list") else None
        answer = {"gives": said[q["ask"]].get(q["path"], nothing)}
    print(json.dumps({"id": q["id"], **answer}), flush=True)
"""


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarWindows]:
    folder = tmp_path_factory.mktemp("windows")
    (folder / "stand_in.py").write_text(STAND_IN)
    (folder / "said.json").write_text(json.dumps(SAID))
    with serving(folder) as server:
        command = f"{sys.executable} -I {folder}/stand_in.py {folder}/said.json"
        server.authorise(f'command="{command}" {public(server.identity)}')
        session = server.connect()
        machine = FarWindows(session, b"k")
        yield machine
        machine.close()
        session.close()


def test_a_key_has_all_its_values_in_the_doors_own_form(host: FarWindows) -> None:
    key = host.registry("HKU", r"S-1-5-21-1-1-1-1001\Control Panel\Desktop")
    assert key is not None
    assert key.subkeys == ["Only"]
    assert key.values == {
        "screensavetimeout": RegistryValue("sz", "900"),
        "negative": RegistryValue("dword", 0xFFFFFFFF),
        "long": RegistryValue("qword", 1 << 40),
        "bytes": RegistryValue("binary", "01ff"),
        "names": RegistryValue("multi_sz", ["a", "b"]),
        "": RegistryValue("sz", "d"),
        "empty": RegistryValue("binary", ""),
    }


def test_a_key_that_is_not_there_is_none_and_one_that_is_denied_is_not(host: FarWindows) -> None:
    assert host.registry("HKLM", r"SOFTWARE\None") is None
    with pytest.raises(CannotLook, match="denied"):
        host.registry("HKLM", r"SOFTWARE\denied")


def test_the_32_bit_view_is_asked_for_by_its_name(host: FarWindows) -> None:
    assert host.registry("HKLM", r"SOFTWARE\None", "32") is None
    assert r"HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\None" in host._keys


def test_files_are_read_and_what_leads_elsewhere_is_denied(host: FarWindows) -> None:
    assert host.read(r"C:\plain.txt") == b"hi"
    assert host.read(r"C:\empty.txt") == b""
    assert host.read(r"C:\none.txt") is None
    assert host.list(r"C:\Users") == ["Public", "maya"]
    assert host.list(r"C:\None") is None
    assert host.stat(r"C:\plain.txt") == Stat("file", 2, 0, 0, 0, 1795248000)
    assert host.stat(r"C:\none.txt") is None
    for path, why in {"link": "denied", "large": "too-large", "odd": "parse-error"}.items():
        with pytest.raises(CannotLook, match=why):
            host.read(rf"C:\{path}.txt")
    with pytest.raises(CannotLook, match="unsupported"):
        host.read(r"\\server\share\x")


def test_what_is_alive_is_asked_of_wmi(host: FarWindows) -> None:
    assert [one.name for one in host.processes()] == ["System", "a.exe"]
    (listener,) = host.listeners()
    assert (listener.port, listener.process) == (445, "System")
    assert host.clock() == pytest.approx(1795334400, abs=60)
    with pytest.raises(CannotLook, match="unsupported"):
        host.interfaces()
    with pytest.raises(CannotLook, match="unsupported"):
        people.users(host)


def test_a_program_runs_by_itself_with_its_exit_code(host: FarWindows) -> None:
    assert host.run(["auditpol.exe", "/get", "/category:*", "/r"]) == Ran(
        3, b"C:\\Windows\\System32\\auditpol.exe /get /category:* /r\n"
    )


@pytest.mark.parametrize(
    "word",
    ["a&b", "%PATH%", "$(x)", "`x`", 'a"b', "a|b", "a>b", "a^b", "a\nb", "it's", "a;b", "x \\"],
)
def test_a_word_that_a_shell_could_mistake_is_not_sent(word: str) -> None:
    with pytest.raises(CannotLook, match="unsupported"):
        windows.line(["net.exe", word])


def test_words_with_spaces_are_quoted() -> None:
    assert windows.line(["net.exe", "localgroup", "Remote Desktop"]).endswith(' "Remote Desktop"')
    with pytest.raises(CannotLook, match="unsupported"):
        windows.line(["start.cmd"])


def test_the_command_fits_what_the_servers_shell_takes() -> None:
    command = windows.command()
    assert len(command) < 8191
    assert re.fullmatch(r"[A-Za-z0-9 .=+/-]+", command)
    sent = base64.b64decode(command.rpartition(" ")[2]).decode("utf-16-le")
    assert sent == windows.BOOTSTRAP
    assert windows.greeting().isascii()
    assert windows.greeting().count(b"\n") == 1


def test_a_folder_of_scripts_brings_what_the_first_line_teaches() -> None:
    scripts = Path(windows.__file__).parents[1] / "windows"
    assert {path.name for path in scripts.glob("*.ps1")} == {"answering.ps1", "far.ps1"}
