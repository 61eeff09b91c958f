"""`mdatp health --output json`: Microsoft Defender for Endpoint on Linux and macOS.

Traps: `healthy: true` stands beside real-time protection off and passive mode, so only
`realTimeProtectionEnabled.value` counts; times are milliseconds since the epoch as text; a value
may be wrapped as `{"value": …, "source": …}` or stand bare.
"""

import msgspec

from checks.formats.errors import ParseError


class Health(msgspec.Struct, frozen=True):
    """What is used of the answer. None = the field is not there. Times are epoch seconds UTC."""

    realtime: bool | None
    passive: bool | None
    definitions_version: str | None
    definitions_at: int | None
    version: str | None


class _Wrapped(msgspec.Struct):
    value: bool | None = None


class _Health(msgspec.Struct, rename="camel"):
    real_time_protection_enabled: _Wrapped | bool | None = None
    passive_mode_enabled: _Wrapped | bool | None = None
    definitions_version: str | None = None
    definitions_updated: str | int | None = None
    app_version: str | None = None


def parse(data: bytes) -> Health:
    """Read the answer. Raises ParseError."""
    try:
        shown = msgspec.json.decode(data, type=_Health)
        updated = shown.definitions_updated
        at = None if updated in (None, "") else int(str(updated)) // 1000
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise ParseError(f"mdatp health: {error}") from error
    return Health(
        realtime=_bare(shown.real_time_protection_enabled),
        passive=_bare(shown.passive_mode_enabled),
        definitions_version=shown.definitions_version,
        definitions_at=at if at is not None and 0 < at < 1 << 40 else None,
        version=shown.app_version,
    )


def _bare(value: _Wrapped | bool | None) -> bool | None:
    return value.value if isinstance(value, _Wrapped) else value
