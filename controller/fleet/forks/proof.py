"""Everything that proves a fork, or that a withdrawn computer is alive, in one file that a stranger
checks without us (trust §4.3).

For each report: its envelope, the bytes that were signed and the signature, so that openssl alone
says that one key signed both; the README has the two commands. `check` is the same in Python.
"""

import base64
import io
import zipfile
from collections.abc import Iterator
from typing import Final

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from controller.fleet import packed
from controller.fleet.models import Device, Fork, Sighting
from wire import dsse, keys, types
from wire.report import Report, open_report

_SPKI: Final = bytes.fromhex("302a300506032b6570032100")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_README: Final = """\
What this proves
================

Each report of a computer has a number and names the report before it. The computer signs it with a
key of its own; device.pem is the public half. In a folder fork-N lie two reports that cannot both
follow from one past: the same number twice, or a report whose past is another one. So this one key
was used on two computers, or on one that was set back to an earlier state (a snapshot, a restored
disk image). Which of the two it was, these files do not say, and they accuse nobody.

A file sighting-N.* was signed after the computer had been taken out of service. It proves that its
key is in use.

How to check it
===============

For each pair of .signed and .sig, with OpenSSL 1.1.1 or newer:

    openssl pkeyutl -verify -pubin -inkey device.pem -rawin -in fork-1/kept.signed -sigfile fork-1/kept.sig
    openssl pkeyutl -verify -pubin -inkey device.pem -rawin -in fork-1/other.signed -sigfile fork-1/other.sig

and read both: after the first line, each .signed file is the report as plain JSON (device, seq,
prev, created_at). The .dsse.json beside it is the same as it travelled. If the computer changed its
key since, the older one is device-2.pem, and so on.
"""  # noqa: E501  a command is one line

_SEEN: Final = """\
What this proves
================

A computer of the school signs what it sends with a key of its own; device.pem is the public half.
seen.signed was signed with that key after the thing it is evidence of had left the school. The key
proves which computer's disk it came from, no more; it does not say who used it or where.

How to check it
===============

With OpenSSL 1.1.1 or newer:

    openssl pkeyutl -verify -pubin -inkey device.pem -rawin -in seen.signed -sigfile seen.sig

and read seen.signed: after the first line it is plain JSON. seen.dsse.json is the same as it
travelled; its SHA-256 is the fingerprint that the alarm shows.
"""


class NoProofError(Exception):
    """The file proves nothing; the sentence says why."""


class Pair(msgspec.Struct, frozen=True):
    """Two reports of one key that have not one past."""

    device: str
    kept: Report
    other: Report


def publics_of(device: Device) -> list[bytes]:
    """The device's key, and those it had before."""
    past = device.past_keys.order_by("-until_seq").values_list("public_key", flat=True)
    return [bytes(device.public_key), *(bytes(one) for one in past)]


def bundle(device: Device) -> bytes:
    """The zip of everything kept about this device."""
    publics = publics_of(device)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(name: str, data: bytes) -> None:
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data)

        put("README.txt", _README.encode())
        for number, public in enumerate(publics, 1):
            put("device.pem" if number == 1 else f"device-{number}.pem", _pem(public))
        for number, fork in enumerate(Fork.objects.filter(device=device).order_by("id"), 1):
            for name, kept in (("kept", bytes(fork.held)), ("other", bytes(fork.envelope))):
                for part, data in _parts(kept, publics, types.REPORT):
                    put(f"fork-{number}/{name}.{part}", data)
        rows = Sighting.objects.filter(device=device).order_by("id")
        for number, row in enumerate(rows, 1):
            kind = types.REPORT if row.seq else types.ENROL
            for part, data in _parts(bytes(row.envelope), publics, kind):
                put(f"sighting-{number}.{part}", data)
    return out.getvalue()


def seen(device_id: str, kept: bytes, seq: int) -> bytes | None:
    """The zip of one signed report, or with `seq` 0 of a request to join; None where nobody knows
    whose key it was."""
    device = Device.objects.filter(id=device_id).first()
    if device is None:
        return None
    publics = publics_of(device)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        kind = types.REPORT if seq else types.ENROL
        several = [("README.txt", _SEEN.encode())]
        several += [(f"seen.{part}", data) for part, data in _parts(kept, publics, kind)]
        signer = _signer(kept, publics, kind)
        several.append(("device.pem", _pem(signer)))
        for name, data in several:
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data)
    return out.getvalue()


def check(device_pem: bytes, kept: bytes, other: bytes) -> Pair:
    """Verify two envelopes by the device's key alone; raises NoProofError, WireError."""
    loaded = serialization.load_pem_public_key(device_pem)
    if not isinstance(loaded, Ed25519PublicKey):
        raise NoProofError("This is not a device's key.")
    public = keys.public_bytes(loaded)
    first, second = (open_report(dsse.parse(data), public) for data in (kept, other))
    if first.device != second.device:
        raise NoProofError("The two reports are of different computers.")
    digest = dsse.digest(kept)
    same_place = first.seq == second.seq and digest != dsse.digest(other)
    other_past = second.seq == first.seq + 1 and second.prev != digest
    if not (same_place or other_past):
        raise NoProofError("The second report follows the first, so this is no fork.")
    return Pair(first.device, first, second)


def _parts(kept: bytes, publics: list[bytes], kind: str) -> Iterator[tuple[str, bytes]]:
    """An envelope, what was signed, and the signature; nothing for a report past its keeping."""
    if not kept:
        return
    yield "dsse.json", packed.envelope(kept, kind, _signer(kept, publics, kind))
    yield "signed", dsse.pae(kind, packed.payload(kept))
    yield "sig", kept[:64]


def _signer(kept: bytes, publics: list[bytes], kind: str) -> bytes:
    """Which of a device's keys signed it."""
    signed = dsse.pae(kind, packed.payload(kept))
    return next((one for one in publics if keys.fits(one, kept[:64], signed)), publics[0])


def _pem(public: bytes) -> bytes:
    """RFC 8410: a fixed beginning, then the 32 bytes."""
    text = base64.b64encode(_SPKI + public).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n".encode()
