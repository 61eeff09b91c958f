"""Bring a data folder of an earlier version to this one. Stop the server first.

Backs everything up before the first step, into the data folder's `backups/`, unless --no-backup.
From before there was a recovery key it makes one and shows it, once: print it for the safe.
Each step is one transaction: if the machine dies, the database is as it was before a step or after
it, `serve` refuses it, and this command goes on.
"""

import argparse

from controller import clock, keyfiles
from controller.commands import shared
from controller.commands.backup import new_folder
from controller.commands.exits import OK
from controller.commands.recovery_key import for_the_safe, listed_addresses
from controller.commands.serve import LOCK
from controller.config import Config
from controller.data import datafolder, folderlock


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("--check", action="store_true", help="only say whether it is needed")
    parser.add_argument(
        "--no-backup", action="store_true", help="go on without a backup of the old database"
    )


def main(options: argparse.Namespace) -> int:
    """Back up, migrate, and say how many steps it took."""
    config = shared.settle(options)
    datafolder.check(config.folder)
    shared.django()
    steps, keys = shared.unapplied(), keyfiles.are_older(config.folder)
    if options.check or not (steps or keys):
        print(f"{steps} steps to do." if steps else "The database is up to date.")
        if keys:
            print("The keys are of an earlier version: there is no recovery key yet.")
        return OK
    with folderlock.take(config.folder, LOCK):
        if not options.no_backup:
            _back_up(config)
        apply()
        recovery = keyfiles.make_keys(config.folder, listed_addresses(config)) if keys else None
    print(f"Done: {steps} steps.")
    if recovery is not None:
        print("\n".join(["", *for_the_safe(str(recovery))]))
    return OK


def _back_up(config: Config) -> None:
    """Keep the old database, unless there is nothing in it. Raises CannotError."""
    from django.db import connection

    from controller.backup.errors import BackupError
    from controller.backup.steps import step
    from controller.backup.taking import take

    if not connection.introspection.table_names():
        return
    at = clock.now()
    target = new_folder(config.folder / "backups", at, before="before-")
    try:
        taken = take(config.folder, target, at, current=False)
    except BackupError as error:
        raise shared.CannotError(
            f"Nothing was changed, because there is no backup: {error} "
            "Or go on without one: caretaker migrate --no-backup"
        ) from error
    step("backed up")
    print(f"Backed up to {taken.folder}.")
    if not taken.sealed:
        print("Its keys lie open in it, as there was no recovery key: keep it safe, or delete it.")


def apply() -> None:
    """Run every migration that is missing; each is one transaction."""
    from django.core.management import call_command

    from controller.db import whole_steps

    whole_steps.use()
    call_command("migrate", verbosity=0, interactive=False)
