"""`caretaker-agent survey credential`: secrets typed on the scanner itself, where no controller is
at hand. Each is sealed to this computer's own key at once, and goes before one of the same name
that came from the controller.

No secret is ever an argument: those stand in the list of processes and in the shell's history.
"""

import argparse
import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from agent.commands import shared
from agent.commands.exits import COULD_NOT, OK
from agent.state import State, StateError
from wire.secret import Secret

if TYPE_CHECKING:
    from wire.credentials import Opened

_LONGEST: Final = 8 * 1024
_AUTHENTICATION: Final = ("sha256", "sha512", "sha384", "sha224", "sha1", "md5")
_PRIVACY: Final = ("aes128", "aes256", "aes192", "des")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="add|list|remove")
    add = verbs.add_parser("add", help="type one")
    add.add_argument("--kind", choices=("snmp-v3", "snmp-v2c", "ssh"), default="snmp-v3")
    add.add_argument("--user", default="", help="for snmp-v3 and ssh")
    add.add_argument("--authentication", choices=_AUTHENTICATION, default="sha256")
    add.add_argument("--privacy", choices=_PRIVACY, default="aes128")
    add.add_argument("--key", type=Path, metavar="FILE", help="ssh: a private key, not a password")
    listed = verbs.add_parser("list", help="what there is, never what is in it")
    remove = verbs.add_parser("remove", help="let go of one that was typed here")
    for one in (add, remove):
        one.add_argument("name", metavar="ID", help="as the scope calls it, such as switches")
    for one in (add, listed, remove):
        shared.add_data(one)


def main(options: argparse.Namespace) -> int:
    """Do one of the three. Raises StateError, UsageError, OSError."""
    from agent.survey import held
    from wire.errors import WireError

    state = shared.state_of(options)
    try:
        if options.verb == "list":
            return _list(state)
        if options.verb == "remove":
            return _remove(state, options.name)
        held.typed(state.key, _device(state), options.name, _asked(options))
    except (WireError, held.HeldError) as error:
        print(f"caretaker-agent: {shared.cleaned(str(error))}", file=sys.stderr)
        return COULD_NOT
    print("Sealed. Only this computer can open it.")
    return OK


def _list(state: State) -> int:
    from agent.survey import held

    found = held.names(state.key)
    for name, kind, where in found:
        print(f"{name}  {kind}  {'typed here' if where == 'typed' else 'from the controller'}")
    if not found:
        print("There are no credentials here.")
    return OK


def _remove(state: State, name: str) -> int:
    from agent.survey import held

    if held.removed(state.key, name):
        print("Gone.")
        return OK
    print(
        f"caretaker-agent: no credential {shared.cleaned(name)} was typed here; what came from the "
        "controller is removed there.",
        file=sys.stderr,
    )
    return COULD_NOT


def _device(state: State) -> str:
    identity = state.identity()
    if identity is None:
        raise StateError(
            "This computer is not enrolled, so nothing can be sealed for it. Ask for a join code "
            "and run: caretaker-agent enrol"
        )
    return identity.device


def _asked(options: argparse.Namespace) -> "Opened":
    from wire.credentials import Login, SnmpV2, SnmpV3

    if options.kind == "snmp-v2c":
        return SnmpV2(_prompt("Community"))
    if not options.user:
        raise shared.UsageError("Say for which user: --user NAME")
    if options.kind == "snmp-v3":
        return SnmpV3(
            options.user,
            options.authentication,
            _prompt("Authentication password"),
            options.privacy,
            _prompt("Privacy password"),
        )
    if options.key is None:
        return Login(options.user, _prompt("Password"), Secret(""))
    with options.key.open("rb") as file:
        key = Secret(file.read(_LONGEST).decode("utf-8", "replace"))
    return Login(options.user, Secret(""), key)


def _prompt(called: str) -> Secret:
    """At the terminal without echo; from a pipe, a line of it."""
    if sys.stdin.isatty():
        return Secret(getpass.getpass(f"{called}: "))
    return Secret(sys.stdin.readline().rstrip("\r\n"))
