"""The data folder: made private, refused where it is not, and a demonstration once and for ever."""

import os
import stat
from pathlib import Path, PurePosixPath

import pytest

from controller import keyfiles
from controller.data import datafolder, demo, folderlock, places
from controller.data.datafolder import DataFolderError
from inventory.ids import new_id

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/local ext4 rw 0 0
//nas/share /mnt/school\\040files cifs rw 0 0
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with keys."""
    folder = tmp_path / "data"
    datafolder.prepare(folder)
    keyfiles.make_keys(folder)
    return folder


def test_folders_and_keys_are_their_owners_alone(data: Path) -> None:
    for path in (data, data / "keys", data / "db", data / "tls"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    for path in (data / "keys").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    datafolder.check(data)


@pytest.mark.parametrize("loose", [".", "keys", "keys/signing", "keys/credentials"])
def test_a_looser_mode_is_refused_with_the_command_that_mends_it(data: Path, loose: str) -> None:
    path = data / loose
    path.chmod(0o755 if path.is_dir() else 0o640)
    with pytest.raises(DataFolderError, match="chmod"):
        datafolder.check(data)


def test_keys_are_made_once(data: Path) -> None:
    before = (data / "keys" / "signing").read_bytes()
    keyfiles.make_keys(data)
    assert (data / "keys" / "signing").read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"junk", b"-----BEGIN PRIVATE KEY-----\nAA==\n"])
def test_a_broken_signing_key_is_one_sentence(data: Path, content: bytes) -> None:
    (data / "keys" / "signing").write_bytes(content)
    with pytest.raises(DataFolderError, match="backup"):
        keyfiles.signing_key(data)


def test_join_secrets_differ_by_code_and_by_controller(data: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    datafolder.prepare(other)
    keyfiles.make_keys(other)
    one, two = new_id("tok", 1), new_id("tok", 2)
    secrets = {
        keyfiles.join_secret(folder, code) for folder in (data, other) for code in (one, two)
    }
    assert len(secrets) == 4
    assert keyfiles.join_secret(data, one) == keyfiles.join_secret(data, one)


def test_a_folder_for_real_computers_never_becomes_a_demonstration(data: Path) -> None:
    with pytest.raises(DataFolderError, match="real computers"):
        datafolder.prepare(data, demo=True)
    with pytest.raises(ValueError, match="demonstration"):
        demo.set_clock(data, 1)
    assert not datafolder.is_demo(data)


def test_a_demonstration_stays_one(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    datafolder.prepare(folder, demo=True)
    datafolder.prepare(folder)
    assert datafolder.is_demo(folder)


def test_the_second_to_lock_a_folder_is_told_who_was_first(data: Path) -> None:
    with folderlock.take(data, "server"), pytest.raises(DataFolderError, match=str(os.getpid())):
        folderlock.take(data, "server")
    folderlock.take(data, "server").close()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/caretaker", "ext4"),
        ("/home/it/caretaker", "nfs4"),
        ("/home/local/caretaker", "ext4"),
        ("/homeless", "ext4"),
        ("/mnt/school files/caretaker", "cifs"),
    ],
)
def test_the_file_system_of_a_path_is_that_of_its_nearest_mount(path: str, kind: str) -> None:
    assert places.file_system(PurePosixPath(path), MOUNTS) == kind


@pytest.mark.parametrize("name", ["OneDrive - Hill School", "Dropbox", "Nextcloud"])
def test_a_folder_that_is_copied_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataFolderError, match="copied elsewhere"):
        datafolder.prepare(tmp_path / name / "caretaker")
