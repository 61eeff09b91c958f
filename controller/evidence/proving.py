"""One line of the log in a file of its own, for somebody who should see that line and no other.

The proof (`wire.log_proof`) leads from the line to a signed checkpoint. It is worth something
against a sheet of the same size, so one may be made for any checkpoint there was. With the line of
a report goes the report itself, as its computer signed it.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.db import transaction

from controller.evidence import archive, logkeys, services
from controller.evidence.export import of_key, pem
from controller.evidence.prover import NoProofError, Proof, Prover
from controller.fleet.forks.proof import publics_of
from controller.fleet.models import Device, Report
from inventory.ledger import checkpoints, log
from inventory.ledger import services as ledger
from inventory.ledger.checkpoints import Sheet
from wire import dsse, keys

_HERE: Final = Path(__file__).parent


def line_of(device: Device, seq: int | None) -> int:
    """The line of one report of a computer, the newest unless said otherwise. Raises
    NoProofError."""
    rows = Report.objects.filter(device_id=device.id, line__isnull=False)
    rows = rows if seq is None else rows.filter(seq=seq)
    report = rows.order_by("-seq").first()
    if report is None or report.line is None:
        which = "no report" if seq is None else f"no report {seq}"
        raise NoProofError(f"There is {which} of {device.id} here that stands in the log.")
    return report.line


def prove(site: str, index: int, *, size: int | None, actor: str, at: int, data: Path) -> Proof:
    """Prove a line under the checkpoint of `size` lines, or the newest; where that does not reach
    so far yet, one is signed now. That a proof was given is in the log.

    Raises NoProofError, DataFolderError.
    """
    if not 0 <= index < log.extent(site).size:
        raise NoProofError(f"The log has no line {index} yet.")
    sheet = _sheet(site, index, size) or services.make(site, actor=actor, at=at, data=data)
    proof = Prover(site, sheet).proof(index)
    with transaction.atomic():
        ledger.append(
            site_id=site,
            at=at,
            actor=actor,
            verb="evidence.proof",
            subject=site,
            after={"line": index},
        )
    return proof


def _sheet(site: str, index: int, size: int | None) -> Sheet | None:
    """The checkpoint to prove it by; None where one has to be made."""
    if size is None:
        newest = checkpoints.newest(site, 1)
        return newest[0] if newest and newest[0].size > index else None
    found = checkpoints.of_size(site, size)
    if found is None:
        raise NoProofError(f"No checkpoint was signed when the log had {size} lines.")
    if size <= index:
        raise NoProofError(f"Line {index} was written after that checkpoint of {size} lines.")
    return found


def bundle(site: str, proof: Proof, data: Path) -> bytes:
    """The proof with the script and the words to check it, and the report it is about."""
    out = io.BytesIO()
    archive.pack(out, dict(_files(site, proof, data)))
    return out.getvalue()


def _files(site: str, proof: Proof, data: Path) -> Iterator[tuple[str, bytes]]:
    yield "line.txt", f"{proof.line}\n".encode()
    yield "line.tlog-proof", proof.data
    if signed := logkeys.signers(site, proof.sheet.note, logkeys.ever(data)):
        yield "log.pem", pem(keys.load_public(signed[0]))
    yield from _report(site, proof)
    yield "verify_line.py", (_HERE / "verify_line.py").read_bytes()
    yield "VERIFY.txt", (_HERE / "PROOF.txt").read_bytes()


def _report(site: str, proof: Proof) -> Iterator[tuple[str, bytes]]:
    """The signed report a line speaks of, where it is still kept."""
    kind, name, seq, *_ = [*proof.line.split(" ")[2:], "", ""]
    device = Device.objects.filter(site_id=site, id=name).first() if kind == "report" else None
    if device is None:
        return
    report = Report.objects.filter(device=device, seq=int(seq), line=proof.index).first()
    if report is None:
        return
    envelope, public = of_key(bytes(report.envelope), publics_of(device))
    if envelope:
        parsed = dsse.parse(envelope)
        yield "report.json", envelope
        yield "report.signed", dsse.pae(parsed.payload_type, parsed.payload)
        yield "report.sig", parsed.sig
        yield "device.pem", pem(keys.load_public(public))
