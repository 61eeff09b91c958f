"""A computer looked at over SSH gives what its own agent would, or says why not."""

import functools
import json
import os
import socket
import threading
from pathlib import Path

import msgspec
import pytest

from agent.collect.reading import read_domain
from agent.commands import shared
from agent.commands.main import main
from agent.hosts.local import LocalHost
from agent.hosts.ssh import opening
from agent.hosts.ssh.address import Address, AddressError, parse
from agent.hosts.ssh.ahead import ask_ahead
from agent.hosts.ssh.connecting import ConnectError, connect
from agent.hosts.ssh.posix import Known, PosixHost
from checks.catalogue import catalogue
from checks.host import CannotLook, Host
from tests.agent.sshd import Server, make_key, public, serving


def audit(server: Server, *more: str) -> int:
    """The command, as a person gives it."""
    key, known = str(server.identity), str(server.known_hosts)
    where = ["--host", server.url, "--identity", key, "--known-hosts", known]
    return main(["audit", "--format", "json", *where, *more])


def test_findings_and_facts_are_those_of_the_machine_itself(
    far: Server,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Else each look would have a key of its own for what may stand for a person's name.
    monkeypatch.setattr(opening, "Known", lambda talk, _: Known(talk, b"k"))
    monkeypatch.setattr(shared, "LocalHost", lambda _, state=None: LocalHost(b"k", state))
    over_ssh = audit(far)
    seen = json.loads(capsys.readouterr().out)
    here = main(["audit", "--format", "json", "--data", str(tmp_path)])
    itself = json.loads(capsys.readouterr().out)

    assert over_ssh == here
    # How many programs run and sockets listen changes between two looks, and with it the evidence.
    for finding in [*seen["findings"], *itself["findings"]]:
        del finding["evidence"]
    assert seen["findings"] == itself["findings"]
    assert seen["host"]["name"] == os.uname().nodename
    steady = [name for name in itself["facts"] if not name.endswith("_now")]
    for name in steady:
        assert seen["facts"][name] == itself["facts"][name], name
    assert len(steady) > 7


def test_many_questions_travel_in_few_round_trips(
    far: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = far.known()
    looks = [functools.partial(read_domain, domain=domain) for domain in catalogue().domains]
    trips = ask_ahead(known, looks)
    assert 1 < trips < 12

    asked: list[object] = []
    monkeypatch.setattr(known, "fetch", asked.append)
    for look in looks:
        look(PosixHost(known))
    assert asked == []


def test_one_check_asks_only_what_it_needs(far: Server, capsys: pytest.CaptureFixture[str]) -> None:
    audit(far, "--check", "lock-on-resume")
    assert {one["check"] for one in json.loads(capsys.readouterr().out)["findings"]} == {
        "lock-on-resume"
    }


def test_another_key_than_the_pinned_one_is_refused_and_named(
    far: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = make_key(tmp_path / "other")
    pins = tmp_path / "known_hosts"
    pins.write_text(f"{far.address.entry} {public(other)}\n")
    assert audit(far, "--known-hosts", str(pins)) == 1
    said = capsys.readouterr().err
    assert "shows the key SHA256:" in said
    assert "nothing was sent to it" in said


def test_a_key_nobody_wrote_down_is_refused_and_not_written_down(
    far: Server, tmp_path: Path
) -> None:
    pins = tmp_path / "known_hosts"
    pins.write_text("")
    for _ in range(2):
        with pytest.raises(ConnectError, match="holds no key of"):
            connect(far.address, far.identity, pins)
    assert pins.read_text() == ""


def test_a_revoked_key_is_refused_though_it_is_listed(far: Server, tmp_path: Path) -> None:
    pins = tmp_path / "known_hosts"
    key = public(far.host_key)
    pins.write_text(f"# ours\n{far.address.entry} {key}\nhalf a line\n@revoked * {key}\n")
    with pytest.raises(ConnectError, match="revoked"):
        connect(far.address, far.identity, pins)


def test_a_key_the_server_does_not_know_is_told_from_a_computer_that_is_away(
    far: Server, tmp_path: Path
) -> None:
    with pytest.raises(ConnectError, match="does not let"):
        connect(far.address, make_key(tmp_path / "stranger"), far.known_hosts)
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(ConnectError, match="No connection to"):
        connect(Address("root", "127.0.0.1", port), far.identity, far.known_hosts)


def test_a_server_that_takes_only_passwords_is_told_none(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.settings |= {"PasswordAuthentication": "yes", "PubkeyAuthentication": "no"}
        with pytest.raises(ConnectError, match="does not let"):
            server.connect()


def test_a_computer_that_says_nothing_is_left_in_time(far: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        where = Address("root", "127.0.0.1", silent.getsockname()[1])
        with pytest.raises(ConnectError, match="does not answer as an SSH server"):
            connect(where, far.identity, far.known_hosts, seconds=0.2)


def test_a_locked_key_asks_for_its_passphrase(far: Server, tmp_path: Path) -> None:
    locked = make_key(tmp_path / "locked", "open sesame")
    far.authorise(public(far.identity), public(locked))
    with pytest.raises(ConnectError, match="has a passphrase"):
        connect(far.address, locked, far.known_hosts)
    with pytest.raises(ConnectError, match="not its passphrase"):
        connect(far.address, locked, far.known_hosts, "wrong")
    connect(far.address, locked, far.known_hosts, "open sesame").close()


def test_a_pulled_cable_leaves_what_was_seen_and_makes_the_rest_unknown(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        known = server.known()
        host = PosixHost(known)
        before = host.read("/etc/passwd")
        server.drop()
        with pytest.raises(CannotLook, match="timeout"):
            host.read("/etc/group")
        assert host.read("/etc/passwd") == before
        assert known.lost == "the connection broke off"


def test_a_cable_pulled_while_a_program_runs_does_not_hang(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        host = PosixHost(server.known())
        running = tmp_path / "running"
        puller = threading.Thread(target=_pull, args=(server, running))
        puller.start()
        with pytest.raises(CannotLook, match="timeout"):
            host.run(["sh", "-c", f"touch {running}; sleep 4242"], 3)
        puller.join()


def _pull(server: Server, sign: Path) -> None:
    watch = threading.Event()
    while not sign.exists() and not watch.wait(0.01):
        pass
    server.drop()


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("yes", "talked, and not to us"),
        ("true", "broke off"),
        ("head -c 10000000 /dev/urandom", "talked, and not to us"),
    ],
    ids=["endless", "silent", "noise"],
)
def test_a_computer_that_runs_something_else_for_us_is_no_host(
    tmp_path: Path, program: str, why: str
) -> None:
    with serving(tmp_path) as server:
        server.authorise(f'command="{program}" {public(server.identity)}')
        with pytest.raises(ConnectError, match=why):
            server.known()


def test_a_login_script_that_talks_is_passed_over(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        talk = "echo Welcome to the server room; exec perl -"
        server.authorise(f'command="{talk}" {public(server.identity)}')
        assert PosixHost(server.known()).platform == "linux"


def test_an_address_is_read_as_people_type_it() -> None:
    assert parse("ssh://root@room-7") == Address("root", "room-7", 22)
    assert parse("ssh://it%40school@[::1]:2222/") == Address("it@school", "::1", 2222)
    assert Address("a", "b", 2222).entry == "[b]:2222"


NO_ADDRESSES = (
    *("room-7", "http://a@b", "ssh://", "ssh://b", "ssh://a:secret@b", "ssh://a@b:0x"),
    *("ssh://a@b/c", "ssh://a@b:99999", "ssh://a@-oProxyCommand=x", "ssh://a@b?x", ""),
    "ssh://a\x1b@b",
)


@pytest.mark.parametrize("said", NO_ADDRESSES)
def test_what_is_no_address_is_refused_in_one_sentence(said: str) -> None:
    with pytest.raises(AddressError) as refused:
        parse(said)
    assert "secret" not in str(refused.value)


def test_without_a_key_the_command_says_which_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--host", "ssh://root@127.0.0.1"]) == 64
    assert "--identity" in capsys.readouterr().err


def test_what_is_asked_once_is_not_asked_again_in_one_round(far: Server) -> None:
    known = far.known()
    host: Host = PosixHost(known)
    boot = host.read("/proc/uptime")
    assert host.read("/proc/uptime") == boot
    assert PosixHost(known).clock() == pytest.approx(LocalHost(b"k").clock(), abs=5)
    assert msgspec.to_builtins(host.users()) == msgspec.to_builtins(
        LocalHost(known.alias_key).users()
    )
