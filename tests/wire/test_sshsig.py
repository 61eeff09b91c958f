"""A signature of ours is one of ssh-keygen's, and the reverse; nothing else passes for one."""

import base64
import hashlib
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from tests import needs
from tests.wire import samples
from tests.wire.refusals import ACCEPTED, code
from tests.wire.test_tamper import damaged
from wire import keys, limits, sshsig

KEY, PUBLIC = samples.CONTROLLER_KEY, samples.CONTROLLER_PUBLIC
NAMESPACE = "evidence@caretaker"
MESSAGE = b'{"subject":[]}\n'
SIGNED = sshsig.sign(MESSAGE, NAMESPACE, KEY)


def checked(
    signature: bytes, message: bytes = MESSAGE, space: str = NAMESPACE, public: bytes = PUBLIC
) -> str:
    """Say how a signature was answered."""
    return code(lambda: sshsig.check(message, signature, space, public))


class Keygen:
    """The ssh-keygen program, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._program = needs.program("ssh-keygen", package="openssh-client")
        self._folder = folder

    def run(self, *words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run it to its end."""
        return subprocess.run(
            [self._program, *words],
            input=given,
            cwd=self._folder,
            capture_output=True,
            check=False,
            timeout=60,
        )

    def verifies(self, message: bytes, signature: bytes, space: str) -> bool:
        """Ask it about a signature by the signers allowed."""
        (self._folder / "sig").write_bytes(signature)
        who = ["-f", "allowed", "-I", "controller@school", "-n", space, "-s", "sig"]
        done = self.run("-Y", "verify", *who, given=message)
        assert (done.returncode == 0) == done.stdout.startswith(b"Good ")
        return done.returncode == 0

    def allow(self, line: str) -> None:
        """Change who is allowed."""
        (self._folder / "allowed").write_text(line)

    def sign(self, message: bytes, *options: str) -> bytes:
        """Have it sign with the controller's key."""
        path = self._folder / "key"
        path.write_bytes(
            KEY.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.OpenSSH,
                serialization.NoEncryption(),
            )
        )
        path.chmod(0o600)
        return self.run("-Y", "sign", "-f", "key", "-n", NAMESPACE, *options, given=message).stdout


@pytest.fixture
def keygen(tmp_path: Path) -> Keygen:
    """The program; allowed is the controller, for any namespace unless the test says less."""
    keygen = Keygen(tmp_path)
    public = KEY.public_key().public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    )
    keygen.allow(f"controller@school {public.decode()}\n")
    return keygen


@pytest.mark.parametrize(
    "message", [b"", MESSAGE, samples.FIRST_SIGNED, bytes(range(256)) * 400], ids=len
)
def test_ssh_keygen_verifies_what_we_sign_and_signs_the_same_bytes(
    keygen: Keygen, message: bytes
) -> None:
    signature = sshsig.sign(message, NAMESPACE, KEY)
    assert keygen.verifies(message, signature, NAMESPACE)
    assert keygen.sign(message) == signature


def test_ssh_keygen_refuses_what_was_altered_or_signed_for_another_purpose(keygen: Keygen) -> None:
    assert keygen.verifies(MESSAGE, SIGNED, NAMESPACE)
    for altered in (MESSAGE + b" ", MESSAGE[:-1], b"x" + MESSAGE[1:], b""):
        assert not keygen.verifies(altered, SIGNED, NAMESPACE)
    assert not keygen.verifies(MESSAGE, SIGNED, "policy@caretaker")
    stranger = sshsig.sign(MESSAGE, NAMESPACE, samples.STRANGER_KEY)
    assert not keygen.verifies(MESSAGE, stranger, NAMESPACE)


def test_our_line_of_an_allowed_signer_allows_that_key_for_that_purpose_only(
    keygen: Keygen,
) -> None:
    keygen.allow(sshsig.allowed_signer("controller@school", NAMESPACE, PUBLIC))
    assert keygen.verifies(MESSAGE, SIGNED, NAMESPACE)
    other = sshsig.sign(MESSAGE, "policy@caretaker", KEY)
    assert not keygen.verifies(MESSAGE, other, "policy@caretaker")
    keygen.allow(sshsig.allowed_signer("controller@school", NAMESPACE, samples.STRANGER_PUBLIC))
    assert not keygen.verifies(MESSAGE, SIGNED, NAMESPACE)
    keygen.allow(sshsig.allowed_signer("somebody@school", NAMESPACE, PUBLIC))
    assert not keygen.verifies(MESSAGE, SIGNED, NAMESPACE)


