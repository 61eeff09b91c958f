"""The verb `caretaker survey credential`: secrets, typed once at a prompt and sealed at once.

No secret is ever an argument: those stand in the list of processes and in the shell's history.
"""

import argparse
import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from controller import clock
from controller.commands import shared
from controller.commands.exits import OK
from wire.secret import Secret

if TYPE_CHECKING:
    from controller.config import Config
    from wire.credentials import Opened

_LONGEST: Final = 8 * 1024
AUTHENTICATION: Final = ("sha256", "sha512", "sha384", "sha224", "sha1", "md5")
PRIVACY: Final = ("aes128", "aes256", "aes192", "des")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="add|list|remove")
    add = verbs.add_parser("add", help="type one and seal it for its scanner")
    remove = verbs.add_parser("remove", help="let go of one, here and on the scanner")
    listed = verbs.add_parser("list", help="what there is, never what is in it")
    for one in (add, remove):
        one.add_argument("name", metavar="NAME", help="as the scope calls it, such as switches")
        one.add_argument("--scanner", metavar="DEVICE", help="whose, where there are several")
    typed(add)
    for one in (add, listed, remove):
        one.add_argument("--site", help="the school's id, where there are several")
    shared.add_format(listed)


def typed(add: argparse.ArgumentParser) -> None:
    """What is asked for beside the secret itself."""
    add.add_argument("--kind", choices=("snmp-v3", "snmp-v2c", "ssh"), default="snmp-v3")
    add.add_argument("--user", default="", help="for snmp-v3 and ssh")
    add.add_argument("--authentication", choices=AUTHENTICATION, default="sha256")
    add.add_argument("--privacy", choices=PRIVACY, default="aes128")
    add.add_argument("--key", type=Path, metavar="FILE", help="ssh: a private key, not a password")


def main(options: argparse.Namespace, config: "Config") -> int:
    """Do one of the three. Raises ScopeError and CannotError."""
    from controller.commands import survey_text
    from controller.commands.sites import one_site
    from controller.surveys import credentials

    site = one_site(options.site)
    if options.verb == "list":
        rows = credentials.held(site)
        if options.format == "json":
            shared.print_json({"schema": "caretaker.credentials/1", "credentials": rows})
        else:
            print(survey_text.credentials(rows) if rows else "No credential was typed.")
        return OK
    place = credentials.Place(site, options.scanner or _only_scanner(site), options.name)
    if options.verb == "remove":
        credentials.remove(config.folder, place, actor="system", at=clock.now())
        print("Gone here; the scanner lets go of it with its next report.")
        return OK
    credentials.add(config.folder, place, asked(options), actor="system", at=clock.now())
    print("Sealed. Only the scanner can open it, and takes it with its next report.")
    return OK


def asked(options: argparse.Namespace) -> "Opened":
    """Ask for what is secret. Raises UsageError where something is missing."""
    from wire.credentials import Login, SnmpV2, SnmpV3

    if options.kind == "snmp-v2c":
        return SnmpV2(_prompt("Community"))
    if not options.user:
        raise shared.UsageError("Say for which user: --user NAME")
    if options.kind == "snmp-v3":
        return SnmpV3(
            user=options.user,
            authentication=options.authentication,
            authentication_password=_prompt("Authentication password"),
            privacy=options.privacy,
            privacy_password=_prompt("Privacy password"),
        )
    if options.key is None:
        return Login(options.user, _prompt("Password"), Secret(""))
    with options.key.open("rb") as file:
        return Login(
            options.user, Secret(""), Secret(file.read(_LONGEST).decode("utf-8", "replace"))
        )


def _prompt(called: str) -> Secret:
    """At the terminal without echo; from a pipe, a line of it."""
    if sys.stdin.isatty():
        return Secret(getpass.getpass(f"{called}: "))
    return Secret(sys.stdin.readline().rstrip("\r\n"))


def _only_scanner(site: str) -> str:
    from controller.surveys import credentials

    found = credentials.ready(site)
    if len(found) == 1:
        return found[0][0]
    if not found:
        raise shared.CannotError(
            "No scanner has told its key yet: give one a scope; it tells the key with the report "
            "after that."
        )
    raise shared.UsageError(f"Say which with --scanner: {', '.join(one for one, _ in found)}.")
