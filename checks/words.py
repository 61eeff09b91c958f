"""Sentences people read: filled from `checks.toml` and `words.toml`, hostile values made harmless.

Gaps: `{name}` (text or number), `{name:duration}` (seconds), `{name:size}` (bytes), `{name:date}`
(epoch seconds, shown as a UTC date), `{name:reason}` (why nobody could look), `{name:layer}` (who
decided, see `checks.layers`). Values come from devices: control, bidirectional and other invisible
characters are dropped and long ones cut (O36).
"""

import datetime
import functools
import re
import string
import unicodedata
from typing import Any, Final

from checks import shipped
from checks.catalogue import Check
from checks.verdicts import Args

_GAP: Final = re.compile(r"\{([a-z_]+):(seconds|minutes|count)\}")
"""What a remedy may leave open; other braces in it are the system's own."""
LONGEST: Final = 80
"""Characters of a device's string shown inside a sentence."""


def clean(text: str, longest: int = LONGEST) -> str:
    """A device's string made safe to show: no control, format or bidirectional characters, cut
    with `…`."""
    kept = "".join(
        " " if c in "\t\r\n" else c
        for c in text[: longest * 8]
        if c in "\t\r\n"
        or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    )
    kept = " ".join(kept.split())
    return kept if len(kept) <= longest else kept[: longest - 1] + "…"


@functools.cache
def common() -> dict[str, dict[str, str]]:
    """Sentences shared by every check (`sentences`), the words for each reason (`reasons`) and for
    each layer of settings (`layers`)."""
    words: dict[str, dict[str, str]] = shipped.toml("words.toml")
    return words


def sentence(check: Check | None, says: str, args: Args) -> str:
    """The sentence for a verdict; an unknown key says so rather than inventing (newer agent, older
    words)."""
    template = (check.sentences.get(says) if check else None) or common()["sentences"].get(says)
    if template is None:
        return common()["sentences"]["no-words"]
    return _Filler().vformat(template, (), args)


def remedy(check: Check | None, platform: str, args: Args) -> str:
    """How to put it right on this platform, with the number that this school asks for where the
    text has a gap (`{limit:seconds}`, `{limit:minutes}`); empty where nobody wrote how."""
    text = (
        next((one for name, one in check.remedy.items() if name == platform), "") if check else ""
    )
    return _GAP.sub(lambda gap: _asked(args.get(gap[1]), gap[2]), text)


def _asked(number: object, unit: str) -> str:
    if not isinstance(number, int):  # a result of an older release: the text holds without
        return "(as the school asks)"
    return str(number // 60 if unit == "minutes" else number)


def duration(seconds: int) -> str:
    """Seconds in words: `5 seconds`, `10 minutes`, `1 hour 30 minutes`, `3 days`."""
    if seconds < 120 and seconds % 60:
        return _many(seconds, "second")
    for size, smaller, unit, part in (
        (86_400, 3_600, "day", "hour"),
        (3_600, 60, "hour", "minute"),
        (60, 60, "minute", ""),
    ):
        if seconds >= size:
            whole, rest = divmod(seconds, size)
            more = rest // smaller if part else 0
            return _many(whole, unit) + (f" {_many(more, part)}" if more and whole < 3 else "")
    return _many(seconds, "second")


def clock_time(seconds: int) -> str:
    """Seconds after midnight as on a clock: `08:30`."""
    return f"{seconds // 3_600:02}:{seconds // 60 % 60:02}"


def size(count: int) -> str:
    """Bytes in decimal units, as makers print them on the box."""
    for factor, unit in ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if count >= factor:
            return f"{count / factor:.1f} {unit}".replace(".0 ", " ")
    return _many(count, "byte")


def date(epoch: int) -> str:
    """An epoch second as a UTC date, `3 June 2026`."""
    try:
        moment = datetime.datetime.fromtimestamp(epoch, tz=datetime.UTC)
    except (OverflowError, ValueError, OSError):
        return "an impossible date"
    return f"{moment.day} {moment:%B %Y}"


def reason(code: str) -> str:
    """Why nobody could look, in words."""
    return common()["reasons"].get(code, common()["reasons"]["unsupported"])


def layer(code: str) -> str:
    """Who decided a setting, in words that follow "set by"."""
    return common()["layers"].get(code, "somebody")


def _many(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


class _Filler(string.Formatter):
    """Fills gaps from device data: values only, never attribute or index look-ups."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[Any, str]:
        return kwargs.get(field_name, "?"), field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        words = {"duration": duration, "size": size, "date": date}
        if format_spec in words and isinstance(value, int):
            return words[format_spec](value)
        if format_spec == "reason":
            return reason(str(value))
        if format_spec == "layer":
            return layer(str(value))
        return f"{value:,}" if isinstance(value, int) else clean(str(value))
