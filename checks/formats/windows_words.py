"""Words of Windows' listings in many languages, from `windows_words.toml`. They only give names."""

from functools import cache

import msgspec

from checks import shipped


class Wifi(msgspec.Struct, frozen=True):
    """Whole words for open and for no cipher; parts of words for personal and enterprise."""

    open: frozenset[str]
    none: frozenset[str]
    personal: tuple[str, ...]
    enterprise: tuple[str, ...]


class Audit(msgspec.Struct, frozen=True, rename={"joins": "and"}):
    """Whole words, and what stands between two."""

    none: frozenset[str]
    success: frozenset[str]
    failure: frozenset[str]
    joins: tuple[str, ...]


class Bitlocker(msgspec.Struct, frozen=True):
    """Parts of words; `off` holds `on` in some languages, so it goes first."""

    off: tuple[str, ...]
    on: tuple[str, ...]


class Words(msgspec.Struct, frozen=True):
    """All of them, in lower case."""

    pages: frozenset[str]
    """Words that tell one code page from another."""
    wifi: Wifi
    audit: Audit
    bitlocker: Bitlocker


@cache
def words() -> Words:
    """Read once."""
    return msgspec.convert(shipped.toml("formats/windows_words.toml"), Words)


@cache
def foreign() -> frozenset[str]:
    """Words of two letters and more that only come out right in the code page of their language."""
    every = words()
    told = every.pages.union(
        *(every.wifi.personal, every.wifi.enterprise, every.bitlocker.off, every.bitlocker.on)
    )
    return frozenset(word for word in told if len(word) > 1 and not word.isascii())
