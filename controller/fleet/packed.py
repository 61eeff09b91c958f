"""An envelope as it is kept: signature and compressed payload, about a third of its JSON.

Nothing is lost: an envelope has one spelling (see `wire.dsse`), so the exact bytes that were signed
and digested are rebuilt from these two and the device's key.

After the signature comes one of these forms. `0x01` and the payload in raw deflate with the first
dictionary of `wire.frame`, which is fixed for ever; `0x02` and `0x03` and what stands behind the
head of a frame of version 1 and 2 as it came, so that nothing is compressed twice; or, from before,
a zlib stream, which begins with `0x78`.
"""

import base64
import zlib
from typing import Final

from wire import canonical, dsse, frame, keys
from wire.errors import WireError

LEVEL: Final = 3
"""Half the time of 9, and on reports 6 % larger at most."""
_MEMORY: Final = 8
"""Not 9: its buffers come from the system each time, which costs 100 µs a report."""
_SIGNATURE: Final = 64
_WITH_DICTIONARY: Final = b"\x01"
_AS_FRAMED: Final = {frame.FIRST: b"\x02", frame.NEWEST: b"\x03"}
_VERSIONS: Final = {form: version for version, form in _AS_FRAMED.items()}


def pack(parsed: dsse.Parsed) -> bytes:
    """64 bytes of signature, then the payload, compressed."""
    packer = zlib.compressobj(
        LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS, _MEMORY, zlib.Z_DEFAULT_STRATEGY, frame.DICTIONARY
    )
    return parsed.sig + _WITH_DICTIONARY + packer.compress(parsed.payload) + packer.flush()


def as_framed(framed: bytes, payload: bytes) -> bytes:
    """The same of an envelope that came `framed` and holds `payload`; "" where the sender's packing
    would cost the disk more than our own."""
    body = framed[frame.HEAD :]
    if len(body) > len(payload) // 2:
        return b""
    return frame.signature(framed) + _AS_FRAMED[framed[0]] + body


def payload(packed: bytes) -> bytes:
    """The signed payload. Raises zlib.error for what no longer unpacks."""
    form, body = packed[_SIGNATURE : _SIGNATURE + 1], packed[_SIGNATURE + 1 :]
    if version := _VERSIONS.get(form):
        try:
            return frame.text_of(body, version).partition(b"\n")[2]
        except WireError as error:
            raise zlib.error(error.sentence) from error
    if form != _WITH_DICTIONARY:
        return zlib.decompress(packed[_SIGNATURE:])
    inflater = zlib.decompressobj(-zlib.MAX_WBITS, frame.DICTIONARY)
    return inflater.decompress(body) + inflater.flush()


def envelope(packed: bytes, payload_type: str, public: bytes) -> bytes:
    """The exact envelope that was received."""
    return canonical.encode(
        dsse.Envelope(
            payload=base64.b64encode(payload(packed)).decode(),
            payloadType=payload_type,
            signatures=[
                dsse.Signature(
                    keyid=keys.key_id(public),
                    sig=base64.b64encode(packed[:_SIGNATURE]).decode(),
                )
            ],
        )
    )
