"""Switches asked over SSH: by a real SSH server, behind which a switch's command line answers.

The command lines are constructed after the makers' manuals; recorded answers of real switches are
in test_ssh_answers.
"""

import base64
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from agent.survey.ssh import asking, talking
from agent.survey.ssh.makers import makers
from agent.survey.ssh.rows import text_of
from agent.survey.ssh.talking import TalkError
from checks.unseen import Unseen
from tests.agent.sshd import Server, make_key, serving
from tests.agent.survey import command_line
from wire.credentials import Login
from wire.secret import Secret

PROGRAM = Path(command_line.__file__)
VERSION = """\
Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E9, RELEASE (fc4)
Technical Support: http://www.cisco.com/techsupport

ROM: Bootstrap program is C2960X boot loader

cupboard-1 uptime is 3 weeks, 2 days, 1 hour, 5 minutes
System returned to ROM by power-on
System image file is "flash:/c2960x-universalk9-mz.152-7.E9.bin"

cisco WS-C2960X-24TS-L (APM86XXX) processor (revision A0) with 524288K bytes of memory.
Processor board ID FOC1932X0K1
Last reset from power-on
Base ethernet MAC Address       : 00:1B:0C:AA:BB:00

Configuration register is 0xF
"""
MACS = """\
          Mac Address Table
-------------------------------------------

Vlan    Mac Address       Type        Ports
----    -----------       --------    -----
 All    0100.0ccc.cccc    STATIC      CPU
  10    001b.0c11.2201    DYNAMIC     Gi1/0/1
  10    001b.0c11.2202    DYNAMIC     Gi1/0/1
  10    3e5b.0c11.2203    DYNAMIC     Gi1/0/2
Total Mac Addresses for this criterion: 4
"""
PORTS = """\
Port      Name               Status       Vlan       Duplex  Speed Type
Gi1/0/1   Room 4             connected    10         a-full a-1000 10/100/1000BaseTX
Gi1/0/2                      notconnect   10           auto   auto 10/100/1000BaseTX
"""
ANSWERS = {
    "prompt": "cupboard-1#",
    "show_version": VERSION,
    "show_mac_address-table": MACS,
    "show_interfaces_status": PORTS,
}
PASSWORD = "canary-of-a-password"


