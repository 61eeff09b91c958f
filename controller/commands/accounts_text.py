"""The verbs of `caretaker people` that are about accounts: list, add, role, password."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from controller import clock
from controller.commands import shared
from controller.commands.exits import OK
from controller.people.roles import Role

if TYPE_CHECKING:
    from controller.people.models import User


def arguments(verbs: Any) -> None:
    """Declare the four verbs on argparse's sub-parsers."""
    known = [role.value for role in Role]
    verbs.add_parser("list", help="who may sign in, and as what")
    add = verbs.add_parser("add", help="make an account and print its first password")
    add.add_argument("username", metavar="USERNAME", help="what they type to sign in")
    add.add_argument("--role", action="append", choices=known, required=True, help="repeatable")
    add.add_argument("--name", default="", help="what others call them")
    add.add_argument("--email", default="", metavar="ADDRESS", help="they may sign in with it too")
    role = verbs.add_parser("role", help="give or take a role; it holds at once")
    role.add_argument("person", metavar="ID", help="id, user name or mail address")
    role.add_argument("--give", action="append", choices=known, default=[], help="repeatable")
    role.add_argument("--take", action="append", choices=known, default=[], help="repeatable")
    for one in (add, role):
        one.add_argument("--site", help="the school's id, where there are several")
    password = verbs.add_parser("password", help="print a first password again, for a lost one")
    password.add_argument("person", metavar="ID", help="id, user name or mail address")


def _list(options: argparse.Namespace) -> int:
    from controller.people.models import User

    rows = [
        {
            "id": user.id,
            "username": user.username,
            "name": user.name,
            "roles": sorted({one.role for one in user.memberships.all()}),
            "state": "open" if user.is_active else "closed",
        }
        for user in User.objects.prefetch_related("memberships").order_by("username")
    ]
    if options.format == "json":
        shared.print_json({"schema": "caretaker.people/1", "people": rows})
    else:
        shown = [[*list(row.values())[:3], ", ".join(row["roles"]), row["state"]] for row in rows]
        print(shared.table(["id", "user name", "name", "roles", "state"], shown))
    return OK


def _add(options: argparse.Namespace) -> int:
    from controller.commands.sites import one_site
    from controller.people import accounts

    try:
        user, password = accounts.add(
            options.username,
            site_id=one_site(options.site),
            roles={Role(role) for role in options.role},
            name=options.name,
            email=options.email,
            at=clock.now(),
        )
    except accounts.AccountError as error:
        raise shared.CannotError(str(error)) from error
    return _told(user, password, options)


def _role(user: "User", options: argparse.Namespace) -> int:
    from controller.commands.sites import one_site
    from controller.people import accounts

    if not options.give and not options.take:
        raise shared.UsageError("Say which role: --give ROLE, --take ROLE, or both.")
    try:
        held = accounts.change_roles(
            user,
            site_id=one_site(options.site),
            give={Role(role) for role in options.give},
            take={Role(role) for role in options.take},
            at=clock.now(),
        )
    except accounts.AccountError as error:
        raise shared.CannotError(str(error)) from error
    if options.format == "json":
        document = {"schema": "caretaker.person-roles/1", "id": user.id, "roles": held}
        shared.print_json(document)
    else:
        print(f"{user.username}: {', '.join(held) or 'no role, and sees nothing'}.")
    return OK


def _password(user: "User", options: argparse.Namespace) -> int:
    from controller.people import accounts

    try:
        return _told(user, accounts.new_password(user, at=clock.now()), options)
    except accounts.AccountError as error:
        raise shared.CannotError(str(error)) from error


def _told(user: "User", password: str, options: argparse.Namespace) -> int:
    if options.format == "json":
        shared.print_json(
            {
                "schema": "caretaker.account/1",
                "id": user.id,
                "username": user.username,
                "password": password,
            }
        )
    else:
        print(f"Sign in as: {user.username}")
        print(f"Password:   {password}")
        print("            (shown this once; another is chosen at the first sign-in)")
    return OK


WITHOUT_ACCOUNT: Final[dict[str, Callable[[argparse.Namespace], int]]] = {
    "list": _list,
    "add": _add,
}
OF_ACCOUNT: Final[dict[str, Callable[["User", argparse.Namespace], int]]] = {
    "role": _role,
    "password": _password,
}
