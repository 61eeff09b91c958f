"""The papers that come back after a collection, as tests type them: a receipt and a certificate."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from inventory.collections import certificates, receipts
from inventory.collections.certificates import Line
from inventory.collections.typed import Received
from tests.inventory.collections.collected import AFTER, CLAUSE, FILE, OTHER_FILE, Away

THINGS: Final = {"HS-1": ("WD-WX12345", "S3Z9NB0K"), "HS-2": ("STICK-0001",)}
"""Tags of what was collected, each with its drives' serials."""
ALL: Final = tuple(serial for drives in THINGS.values() for serial in drives)


def receipt(
    gone: Away, things: Mapping[str, Sequence[str]] = THINGS, **said: Any
) -> receipts.Given:
    """A receipt that names these; `said` is what stands on it otherwise."""
    values: dict[str, Any] = {
        "contractor": gone.contractor,
        "day": AFTER,
        "accepts": True,
        "clause": CLAUSE,
        "lines": tuple(Received(tag, tuple(drives)) for tag, drives in things.items()),
        "evidence": FILE,
    }
    return receipts.Given(**values | said)


def certificate(
    gone: Away,
    *serials: str,
    line: Mapping[str, Any] | None = None,
    **said: Any,
) -> certificates.Given:
    """A certificate of these drives, destroyed; `line` is what its lines say otherwise."""
    each = {"level": "destroy", "day": AFTER} | dict(line or {})
    values: dict[str, Any] = {
        "contractor": gone.contractor,
        "day": AFTER,
        "lines": tuple(Line(serial=one, **each) for one in serials),
        "evidence": OTHER_FILE,
    }
    return certificates.Given(**values | said)
