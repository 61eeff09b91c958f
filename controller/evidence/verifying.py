"""Check an export without the controller it came from, and without believing anything in it.

Everything inside was made by one who may lie. What cannot be made up afterwards comes from outside:
the size and root on a printed sheet, or a report that a computer kept. Without either, a whole log
that was written anew and signed with the log's own key would look right; so this is said.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from controller.evidence import archive
from wire import dsse, keys, log_proof, merkle, note, sshsig
from wire.errors import WireError
from wire.report import Report, open_report

_ALWAYS: Final = (
    *(archive.STATEMENT, archive.SIGNATURE, archive.ENTRIES, archive.CHECKPOINT),
    *(archive.CONTROLLER_KEY, archive.LOG_KEY),
)


class Check(msgspec.Struct, frozen=True):
    """One thing that was checked: whether it fits, and one sentence."""

    fits: bool
    sentence: str


class Sheet(msgspec.Struct, frozen=True):
    """Size and root as somebody typed them from paper, or took them from elsewhere."""

    size: int
    root: bytes


class _Subject(msgspec.Struct):
    name: str
    digest: dict[str, str]


class _Predicate(msgspec.Struct):
    origin: Annotated[str, msgspec.Meta(max_length=200)]
    size: int
    root: str


class _Statement(msgspec.Struct, rename={"type": "_type", "predicate_type": "predicateType"}):
    type: str
    subject: list[_Subject]
    predicate_type: str
    predicate: _Predicate


class Log:
    """The lines of an export, and the roots they had."""

    def __init__(self, entries: bytes) -> None:
        """Raises WireError for what is no list of numbered lines."""
        if entries and not entries.endswith(b"\n"):
            raise WireError("malformed", "The last line of entries.txt is cut.")
        lines = entries.split(b"\n")[:-1]
        for index, line in enumerate(lines):
            if not line.startswith(b"%d " % index):
                raise WireError("malformed", f"Line {index} does not bear its number.")
        self.size = len(lines)
        self._lines = lines
        self.known = frozenset(line.split(b" ", 2)[-1] for line in lines)
        self._tree = merkle.Tree(merkle.leaf(line) for line in lines)

    def at(self, index: int) -> bytes:
        """A line; empty where there is none."""
        return self._lines[index] if 0 <= index < self.size else b""

    def fits(self, size: int, root: bytes) -> bool:
        """Whether the log had this root when it was so long."""
        return 0 <= size <= self.size and self._tree.root(size) == root


def verify(path: Path, sheets: Sequence[Sheet] = (), reports: Sequence[bytes] = ()) -> list[Check]:
    """Check an export against itself, against `sheets`, and against envelopes of `reports` that
    computers kept. Raises WireError for a file that is no export, OSError."""
    files = archive.read(path)
    if missing := [name for name in _ALWAYS if name not in files]:
        raise WireError("malformed", f"The export lacks {', '.join(missing)}.")
    lines = Log(files[archive.ENTRIES])
    book = _book(files)
    return [
        *_statement(files),
        _checkpoint(files, lines),
        *_witnesses(files, book, lines),
        *_proofs(files, lines),
        *_handovers(files, lines),
        *(_kept(report, book, lines) for report in reports),
        *(_sheet(sheet, lines) for sheet in sheets),
    ]


def _statement(files: Mapping[str, bytes]) -> Iterator[Check]:
    body, signature = files[archive.STATEMENT], files[archive.SIGNATURE]
    try:
        sshsig.check(body, signature, archive.NAMESPACE, _public(files[archive.CONTROLLER_KEY]))
        statement = msgspec.json.decode(body, type=_Statement)
    except (WireError, msgspec.DecodeError) as error:
        yield Check(False, f"The statement is not the controller's: {error}")
        return
    yield Check(True, "The statement is signed by the key keys/controller.pem.")
    said = {one.name: one.digest.get("sha256", "") for one in statement.subject}
    there = {
        name: hashlib.sha256(data).hexdigest()
        for name, data in files.items()
        if name not in (archive.STATEMENT, archive.SIGNATURE)
    }
    wrong = sorted(name for name in said.keys() | there.keys() if said.get(name) != there.get(name))
    kinds = (statement.type, statement.predicate_type)
    if wrong or kinds != (archive.STATEMENT_TYPE, archive.PREDICATE_TYPE):
        yield Check(False, f"Not as the statement says: {', '.join(wrong[:5]) or 'its own kind'}.")
    else:
        yield Check(True, f"All {len(there)} files are those the statement names.")


def _checkpoint(files: Mapping[str, bytes], lines: Log) -> Check:
    data = files[archive.CHECKPOINT]
    public = _public(files[archive.LOG_KEY])
    try:
        found = note.open_note(data, _origin(data), public)
    except WireError as error:
        return Check(False, f"The checkpoint is not signed by the log's key: {error}")
    if found.size != lines.size or not lines.fits(found.size, found.root):
        return Check(False, f"The {lines.size} lines are not those the checkpoint was made of.")
    return Check(True, f"All {found.size} lines are those the checkpoint was made of.")


def _origin(checkpoint: bytes) -> str:
    """Which log a checkpoint says it is of; nothing is verified yet."""
    return checkpoint.decode("utf-8", "replace").split("\n", 1)[0]


def _witnesses(
    files: Mapping[str, bytes], book: Mapping[str, bytes], lines: Log
) -> Iterator[Check]:
    names = sorted(name for name in files if name.startswith("witnesses/"))
    found = [_kept(files[name], book, lines) for name in names]
    yield from (one for one in found if not one.fits)
    good = sum(one.fits for one in found)
    if good:
        yield Check(True, f"Reports in the export that bear witness to the same log: {good}.")


def _proofs(files: Mapping[str, bytes], lines: Log) -> Iterator[Check]:
    """Each proof must lead from a line of this log to a checkpoint by the log's key."""
    public, name = _public(files[archive.LOG_KEY]), _origin(files[archive.CHECKPOINT])
    found = [file for file in sorted(files) if file.startswith("proofs/")]
    for file in found:
        try:
            log_proof.check(files[file], lines.at(log_proof.index_of(files[file])), name, public)
        except WireError as error:
            yield Check(False, f"{file} does not prove its line: {error}")
            return
    if found:
        yield Check(True, f"Lines of reports that have a proof of their own: {len(found)}.")


