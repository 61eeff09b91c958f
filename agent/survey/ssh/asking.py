"""Asks one device all that its maker's table says, over one connection."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from agent.survey.pace import BudgetError
from agent.survey.ssh import rows, talking
from agent.survey.ssh.makers import Maker, greeted, makers, told
from agent.survey.ssh.reading import Answers, equipment
from agent.survey.ssh.rows import Row
from agent.survey.ssh.talking import TalkError
from checks.formats.errors import ParseError
from checks.surveys.equipment import Equipment
from checks.unseen import Reason, Unseen
from wire.credentials import Login

if TYPE_CHECKING:
    import paramiko

_REASONS: Final[dict[str, Reason]] = {"never-ends": "timeout", "budget": "deferred"}


class Runs(Protocol):
    """A command line, typed into or run."""

    def run(self, command: str) -> bytes:
        """What one command prints. Raises TalkError."""


class Target(msgspec.Struct, frozen=True):
    """One device of the scope: where, whom to come as, and the fingerprint of the host key that a
    person compared; `maker`: where somebody said it, else it is found out."""

    address: str
    login: Login
    credential: str
    pin: str
    port: int = 22
    maker: str = ""


def ask(target: Target, may: Callable[[], None] = lambda: None) -> Equipment:
    """What the device says of itself. `may` waits before each command, or raises BudgetError.

    A command it refuses, or answers in a way nobody can read, costs its group alone. Raises
    TalkError where there is no conversation at all.
    """
    client = talking.opened(target.address, target.port, target.login, target.pin)
    try:
        maker, line = _met(client, target.maker, may)
        shown = client.get_transport().get_remote_server_key().asbytes()
        return equipment(
            maker,
            _answers(maker, line),
            address=target.address,
            credential=target.credential,
            host_key=talking.fingerprint(shown),
        )
    finally:
        client.close()


class _Paced:
    """A line that is asked no faster than it may be."""

    def __init__(self, line: Runs, may: Callable[[], None]) -> None:
        """Around another."""
        self._line, self._may = line, may

    def run(self, command: str) -> bytes:
        """When it may be. Raises TalkError."""
        try:
            self._may()
        except BudgetError:
            raise TalkError("budget") from None
        return self._line.run(command)


def _met(client: "paramiko.SSHClient", named: str, may: Callable[[], None]) -> tuple[Maker, Runs]:
    """Who it is, and a line to it. Raises TalkError."""
    transport = client.get_transport()
    known = makers()
    name = named or greeted(str(transport.remote_version))
    if name in known and known[name].how == "exec":
        return known[name], _Paced(talking.Ran(transport), may)
    line = _Paced(talking.Typed(client.invoke_shell(term="dumb", width=511, height=1000)), may)
    if name not in known:
        name = _introduced(line)
    for command in known[name].quiet:
        line.run(command)
    return known[name], line


def _introduced(line: Runs) -> str:
    """The maker, by what it prints when asked in each maker's way. Raises TalkError."""
    for command in sorted({maker.first for maker in makers().values()}, key=_likely):
        name = told(rows.text_of(line.run(command)))
        if name:
            return name
    raise TalkError("unknown-maker")


def _likely(command: str) -> tuple[bool, str]:
    return command != "show version", command


def _answers(maker: Maker, line: Runs) -> Answers:
    answers: dict[str, list[Row] | Unseen] = {}
    lost: TalkError | None = None
    for command, one in maker.asks.items():
        if lost is not None:
            answers[command] = Unseen(_REASONS.get(lost.code, "crashed"))
            continue
        try:
            printed = line.run(command)
        except TalkError as error:
            lost = error
            answers[command] = Unseen(_REASONS.get(error.code, "crashed"))
            continue
        answers[command] = _read(maker.template, one.template or command, printed)
    if lost is not None and all(isinstance(one, Unseen) for one in answers.values()):
        raise lost
    return answers


def _read(platform: str, command: str, printed: bytes) -> list[Row] | Unseen:
    try:
        return rows.rows(platform, command, printed)
    except ParseError:
        return Unseen("parse-error")
