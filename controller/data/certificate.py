"""A self-signed P-256 certificate for the first run; `setup https` replaces it with one browsers
trust.

Agents do not trust it either: what they trust is our signature inside the answers (O4).
"""

import datetime
import ipaddress
import re
import socket
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from controller.data.datafolder import write_private

_NAME: Final = re.compile(r"(?=.{1,64}\Z)(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?\Z")
"""What stands in a certificate (X.520 allows 64 letters), wildcards included."""
DAYS: Final = 397
"""The longest life browsers accept of a certificate."""


class CertificateError(Exception):
    """A certificate cannot be used; the sentence says why."""


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


def settle(data: Path) -> None:
    """Finish a replacement that a crash cut in two: the certificate is new, its key is not yet."""
    new_certificate, new_key = _staged(data)
    if new_key.exists() and not new_certificate.exists():
        new_key.replace(paths(data)[1])


def fault(certificate: Path, key: Path) -> str:
    """Why a server could not show a certificate, as the end of a sentence; "" when it can."""
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key, password="")
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        return f"does not fit its key or cannot be read ({error})"
    return ""


def install(data: Path, chain: bytes, key: bytes | None, at: int) -> str:
    """Put a certificate that somebody else signed in place of ours; `key` None: for our key.

    Returns its public key as `spki` does. Raises CertificateError, and then nothing has changed.
    """
    new_certificate, new_key = _staged(data)
    for path in (new_certificate, new_key):
        path.unlink(missing_ok=True)
    write_private(new_key, paths(data)[1].read_bytes() if key is None else key)
    write_private(new_certificate, chain)
    try:
        if why := fault(new_certificate, new_key):
            raise CertificateError(f"The certificate {why}.")
        _check_dates(chain, at)
        found = spki(data, staged=True)
    except BaseException:
        for path in (new_certificate, new_key):
            path.unlink()
        raise
    unstage(data)
    return found


def spki_of(pem: bytes) -> str:
    """`sha256:` and hex over the public key in a certificate. Raises CertificateError."""
    try:
        return _spki(x509.load_pem_x509_certificate(pem))
    except ValueError as error:
        raise CertificateError(
            "The file holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)."
        ) from error


def request(data: Path, names: Sequence[str]) -> bytes:
    """A request for a certificate over the key in use, so that computers that know it stay."""
    key = serialization.load_pem_private_key(paths(data)[1].read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise CertificateError("The key in use is of a kind no authority signs.")
    if wrong := [name for name in names if not _NAME.match(name)]:
        raise CertificateError(
            f"{wrong[0]!r} is no DNS name; it looks like caretaker.hill.sch.uk, 64 letters at most."
        )
    names_ext = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    made = builder.add_extension(names_ext, critical=False).sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM)


def _check_dates(chain: bytes, at: int) -> None:
    found = x509.load_pem_x509_certificate(chain)
    now = datetime.datetime.fromtimestamp(at, datetime.UTC)
    if found.not_valid_after_utc <= now:
        raise CertificateError(f"The certificate ended {found.not_valid_after_utc:%-d %b %Y}.")
    if found.not_valid_before_utc > now:
        raise CertificateError(f"The certificate begins {found.not_valid_before_utc:%-d %b %Y}.")


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
    return _spki(x509.load_pem_x509_certificate(path.read_bytes()))


def _spki(certificate: x509.Certificate) -> str:
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
