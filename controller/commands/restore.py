"""Bring a backup back into a new data folder, named with --data.

Everything is looked at before anything is written. The keys open with the recovery key from the
school's safe, which is asked for. Afterwards `caretaker serve --data …` goes on: computers hand
back by themselves what they reported since the backup. --check only reads the backup through, as a
restore would.
"""

import argparse
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from controller import clock
from controller.commands import after_restore, recovery_key, shared
from controller.commands.exits import OK
from controller.data import datafolder, places

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    from controller.backup.restored import Restored
    from controller.backup.restoring import Checked


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("dir", metavar="DIR", help="the backup")
    parser.add_argument("--check", action="store_true", help="only read it through")
    parser.add_argument(
        "--recovery-key", metavar="FILE", help="read the recovery key from a file, - for input"
    )
    parser.add_argument(
        "--evidence",
        metavar="EXPORT",
        help="an export of the evidence log made after the backup: says what people did since",
    )
    parser.add_argument(
        "--database", metavar="URL", help="an empty PostgreSQL database, for a backup of one"
    )


def main(options: argparse.Namespace) -> int:
    """Look, then bring back."""
    from controller.backup import restoring
    from controller.backup.errors import BackupError

    if not options.check and options.data is None:
        raise shared.UsageError("Say with --data into which new folder.")
    try:
        checked = restoring.check(Path(options.dir))
        return _check(options, checked) if options.check else _restore(options, checked)
    except BackupError as error:
        raise shared.CannotError(str(error)) from error


def _check(options: argparse.Namespace, checked: "Checked") -> int:
    """Note the trial in the data folder, where there is one."""
    from controller.backup import notes, restoring

    config = shared.settle(options)
    restoring.open_keys(checked, _recovery_key(options, checked))
    if datafolder.secret_path(config.folder).exists():
        notes.tried(config.folder, checked.digest, clock.now())
    print(f"{checked.folder} is whole: taken {shared.moment(checked.manifest.made_at)}, keys open.")
    return OK


def _restore(options: argparse.Namespace, checked: "Checked") -> int:
    from controller.backup import disk, restoring
    from controller.backup.places import check_new

    new = Path(options.data).absolute()
    check_new(new)
    if why := places.unfit(new):
        raise shared.CannotError(f"{new} {why}; choose a folder on a disk of this machine.")
    keys = restoring.open_keys(checked, _recovery_key(options, checked))
    if not checked.manifest.sealed_to:
        print("The keys in this backup are not sealed: whoever had it could have changed it.")
    partial = restoring.fill(checked, keys, new)
    try:
        made = _database(options, checked, partial)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    disk.finish(partial, new)
    print(f"Brought back to {new}, as it was {shared.moment(made.made_at)}.")
    print(f"Go on with: caretaker serve --data {new}")
    print("Computers hand back by themselves what they reported since; those that joined since")
    print("come back too.")
    print()
    print(after_restore.todo(made))
    return OK


def _database(options: argparse.Namespace, checked: "Checked", partial: Path) -> "Restored":
    """Fill the database, bring it to this version, and write down what happened."""
    options.data = str(partial)
    config = shared.settle(options, database=options.database)
    datafolder.check(config.folder)
    shared.django()
    from django.db import connection

    from controller.backup import epoch, notes, restored, restoring, since
    from controller.commands.migrate import apply

    if unknown := restoring.newer(checked, shared.known_migrations()):
        raise shared.CannotError(
            f"The backup is of a newer Caretaker ({checked.manifest.version}, {unknown[0]}). "
            "Install that version first."
        )
    restoring.fill_database(checked, connection.settings_dict)
    if shared.unapplied():
        apply()
    epoch.check_logs()
    known = since.read(Path(options.evidence), config.folder) if options.evidence else since.NOTHING
    at = clock.now()
    epoch.begin(checked, at)
    epoch.withdraw_again(known.withdrawn, at)
    made = restored.Restored(
        made_at=checked.manifest.made_at,
        at=at,
        manifest=checked.digest,
        withdrawn=known.withdrawn,
        decided=known.decided,
    )
    restored.save(config.folder, made)
    notes.tried(config.folder, checked.digest, at)
    connection.close()
    return made


def _recovery_key(options: argparse.Namespace, checked: "Checked") -> "X25519PrivateKey | None":
    """Asked for only where the keys are sealed."""
    if not checked.manifest.sealed_to:
        return None
    from controller.backup.sealing import private_of

    return private_of(recovery_key.text(options))