def _handovers(files: Mapping[str, bytes], lines: Log) -> Iterator[Check]:
    """Where one log key handed over to the next, both must have signed these very lines."""
    named = {_public(files[name]) for name in files if name.startswith("keys/log")}
    for file in sorted(name for name in files if name.startswith("handovers/")):
        signed = list(_signed(files[file], named))
        if len(signed) < 2 or not lines.fits(signed[0].size, signed[0].root):
            yield Check(False, f"{file} is not signed by two of the log's keys over these lines.")
        else:
            size = signed[0].size
            yield Check(True, f"The log's key changed: both signed the same first {size} lines.")


def _signed(data: bytes, named: Iterable[bytes]) -> Iterator[note.Checkpoint]:
    """The checkpoint, once for each of the keys that signed it."""
    for public in named:
        try:
            yield note.open_note(data, _origin(data), public)
        except WireError:
            continue


def _kept(envelope: bytes, book: Mapping[str, bytes], lines: Log) -> Check:
    """A report's own line must be in the log, and the log it saw must be this one's beginning."""
    try:
        parsed = dsse.parse(envelope)
        if parsed.keyid not in book:
            raise WireError("bad_key", "The export holds no key for it.")
        report = open_report(parsed, book[parsed.keyid])
    except WireError as error:
        return Check(False, f"A report that should bear witness cannot be read: {error}")
    who = f"Report {report.seq} of {report.device}"
    line = f"report {report.device} {report.seq} {dsse.digest(envelope)}".encode()
    if line not in lines.known:
        return Check(False, f"{who} is not in the log.")
    if report.seen is not None and not _saw(report, lines):
        return Check(False, f"{who} saw another log when it had {report.seen.size} lines.")
    return Check(True, f"{who} is in the log and saw the same.")


def _saw(report: Report, lines: Log) -> bool:
    seen = report.seen
    if seen is None:
        return True
    return lines.fits(seen.size, bytes.fromhex(seen.root.removeprefix("sha256:")))


def _book(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The computers' keys by their ids."""
    keyed = [_public(data) for name, data in files.items() if name.startswith("keys/dev_")]
    return {keys.key_id(public): public for public in keyed}


def _sheet(sheet: Sheet, lines: Log) -> Check:
    if lines.fits(sheet.size, sheet.root):
        return Check(True, f"The first {sheet.size} lines are those of the sheet, unchanged.")
    if sheet.size > lines.size:
        return Check(False, f"The sheet was made of {sheet.size} lines, and here are fewer.")
    return Check(False, f"The first {sheet.size} lines are not those the sheet was made of.")


def _public(data: bytes) -> bytes:
    """A public key from its file. Raises WireError `bad_key`."""
    try:
        key = serialization.load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise WireError("bad_key", "A key in the export cannot be read.") from error
    if not isinstance(key, Ed25519PublicKey):
        raise WireError("bad_key", "A key in the export is of another kind.")
    return keys.public_bytes(key)
