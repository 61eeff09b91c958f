"""What a file is, by what is in it and never by its name (O36).

Taken are a PDF, a picture, a Word or Excel file without macros, and plain text. Everything else is
refused in one sentence that says so.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

import msgspec

from checks.words import clean
from inventory.assets.errors import RegisterError
from inventory.documents import pictures

MOST_BYTES: Final = 10 * 1024 * 1024
"""Of one file: a scanned contract of fifty pages, or what a telephone's camera makes."""
LONGEST_NAME: Final = 120
PDF: Final = "application/pdf"
TEXT: Final = "text/plain"
CSV: Final = "text/csv"
WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS: Final[Mapping[str, str]] = {
    PDF: ".pdf",
    TEXT: ".txt",
    CSV: ".csv",
    WORD: ".docx",
    EXCEL: ".xlsx",
    pictures.JPEG: ".jpg",
    pictures.PNG: ".png",
}
TAKEN: Final = (
    "Taken are photographs (JPEG, PNG, WebP), PDF, Word and Excel files without macros, CSV and "
    "plain text."
)
NAMELESS: Final[Mapping[str, str]] = {
    "photo": "Photograph",
    "document": "Paper",
    "signature": "Signature",
}
KINDS: Final = tuple(NAMELESS)

_ZIP_FILES: Final = 5_000
_PACKED: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""What Word and Excel write. Python unpacks the other kinds whole, whatever it is told to stop at:
a kilobyte of them may be gigabytes."""
_TYPES: Final = "[Content_Types].xml"
_TYPES_BYTES: Final = 1_000_000
_END: Final = 2_048
"""Of a PDF, from its end: where its last line must stand."""
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_NO_PROSE: Final = ("<", "{\\rtf", "#!", "%!PS", "%PDF")
"""How a page of the web, a picture in words, a letter of a word processor or a program begins."""


class Content(msgspec.Struct, frozen=True):
    """A file as it is kept: a picture is made anew, anything else stays as it came."""

    data: bytes
    media_type: str


def recognised(kind: str, data: bytes) -> Content:
    """What a file is. `kind`: one of KINDS. Raises RegisterError with what to do instead."""
    if kind not in KINDS:
        raise RegisterError("bad_value", "It is a photograph, a paper or a signature.", "kind")
    if not data:
        raise _refused("The file is empty.")
    if len(data) > MOST_BYTES:
        raise _refused(f"A file may have {MOST_BYTES >> 20} MB at most; this one is larger.")
    if kind == "signature":
        return _signature(data)
    if pictures.is_picture(data):
        return Content(pictures.photograph(data), pictures.JPEG)
    if pictures.is_iphones_own(data):
        raise _refused(
            "This is an iPhone’s own kind of picture (HEIC). Choose Settings, Camera, Formats, "
            "Most Compatible there, or send it as JPEG."
        )
    if kind == "photo":
        raise _refused("This is no picture. A photograph is a JPEG, PNG or WebP file.")
    media_type = _paper(data)
    if not media_type:
        raise _refused(f"This file is something else. {TAKEN}")
    return Content(data, media_type)


def named(kind: str, name: str, media_type: str) -> tuple[str, str]:
    """What a file is called, and its media type: a name chooses only between plain text and CSV.

    The ending follows the content, so what looks like a picture in a list of files is one.
    """
    last = re.split(r"[/\\]", name)[-1]
    stem, dot, ending = last.rpartition(".")
    known = dot and len(ending) <= 5
    if media_type == TEXT and kind == "document" and ending.casefold() == "csv":
        media_type = CSV
    tail = ENDINGS[media_type]
    plain = clean(stem if known else last, LONGEST_NAME - len(tail)).strip(". ")
    return (plain or NAMELESS[kind]) + tail, media_type


def _signature(data: bytes) -> Content:
    """As `signatures` makes them: a drawing or a typed name."""
    if pictures.is_png(data):
        return Content(data, pictures.PNG)
    if len(data) < _END and _is_text(data):
        return Content(data, TEXT)
    raise _refused("This is no signature.")


def _paper(data: bytes) -> str:
    if data.startswith(b"%PDF-"):
        whole = b"%%EOF" in data[-_END:] and b"startxref" in data[-_END:]
        if not whole:
            raise _refused("This PDF is cut off. Save it again, then add it.")
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    return TEXT if _is_text(data) else ""


def _office(data: bytes) -> str:
    """Word or Excel, by the parts in it; only the list of parts is ever unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            names = box.namelist()
            if len(names) > _ZIP_FILES or _TYPES not in names:
                return ""
            if any(part.compress_type not in _PACKED for part in box.infolist()):
                return ""
            with box.open(_TYPES) as file:
                types = file.read(_TYPES_BYTES)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError):
        return ""
    except RuntimeError:  # what zipfile raises for a part that needs a password
        return ""
    if b"macroEnabled" in types or any(name.endswith("vbaProject.bin") for name in names):
        raise _refused(f"This file holds macros. Save it without them, then add it. {TAKEN}")
    kinds = {"word/document.xml": WORD, "xl/workbook.xml": EXCEL}
    return next((kind for part, kind in kinds.items() if part in names), "")


def _is_text(data: bytes) -> bool:
    text = _decoded(data)
    if text is None or _UNPRINTABLE.search(text):
        return False
    return bool(text.strip()) and not text.lstrip().startswith(_NO_PROSE)


def _decoded(data: bytes) -> str | None:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _refused(sentence: str) -> RegisterError:
    return RegisterError("bad_file", sentence, "file")
