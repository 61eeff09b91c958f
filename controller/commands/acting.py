"""As whom a command acts where two people have to: an account, by its own password.

Whoever runs commands on the server may do much; being two people is not part of it (I2). So a step
that counts who took it asks for the password of the account it is taken as.
"""

import argparse
import getpass
import os
import sys
from typing import TYPE_CHECKING, Final

from controller import clock
from controller.commands import shared
from controller.people.roles import Ability

if TYPE_CHECKING:
    from controller.people.actor import School
    from inventory.assets.writing import By

PASSWORD: Final = "CARETAKER_PASSWORD"  # noqa: S105  the name of a variable
_LONGEST: Final = 4_096


def arguments(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """Declare `--as`."""
    parser.add_argument(
        "--as",
        dest="person",
        metavar="ID",
        required=required,
        help="who takes the step: id, user name or mail address; their password is asked for, or "
        f"read from {PASSWORD} or from the first line of a pipe",
    )


def acting(
    options: argparse.Namespace, site: str, abilities: tuple[Ability, ...]
) -> "tuple[By, School]":
    """Who acts, now, and what they are at this school; one of the abilities is
    needed. Raises CannotError."""
    from controller.people.actor import actor_for
    from controller.personal import holdings
    from inventory.assets.writing import By

    user = holdings.find(options.person)
    # The same sentence whatever is wrong, and a hash is computed for a name that nobody has.
    known = user is not None and user.is_active and user.erased_at is None
    if user is None:
        from django.contrib.auth.hashers import make_password

        make_password(_password(options.person))
    elif not user.check_password(_password(options.person)):
        known = False
    if user is None or not known:
        raise shared.CannotError("This name and password do not belong together.")
    if user.must_change_password:
        raise shared.CannotError("Sign in on the pages once and choose a password first.")
    school = actor_for(user).school(site)
    if school is None or not any(map(school.allows, abilities)):
        needed = " or ".join(one.value.replace("_", " ") for one in abilities)
        raise shared.CannotError(
            f"{options.person[:60]} may not do this here: it needs somebody who may {needed}. "
            "Try: caretaker people list"
        )
    return By(user.id, clock.now()), school


def _password(name: str) -> str:
    if told := os.environ.get(PASSWORD):
        return told
    if sys.stdin.isatty():
        return getpass.getpass(f"Password of {name[:60]}: ", stream=sys.stderr)
    return sys.stdin.readline(_LONGEST).rstrip("\r\n")
