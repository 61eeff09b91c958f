"""Files as people send them, good and bad, made when they are asked for."""

import base64
import io
import zipfile

from PIL import Image, ImageDraw

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\nxref\ntrailer<<>>\nstartxref\n9\n%%EOF\n"
GPS = 0x8825
MAKE = 0x010F
ORIENTATION = 0x0112


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (64, 48), colour: str = "teal", **save: object
) -> bytes:
    """A plain picture."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **save)
    return out.getvalue()


def photograph(orientation: int = 6, size: tuple[int, int] = (64, 48)) -> bytes:
    """A JPEG from a telephone that lay on its side: with its maker, place and a word in it."""
    exif = Image.Exif()
    exif[MAKE] = "SecretMaker"
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (53.8, 1.5, 0.0)
    return picture(size=size, exif=exif, comment=b"hidden words")


def office(*parts: str, types: bytes = b"<Types/>", packed: int = zipfile.ZIP_STORED) -> bytes:
    """A ZIP file with these parts, packed in this way."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as box:
        box.writestr("[Content_Types].xml", types)
        for part in parts:
            box.writestr(part, b"x")
    return out.getvalue()


def drawing(
    *lines: tuple[int, int, int, int], size: tuple[int, int] = (600, 200), width: int = 4
) -> str:
    """What the pad sends: strokes on nothing, as a data address."""
    sheet = Image.new("RGBA", size, (0, 0, 0, 0))
    for line in lines:
        ImageDraw.Draw(sheet).line(line, fill=(20, 30, 60, 255), width=width)
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


SIGNED = drawing((40, 150, 200, 40), (200, 40, 360, 150), (360, 150, 560, 60))
