"""A data folder from before there was a recovery key: one command brings it to this version."""

from pathlib import Path

from controller import keyfiles
from controller.roots import files
from tests.controller.commands.served import caretaker
from wire import keys


def aged(folder: Path) -> Path:
    """As an earlier version left it."""
    for name in ("log", "roots.json", "roots-1.json", "recovery.pub", "recovery.x25519.pub"):
        (folder / "keys" / name).unlink()
    return folder


def test_serve_names_the_one_command_and_that_command_makes_the_recovery_key_and_shows_it(
    folder: Path,
) -> None:
    before = (aged(folder) / "keys" / "signing").read_bytes()
    refused = caretaker("serve", "--allow-root", data=folder)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.count("\n") == 1
    assert "Run: caretaker migrate" in refused.stderr
    done = caretaker("migrate", data=folder)
    assert done.returncode == 0, done.stderr
    assert "Recovery key, shown this once" in done.stdout
    assert "Its keys lie open in it" in done.stdout, "of the backup made before"
    assert (folder / "keys" / "signing").read_bytes() == before
    listed = files.current(folder)
    assert listed.controllers == [keys.to_text(keys.public_bytes(keyfiles.signing_key(folder)))]
    assert listed.logs == [keys.to_text(keys.public_bytes(keyfiles.log_key(folder)))]
    again = caretaker("migrate", data=folder)
    assert again.stdout == "The database is up to date.\n"
    assert caretaker("doctor", data=folder).returncode == 0


def test_what_was_lost_is_not_taken_for_what_never_was(folder: Path) -> None:
    (folder / "keys" / "roots.json").unlink()
    assert not keyfiles.are_older(folder)
    refused = caretaker("serve", "--allow-root", data=folder)
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1, "one sentence, no page of Python"
    assert "restore the data folder from a backup" in refused.stderr


def test_no_new_key_takes_the_place_of_one_that_the_list_of_keys_names(folder: Path) -> None:
    (folder / "keys" / "log").unlink()
    assert keyfiles.make_keys(folder) is None
    assert not (folder / "keys" / "log").exists()
