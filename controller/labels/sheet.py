"""What a sheet of labels says and where: pure; `sheet.typ` draws it.

The code beside the words is a QR code of the address that opens the entry's own page. Its level of
repair is the highest whose modules are still large enough for an old phone's camera at arm's
length; around it are the four modules of quiet that the standard asks for, inside the label.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import segno

from controller.labels.papers import Paper
from inventory.labels import codes

TEMPLATE: Final = Path(__file__).with_name("sheet.typ")
EDGE: Final = 1.5
"""Millimetres at each edge of a label that stay empty: sheets are cut, and fed, that exactly."""
WIDEST: Final = 0.5
"""Of a label's width, at most, for the QR code."""
QUIET: Final = 4
GOOD_MODULE: Final = 0.42
"""Millimetres: with modules this wide a higher level of repair is worth having."""
LEAST_MODULE: Final = 0.33
"""Millimetres: below it, four dots of a 300 dpi printer, phones fail."""
_LEVELS: Final = ("Q", "M", "L")
_MASK: Final = 3
"""Comparing all eight takes seven times as long, seconds for a class set, and what is coded here is
as good as random under any of them."""


class SmallError(Exception):
    """The label is too small for a code that phones can read."""

    def __init__(self) -> None:
        """Says what to do."""
        super().__init__("These labels are too small for a code. Choose a larger paper.")


class Label(msgspec.Struct, frozen=True):
    """One label; every string may be shown as it is. `code` as it is kept."""

    code: str
    tag: str
    name: str = ""
    serial: str = ""


class Options(msgspec.Struct, frozen=True):
    """How to print. `start`: the first free label of a used sheet, from 1; `outline`: draw the
    edges of the labels, for a trial on plain paper; `address`: what the QR codes begin with."""

    address: str
    school: str
    start: int = 1
    outline: bool = False
    serials: bool = False
    names: bool = True


def address_of(base: str, code: str) -> str:
    """The page a label opens."""
    return f"{base}/l/{code}/"


def document(paper: Paper, labels: Sequence[Label], options: Options) -> dict[str, Any]:
    """Everything `sheet.typ` needs. Raises SmallError."""
    start = 0 if paper.roll else max(0, min(options.start, paper.on_page) - 1)
    side = qr_side(paper)
    level = level_for(address_of(options.address, "0" * codes.LENGTH), side)
    pages: list[list[dict[str, Any]]] = []
    for place, label in enumerate(labels, start):
        sheet, on_sheet = divmod(place, paper.on_page)
        if sheet == len(pages):
            pages.append([])
        pages[sheet].append(_placed(paper, label, on_sheet, options, level))
    return {
        "title": f"Labels, {options.school}",
        "page": paper.page,
        "label": paper.label,
        "edge": EDGE,
        "qr": side,
        "school": options.school,
        "outline": options.outline,
        "pages": pages,
    }


def qr_side(paper: Paper) -> float:
    """Width of the code with its quiet zone, in millimetres."""
    width, height = paper.label
    return min(height - 2 * EDGE, WIDEST * width, 30.0)


def level_for(text: str, side: float) -> str:
    """The level of repair for codes as long as this one. Raises SmallError."""
    best, widest = "", 0.0
    for level in _LEVELS:
        module = side / _made(text, level).symbol_size(border=QUIET)[0]
        if module >= LEAST_MODULE and (not best or widest < GOOD_MODULE <= module):
            best, widest = level, module
    if not best:
        raise SmallError
    return best


def _made(text: str, level: str) -> segno.QRCode:
    return segno.make_qr(text, error=level.lower(), mask=_MASK, boost_error=False)


def _placed(paper: Paper, label: Label, place: int, options: Options, level: str) -> dict[str, Any]:
    x, y = paper.corner(place)
    made = _made(address_of(options.address, label.code), level)
    return {
        "x": x,
        "y": y,
        "svg": made.svg_inline(border=QUIET, omitsize=True),
        "tag": label.tag,
        "name": label.name if options.names else "",
        "serial": label.serial if options.serials else "",
        "code": codes.said(label.code),
    }
