"""gzip for bodies on the way: small going out, bounded coming in (trust T10).

gzip and not zstd: on reports it is smaller, and one zstd binding ignored its own output limit
(trust §1).
"""

import zlib

from wire import limits
from wire.errors import WireError

_GZIP = 16 + zlib.MAX_WBITS


def gzip_bytes(data: bytes) -> bytes:
    """Compress `data` as one gzip member without name or time: the same bytes give the same
    bytes.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, _GZIP)
    return packer.compress(data) + packer.flush()


def gunzip_limited(data: bytes, limit: int) -> bytes:
    """Inflate exactly one gzip member of at most `limit` bytes; nothing may follow it.

    Inflating stops at the limit, so a bomb costs what an honest body of that size costs. Members
    after the first are refused: a reader that stops at one and a reader that joins them would see
    two bodies. Raises WireError `too_large` or `malformed`.
    """
    if len(data) > limits.BODY_COMPRESSED:
        raise WireError("too_large", f"A compressed body may hold {limits.BODY_COMPRESSED} bytes.")
    inflater = zlib.decompressobj(_GZIP)
    try:
        out = inflater.decompress(data, limit + 1)
    except zlib.error:
        raise WireError("malformed", "The body is not the gzip stream it says it is.") from None
    if len(out) > limit:
        raise WireError("too_large", f"The body is larger than {limit} bytes when unpacked.")
    if not inflater.eof:
        raise WireError("malformed", "The gzip stream ends before its end.")
    if inflater.unused_data:
        raise WireError("malformed", "Bytes follow the end of the gzip stream.")
    return out
