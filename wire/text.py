"""Make strings from outside fit for the wire, so one hostile name cannot silence a whole report.

A host name, SSID or program name may hold anything. The decoder refuses what it must; the agent
runs each outside string through `clean` first, so honest machines with odd names are never refused.
"""

import unicodedata

from wire import limits
from wire.canonical import HIDDEN

_MARK = "\N{REPLACEMENT CHARACTER}"
_CUT = "…"


def clean(text: str, limit: int = limits.STRING) -> str:
    """Give `text` in NFC, with each control, direction or surrogate character replaced by U+FFFD,
    and cut to `limit` characters with `…` as the last.

    What is clean already comes back unchanged.
    """
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    # Cut before composing, because composing is the costly part, and again after it.
    text = text[: 4 * limit]
    text = unicodedata.normalize("NFC", HIDDEN.sub(_MARK, text))
    return text if len(text) <= limit else text[: limit - 1] + _CUT
