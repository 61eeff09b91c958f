"""What kind of file a piece of evidence is: by what is in it, never by its name (O36).

Nothing is made anew: the bytes are the proof (I12). So a picture keeps what its camera wrote beside
it; pages only ever hand it out as a download or through `documents.pictures.thumbnail`.
"""

import io
import json
import re
from collections.abc import Callable, Mapping
from typing import Final
from xml.parsers import expat

from PIL import Image

from checks.words import clean
from inventory.assets.errors import RegisterError
from inventory.disposal.proof import certificates
from inventory.documents import pictures
from inventory.documents.contents import CSV, PDF, TEXT

MOST_BYTES: Final = 20 << 20
"""Of one file: nwipe's PDF of 40 drives, or a telephone's best photograph."""
XML: Final = "application/xml"
JSON: Final = "application/json"
ENDINGS: Final[Mapping[str, str]] = {
    PDF: ".pdf",
    TEXT: ".txt",
    CSV: ".csv",
    XML: ".xml",
    JSON: ".json",
    pictures.PNG: ".png",
    pictures.JPEG: ".jpg",
}
LONGEST_NAME: Final = 120
TAKEN: Final = "Taken are PDF, photographs (JPEG, PNG), logs as plain text, CSV, XML and JSON."
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_END: Final = 2_048
_DEEPEST: Final = 100
_WEB: Final = ("html", "svg", "xsl:stylesheet", "stylesheet", "script")
"""What a browser would run."""


def recognised(data: bytes) -> str:
    """The media type of a file, one of ENDINGS. Raises RegisterError with what to do instead."""
    if not data:
        raise _refused("The file is empty.")
    if len(data) > MOST_BYTES:
        raise _refused(f"A file may have {MOST_BYTES >> 20} MB at most; this one is larger.")
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-_END:] or b"startxref" not in data[-_END:]:
            raise _refused("This PDF is cut off. Save it again, then add it.")
        return PDF
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return _picture(data)
    if pictures.is_iphones_own(data):
        raise _refused("This is an iPhone’s own kind of picture (HEIC). Send it as JPEG.")
    text = _text(data)
    if text is None:
        raise _refused(f"This file is something else. {TAKEN}")
    return _kind_of_text(data, text)


def named(name: str, media_type: str) -> str:
    """What a file is called: as it came, without folders, with the ending of its content."""
    last = re.split(r"[/\\]", name)[-1]
    stem, dot, ending = last.rpartition(".")
    tail = ENDINGS[media_type]
    if ending.casefold() == "log" and media_type == TEXT:
        tail = ".log"
    plain = clean(stem if dot and len(ending) <= 5 else last, LONGEST_NAME - len(tail))
    return (plain.strip(". ") or "Evidence") + tail


def _picture(data: bytes) -> str:
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > pictures.MOST_POINTS:
                raise _refused("This picture is too large. Make it smaller, then add it.")
            found = pictures.PNG if picture.format == "PNG" else pictures.JPEG
            picture.verify()
    except pictures.BROKEN as error:
        raise _refused("This picture is damaged. Take it again, then add it.") from error
    return found


def _kind_of_text(data: bytes, text: str) -> str:
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        return _one_of(XML, _is_xml, data)
    if start.startswith(("{", "[")) and not re.match(r"\[\d{4}/", start):
        return _one_of(JSON, _is_json, data)
    if start.startswith(("{\\rtf", "#!", "%!PS", "MZ")):
        raise _refused(f"This file is something else. {TAKEN}")
    first = start.splitlines()[0] if start else ""
    cells = [cell.strip(' "') for cell in re.split(r"[,;\t|]", first)]
    of_list = len(cells) > 1 and "serial" in certificates.columns(cells)
    return CSV if of_list else TEXT


def _one_of(media_type: str, fits: Callable[[bytes], bool], data: bytes) -> str:
    if not fits(data):
        raise _refused(f"This file is damaged, or something else. {TAKEN}")
    return media_type


def _is_xml(data: bytes) -> bool:
    """Whole, without a document type, and nothing that a browser runs."""
    parser = expat.ParserCreate()
    depth, roots = [0], [""]

    def start(tag: str, _: dict[str, str]) -> None:
        depth[0] += 1
        roots[0] = roots[0] or tag
        if depth[0] > _DEEPEST or tag.casefold().rpartition(":")[2] in _WEB:
            raise ValueError("not evidence")

    def end(_: str) -> None:
        depth[0] -= 1

    def refuse(*_: object) -> None:
        raise ValueError("a document type")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError):
        return False
    return bool(roots[0])


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def _text(data: bytes) -> str | None:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _UNPRINTABLE.search(text) or not text.strip() else text
    return None


def _refused(sentence: str) -> RegisterError:
    return RegisterError("bad_file", sentence, "file")
