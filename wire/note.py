"""The checkpoint of an evidence log, as C2SP's signed note: size and root that a key stands behind.

Three lines of text (origin, size, root in base64), an empty line, then signature lines `— name
base64`, each a four-byte key id and the Ed25519 signature over the text with its last newline
(C2SP signed-note and tlog-checkpoint). Others may add lines of their own: a second school, a
witness, the key that comes next. Those are looked at for their form only.

Traps: the key's name is outside the signature. One key signs the logs of several schools, so a
stranger could relabel one school's note as another's; hence `open_note` compares the origin, which
is inside. We write no extension lines and refuse them: nobody would compare them between logs.
"""

import base64
import binascii
import hashlib
import re
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wire import keys, limits, merkle
from wire.errors import WireError

ED25519: Final = b"\x01"  # C2SP's signature type
_ID: Final = 4
_DASH: Final = "\N{EM DASH}"
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
_TEXT: Final = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,15})\n([0-9A-Za-z+/]{43}=)\n")


class Checkpoint(msgspec.Struct, frozen=True):
    """What a log was when it was signed: its origin, how many lines, and their root (32 bytes)."""

    origin: str
    size: int
    root: bytes


def text(checkpoint: Checkpoint) -> bytes:
    """Give the three lines that are signed; raises WireError `schema`."""
    origin = checkpoint.origin
    if not (0 < len(origin) <= limits.STRING and origin.isprintable()):
        raise WireError("schema", "A log's origin is one line of printable text.")
    if not 0 <= checkpoint.size <= limits.INTEGER:
        raise WireError("schema", "A log cannot have this size.")
    if len(checkpoint.root) != merkle.HASH:
        raise WireError("schema", f"The root of a log has {merkle.HASH} bytes.")
    if not checkpoint.size and checkpoint.root != merkle.EMPTY:
        raise WireError("schema", "A log without lines has one root only, and this is another.")
    root = base64.b64encode(checkpoint.root).decode()
    return f"{origin}\n{checkpoint.size}\n{root}\n".encode()


def key_id(name: str, public: bytes) -> bytes:
    """Give the four bytes by which a signature line names its key: a hint, never a proof."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:_ID]


def write(checkpoint: Checkpoint, name: str, key: Ed25519PrivateKey) -> bytes:
    """Sign `checkpoint` under `name` (a log's own key is named as its origin).

    Raises WireError `schema`.
    """
    _check_name(name)
    signed = text(checkpoint)
    return signed + b"\n" + _line(signed, name, key)


def cosign(data: bytes, name: str, key: Ed25519PrivateKey) -> bytes:
    """Give the note with one more signature below: what a key that hands over signs, the next one
    signs as well. Raises WireError for what is no note of a checkpoint."""
    _check_name(name)
    signed, signatures = _apart(data)
    _read(signed)
    if len(signatures) >= limits.NOTE_SIGNATURES:
        raise WireError("too_large", f"A checkpoint may have {limits.NOTE_SIGNATURES} signatures.")
    return data + _line(signed.encode(), name, key)


def read(data: bytes) -> Checkpoint:
    """Say what a note says; nothing of it is verified, so its place must be what it is trusted for.

    Raises WireError.
    """
    return _read(_apart(data)[0])


def count(text: str) -> int:
    """Say how many signature lines a note has; nothing of it is verified."""
    return text.rpartition("\n\n")[2].count("\n")


def _line(signed: bytes, name: str, key: Ed25519PrivateKey) -> bytes:
    blob = key_id(name, keys.public_bytes(key)) + key.sign(signed)
    return f"{_DASH} {name} {base64.b64encode(blob).decode()}\n".encode()


def open_note(data: bytes, name: str, public: bytes, *, origin: str = "") -> Checkpoint:
    """Read a note that the owner of `public`, known as `name`, signed about the log `origin`
    (unless said otherwise, its own).

    Raises WireError: `too_large`, `malformed`, `schema` for text that is no checkpoint, `bad_key`,
    `bad_signature` when `name` did not sign or one of its signatures does not fit, `bad_type` for
    the checkpoint of another log.
    """
    _check_name(name)
    signed, signatures = _apart(data)
    start = key_id(name, public)
    ours = [raw[_ID:] for signer, raw in signatures if signer == name and raw[:_ID] == start]
    if not ours:
        raise WireError("bad_signature", "The checkpoint is not signed by the key it must have.")
    if not all(keys.fits(public, sig, signed.encode()) for sig in ours):
        raise WireError("bad_signature", "The signature does not fit the checkpoint.")
    checkpoint = _read(signed)
    if checkpoint.origin != (origin or name):
        raise WireError("bad_type", "This is the checkpoint of another log.")
    return checkpoint


def _apart(data: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """Split a note at its last empty line: the text, and each signer with its id and signature."""
    if len(data) > limits.NOTE:
        raise WireError("too_large", f"A checkpoint may hold {limits.NOTE} bytes.")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        raise WireError("malformed", "The checkpoint is not text in UTF-8.") from None
    body, gap, below = whole.rpartition("\n\n")
    if not gap or not below.endswith("\n") or _CONTROL.search(whole):
        raise WireError("malformed", "This is not a text, an empty line and signatures.")
    lines = below[:-1].split("\n")
    if len(lines) > limits.NOTE_SIGNATURES:
        raise WireError("too_large", f"A checkpoint may have {limits.NOTE_SIGNATURES} signatures.")
    return f"{body}\n", [_signature(line) for line in lines]


def _signature(line: str) -> tuple[str, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if dash != _DASH or not _is_name(name):
        raise WireError("malformed", "A line below the checkpoint is no signature.")
    raw = _unbase64(encoded)
    if len(raw) <= _ID:
        raise WireError("malformed", "A signature below the checkpoint is too short.")
    return name, raw


def _read(signed: str) -> Checkpoint:
    """Read the text, already verified, and compare it with the one way to write it."""
    found = _TEXT.fullmatch(signed)
    if not found:
        raise WireError("schema", "A checkpoint is three lines: origin, size in digits, root.")
    origin, size, root = found.groups()
    checkpoint = Checkpoint(origin, int(size), base64.b64decode(root))
    if text(checkpoint) != signed.encode():
        raise WireError("not_canonical", "The checkpoint is not in its one spelling.")
    return checkpoint


def _check_name(name: str) -> None:
    if not (_is_name(name) and name.isprintable()):
        raise WireError("schema", "A key's name is printable, without space or plus.")


def _is_name(name: str) -> bool:
    """C2SP: no Unicode spaces, no plus; control characters are refused in the whole note."""
    spaced = "+" in name or any(one.isspace() for one in name)
    return 0 < len(name) <= limits.STRING and not spaced


def _unbase64(encoded: str) -> bytes:
    """Decode standard base64 in its one spelling."""
    try:
        raw = base64.b64decode(encoded.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise WireError("malformed", "The checkpoint holds what is not base64.") from None
    if base64.b64encode(raw).decode() != encoded:
        raise WireError("malformed", "The checkpoint's base64 is not in its one spelling.")
    return raw
