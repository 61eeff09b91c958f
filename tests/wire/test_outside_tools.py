"""Other people's tools agree with ours, both ways: openssl, ssh-keygen and securesystemslib."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.dsse import Envelope as OtherEnvelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer._crypto_signer import CryptoSigner
from securesystemslib.signer._key import SSlibKey

from tests import needs
from tests.wire import samples
from wire import canonical, dsse, keys


def run(*argv: object, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end."""
    return subprocess.run(
        [str(one) for one in argv], input=given, capture_output=True, check=False, timeout=60
    )


@pytest.fixture
def openssl() -> str:
    """The openssl program."""
    return needs.program("openssl", package="openssl")


@pytest.fixture
def ssh_keygen() -> str:
    """The ssh-keygen program."""
    return needs.program("ssh-keygen", package="openssh-client")


def public_pem(key: Ed25519PrivateKey, folder: Path) -> Path:
    """Write a public key as openssl reads it."""
    path = folder / "public.pem"
    path.write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    return path


def private_file(key: Ed25519PrivateKey, path: Path, style: serialization.PrivateFormat) -> Path:
    """Write a private key as the tools read it."""
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, style, serialization.NoEncryption())
    )
    path.chmod(0o600)
    return path


def verified_by_openssl(openssl: str, folder: Path, data: bytes, signature: bytes) -> bool:
    """Ask openssl whether the device signed `data`."""
    (folder / "data").write_bytes(data)
    (folder / "sig").write_bytes(signature)
    pem = public_pem(samples.DEVICE_KEY, folder)
    verify = [openssl, "pkeyutl", "-verify", "-pubin", "-inkey", pem, "-rawin"]
    done = run(*verify, "-in", folder / "data", "-sigfile", folder / "sig")
    return done.returncode == 0 and b"Verified Successfully" in done.stdout


def test_openssl_verifies_our_report_and_refuses_one_changed_byte(
    openssl: str, tmp_path: Path
) -> None:
    parsed = dsse.parse(samples.FIRST_SIGNED)
    signed = dsse.pae(parsed.payload_type, parsed.payload)
    assert verified_by_openssl(openssl, tmp_path, signed, parsed.sig)
    assert not verified_by_openssl(openssl, tmp_path, signed + b" ", parsed.sig)
    other_type = dsse.pae(parsed.payload_type + "x", parsed.payload)
    assert not verified_by_openssl(openssl, tmp_path, other_type, parsed.sig)


def test_openssl_signs_the_very_envelope_we_write(openssl: str, tmp_path: Path) -> None:
    parsed = dsse.parse(samples.FIRST_SIGNED)
    (tmp_path / "data").write_bytes(dsse.pae(parsed.payload_type, parsed.payload))
    pem = private_file(samples.DEVICE_KEY, tmp_path / "key", serialization.PrivateFormat.PKCS8)
    sign = [openssl, "pkeyutl", "-sign", "-inkey", pem, "-rawin", "-in", tmp_path / "data"]
    assert run(*sign, "-out", tmp_path / "sig").returncode == 0
    assert (tmp_path / "sig").read_bytes() == parsed.sig


def test_ssh_keygen_gives_a_key_the_same_name(ssh_keygen: str, tmp_path: Path) -> None:
    for key in (samples.DEVICE_KEY, samples.CONTROLLER_KEY, keys.generate()):
        path = tmp_path / "key.pub"
        path.write_bytes(openssh_public(key))
        shown = run(ssh_keygen, "-l", "-f", path).stdout.decode()
        assert f" {keys.key_id(keys.public_bytes(key))} " in shown


def openssh_public(key: Ed25519PrivateKey) -> bytes:
    """Write a public key as one line of OpenSSH."""
    return key.public_key().public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    )


def other_key(key: Ed25519PrivateKey) -> SSlibKey:
    """Give a public key as securesystemslib holds it, under our name for it."""
    named = keys.key_id(keys.public_bytes(key))
    return SSlibKey.from_crypto(key.public_key(), keyid=named)


# All but the policy and the scope that a person signed as a file, which ssh-keygen checks.
@pytest.mark.parametrize("name", sorted(samples.SAMPLES.keys() - {"policy", "scope"}))
def test_securesystemslib_verifies_what_we_sign(name: str) -> None:
    data = json.loads(samples.SAMPLES[name].envelope)
    read = OtherEnvelope.from_dict(data)
    owner = {
        "report": samples.DEVICE_KEY,
        "enrol": samples.NEW_KEY if name == "enrol-vouched" else samples.DEVICE_KEY,
        "rekey": samples.NEW_KEY,
        "readmit": samples.NEW_KEY,
        "roots": samples.RECOVERY_KEY,
    }.get(data["payloadType"].split(".")[2], samples.CONTROLLER_KEY)
    assert list(read.verify([other_key(owner)], 1)) == [other_key(owner).keyid]
    assert read.pae() == dsse.pae(read.payload_type, read.payload)
    with pytest.raises(VerificationError):
        read.verify([other_key(samples.STRANGER_KEY)], 1)
    read.payload += b" "
    with pytest.raises(VerificationError):
        read.verify([other_key(owner)], 1)


def test_we_open_what_securesystemslib_signs() -> None:
    sample = samples.SAMPLES["report-first"]
    written = OtherEnvelope(canonical.encode(samples.FIRST), sample.kind, {})
    written.sign(CryptoSigner(samples.DEVICE_KEY, other_key(samples.DEVICE_KEY)))
    data = canonical.encode(written.to_dict())
    assert data == sample.envelope
    assert sample.open(dsse.parse(data)) == samples.FIRST


def test_the_golden_report_verifies_with_nothing_but_a_shell_and_openssl(
    openssl: str, tmp_path: Path
) -> None:
    """The line a governor's technician is given: PAE built by printf, checked by openssl."""
    shell = shutil.which("sh")
    assert shell is not None
    parsed = dsse.parse(samples.FIRST_SIGNED)
    (tmp_path / "payload").write_bytes(parsed.payload)
    (tmp_path / "sig").write_bytes(parsed.sig)
    pem = public_pem(samples.DEVICE_KEY, tmp_path)
    script = (
        f'cd {tmp_path} && PT="{parsed.payload_type}" && '
        "{ printf 'DSSEv1 %d %s %d ' ${#PT} \"$PT\" $(stat -c %s payload); cat payload; } > pae && "
        f"{openssl} pkeyutl -verify -pubin -inkey {pem} -rawin -in pae -sigfile sig"
    )
    assert b"Verified Successfully" in run(shell, "-c", script).stdout
