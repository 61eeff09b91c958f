"""The page on the log cannot lie: what it tells a stranger to type works, and works only on the
unaltered files.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from controller.evidence import verify_line, verify_log
from tests import needs
from tests.wire import golden, samples
from wire import log_proof, merkle, sshsig

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
REPORT = f"witnesses/{samples.DEVICE}.json"
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
SAYS = [
    "\nOK (3 lines in the file)",
    "\nOK (3 lines in the file)",
    f"2:{samples.LOG_LINES[1]}",
    samples.LOG_LINES[1].rpartition("sha256:")[2],
    "OK   line 1 is in the log of the sheet of 3 lines",
    'Good "evidence@caretaker" signature for controller@site_1',
    "Signature Verified Successfully",
]
FILES = [
    "entries.txt",
    "entries.txt",
    "entries.txt",
    REPORT,
    "line.txt",
    "statement.json",
    "checkpoint",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An export, unpacked."""
    (tmp_path / "keys").mkdir()
    (tmp_path / "witnesses").mkdir()
    shutil.copy(golden.FOLDER / "entries.txt", tmp_path)
    shutil.copy(golden.FOLDER / "checkpoint", tmp_path)
    shutil.copy(golden.FOLDER / "report-first.dsse.json", tmp_path / REPORT)
    for script in (verify_log, verify_line):
        shutil.copy(str(script.__file__), tmp_path)
    leaves = [merkle.leaf(line.encode()) for line in samples.LOG_LINES]
    proof = log_proof.write(1, merkle.inclusion(leaves, 1), samples.CHECKPOINT_SIGNED)
    (tmp_path / "line.tlog-proof").write_bytes(proof)
    (tmp_path / "line.txt").write_text(f"{samples.LOG_LINES[1]}\n")
    (tmp_path / "keys" / "log.pem").write_bytes(
        samples.LOG_KEY.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    statement = b'{"_type": "https://in-toto.io/Statement/v1", "subject": []}\n'
    signature = sshsig.sign(statement, samples.SSH_NAMESPACE, samples.CONTROLLER_KEY)
    (tmp_path / "statement.json").write_bytes(statement)
    (tmp_path / "statement.json.sig").write_bytes(signature)
    allowed = sshsig.allowed_signer(
        "controller@site_1", samples.SSH_NAMESPACE, samples.CONTROLLER_PUBLIC
    )
    (tmp_path / "allowed_signers").write_text(allowed)
    return tmp_path


def typed(block: str, folder: Path) -> str:
    """Type a block into a shell; what it prints."""
    for program, package in (("openssl", "openssl"), ("ssh-keygen", "openssh-client")):
        if program in block:
            needs.program(program, package=package)
    done = subprocess.run(
        ["/bin/sh", "-c", block],
        cwd=folder,
        capture_output=True,
        check=False,
        timeout=60,
        text=True,
    )
    return done.stdout


def test_each_block_of_the_page_has_its_answer_here() -> None:
    assert len(BLOCKS) == len(SAYS) == len(FILES)


@pytest.mark.parametrize("place", range(len(SAYS)))
def test_what_the_page_says_to_type_works_on_the_golden_files(place: int, folder: Path) -> None:
    assert SAYS[place] in typed(BLOCKS[place], folder)


@pytest.mark.parametrize("place", range(len(SAYS)))
def test_one_changed_character_and_it_no_longer_does(place: int, folder: Path) -> None:
    path = folder / FILES[place]
    text = path.read_text(encoding="utf-8")
    at = text.index("1ddac485") if place < 3 else 40  # in the signed text, before any signature
    path.write_text(text[:at] + ("3" if text[at] != "3" else "4") + text[at + 1 :])
    assert SAYS[place] not in typed(BLOCKS[place], folder)


def test_the_line_on_the_page_is_a_line_of_a_log() -> None:
    assert f"```\n{samples.LOG_LINES[1]}\n```" in PAGE