@pytest.mark.parametrize("hashed_by", ["sha512", "sha256"])
def test_we_verify_what_ssh_keygen_signs(keygen: Keygen, hashed_by: str) -> None:
    signature = keygen.sign(MESSAGE, "-O", f"hashalg={hashed_by}")
    assert checked(signature) == ACCEPTED
    assert checked(signature.replace(b"\n", b"\r\n")) == ACCEPTED
    assert checked(signature, MESSAGE + b" ") == "bad_signature"
    assert (signature == SIGNED) == (hashed_by == "sha512")


def test_ours_is_checked_against_message_purpose_and_key() -> None:
    assert checked(SIGNED) == ACCEPTED
    for altered in damaged(MESSAGE):
        assert checked(SIGNED, altered) == "bad_signature"
    assert checked(SIGNED, space="policy@caretaker") == "bad_type"
    assert checked(SIGNED, public=samples.STRANGER_PUBLIC) == "bad_signature"
    assert checked(sshsig.sign(MESSAGE, NAMESPACE, samples.STRANGER_KEY)) == "bad_signature"


def test_no_damaged_signature_is_accepted_but_for_where_its_lines_are_folded() -> None:
    accepted = {data for data in damaged(SIGNED) if checked(data) == ACCEPTED}
    assert {data.replace(b"\n", b"") for data in accepted} <= {SIGNED.replace(b"\n", b"")}
    for length in range(len(SIGNED)):
        assert checked(SIGNED[:length]) == "malformed"
    for more in (b"\n", b" ", b"\0", SIGNED):
        assert checked(SIGNED + more) == "malformed"
        assert checked(more + SIGNED) == "malformed"


def test_a_signature_has_one_spelling_in_base64() -> None:
    """Whichever length leaves bits over in the last character."""
    tried = 0
    for space in ("n", "nn", "nnn"):
        text = sshsig.sign(MESSAGE, space, KEY)
        head, equals, tail = text.partition(b"=")
        if equals:
            tried += 1
            stray = head[:-1] + bytes([head[-1] + 1]) + equals + tail
            assert checked(text, space=space) == ACCEPTED
            assert checked(stray, space=space) == "malformed"
    assert tried == 2


def test_an_allowed_signer_is_one_line_with_the_key_as_openssh_writes_it() -> None:
    public = KEY.public_key().public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    )
    line = f'controller@school namespaces="{NAMESPACE}" {public.decode()}\n'
    assert sshsig.allowed_signer("controller@school", NAMESPACE, PUBLIC) == line


def armoured(blob: bytes) -> bytes:
    """Put any bytes where a signature's would be."""
    lines = base64.encodebytes(blob).decode()
    return f"-----BEGIN SSH SIGNATURE-----\n{lines}-----END SSH SIGNATURE-----\n".encode()


BLOB = base64.b64decode(b"".join(SIGNED.splitlines()[1:-1]))


def test_no_damaged_blob_is_accepted_in_a_sound_armour() -> None:
    assert checked(armoured(BLOB)) == ACCEPTED
    for data in damaged(BLOB):
        assert checked(armoured(data)) != ACCEPTED
    for length in range(len(BLOB)):
        assert checked(armoured(BLOB[:length])) == "malformed"
    assert checked(armoured(BLOB + b"\0")) == "malformed"


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        (b"SSHSIG\0\0\0\x01", b"SSHSIG\0\0\0\x02", "malformed"),
        (b"SSHSIG", b"sshsig", "malformed"),
        (b"sha512", b"sha384", "malformed"),
        (b"sha512", b"sha256", "bad_signature"),
        (b"\0\0\0\0", b"\0\0\0\x01x", "bad_signature"),  # reserved: not read, but signed
        (b"\0\0\0\x12" + NAMESPACE.encode(), b"\0\0\0\0", "bad_type"),
        (b"\0\0\0\x0bssh-ed25519\0\0\0\x40", b"\0\0\0\x0bssh-ed448xx\0\0\0\x40", "bad_signature"),
        (b"\0\0\0\x0bssh-ed25519\0\0\0\x20", b"\0\0\0\x0bssh-ed448xx\0\0\0\x20", "bad_signature"),
        (b"\0\0\0\x20" + PUBLIC, b"\xff\xff\xff\xff" + PUBLIC, "bad_signature"),
    ],
    ids=[f"part-{place}" for place in range(9)],
)
def test_each_part_of_a_signature_is_looked_at(old: bytes, new: bytes, answer: str) -> None:
    assert old in BLOB
    assert checked(armoured(BLOB.replace(old, new, 1))) == answer