class Switch:
    """A command line behind a real SSH server."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server, self.folder = server, folder
        program = f"{sys.executable} -I {PROGRAM} {folder}"
        key = server.identity.with_suffix(".pub").read_text().split()
        server.authorise(f'command="{program}" {key[0]} {key[1]}')

    def answers(self, **said: str) -> None:
        """What it answers, by command."""
        for name, text in {**ANSWERS, **said}.items():
            (self.folder / name).write_text(text)

    def target(self, **other: str) -> asking.Target:
        """How a scope names it."""
        fields = {"maker": "cisco-ios", "pin": self.pin(), **other}
        login = Login(
            self.server.address.user, Secret(""), Secret(self.server.identity.read_text())
        )
        return asking.Target(
            "127.0.0.1", login, "cr_1", fields["pin"], self.server.address.port, fields["maker"]
        )

    def pin(self) -> str:
        """The fingerprint a person compared."""
        blob = self.server.host_key.with_suffix(".pub").read_text().split()[1]
        return talking.fingerprint(base64.b64decode(blob))

    def typed(self) -> list[str]:
        """All that was typed, in order."""
        path = self.folder / "typed"
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def switch(tmp_path: Path) -> Iterator[Switch]:
    with serving(tmp_path) as server:
        folder = tmp_path / "switch"
        folder.mkdir()
        made = Switch(server, folder)
        made.answers()
        yield made


def test_a_switch_says_what_it_is_and_what_hangs_behind_each_port(switch: Switch) -> None:
    found = asking.ask(switch.target())
    cisco = makers()["cisco-ios"]
    assert switch.typed() == [*cisco.quiet, *cisco.asks]
    assert (found.identity.name, found.identity.description) == (
        "cupboard-1",
        "WS-C2960X-24TS-L 15.2(7)E9",
    )
    assert not isinstance(found.parts, Unseen)
    assert [(one.serial, one.kind) for one in found.parts] == [("FOC1932X0K1", "chassis")]
    assert not isinstance(found.ports, Unseen)
    first, second = found.ports
    assert (first.name, first.alias, first.up) == ("Gi1/0/1", "Room 4", True)
    assert first.macs == ["00:1b:0c:11:22:01", "00:1b:0c:11:22:02"]
    # A made-up address is counted and not told.
    assert (second.up, second.macs, second.count, second.private) == (False, [], 1, 1)
    # What this switch refuses to show is unseen, not empty.
    assert found.bindings == Unseen("parse-error")
    assert found.neighbours == Unseen("parse-error")


def test_pages_and_greetings_are_read_through(switch: Switch) -> None:
    # `show inventory` is long and this one pages whatever it is told.
    long = "".join(
        f'NAME: "module {n}", DESCR: "a fan"\nPID: FAN-{n}      , VID: V01  , SN: AB{n:04}\n\n'
        for n in range(40)
    )
    chassis = (
        'NAME: "1", DESCR: "WS-C2960X"\nPID: WS-C2960X-24TS-L  , VID: V05  , SN: FOC1932X0K1\n\n'
    )
    switch.answers(banner="Press any key to continue", page="7", show_inventory=chassis + long)
    (switch.folder / "page").write_text("7")
    plain = asking.ask(switch.target())
    assert not isinstance(plain.parts, Unseen)
    assert [one.model for one in plain.parts] == ["WS-C2960X-24TS-L"]
    assert switch.typed()[:2] == makers()["cisco-ios"].quiet


def test_a_pager_that_cannot_be_switched_off_is_paged_through(switch: Switch) -> None:
    switch.answers(page="4")
    client = talking.opened(
        "127.0.0.1", switch.server.address.port, switch.target().login, switch.pin()
    )
    try:
        line = talking.Typed(client.invoke_shell(term="dumb", width=511, height=1000))
        lines = [one for one in text_of(line.run("show version")).splitlines() if one]
    finally:
        client.close()
    assert lines == [one for one in VERSION.splitlines() if one]


def test_who_it_is_is_found_out_where_nobody_said(switch: Switch) -> None:
    found = asking.ask(switch.target(maker=""))
    assert found.kind == "switch"
    assert switch.typed()[0] == "show version"


def test_a_maker_nobody_knows_is_left_alone(switch: Switch) -> None:
    switch.answers(show_version="Some other system 1.0\n")
    with pytest.raises(TalkError) as error:
        asking.ask(switch.target(maker=""))
    assert error.value.code == "unknown-maker"
    assert set(switch.typed()) == {maker.first for maker in makers().values()}


def test_another_host_key_is_left_before_anything_is_typed(switch: Switch, tmp_path: Path) -> None:
    other = make_key(tmp_path / "other")
    blob = other.with_suffix(".pub").read_text().split()[1]
    wrong = talking.fingerprint(base64.b64decode(blob))
    for pin, code in ((wrong, "host-key-changed"), ("", "host-key-unknown")):
        with pytest.raises(TalkError) as error:
            asking.ask(switch.target(pin=pin))
        assert error.value.code == code
    assert switch.typed() == []


def test_a_wrong_password_says_so_and_stands_nowhere(switch: Switch) -> None:
    login = Login(switch.server.address.user, Secret(PASSWORD), Secret(""))
    target = asking.Target("127.0.0.1", login, "cr_1", switch.pin(), switch.server.address.port)
    with pytest.raises(TalkError) as error:
        asking.ask(target)
    assert error.value.code == "wrong-login"
    assert PASSWORD not in f"{error.value!r} {error.value.__cause__!r} {target!r} {login!s}"


def test_nobody_there_is_no_answer(switch: Switch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    target = msgspec.structs.replace(switch.target(), port=port)
    with pytest.raises(TalkError) as error:
        asking.ask(target)
    assert error.value.code == "no-answer"


def test_a_switch_that_prints_for_ever_costs_the_rest_and_not_the_round(
    switch: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talking, "COMMAND_BYTES", 1 << 16)
    switch.answers(show_inventory="for ever")
    found = asking.ask(switch.target())
    assert found.identity.name  # asked before
    assert found.ports == Unseen("timeout")


def test_only_what_shows_is_ever_typed(switch: Switch) -> None:
    asking.ask(switch.target())
    verbs = {line.split()[0] for line in switch.typed()}
    assert verbs <= {"show", "terminal"}
    client = talking.opened(
        "127.0.0.1", switch.server.address.port, switch.target().login, switch.pin()
    )
    try:
        line = talking.Typed(client.invoke_shell())
        for command in (
            "configure terminal",
            "reload",
            "show version\nreload",
            "show run | begin x",
        ):
            with pytest.raises(ValueError, match=r"^" + command.split()[0]):
                line.run(command)
    finally:
        client.close()
    assert "reload" not in switch.typed()
