"""A signed envelope in half its size for the way: the same envelope, byte for byte, at the other
end.

gzip makes little of an envelope, because base64 hides the text from it. But an envelope has one
spelling, so it can be taken apart and written again: `0x01`, the 32 bytes of the key id's hash, the
64 bytes of the signature, then type, newline and payload in raw deflate with a preset dictionary.
Digests, signatures and everything stored are of the envelope; a frame is only how it travels, as
`application/vnd.caretaker.dsse+packed`. A receiver takes plain envelopes as well.

Traps: the dictionary is part of version 1 for ever; a better one is version 2. Different frames may
unpack to one envelope, so nothing may be concluded from a frame's own bytes.
"""

import base64
import re
import zlib
from typing import Final

from wire import dsse, limits
from wire.errors import WireError

VERSION: Final = b"\x01"
_KEY: Final = 32
_SIGNATURE: Final = 64
_KIND: Final = re.compile(rb"[!-~]{1,100}")
HEAD: Final = len(VERSION) + _KEY + _SIGNATURE
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


def pack(envelope: bytes) -> bytes:
    """Write `envelope` as a frame; raises the WireError that `dsse.parse` would."""
    parsed = dsse.parse(envelope)
    packer = zlib.compressobj(
        9, zlib.DEFLATED, -zlib.MAX_WBITS, 9, zlib.Z_DEFAULT_STRATEGY, DICTIONARY
    )
    text = parsed.payload_type.encode() + b"\n" + parsed.payload
    key = base64.b64decode(parsed.keyid.removeprefix("SHA256:") + "=")
    return VERSION + key + parsed.sig + packer.compress(text) + packer.flush()


def unpack(frame: bytes) -> bytes:
    """Give the envelope that was packed, still unverified; raises WireError as `parse`."""
    return dsse.write(parse(frame))


def parse(frame: bytes) -> dsse.Parsed:
    """Take a frame apart, as `dsse.parse` would the envelope in it; raises WireError `too_large`,
    `malformed` or `schema`."""
    if len(frame) > limits.BODY_COMPRESSED:
        raise WireError("too_large", f"A packed envelope may hold {limits.BODY_COMPRESSED} bytes.")
    if frame[: len(VERSION)] != VERSION or len(frame) <= HEAD:
        raise WireError("malformed", "This is not a packed envelope of a known version.")
    kind, newline, payload = _inflated(frame[HEAD:]).partition(b"\n")
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
    key = frame[len(VERSION) : len(VERSION) + _KEY]
    return "SHA256:" + base64.b64encode(key).decode().rstrip("=")


def signature(frame: bytes) -> bytes:
    """Its 64 bytes, likewise."""
    return frame[HEAD - _SIGNATURE : HEAD]


def _inflated(data: bytes) -> bytes:
    """Inflate one whole raw stream, never past the largest payload and its type."""
    limit = limits.PAYLOAD + limits.STRING
    inflater = zlib.decompressobj(-zlib.MAX_WBITS, DICTIONARY)
    try:
        out = inflater.decompress(data, limit + 1)
    except zlib.error:
        raise WireError("malformed", "The packed envelope is damaged.") from None
    if len(out) > limit:
        raise WireError("too_large", f"A signed payload may hold {limits.PAYLOAD} bytes.")
    if not inflater.eof or inflater.unused_data:
        raise WireError("malformed", "The packed envelope ends too early or too late.")
    return out
