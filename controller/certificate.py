"""A self-signed P-256 certificate for the first run; `setup https` replaces it with one browsers
trust.

Agents do not trust it either: what they trust is our signature inside the answers (O4).
"""

import datetime
import ipaddress
import socket
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from controller.datafolder import write_private

DAYS: Final = 397
"""The longest life browsers accept of a certificate."""


def paths(data: Path) -> tuple[Path, Path]:
    """Certificate and key file."""
    return data / "tls" / "certificate.pem", data / "tls" / "key.pem"


def make(data: Path, listen: str, at: int) -> None:
    """Write a certificate for this machine's names, unless there is one."""
    if not all(path.exists() for path in paths(data)):
        _write(paths(data), listen, at)


def stage(data: Path, listen: str, at: int) -> None:
    """Write a new certificate beside the one in use; `unstage` puts it in its place."""
    _write(_staged(data), listen, at)


def unstage(data: Path) -> None:
    """Put the new certificate in place of the old one; a server shows it when it starts again."""
    for new, old in zip(_staged(data), paths(data), strict=True):
        new.replace(old)


def _staged(data: Path) -> tuple[Path, Path]:
    certificate_path, key_path = paths(data)
    return certificate_path.with_suffix(".new"), key_path.with_suffix(".new")


def _write(where: tuple[Path, Path], listen: str, at: int) -> None:
    certificate_path, key_path = where
    key = ec.generate_private_key(ec.SECP256R1())
    start = datetime.datetime.fromtimestamp(at, datetime.UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Caretaker")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - datetime.timedelta(hours=1))
        .not_valid_after(start + datetime.timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName(_names(listen)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    key_path.unlink(missing_ok=True)
    certificate_path.unlink(missing_ok=True)
    write_private(key_path, pem)
    write_private(certificate_path, certificate.public_bytes(serialization.Encoding.PEM))


def spki(data: Path, *, staged: bool = False) -> str:
    """`sha256:` and hex over the certificate's public key, as a hello names it."""
    path = (_staged(data) if staged else paths(data))[0]
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    der = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    digest = hashes.Hash(hashes.SHA256())
    digest.update(der)
    return "sha256:" + digest.finalize().hex()


def _names(listen: str) -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = [x509.DNSName("localhost")]
    host = socket.gethostname()
    if host.isascii() and host and host != "localhost":
        names.append(x509.DNSName(host))
    for text in dict.fromkeys(["127.0.0.1", "::1", listen]):
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            continue
        if not address.is_unspecified:
            names.append(x509.IPAddress(address))
    return names
