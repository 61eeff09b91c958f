"""EDID: the 128 bytes (and extension blocks) in which a screen says who made it, and when.

Traps: a screen of a laptop names no model but leaves free text instead; week 255 means that the
year is a model's, not a screen's; week 0 means nothing; a serial number of 0 or 0x01010101 is no
number; Acer, Samsung, BenQ and LG print on the case what stands here in two places, so all forms a
sticker may show are given. Read from the kernel (`/sys/class/drm/*/edid`, empty where no screen is
plugged in) and from Windows' registry.
"""

import re
from typing import Final

import msgspec

from checks.formats.errors import ParseError

_PAIRS: Final = re.compile(rb"00\s*(?:[fF]{2}\s*){6}00\s*(?:[0-9A-Fa-f]{2}\s*)*")
_AROUND: Final = re.compile(rb"0[xX]|[<>,;]")
"""What tools write around bytes: `0x00, 0xff`, `<00ff…>`."""
_TEXT_LONGEST: Final = 1 << 14
_MAGIC: Final = b"\x00\xff\xff\xff\xff\xff\xff\x00"
_BLOCK: Final = 128
_NAME, _TEXT, _SERIAL = 0xFC, 0xFE, 0xFF
_NO_NUMBER: Final = (0, 0x01010101)
_LG: Final = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""In which LG counts thousands, without the letters that look like digits."""
_PLAIN: Final = frozenset(range(0x20, 0x7F))

MAKERS: Final[dict[str, str]] = {
    "ACI": "Asus",
    "ACR": "Acer",
    "AIC": "AG Neovo",
    "AOC": "AOC",
    "APP": "Apple",
    "AUO": "AU Optronics",
    "AUS": "Asus",
    "BNQ": "BenQ",
    "BOE": "BOE",
    "CMN": "Chimei Innolux",
    "CMO": "Chi Mei Optoelectronics",
    "CPQ": "Compaq",
    "CTX": "CTX",
    "DEL": "Dell",
    "DON": "Denon",
    "ELO": "Elo TouchSystems",
    "ENC": "Eizo",
    "EPI": "Envision",
    "FUS": "Fujitsu Siemens",
    "GSM": "LG (Goldstar)",
    "HEC": "Hisense",
    "HIT": "Hitachi",
    "HPN": "HP",
    "HSD": "HannStar",
    "HWP": "Hewlett Packard",
    "IBM": "IBM",
    "INL": "InnoLux",
    "INO": "Innolab",
    "IQT": "ImageQuest",
    "IVM": "Iiyama",
    "LEN": "Lenovo",
    "LGD": "LG Display",
    "LPL": "LG Philips",
    "MED": "Messeltronik Dresden",
    "MEI": "Panasonic",
    "MEL": "Mitsubishi",
    "MSI": "MSI",
    "NEC": "NEC",
    "NOK": "Nokia",
    "NVD": "NVIDIA",
    "ONK": "Onkyo",
    "OPT": "Optoma",
    "PHL": "Philips",
    "PIO": "Pioneer",
    "PNR": "Planar",
    "PRM": "Promethean",
    "PTS": "Plain Tree Systems",
    "QDS": "Quanta Display",
    "SAM": "Samsung",
    "SDC": "Samsung Display",
    "SEC": "Seiko Epson",
    "SHP": "Sharp",
    "SMT": "Smart Technologies",
    "SNY": "Sony",
    "TOS": "Toshiba",
    "TSB": "Toshiba",
    "VIZ": "Vizio",
    "VSC": "ViewSonic",
}
"""Makers a school meets, by the three letters they registered; others stay letters."""


class Screen(msgspec.Struct, frozen=True):
    """What a screen says of itself. None: it does not say."""

    version: str
    maker_id: str
    maker: str | None
    product_code: int
    name: str | None
    """The model; where no model is named (laptops), the free texts."""
    texts: list[str]
    serial: str
    """As it stands on the sticker, as far as known; eight hexadecimal digits if only a number."""
    serials: list[str]
    """Every form a sticker may show, `serial` first."""
    serial_number: int | None
    made_week: int | None
    made_year: int
    year_is_model: bool
    width_cm: int | None
    height_cm: int | None
    digital: bool
    extensions: int
    intact: bool
    """Whether the checksum of the first block fits."""


def parse(data: bytes) -> Screen:
    """Read the first block, raw or as hexadecimal text; raises ParseError."""
    block = _raw(data)
    if len(block) < _BLOCK or not block.startswith(_MAGIC):
        raise ParseError("EDID: no block that begins as one")
    number = int.from_bytes(block[12:16], "little")
    texts = _descriptors(block)
    serial_text = next(iter(texts.get(_SERIAL, [])), None)
    free = texts.get(_TEXT, [])
    maker = _maker(block[8:10])
    serials = _serials(maker, serial_text, number)
    week = block[16]
    return Screen(
        version=f"{block[18]}.{block[19]}",
        maker_id=maker,
        maker=MAKERS.get(maker),
        product_code=int.from_bytes(block[10:12], "little"),
        name=" ".join(texts.get(_NAME, []) or free) or None,
        texts=free,
        serial=serials[0],
        serials=serials,
        serial_number=None if number in _NO_NUMBER else number,
        made_week=week if 1 <= week <= 54 else None,
        made_year=1990 + block[17],
        year_is_model=week == 0xFF,
        width_cm=block[21] or None,
        height_cm=block[22] or None,
        digital=bool(block[20] & 0x80),
        extensions=block[126],
        intact=sum(block[:_BLOCK]) % 256 == 0,
    )


def _raw(data: bytes) -> bytes:
    """The bytes themselves; tools also print them as pairs of hexadecimal digits."""
    if data.startswith(_MAGIC):
        return data
    pairs = _PAIRS.search(_AROUND.sub(b"", data[:_TEXT_LONGEST]))
    return b"" if pairs is None else bytes.fromhex(pairs[0].decode("ascii"))


def _maker(two: bytes) -> str:
    """Three letters in five bits each, A is 1."""
    packed = int.from_bytes(two, "big")
    return "".join(chr(0x40 + (packed >> shift & 31)) for shift in (10, 5, 0))


def _descriptors(block: bytes) -> dict[int, list[str]]:
    """Texts of the four descriptors, by kind; empty ones are left out."""
    found: dict[int, list[str]] = {}
    for at in range(54, 126, 18):
        body = block[at : at + 18]
        if body[:3] == b"\0\0\0" and body[3] in (_NAME, _TEXT, _SERIAL):
            text = _text(body[5:])
            if text.strip():
                found.setdefault(body[3], []).append(text)
    return found


def _text(body: bytes) -> str:
    """Up to the line feed, without its padding; bytes that are no letters are left out."""
    line = body.split(b"\n", 1)[0].split(b"\0", 1)[0]
    return bytes(one for one in line if one in _PLAIN).decode("ascii").rstrip()


def _serials(maker: str, text: str | None, number: int) -> list[str]:
    """All forms, likeliest first; never empty."""
    plain, decimal = f"{number:08x}", str(number)
    if number in _NO_NUMBER:
        return [text] if text and text.strip("0 ") else [plain]
    if text is None or text.strip("0 ") == "":
        numbers = {"PHL": f"{number:06d}", "ENC": decimal}
        forms = [numbers[maker], plain] if maker in numbers else [plain]
    else:
        forms = [*_joined(maker, text, number), plain]
    if maker == "GSM" and number // 1000 < len(_LG) ** 2:
        high, low = divmod(number, 1000)
        forms.append(f"{_LG[high // len(_LG)]}{_LG[high % len(_LG)]}{low:03d}")
    return list(dict.fromkeys([*forms, decimal]))


def _joined(maker: str, text: str, number: int) -> list[str]:
    """The text, and what makers print that join it with the number beside it."""
    word = number.to_bytes(4, "big")
    if maker == "ACR" and len(text) >= 10:
        # The sticker has eight characters, the number in hexadecimal, and the rest.
        joined = f"{text[:8]}{number:08x}{text[8:]}"
        return [joined, text] if len(text) == 12 else [text, joined]
    if maker == "SAM" and word.isalnum():
        forms = [f"{word.decode('ascii')}{text}", f"{word[::-1].decode('ascii')}{text}"]
        return [forms[0], text, forms[1]] if word.isalpha() else [text, *forms]
    letters = word[::-1].rstrip(b"\0")
    if maker == "BNQ" and letters.isalpha() and letters.isupper():
        return [f"{letters.decode('ascii')}{text}", text]
    return [text]
