"""What the three listings of `netsh wlan` share: lines of `label : value`, and words for security.

Every label and many values are in the system's language, so a value is known by its form and place,
never by its label. Whether a network is open or personal is a word as well: `security` knows those
of many languages and says `unknown` for any other, by which nobody is judged; a profile's XML says
the same without words.
"""

import re
from typing import Final

from checks.formats import windows_text, windows_words

LONGEST: Final = 1 << 20
"""Bytes of a listing; hundreds of networks are a tenth of it."""

LONGEST_LABEL: Final = 120

MAC: Final = re.compile(r"[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5}")
_PERCENT: Final = re.compile(r"(\d{1,3})\s?%|%\s?(\d{1,3})")
GIGAHERTZ: Final = re.compile(r"(\d{1,2}(?:[.,]\d{1,3})?)\s?GHz", re.IGNORECASE)
NUMBER: Final = re.compile(r"\d{1,6}")
DECIMAL: Final = re.compile(r"\d{1,6}(?:[.,]\d{1,3})?")
RADIO: Final = re.compile(r"802\.11[a-z]{0,2}", re.IGNORECASE)
AKM: Final = re.compile(
    r"akm\s*=\s*((?:[0-9a-f]{2}-){2}[0-9a-f]{2}):([0-9a-f]{1,2})", re.IGNORECASE
)

Pair = tuple[str, str]

_CIPHER: Final = re.compile(r"(?:ccmp|gcmp|tkip|wep|aes|bip)(?:[- ]?(?:\d{2,3}|cmac|gmac))*")
_AKMS: Final = {
    **dict.fromkeys((1, 3, 5), "wpa2-enterprise"),
    **dict.fromkeys((2, 4, 6), "wpa2-psk"),
    **dict.fromkeys((8, 9, 24, 25), "wpa3-sae"),
    **dict.fromkeys((11, 12, 13), "wpa3-enterprise"),
    18: "owe",
}


def text(data: bytes) -> list[str]:
    """The lines. Raises ParseError for more than any listing holds."""
    return windows_text.lines(windows_text.decode(data, LONGEST))


def pair(line: str) -> Pair | None:
    """Label and value of a line; the value keeps every space but the one after the colon."""
    ascii_at, wide_at = line.find(":"), line.find("\uff1a")
    at = min((one for one in (ascii_at, wide_at) if one >= 0), default=-1)
    label = line[: max(at, 0)].strip()
    if not 1 <= len(label) <= LONGEST_LABEL:
        return None
    return label, line[at + 1 :].removeprefix(" ")


def number(value: str) -> int | None:
    """A whole number that is the whole value."""
    return int(value) if NUMBER.fullmatch(value) and value.isascii() else None


def percent(value: str) -> int | None:
    """A share that is the whole value; Turkish and Basque put the sign first."""
    found = _PERCENT.fullmatch(value)
    return None if found is None else int(found[1] or found[2])


def is_cipher(value: str) -> bool:
    """Whether it names a cipher, or none in a language known here: never a key."""
    plain = value.strip().casefold()
    return plain in windows_words.words().wifi.none or _CIPHER.fullmatch(plain) is not None


def security(authentication: str, cipher: str, akm: str = "") -> str:
    """One of the closed set of Wi-Fi security, `unknown` for words nobody here knows.

    `akm` is the key management suite where Windows names it, a number and so no word.
    """
    suite = AKM.search(akm)
    if suite and suite[1].lower() == "00-0f-ac":
        return _AKMS.get(int(suite[2], 16), "unknown")
    said, by = authentication.strip().casefold(), cipher.strip().casefold()
    known = windows_words.words().wifi
    if "wep" in by.split("-") or by.startswith("wep"):
        return "wep"
    if "owe" in re.split(r"[^a-z]+", said):
        return "owe"
    if "wpa" not in said:
        return "open" if said in known.open and by in known.none else "unknown"
    personal = any(word in said for word in known.personal)
    if personal == any(word in said for word in known.enterprise):
        return "unknown"
    return _wpa(said, by, personal)


def _wpa(said: str, by: str, personal: bool) -> str:
    if "wpa3" in said:
        return "wpa3-sae" if personal else "wpa3-enterprise"
    if "wpa2" in said and by != "tkip":
        return "wpa2-psk" if personal else "wpa2-enterprise"
    return "wpa-psk" if personal else "unknown"
