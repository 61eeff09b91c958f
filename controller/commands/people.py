"""Accounts: who may sign in and as what; and what is held about a person, handed out or erased.

  caretaker people add head --role slt --name "Helen Marsh"     prints a first password
  caretaker people role head --give auditor --take slt
  caretaker people password head                                for who forgot theirs

A person is named by the id of their account, their user name or their mail address. Erasing empties
the account, ends its sessions and roles, and empties the reasons they wrote; what they did stays in
the history as ids. Back-ups made before keep the old rows until those back-ups go.
"""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from controller import clock
from controller.commands import accounts_text, shared
from controller.commands.exits import OK
from controller.data import datafolder

if TYPE_CHECKING:
    from controller.people.models import User


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_format(parser)
    verbs = parser.add_subparsers(
        dest="verb", required=True, metavar="list|add|role|password|export|erase"
    )
    accounts_text.arguments(verbs)
    export = verbs.add_parser("export", help="write all that is held about a person")
    export.add_argument("person", metavar="ID", help="id, user name or mail address")
    export.add_argument("--out", required=True, metavar="FILE", help="a new file, JSON")
    erase = verbs.add_parser("erase", help="forget a person; this cannot be undone")
    erase.add_argument("person", metavar="ID", help="id, user name or mail address")
    erase.add_argument(
        "--keep-reasons",
        action="store_true",
        help="keep the reasons they wrote, which the school may have to answer for",
    )
    erase.add_argument(
        "--even-last-admin",
        action="store_true",
        help="also when a school then has no administrator",
    )


def main(options: argparse.Namespace) -> int:
    """Do one of the six."""
    shared.ready(options)
    if options.verb in accounts_text.WITHOUT_ACCOUNT:
        return accounts_text.WITHOUT_ACCOUNT[options.verb](options)
    from controller.personal import holdings

    user = holdings.find(options.person)
    if user is None:
        raise shared.CannotError(
            "Nobody has that id, user name or mail address here. Try: caretaker people list"
        )
    verbs = {**accounts_text.OF_ACCOUNT, "export": _export, "erase": _erase}
    return verbs[options.verb](user, options)


def _export(user: "User", options: argparse.Namespace) -> int:
    from controller.personal import exporting

    at = clock.now()
    document = exporting.export(user, actor="system", at=at)
    text = json.dumps(document, indent=2, ensure_ascii=True, default=str)
    try:
        datafolder.write_private(Path(options.out), text.encode() + b"\n")
    except FileExistsError:
        raise shared.CannotError(f"{options.out} is there already; name a new file.") from None
    print(f"All that is held about {user.id} is in {options.out}.")
    return OK


def _erase(user: "User", options: argparse.Namespace) -> int:
    from controller.personal import erasure, holdings

    if user.erased_at is not None:
        print(f"{user.id} was erased before; nothing is left to erase.")
        return OK
    names = holdings.names(user)
    try:
        gone = erasure.erase(
            user.id,
            actor="system",
            at=clock.now(),
            keep_reasons=options.keep_reasons,
            even_last=options.even_last_admin,
        )
    except erasure.LastAdminError as error:
        raise shared.CannotError(
            f"{user.id} is the only administrator of {error}. Give somebody else that role first, "
            "or say --even-last-admin."
        ) from None
    print(
        f"{user.id} is erased: {gone.roles} roles, {gone.mail_addresses} mail addresses, "
        f"{gone.sessions} sessions, {gone.reasons} reasons."
    )
    if elsewhere := holdings.mentions(names):
        print("Their name still stands in these words; change them where they were written:")
        print(shared.table(["table", "row"], [[m["table"], m["row"]] for m in elsewhere]))
    return OK
