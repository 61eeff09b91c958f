"""An export: the whole log of a school with everything a stranger needs to check it (trust §4.6).

It holds ids and digests only, no names. The reports in it are the newest of each computer: their
signatures cover what the computer saw of the log, so they bear witness against whoever made the
export.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import transaction

from controller.evidence import archive, logkeys, services
from controller.evidence.prover import NoProofError, Prover
from controller.fleet import packed
from controller.fleet.forks.proof import publics_of
from controller.fleet.models import Device, Report
from controller.keyfiles import log_key, signing_key
from inventory.ledger import checkpoints, log
from inventory.ledger import services as ledger
from inventory.ledger.checkpoints import Sheet
from wire import dsse, keys, note, sshsig, types
from wire.errors import WireError

_HERE: Final = Path(__file__).parent


def export(site: str, path: Path, *, actor: str, at: int, data: Path) -> Sheet:
    """Write the export of one school to `path` and return its checkpoint.

    Raises DataFolderError, FileExistsError, OSError.
    """
    if path.exists():
        raise FileExistsError(17, "The file exists already; choose another name", str(path))
    sheet, files = gather(site, actor=actor, at=at, data=data)
    archive.write(path, files)
    return sheet


def gather(site: str, *, actor: str, at: int, data: Path) -> tuple[Sheet, dict[str, bytes]]:
    """The files of an export, and its checkpoint. The export itself is in the log. Raises
    DataFolderError."""
    signer = signing_key(data)
    log_key(data)  # say that it is missing before anything is written down
    with transaction.atomic():
        ledger.append(site_id=site, at=at, actor=actor, verb="evidence.export", subject=site)
        sheet = services.make(site, actor=actor, at=at, data=data)
    # Behind the transaction: what is under the checkpoint does not change, and nobody else has to
    # wait while a long log is read.
    return sheet, signed(dict(_files(site, sheet, data)), site, sheet, at, signer)


def _files(site: str, sheet: Sheet, data: Path) -> Iterator[tuple[str, bytes]]:
    lines = "".join(f"{line}\n" for line in log.lines(site, 0, sheet.size))
    yield archive.ENTRIES, lines.encode()
    yield archive.CHECKPOINT, sheet.note.encode()
    yield archive.CONTROLLER_KEY, pem(signing_key(data).public_key())
    yield archive.LOG_KEY, pem(log_key(data).public_key())
    yield from _handovers(site, sheet, data)
    prover = _prover(site, sheet)
    for device in Device.objects.filter(site_id=site, head_seq__gt=0).order_by("id").iterator():
        if newest := _newest_report(device, sheet.size):
            line, envelope, public = newest
            yield f"witnesses/{device.id}.json", envelope
            yield f"keys/{device.id}.pem", pem(keys.load_public(public))
            if prover is not None:
                yield f"proofs/{device.id}.tlog-proof", prover.proof(line).data
    yield "verify_line.py", (_HERE / "verify_line.py").read_bytes()
    yield "verify_log.py", (_HERE / "verify_log.py").read_bytes()
    yield "VERIFY.txt", (_HERE / "VERIFY.txt").read_bytes()


def _prover(site: str, sheet: Sheet) -> Prover | None:
    """None for a log that was changed: an export is never needed more than then, and shows it."""
    try:
        return Prover(site, sheet)
    except NoProofError:
        return None


def _handovers(site: str, sheet: Sheet, data: Path) -> Iterator[tuple[str, bytes]]:
    """The checkpoints that two log keys signed, and every key that signed one."""
    known, older = logkeys.ever(data), dict[bytes, None]()
    for one in checkpoints.every(site):
        both = logkeys.signers(site, one.note, known) if note.count(one.note) > 1 else []
        if len(both) > 1 and one.size <= sheet.size:
            yield f"handovers/{one.size}.note", one.note.encode()
            older.update(dict.fromkeys(both))
    older.pop(known[0], None)
    for number, public in enumerate(older, 1):
        yield f"keys/log_{number}.pem", pem(keys.load_public(public))


def _newest_report(device: Device, size: int) -> tuple[int, bytes, bytes] | None:
    """The newest report that stands among the first `size` lines: its line, it as it travelled, and
    the key that signed it."""
    report = Report.objects.filter(device=device, line__lt=size).order_by("-seq").first()
    if report is None or report.line is None:
        return None
    envelope, public = of_key(bytes(report.envelope), publics_of(device))
    return (report.line, envelope, public) if envelope else None


def of_key(kept: bytes, publics: Sequence[bytes]) -> tuple[bytes, bytes]:
    """A kept report as it travelled, and which of its computer's keys signed it; "" for neither."""
    for public in publics:
        envelope = packed.envelope(kept, types.REPORT, public)
        try:
            dsse.verify(dsse.parse(envelope), types.REPORT, public)
        except WireError:
            continue
        return envelope, public
    return b"", b""


def signed(
    files: Mapping[str, bytes], site: str, sheet: Sheet, at: int, key: Ed25519PrivateKey
) -> dict[str, bytes]:
    """The files with the statement about them, and its signature."""
    public = keys.public_bytes(key)
    files = {
        **files,
        "allowed_signers": sshsig.allowed_signer(
            identity(site), archive.NAMESPACE, public
        ).encode(),
    }
    statement = {
        "_type": archive.STATEMENT_TYPE,
        "subject": [
            {"name": name, "digest": {"sha256": hashlib.sha256(body).hexdigest()}}
            for name, body in sorted(files.items())
        ],
        "predicateType": archive.PREDICATE_TYPE,
        "predicate": {
            "origin": services.origin(site),
            "size": sheet.size,
            "root": services.text_of(sheet.root),
            "exported_at": at,
        },
    }
    body = json.dumps(statement, indent=2, ensure_ascii=True).encode() + b"\n"
    signature = sshsig.sign(body, archive.NAMESPACE, key)
    return {archive.STATEMENT: body, archive.SIGNATURE: signature, **files}


def identity(site: str) -> str:
    """Who signs, as `ssh-keygen -I` is told."""
    return f"controller@{site}"


def pem(public: Ed25519PublicKey) -> bytes:
    """A public key as openssl reads it."""
    return public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
