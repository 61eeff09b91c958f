"""What is known of antivirus: the products, and (drifting) how old what they know is."""

from typing import ClassVar, Literal

import msgspec

from checks.facts import UNSUPPORTED, Facts
from checks.online import Stretch
from checks.unseen import Maybe

Realtime = Literal["on", "partial", "watch-only", "programs-only", "off"]
"""`on`: files are scanned when opened and a bad one is refused. `partial`: only in folders outside
people's homes. `watch-only`: a bad file is reported but still opens. `programs-only`: programs are
scanned when they first start or have changed, and nothing else; since schema 3."""

Removable = Literal["on-insert", "mounted-only", "opened-only", "none"]
"""`on-insert`: every drive is scanned when it is plugged in or its files are opened.
`mounted-only`: only drives that were already mounted when the scanner started. `opened-only`: a
file is scanned when it is opened, but scans of the computer leave drives out."""

State = Literal["active", "passive", "paused", "expired", "off"]
"""As Windows' security centre counts it. `passive`: it stands back because another product is
registered. `paused`: somebody switched it off for a while. `expired`: nobody pays for it now."""


class Product(msgspec.Struct, frozen=True, omit_defaults=True):
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

    state: Maybe[State] = UNSUPPORTED
    """Windows only. Since schema 2."""

    managed: Maybe[bool] = UNSUPPORTED
    """Whether it reports to a console of the school's or its maker's. Since schema 2."""

    tamper: Maybe[bool] = UNSUPPORTED
    """Whether it defends its own settings, also against an administrator. Since schema 2."""

    whole: Maybe[bool] = UNSUPPORTED
    """macOS: whether all parts of a product that has several are switched on. Since schema 3."""


class AntivirusFacts(Facts, frozen=True):
    """The steady section."""

    section: ClassVar[str] = "antivirus"
    schema: ClassVar[int] = 3

    products: Maybe[list[Product]]
    """Ordered by id; an empty list: none of the products we know is installed."""


class Freshness(msgspec.Struct, frozen=True, omit_defaults=True):
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

    current: Maybe[bool] = UNSUPPORTED
    """Windows: whether the product tells the security centre that its definitions are up to date,
    where it does not say when they came. Since schema 3."""

    told_at: Maybe[int | None] = UNSUPPORTED
    """When it told that. Since schema 3."""


class AntivirusNow(Facts, frozen=True):
    """The drifting section: what changes on an ordinary night."""

    section: ClassVar[str] = "antivirus_now"
    schema: ClassVar[int] = 3

    times: Maybe[list[Freshness]]
    """One per product of the steady section."""

    up_seconds: Maybe[int]
    """Seconds since the last start, asleep or awake."""

    awake_seconds: Maybe[int]
    """Seconds awake since the last start."""

    online: Maybe[list[Stretch]] = UNSUPPORTED
    """When the computer was on and connected lately, counted over restarts by the agent's own
    record (S3): of the newest 24 hours of it, of the last 60 days, what can count (`chances`).
    Since schema 2."""


SECTIONS = (AntivirusFacts, AntivirusNow)
