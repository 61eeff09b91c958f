"""One line's way into a signed checkpoint, in a file of its own: C2SP's `.tlog-proof`.

Whoever has the line, this file and the log's public key needs nothing else of the log to see that
the line is in it: a buyer of one computer learns nothing of the other lines. Heading, the line's
index, the neighbours' hashes from the leaf up, an empty line, the checkpoint (C2SP tlog-proof v1).

Trap: the line itself is not in the file, and must not be taken from anywhere but the document that
quotes it. The format's `extra` is under no signature; we write none and refuse it.
"""

import base64
import re
from collections.abc import Sequence
from typing import Final

from wire import limits, merkle, note
from wire.errors import WireError

_HEADING: Final = b"c2sp.org/tlog-proof@v1\n"
_BODY: Final = re.compile(rb"index (0|[1-9][0-9]{0,15})\n((?:[0-9A-Za-z+/]{43}=\n){0,53})\n")


def write(index: int, proof: Sequence[bytes], checkpoint: bytes) -> bytes:
    """Give the file for the line at `index` (from 0), `merkle.inclusion`'s proof of it under the
    root of the signed `checkpoint`."""
    hashes = b"".join(base64.b64encode(one) + b"\n" for one in proof)
    return _HEADING + b"index %d\n" % index + hashes + b"\n" + checkpoint


def check(
    data: bytes, line: bytes, name: str, public: bytes, *, origin: str = ""
) -> tuple[int, note.Checkpoint]:
    """Give the place and the checkpoint under which `line` (without newline) is in the log.

    Raises WireError: what `note.open_note` raises of the checkpoint, `malformed`, and `bad_digest`
    when the line is not in the log at the place the file says.
    """
    body = _body(data)
    proof = [base64.b64decode(one) for one in body[2].split()]
    checkpoint = note.open_note(data[body.end() :], name, public, origin=origin)
    index = int(body[1])
    held = merkle.verify_inclusion(
        index, checkpoint.size, merkle.leaf(line), proof, checkpoint.root
    )
    if not held or write(index, proof, data[body.end() :]) != data:
        raise WireError("bad_digest", "This line is not in the log at the place it is said to be.")
    return index, checkpoint


def index_of(data: bytes) -> int:
    """Give the place a proof speaks of, before anything is verified: to find the line by.

    Raises WireError `too_large` or `malformed`.
    """
    return int(_body(data)[1])


def _body(data: bytes) -> re.Match[bytes]:
    if len(data) > limits.NOTE:
        raise WireError("too_large", f"A proof may hold {limits.NOTE} bytes.")
    body = _BODY.match(data, len(_HEADING))
    if not data.startswith(_HEADING) or not body:
        raise WireError("malformed", "This is not a proof of a line in a log.")
    return body
