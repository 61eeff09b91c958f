"""What is known of antivirus: the products, and (drifting) how old what they know is."""

from typing import ClassVar, Literal

import msgspec

from checks.facts import UNSUPPORTED, Facts
from checks.online import Stretch
from checks.unseen import Maybe

Realtime = Literal["on", "partial", "watch-only", "off"]
"""`on`: files are scanned when opened and a bad one is refused. `partial`: only in folders outside
people's homes. `watch-only`: a bad file is reported but still opens."""

Removable = Literal["on-insert", "mounted-only", "none"]
"""`on-insert`: every drive is scanned when it is plugged in or its files are opened.
`mounted-only`: only drives that were already mounted when the scanner started."""


class Product(msgspec.Struct, frozen=True):
    """One installed antivirus product."""

    id: str
    """Its key in `products.toml`, such as `clamav`."""

    name: str
    version: Maybe[str | None]
    """The engine's or program's version; None = it does not say."""

    definitions: Literal["dated", "cloud"]
    """`cloud`: it decides by behaviour and its maker's service and has no dated definitions."""

    running: Maybe[bool]
    realtime: Maybe[Realtime]
    removable: Maybe[Removable]
    updating: Maybe[bool]
    """Whether something on the machine fetches new definitions by itself."""


class AntivirusFacts(Facts, frozen=True):
    """The steady section."""

    section: ClassVar[str] = "antivirus"
    schema: ClassVar[int] = 1

    products: Maybe[list[Product]]
    """Ordered by id; an empty list: none of the products we know is installed."""


class Freshness(msgspec.Struct, frozen=True):
    """The times of one product, epoch seconds UTC. None = looked, and there is no such time."""

    product: str
    definitions_version: Maybe[str | None]
    definitions_at: Maybe[int | None]
    """When the maker built the definitions (ClamAV) or when they last arrived (the others); None =
    the product has no definitions."""

    checked_at: Maybe[int | None]
    """When the updater last asked for newer definitions."""

    quick_scan_at: Maybe[int | None]
    """When a scan of part of the machine or all of it last ended; None = never."""

    full_scan_at: Maybe[int | None]
    """When a scan of the whole machine last ended; None = never."""


class AntivirusNow(Facts, frozen=True):
    """The drifting section: what changes on an ordinary night."""

    section: ClassVar[str] = "antivirus_now"
    schema: ClassVar[int] = 2

    times: Maybe[list[Freshness]]
    """One per product of the steady section."""

    up_seconds: Maybe[int]
    """Seconds since the last start, asleep or awake."""

    awake_seconds: Maybe[int]
    """Seconds awake since the last start."""

    online: Maybe[list[Stretch]] = UNSUPPORTED
    """When the computer was on and connected lately, counted over restarts by the agent's own
    record (S3): the newest 24 hours of it, of the last 60 days. Since schema 2."""


SECTIONS = (AntivirusFacts, AntivirusNow)
