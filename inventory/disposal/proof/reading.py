"""What a file of evidence is, by its content, and what it claims of each drive (disposal §2.5)."""

import re
from collections.abc import Callable
from typing import Final

import msgspec

from checks.formats import blancco_xml, hdparm, nvme_sanitize_log, nwipe_log, nwipe_pdf
from checks.formats.errors import ParseError
from inventory.disposal.proof import blancco, certificates, drives, nwipe, nwipe_report
from inventory.disposal.proof.claims import Claim, Source

VERSION: Final = "1"
"""Of all readers here; raised when what they make of a file changes, so that a claim that is kept
says by which it was read."""
LARGEST: Final = 10 << 20


class Reading(msgspec.Struct, frozen=True):
    """A file that was understood. `claims` may be empty: then it says nothing of any drive."""

    format: Source
    version: str
    claims: list[Claim]


class Unreadable(msgspec.Struct, frozen=True):
    """A file that nobody here can read; it may be kept and its result entered by hand."""

    sentence: str


def read(data: bytes) -> Reading | Unreadable:
    """Read a file; its name does not matter."""
    if len(data) > LARGEST:
        return Unreadable(f"This file is larger than {LARGEST >> 20} MB.")
    for source, looks, reader in READERS:
        if not looks(data):
            continue
        try:
            return Reading(source, VERSION, reader(data))
        except ParseError as error:
            return Unreadable(f"This looks like {source}, but cannot be read: {error}.")
    return Unreadable(
        "This is no report that we can read. Keep it as a paper and enter its result by hand, with "
        "the reason."
    )


def _nwipe_log(data: bytes) -> list[Claim]:
    return nwipe.claims(nwipe_log.parse(data), nwipe_log.lines(data))


def _is_nwipe_log(data: bytes) -> bool:
    head = _head(data)
    return b"Program options are set as follows..." in head or b"  notice: Found /dev/" in head


def _nwipe_pdf(data: bytes) -> list[Claim]:
    return nwipe_report.claims(nwipe_pdf.parse(data))


def _is_nwipe_pdf(data: bytes) -> bool:
    return data.startswith(b"%PDF-") and b"martijnvanbrummelen/nwipe" in data[:4_096]


def _blancco(data: bytes) -> list[Claim]:
    return blancco.claims(blancco_xml.parse(data))


def _is_blancco(data: bytes) -> bool:
    head = _head(data).lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and b"blancco" in data.lower().replace(b"\0", b"")


def _sanitize_log(data: bytes) -> list[Claim]:
    return drives.sanitize_claims(nvme_sanitize_log.parse(data), _lines(data))


def _is_sanitize_log(data: bytes) -> bool:
    head = _head(data)
    return b"(SPROG)" in head or (head.lstrip()[:1] == b"{" and b'"sprog"' in head)


def _hdparm(data: bytes) -> list[Claim]:
    return drives.hdparm_claims(hdparm.parse(data), _lines(data))


def _is_hdparm(data: bytes) -> bool:
    head = _head(data)
    words = (b"SECURITY ERASE UNIT", b"ATA device, with", b"Sanitize status:", b"max sectors")
    return any(word in head for word in words)


def _is_list(data: bytes) -> bool:
    """A first line with a column for serial numbers and one for results."""
    try:
        first = next(iter(_head(data).decode("utf-8-sig", "replace").splitlines()), "")
    except UnicodeDecodeError:
        return False
    cells = [cell.strip(' "') for cell in re.split(r"[,;\t|]", first)]
    return len(cells) > 1 and set(certificates.NEEDED) <= set(certificates.columns(cells))


def _head(data: bytes) -> bytes:
    head = data[: 1 << 16]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace").encode()
    return head


def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8", "replace").splitlines()


_Reader = tuple[Source, Callable[[bytes], bool], Callable[[bytes], list[Claim]]]
READERS: Final[tuple[_Reader, ...]] = (
    ("nwipe-pdf", _is_nwipe_pdf, _nwipe_pdf),
    ("blancco-xml", _is_blancco, _blancco),
    ("nwipe-log", _is_nwipe_log, _nwipe_log),
    ("nvme-sanitize-log", _is_sanitize_log, _sanitize_log),
    ("hdparm-identify", _is_hdparm, _hdparm),
    ("certificate-csv", _is_list, certificates.claims),
)
