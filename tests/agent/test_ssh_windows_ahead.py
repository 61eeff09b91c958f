"""Many questions to Windows over SSH in few round trips (constructed: behind a real sshd a stand-in
speaks PowerShell's side, out of the recordings of Windows machines)."""

import functools
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent.collect.reading import read_domain
from agent.commands.main import main
from agent.hosts.recording import load, to_bytes
from agent.hosts.ssh import ahead, connecting
from agent.hosts.ssh.talking import Words
from agent.hosts.ssh.windows import FarWindows
from agent.hosts.windows import answers, powershell
from checks.catalogue import catalogue
from checks.facts import Facts
from checks.host import CannotLook
from checks.judging import Body
from tests.agent.sshd import Server, public, serving

RECORDINGS = Path(__file__).parents[1] / "checks" / "recordings"
HIVES = {"HKLM": "HKEY_LOCAL_MACHINE", "HKU": "HKEY_USERS"}
STAND_IN = r"""
import json, os, sys
asked = os.environ["SSH_ORIGINAL_COMMAND"]
if not asked.startswith("powershell.exe "):
    sys.exit(9)
said = json.load(open(sys.argv[1]))
sys.stdin.readline()
print('{"mode":"FullLanguage","version":"5.1"}', flush=True)
nothing = {"read": {"way": "none"}, "list": {"way": "none"}}
for line in sys.stdin:
    q = json.loads(line)
    key = q["query"] if "query" in q else f"{q['ask']} {q['path']}".lower()
    if key == "SELECT Hang FROM Hangs":
        sys.stdin.read()  # until we are hung up on
    if "query" in q:
        answer = said.get(key, {"error": "HRESULT 0x80041010,x"})
    else:
        answer = said.get(key, {"gives": nothing.get(q["ask"])})
    print(json.dumps({"id": q["id"], **answer}), flush=True)
"""


def said() -> dict[str, Any]:
    """What the recorded Windows machines say, as PowerShell would; the first one to say it."""
    found: dict[str, Any] = {}
    for path in sorted(RECORDINGS.glob("*/windows-*-good*.json")):
        for answer in load(path).answers:
            for question in answer.questions():
                key, gives = _as_asked(question, answer.gives)
                if key and answer.cannot:
                    found.setdefault(key, {"error": "System.UnauthorizedAccessException,x"})
                elif key and not answer.absent:
                    found.setdefault(key, gives)
    now = [{"LocalDateTime": "2026-11-22T08:00:00.0000000Z"}]
    return found | {"SELECT LocalDateTime FROM Win32_OperatingSystem": {"rows": now}}


def _as_asked(question: list[str], gives: Any) -> tuple[str, Any]:
    kind, *words = question
    if kind == "wmi":
        cls, _, *names = words
        asked = json.loads(answers.question(0, cls, "root", names))
        return asked["query"], {"rows": gives}
    if kind == "registry":
        hive, key, view = (*words, "64")[:3]
        first, _, rest = key.partition("\\")
        if view == "32" and first.lower() == "software":
            key = rf"{first}\WOW6432Node\{rest}"
        return f"registry {HIVES[hive]}\\{key}".lower(), {"gives": gives and _key(gives)}
    if kind == "list":
        return f"list {words[0]}".lower(), {"gives": {"way": "plain", "names": gives}}
    if kind == "read" and gives is not None:
        octets = " ".join(map(str, to_bytes(gives)))
        return f"read {words[0]}".lower(), {"gives": {"way": "plain", "bytes": octets}}
    return "", None


def _key(gives: dict[str, Any]) -> dict[str, Any]:
    values = []
    for name, value in gives["values"].items():
        kind, data = value["type"], value["data"]
        if kind == "binary":
            data = " ".join(map(str, bytes.fromhex(data)))
        kind = "sz" if kind == "expand_sz" else kind
        values.append({"name": name or "(default)", "type": kind, "data": data})
    return {"values": values, "subkeys": gives["subkeys"]}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("windows")
    (folder / "stand_in.py").write_text(STAND_IN)
    (folder / "said.json").write_text(json.dumps(said()))
    with serving(folder) as running:
        command = f"{sys.executable} -I {folder}/stand_in.py {folder}/said.json"
        running.authorise(f'command="{command}" {public(running.identity)}')
        yield running


