"""Who may sign: by the recovery key only, a person's own key, and never nobody."""

import subprocess
from pathlib import Path

import pytest

from controller.roots import files, signers
from controller.roots.recovery import Recovery, RecoveryKeyError
from controller.roots.signers import SignerError
from tests import needs
from tests.controller.roots.test_changing import NOW, data, public, recovery
from wire import keys, limits

__all__ = ["data", "recovery"]

PERSON = keys.public_bytes(keys.generate())


def line(raw: bytes) -> str:
    """A key as `ssh-keygen` writes it into a .pub file."""
    from wire.sshsig import allowed_signer

    return " ".join(allowed_signer("x", "y", raw).split()[2:]) + " head@hill"


def test_a_signer_is_named_and_the_controller_loses_its_say(data: Path, recovery: Recovery) -> None:
    made = signers.change(data, recovery, NOW, duty="policy", add=PERSON, delegated=False)
    assert (made.policy_signers, made.scope_signers) == ([keys.to_text(PERSON)], [])
    assert (made.delegated, made.version) == (False, 2)
    assert files.current(data) == made


def test_policy_and_scope_have_signers_of_their_own(data: Path, recovery: Recovery) -> None:
    made = signers.change(data, recovery, NOW, duty="scope", add=PERSON)
    assert (made.policy_signers, made.scope_signers) == ([], [keys.to_text(PERSON)])
    assert made.delegated


def test_what_is_so_already_makes_no_new_list(data: Path, recovery: Recovery) -> None:
    for _ in range(2):
        made = signers.change(data, recovery, NOW, duty="policy", add=PERSON)
    assert made.version == 2


def test_who_was_removed_signs_no_more(data: Path, recovery: Recovery) -> None:
    signers.change(data, recovery, NOW, duty="policy", add=PERSON)
    assert not signers.change(data, recovery, NOW, duty="policy", remove=PERSON).policy_signers
    with pytest.raises(SignerError, match="does not sign policy here"):
        signers.change(data, recovery, NOW, duty="policy", remove=PERSON)


def test_there_is_always_somebody_who_may_sign_policy(data: Path, recovery: Recovery) -> None:
    with pytest.raises(SignerError, match="nobody could sign"):
        signers.change(data, recovery, NOW, duty="scope", add=PERSON, delegated=False)
    signers.change(data, recovery, NOW, duty="policy", add=PERSON, delegated=False)
    with pytest.raises(SignerError, match="nobody could sign"):
        signers.change(data, recovery, NOW, duty="policy", remove=PERSON)
    given_back = signers.change(data, recovery, NOW, duty="policy", remove=PERSON, delegated=True)
    assert (given_back.policy_signers, given_back.delegated) == ([], True)


def test_a_key_of_the_controllers_own_would_separate_nothing(
    data: Path, recovery: Recovery
) -> None:
    for name in ("signing", "log"):
        own = keys.from_text(public(data, name))
        with pytest.raises(SignerError, match="one of his own"):
            signers.change(data, recovery, NOW, duty="policy", add=own)
    with pytest.raises(SignerError, match="recovery key"):
        signers.change(data, recovery, NOW, duty="policy", add=recovery.public)
    assert files.current(data).version == 1


def test_a_wrong_recovery_key_names_nobody(data: Path, recovery: Recovery) -> None:
    with pytest.raises(RecoveryKeyError):
        signers.change(data, Recovery.generate(), NOW, duty="policy", add=PERSON)
    assert files.current(data).version == 1


def test_there_is_room_for_a_few(data: Path, recovery: Recovery) -> None:
    for _ in range(limits.ROOT_KEYS):
        one = keys.public_bytes(keys.generate())
        signers.change(data, recovery, NOW, duty="policy", add=one)
    with pytest.raises(SignerError, match="remove one first"):
        signers.change(data, recovery, NOW, duty="policy", add=PERSON)


def test_the_key_that_ssh_keygen_makes_is_read(tmp_path: Path) -> None:
    program = needs.program("ssh-keygen", package="openssh-client")
    made = tmp_path / "head"
    subprocess.run(
        [program, "-q", "-t", "ed25519", "-N", "", "-C", "the head", "-f", str(made)], check=True
    )
    text = made.with_suffix(".pub").read_text("utf-8")
    raw = signers.read_public(text)
    told = subprocess.run(
        [program, "-l", "-f", f"{made}.pub"], capture_output=True, text=True, check=True
    )
    assert keys.key_id(raw) in told.stdout
    with pytest.raises(SignerError, match="private key"):
        signers.read_public(made.read_text("utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("ssh-rsa AAAAB3NzaC1yc2E= x", id="another-kind"),
        pytest.param("sk-ssh-ed25519@openssh.com AAAA x", id="token"),
        pytest.param("ssh-ed25519", id="no-key"),
        pytest.param("ssh-ed25519 !!!!", id="not-base64"),
        pytest.param(line(PERSON).replace("AAAAC3Nza", "AAAAC3Nzb"), id="wrong-inside"),
        pytest.param(line(PERSON)[:50], id="cut"),
        pytest.param(line(bytes(32)), id="small-order"),
    ],
)
def test_what_is_no_key_to_sign_with_is_one_sentence(text: str) -> None:
    with pytest.raises(SignerError) as raised:
        signers.read_public(text)
    assert str(raised.value).endswith((".", "25519"))
