"""A signed envelope in less than half its size for the way: the same envelope, byte for byte, at
the other end.

gzip makes little of an envelope, because base64 hides the text from it. But an envelope has one
spelling, so it can be taken apart and written again: a byte for the version, the 32 bytes of the
key id's hash, the 64 bytes of the signature, then type, newline and payload in raw deflate with a
preset dictionary. In version 1 that is the text itself; in version 2 its values are lifted out
(`wire.lifting`) and follow behind. Digests, signatures and everything stored are of the envelope; a
frame is only how it travels, as `application/vnd.caretaker.dsse+packed`. A receiver takes plain
envelopes and every version; a sender uses none that the receiver has not said it takes.

Traps: each dictionary is part of its version for ever; a better one is the next version. Different
frames may unpack to one envelope, so nothing may be concluded from a frame's own bytes.
"""

import base64
import re
import zlib
from typing import Final

from wire import dictionary, dsse, lifting, limits
from wire.errors import WireError

FIRST: Final = 1
NEWEST: Final = 2
"""Versions that `parse` takes."""
_VERSION: Final = 1
_KEY: Final = 32
_SIGNATURE: Final = 64
_KIND: Final = re.compile(rb"[!-~]{1,100}")
HEAD: Final = _VERSION + _KEY + _SIGNATURE
"""Bytes before the deflated part."""

# The fixed parts of a report, the most usual last: deflate reaches back most cheaply to the end.
DICTIONARY: Final = (
    b'"},{"check":"","says":"","severity":"critical","status":"not-applicable"},{"check":"","says":"'
    b'","severity":"low","status":"warn"},{"check":"","says":"","severity":"medium","status":"unknown'
    b'"},{"check":"","says":"","severity":"high","status":"fail"},{"check":"","says":"","severity":"'
    b'high","status":"pass"}],"sections":[{"schema":1,"section":"","sha256":"sha256:","size":'
    b'},{"schema":1,"section":"hardware","sha256":"sha256:","size":1'
    b'},"tool-missing\\"},\\"timeout\\"},\\"unsupported\\"},\\"deferred\\"},{\\"unseen\\":\\"denied\\"}'
    b',\\"name\\":\\"\\",\\"kind\\":\\"\\",\\"count\\":0,\\"bytes\\":[{\\"locked\\":true,\\"user\\":'
    b'\\"free_bytes\\":,\\"size_bytes\\":,\\"seen_seconds\\":,\\"idle_seconds\\":,\\"updated_at\\":17,\\'
    b'":null,\\":false,\\":true,\\":[],\\":\\"/dev/sda'
    b'report.v1+json\n{"agent":"0.1.0","binding":"sha256:","boot":"-4","content":{"catalogue":"sha256:'
    b'","policy":"sha256:","results":[{"check":"","content":"sha256:","created_at":17'
    b',"device":"dev_01","echo":"","nonce":"","now":[],"now":[{"body":"{\\"'
    b'}","schema":1,"section":"_now"},{"body":"{\\"'
    b'}","schema":1,"section":"operating_system_now"}],"prev":"sha256:'
    b'","roots":"","seen":null,"seq":1'
    b'","roots":"","seen":{"root":"sha256:","size":1},"seq":1,"uptime_seconds":1,"v":1}'
    b"application/vnd.caretaker.report.v1+json\n"
)


_DICTIONARIES: Final = {FIRST: DICTIONARY, NEWEST: dictionary.SECOND}


def pack(envelope: bytes, version: int = NEWEST) -> bytes:
    """Write `envelope` as a frame of a `version` that its receiver takes; as one of the first where
    that one cannot carry it. Raises the WireError that `dsse.parse` would."""
    parsed = dsse.parse(envelope)
    text = parsed.payload_type.encode() + b"\n" + parsed.payload
    lifted = lifting.lift(text) if version >= NEWEST else None
    version = FIRST if lifted is None else NEWEST
    text, values = lifted or (text, b"")
    packer = zlib.compressobj(
        9, zlib.DEFLATED, -zlib.MAX_WBITS, 9, zlib.Z_DEFAULT_STRATEGY, _DICTIONARIES[version]
    )
    key = base64.b64decode(parsed.keyid.removeprefix("SHA256:") + "=")
    body = packer.compress(text) + packer.flush() + values
    return bytes([version]) + key + parsed.sig + body


def unpack(frame: bytes) -> bytes:
    """Give the envelope that was packed, still unverified; raises WireError as `parse`."""
    return dsse.write(parse(frame))


def parse(frame: bytes) -> dsse.Parsed:
    """Take a frame apart, as `dsse.parse` would the envelope in it; raises WireError `too_large`,
    `malformed` or `schema`."""
    if len(frame) > limits.BODY_COMPRESSED:
        raise WireError("too_large", f"A packed envelope may hold {limits.BODY_COMPRESSED} bytes.")
    if len(frame) <= HEAD or frame[0] not in _DICTIONARIES:
        raise WireError("malformed", "This is not a packed envelope of a known version.")
    kind, newline, payload = text_of(frame[HEAD:], frame[0]).partition(b"\n")
    if not newline:
        raise WireError("malformed", "The packed envelope does not name its type.")
    if not _KIND.fullmatch(kind):
        raise WireError("schema", "The packed envelope does not name a type of message.")
    if len(payload) > limits.PAYLOAD:
        raise WireError("too_large", f"A signed payload may hold {limits.PAYLOAD} bytes.")
    return dsse.Parsed(
        payload=payload,
        payload_type=kind.decode("ascii"),
        keyid=key_id(frame),
        sig=signature(frame),
    )


def key_id(frame: bytes) -> str:
    """The key that a frame names, if it is one: it was not looked at."""
    key = frame[_VERSION : _VERSION + _KEY]
    return "SHA256:" + base64.b64encode(key).decode().rstrip("=")


def signature(frame: bytes) -> bytes:
    """Its 64 bytes, likewise."""
    return frame[HEAD - _SIGNATURE : HEAD]


def text_of(body: bytes, version: int) -> bytes:
    """Type, newline and payload from what stands behind the head of a frame; raises WireError.

    Never more than the largest payload and its type are inflated, and what is lifted out adds at
    most twice the frame's own length.
    """
    limit = limits.PAYLOAD + limits.STRING
    inflater = zlib.decompressobj(-zlib.MAX_WBITS, _DICTIONARIES[version])
    try:
        out = inflater.decompress(body, limit + 1)
    except zlib.error:
        raise WireError("malformed", "The packed envelope is damaged.") from None
    if len(out) > limit:
        raise WireError("too_large", f"A signed payload may hold {limits.PAYLOAD} bytes.")
    if not inflater.eof or (version == FIRST and inflater.unused_data):
        raise WireError("malformed", "The packed envelope ends too early or too late.")
    return out if version == FIRST else lifting.lower(out, inflater.unused_data)