def test_a_signature_too_large_is_not_decoded() -> None:
    assert checked(armoured(BLOB + bytes(limits.NOTE))) == "too_large"
    assert checked(b"x" * (limits.NOTE + 1)) == "too_large"
    assert checked(b"x" * limits.NOTE) == "malformed"


@pytest.mark.parametrize("bad", ["", "a b", 'a"b', "a\nb", "é@school", "a,b", "*", "!a", "x" * 201])
def test_an_identity_or_purpose_that_would_read_as_something_else_is_refused(bad: str) -> None:
    assert code(lambda: sshsig.allowed_signer(bad, NAMESPACE, PUBLIC)) == "schema"
    assert code(lambda: sshsig.allowed_signer("controller@school", bad, PUBLIC)) == "schema"
    assert code(lambda: sshsig.sign(MESSAGE, bad, KEY)) == "schema"
    assert checked(SIGNED, space=bad) == "schema"


def test_without_its_armour_a_signature_is_64_bytes_and_dressed_again_it_is_the_same(
    keygen: Keygen,
) -> None:
    usual = keygen.sign(MESSAGE)
    raw = sshsig.bare(MESSAGE, usual, NAMESPACE, PUBLIC)
    assert len(raw) == 64
    assert raw == BLOB[-64:]
    assert sshsig.dressed(raw, NAMESPACE, PUBLIC) == usual == SIGNED
    assert sshsig.fits(MESSAGE, raw, NAMESPACE, PUBLIC) is True


def test_nothing_is_taken_out_of_its_armour_that_does_not_fit_or_could_not_be_put_back(
    keygen: Keygen,
) -> None:
    unusual = keygen.sign(MESSAGE, "-O", "hashalg=sha256")
    reserved = resigned(b"x")
    assert checked(unusual) == checked(reserved) == ACCEPTED
    for signature, message, space, public, answer in (
        (unusual, MESSAGE, NAMESPACE, PUBLIC, "malformed"),
        (reserved, MESSAGE, NAMESPACE, PUBLIC, "malformed"),
        (SIGNED, MESSAGE + b" ", NAMESPACE, PUBLIC, "bad_signature"),
        (SIGNED, MESSAGE, "policy@caretaker", PUBLIC, "bad_type"),
        (SIGNED, MESSAGE, NAMESPACE, samples.STRANGER_PUBLIC, "bad_signature"),
    ):
        found = code(lambda: sshsig.bare(message, signature, space, public))  # noqa: B023  at once
        assert found == answer


def resigned(reserved: bytes) -> bytes:
    """A sound signature with something in the place that is reserved."""
    space, hashed = NAMESPACE.encode(), hashlib.sha512(MESSAGE).digest()
    raw = KEY.sign(b"SSHSIG" + b"".join(map(string, (space, reserved, b"sha512", hashed))))
    kind = string(b"ssh-ed25519")
    parts = (kind + string(PUBLIC), space, reserved, b"sha512", kind + string(raw))
    return armoured(b"SSHSIG\0\0\0\x01" + b"".join(map(string, parts)))


def string(data: bytes) -> bytes:
    """As SSH writes one."""
    return len(data).to_bytes(4, "big") + data


def test_64_bytes_are_a_signature_of_one_message_one_purpose_and_one_key_only() -> None:
    raw = BLOB[-64:]
    stranger = samples.STRANGER_PUBLIC
    assert not sshsig.fits(MESSAGE + b" ", raw, NAMESPACE, PUBLIC)
    assert not sshsig.fits(MESSAGE, raw, "policy@caretaker", PUBLIC)
    assert not sshsig.fits(MESSAGE, raw, NAMESPACE, stranger)
    assert not sshsig.fits(MESSAGE, raw[:-1], NAMESPACE, PUBLIC)
    assert code(lambda: sshsig.fits(MESSAGE, raw, "a b", PUBLIC)) == "schema"
    assert code(lambda: sshsig.dressed(raw, "a b", PUBLIC)) == "schema"


@given(data=st.binary(max_size=400))
def test_any_bytes_are_refused(data: bytes) -> None:
    assert checked(data) == "malformed"
    assert checked(armoured(data)) == "malformed"


@given(message=st.binary(max_size=300), space=st.from_regex(r"\A[a-z.@/_-]{1,40}\Z"))
def test_every_message_survives_signing_and_checking(message: bytes, space: str) -> None:
    key = keys.generate()
    signature = sshsig.sign(message, space, key)
    assert checked(signature, message, space, keys.public_bytes(key)) == ACCEPTED