@pytest.fixture
def host(server: Server) -> Iterator[FarWindows]:
    session = server.connect()
    machine = FarWindows(session, b"k")
    yield machine
    machine.close()
    session.close()


LOOKS = [functools.partial(read_domain, domain=domain) for domain in catalogue().domains]


def facts(host: FarWindows) -> dict[type[Facts], Body]:
    return {kind: body for look in LOOKS for kind, body in look(host).items()}


def test_what_was_asked_ahead_is_what_is_asked_one_by_one(
    server: Server, host: FarWindows, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = 1_795_334_400
    monkeypatch.setattr(FarWindows, "clock", lambda _: moment)
    trips = ahead.ask_for(host.known, host.guessing, LOOKS)
    assert 1 < trips < 16
    single: list[object] = []
    fetch = host.known.fetch

    def fetched(asked: Sequence[Words]) -> None:
        single.extend(asked)
        fetch(asked)

    monkeypatch.setattr(host.known, "fetch", fetched)
    seen = facts(host)
    # Only what the answer of a program leads to is asked by itself; the stand-in has none.
    assert single == []

    session = server.connect()
    plainly = FarWindows(session, b"k")
    assert seen == facts(plainly)
    plainly.close()
    session.close()
    read = [body for body in seen.values() if isinstance(body, Facts)]
    assert len(read) > 10, "else the recordings answer nothing, and the test shows nothing"


def test_the_commands_take_windows_for_what_it_is(
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    connected = connecting.connect

    def as_windows(*given: Any) -> connecting.Session:
        session = connected(*given)
        return msgspec.structs.replace(session, server="SSH-2.0-OpenSSH_for_Windows_9.5")

    monkeypatch.setattr(connecting, "connect", as_windows)
    keys = ["--identity", str(server.identity), "--known-hosts", str(server.known_hosts)]
    where = ["--host", server.url, *keys]
    assert main(["audit", "--format", "json", *where]) in (0, 2)
    seen = json.loads(capsys.readouterr().out)
    assert seen["host"]["platform"] == "windows"
    status = {one["check"]: one["status"] for one in seen["findings"]}
    assert len(set(status.values())) >= 3
    out = tmp_path / "far.json"
    assert main(["record", "locking", "--out", str(out), *where]) == 0
    assert load(out).platform == "windows"


def test_one_question_that_hangs_costs_no_other_its_answer(
    host: FarWindows, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.wmi("Win32_OperatingSystem", "root/cimv2", ["LocalDateTime"])
    host._shell._seconds = 1
    hangs = (b"wmi", answers.question(0, "Hangs", "root/cimv2", ["Hang"]))
    sound = [
        (b"far", answers.far_question(0, "registry", {"path": rf"HKEY_USERS\{number}"}))
        for number in range(5)
    ]
    host.known.fetch([*sound[:2], hangs, *sound[2:]])
    assert all(answers.given(line, n) is None for n, line in map(host.known.answer, sound))
    with pytest.raises(CannotLook, match="timeout"):
        host.known.answer(hangs)
    assert not host.known.lost


def test_where_powershell_never_answers_nothing_is_asked_for_ever(host: FarWindows) -> None:
    host._shell._seconds = 0.2
    question = (b"wmi", answers.question(0, "Hangs", "root/cimv2", ["Hang"]))
    more = [(b"wmi", answers.question(0, f"Hangs{n}", "root/cimv2", ["Hang"])) for n in range(9)]
    host._shell._starts = powershell.STARTS
    host.known.fetch([question, *more])
    assert host.known.lost
    for one in (question, *more):
        with pytest.raises(CannotLook, match="timeout"):
            host.known.answer(one)


def test_more_questions_than_fit_at_once_are_all_answered(host: FarWindows) -> None:
    many = [
        (b"far", answers.far_question(0, "registry", {"path": rf"HKEY_USERS\{number}"}))
        for number in range(1_000)
    ]
    host.known.fetch(many)
    numbers = [host.known.answer(one)[0] for one in many]
    assert numbers == [*range(numbers[0], numbers[0] + 1_000)]
