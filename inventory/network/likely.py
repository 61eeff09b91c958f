"""What a thing looks like by what it says of itself: a guess, never a finding of its own. Pure.

A games console says so in option 60 of its DHCP request, or in an announcement; where only its
maker is known, Sony's and Nintendo's games companies make little else, but it may be an accessory.
An Xbox is never told by its maker: Microsoft's addresses are a Surface's too (network §3).
"""

import re
from typing import Final, Literal

import msgspec

from checks.surveys.lan import Heard
from wire.text import clean

Sure = Literal["high", "medium", ""]

_OPTION_60: Final = (
    (re.compile(r"PS4\b", re.IGNORECASE), "PS4"),
    (re.compile(r"PS5\b", re.IGNORECASE), "PS5"),
    (re.compile(r"PS VITA\b", re.IGNORECASE), "PS Vita"),
    (re.compile(r"MSFT 5\.0 XBOX", re.IGNORECASE), "Xbox"),
)
_NAMED: Final = re.compile(r"\b(PlayStation ?\d?|Xbox(?: \w+)?|Nintendo(?: \w+)?)\b", re.IGNORECASE)
_MAKERS: Final = ("sony interactive entertainment", "nintendo")
_SERVICES: Final = (
    ("_ipp._tcp", "printer"),
    ("_ipps._tcp", "printer"),
    ("_printer._tcp", "printer"),
    ("_pdl-datastream._tcp", "printer"),
    ("_googlecast._tcp", "casting-box"),
    ("service:dial:", "casting-box"),
    ("device:mediarenderer:", "casting-box"),
    ("_axis-video._tcp", "camera"),
    ("_rtsp._tcp", "camera"),
)
_SHOWN: Final = 60


class Guess(msgspec.Struct, frozen=True):
    """What it looks like; all "" for nothing. `because`: what it says, or whose address it has."""

    likely: str = ""
    sure: Sure = ""
    because: str = ""


def guess(heard: Heard, vendor: str) -> Guess:
    """The surest guess of one thing."""
    for pattern, name in _OPTION_60:
        if pattern.match(heard.vendor_class):
            return Guess("games-console", "high", f"it says {name}")
    if found := _NAMED.search(heard.model):
        return Guess("games-console", "high", f"it says {clean(found[0], _SHOWN)}")
    if vendor.casefold().startswith(_MAKERS):
        return Guess("games-console", "medium", f"its address is {clean(vendor, _SHOWN)}’s")
    for service in heard.services:
        for part, kind in _SERVICES:
            if part in service.casefold():
                return Guess(kind, "medium", f"it announces {clean(service, _SHOWN)}")
    return Guess()
