"""A fork proves itself: to openssl with the files alone, and to our own check."""

import io
import subprocess
import zipfile
from pathlib import Path

import pytest

from controller.fleet.forks import proof
from controller.fleet.models import Device
from tests import needs
from tests.controller.intake.conftest import Controller
from tests.controller.intake.test_forks import HERE, THERE, forked, laptop, report
from wire import keys
from wire.errors import WireError


def unpacked(device: str, folder: Path) -> Path:
    """The proof as a stranger has it."""
    data = proof.bundle(Device.objects.get(id=device))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def folder(controller: Controller, tmp_path: Path) -> Path:
    """The proof of one copied key."""
    machine = laptop(controller)
    forked(controller, machine, THERE)
    return unpacked(machine.device, tmp_path / "proof")


def test_openssl_alone_says_that_one_key_signed_both(folder: Path) -> None:
    openssl = needs.program("openssl", package="openssl")
    for name in ("kept", "other"):
        files = [folder / f"fork-1/{name}.{part}" for part in ("signed", "sig")]
        command = [openssl, "pkeyutl", "-verify", "-pubin", "-inkey", str(folder / "device.pem")]
        command += ["-rawin", "-in", str(files[0]), "-sigfile", str(files[1])]
        assert subprocess.run(command, check=False, capture_output=True).returncode == 0
        files[0].write_bytes(files[0].read_bytes().replace(b'"seq":1', b'"seq":2'))
        assert subprocess.run(command, check=False, capture_output=True).returncode != 0


def test_our_check_needs_nothing_but_the_files(folder: Path) -> None:
    pem, kept, other = (
        (folder / name).read_bytes()
        for name in ("device.pem", "fork-1/kept.dsse.json", "fork-1/other.dsse.json")
    )
    pair = proof.check(pem, kept, other)
    assert (pair.kept.seq, pair.other.seq) == (1, 1)
    assert pair.kept.binding != pair.other.binding
    with pytest.raises(proof.NoProofError):
        proof.check(pem, kept, kept)
    stranger = proof._pem(keys.public_bytes(keys.generate()))
    with pytest.raises(WireError):
        proof.check(stranger, kept, other)


def test_two_reports_in_a_row_prove_nothing(controller: Controller, tmp_path: Path) -> None:
    machine = laptop(controller, nights=0)
    first, second = report(machine), report(machine)
    with pytest.raises(proof.NoProofError):
        proof.check(proof._pem(machine.public), first, second)


def test_the_file_of_a_computer_without_forks_says_so_by_being_short(
    controller: Controller, tmp_path: Path
) -> None:
    machine = controller.machine(**HERE)
    assert sorted(path.name for path in unpacked(machine.device, tmp_path / "p").iterdir()) == [
        "README.txt",
        "device.pem",
    ]
