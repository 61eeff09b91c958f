"""Photographs: what they really are, upright, smaller, and without where they were taken.

A picture is always made anew from its points. What a camera wrote beside them (place, time, owner,
thumbnails) and whatever somebody hid in the file stays behind.
"""

import io
import struct
import threading
import zlib
from typing import Final

from PIL import Image, ImageOps

from inventory.assets.errors import RegisterError

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
MOST_POINTS: Final = 50_000_000
"""What is unpacked at all: every telephone's usual photograph, and 150 MB of memory at most."""
LONGEST_SIDE: Final = 2_000
"""Enough to read a serial number in a photograph of a whole computer."""
THUMBNAIL_SIDE: Final = 240
QUALITY: Final = 85
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_PNG: Final = b"\x89PNG\r\n\x1a\n"
BROKEN: Final = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, OverflowError),
    *(struct.error, zlib.error, MemoryError, AttributeError, AssertionError),
    *(Image.DecompressionBombError, Image.DecompressionBombWarning),
)
"""What Pillow's readers raise for files that are not whole."""
_one_at_a_time: Final = threading.Lock()
"""Thirty people may send a picture at once; their points are unpacked one after the other."""


def is_png(data: bytes) -> bool:
    """Whether a file begins like a PNG picture."""
    return data.startswith(_PNG)


def is_picture(data: bytes) -> bool:
    """Whether a file begins like one of the pictures that are taken."""
    webp = data.startswith(b"RIFF") and data[8:12] == b"WEBP"
    return data.startswith(b"\xff\xd8\xff") or is_png(data) or webp


def is_iphones_own(data: bytes) -> bool:
    """HEIC, which no browser but Safari shows."""
    return data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"hevc", b"msf1")


def photograph(data: bytes) -> bytes:
    """A picture as a JPEG to keep. Raises RegisterError for one that is damaged or too large."""
    return _made(data, LONGEST_SIDE)


def thumbnail(data: bytes) -> bytes:
    """A small JPEG of a picture that is kept."""
    return _made(data, THUMBNAIL_SIDE)


def _made(data: bytes, side: int) -> bytes:
    try:
        with _one_at_a_time, Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            if picture.width * picture.height > MOST_POINTS:
                raise RegisterError(
                    "bad_file",
                    f"This picture has more than {MOST_POINTS // 1_000_000} megapixels. "
                    "Make it smaller, then add it.",
                    "file",
                )
            picture.draft("RGB", (side, side))  # a JPEG is unpacked no larger than it is needed
            turned = ImageOps.exif_transpose(picture)
            turned.thumbnail((side, side))
            flat = _flat(turned)
            out = io.BytesIO()
            flat.save(out, "JPEG", quality=QUALITY, optimize=True)
    except BROKEN as error:
        sentence = "This picture is damaged. Take it again, or save it anew, then add it."
        raise RegisterError("bad_file", sentence, "file") from error
    return out.getvalue()


def _flat(picture: Image.Image) -> Image.Image:
    """Without see-through parts, and without anything beside the points."""
    if "A" in picture.getbands() or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        flat = Image.new("RGB", clear.size, "white")
        flat.paste(clear, mask=clear.getchannel("A"))
        return flat
    flat = picture.convert("RGB")
    flat.info.clear()
    return flat
