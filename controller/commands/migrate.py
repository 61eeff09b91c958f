"""Bring the database to this version. Stop the server first."""

import argparse

from controller import datafolder, folderlock
from controller.commands import shared
from controller.commands.exits import OK
from controller.commands.serve import LOCK


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("--check", action="store_true", help="only say whether it is needed")


def main(options: argparse.Namespace) -> int:
    """Migrate, and say how many steps it took."""
    config = shared.settle(options)
    datafolder.check(config.folder)
    shared.django()
    steps = shared.unapplied()
    if options.check or not steps:
        print(f"{steps} steps to do." if steps else "The database is up to date.")
        return OK
    with folderlock.take(config.folder, LOCK):
        apply()
    print(f"Done: {steps} steps.")
    return OK


def apply() -> None:
    """Run every migration that is missing; each is one transaction."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
