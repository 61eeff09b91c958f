"""An export comes from anybody: whatever its bytes, it is read or refused in a sentence."""

import zipfile
from pathlib import Path

import pytest

from controller.evidence import archive
from wire.errors import WireError

FILES = {"statement.json": b"s" * 500, "entries.txt": bytes(range(256)) * 8, "keys/log.pem": b"k"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A small one."""
    archive.write(tmp_path / "export.zip", FILES)
    return tmp_path / "export.zip"


def test_no_damage_to_any_byte_is_anything_but_refused_or_without_effect(path: Path) -> None:
    good = path.read_bytes()
    for place in range(len(good)):
        for flipped in (0xFF, 0x01):
            path.write_bytes(
                good[:place] + bytes([good[place] ^ flipped]) + good[place + 1 :],
            )
            try:
                found = archive.read(path)
            except WireError:
                continue
            assert found.items() <= FILES.items(), place  # a lost file is for `verify` to see


def test_an_archive_cut_anywhere_is_refused(path: Path) -> None:
    good = path.read_bytes()
    for end in range(len(good)):
        path.write_bytes(good[:end])
        with pytest.raises(WireError):
            archive.read(path)


def test_a_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("entries.txt", bytes(8 * 2**20))
    with pytest.raises(WireError, match="larger than any export"):
        archive.read(bomb)


def test_the_proof_of_one_line_is_told_from_an_export(tmp_path: Path) -> None:
    proof = {"line.txt": b"1", "verify_line.py": b"#", "VERIFY.txt": b"how"}
    archive.write(tmp_path / "proof.zip", proof)
    with pytest.raises(WireError, match=r"proves one line .* VERIFY\.txt"):
        archive.read(tmp_path / "proof.zip")
