"""An envelope as it is kept: signature and compressed payload, about a third of its JSON.

Nothing is lost: an envelope has one spelling (see `wire.dsse`), so the exact bytes that were signed
and digested are rebuilt from these two and the device's key.

Two forms follow the signature. `0x01` and raw deflate with the dictionary of `wire.frame`, which is
fixed for ever; or, from before, a zlib stream, which begins with `0x78`.
"""

import base64
import zlib
from typing import Final

from wire import canonical, dsse, frame, keys

LEVEL: Final = 3
"""Half the time of 9, and on reports 6 % larger at most."""
_MEMORY: Final = 8
"""Not 9: its buffers come from the system each time, which costs 100 µs a report."""
_SIGNATURE: Final = 64
_WITH_DICTIONARY: Final = b"\x01"


def pack(parsed: dsse.Parsed) -> bytes:
    """64 bytes of signature, then the payload, compressed."""
    packer = zlib.compressobj(
        LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS, _MEMORY, zlib.Z_DEFAULT_STRATEGY, frame.DICTIONARY
    )
    return parsed.sig + _WITH_DICTIONARY + packer.compress(parsed.payload) + packer.flush()


def payload(packed: bytes) -> bytes:
    """The signed payload."""
    body = packed[_SIGNATURE:]
    if body.startswith(_WITH_DICTIONARY):
        inflater = zlib.decompressobj(-zlib.MAX_WBITS, frame.DICTIONARY)
        return inflater.decompress(body[1:]) + inflater.flush()
    return zlib.decompress(body)


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
