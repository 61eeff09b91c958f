"""The school's rules for disposals, from `rules.toml` or a version of its own."""

import functools
import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import msgspec

from inventory.disposal.states import (
    CLASS_OF,
    LEVELS,
    Level,
    MediumClass,
    PaperKind,
    Route,
    Technique,
    VerifyMethod,
)
from wire import canonical
from wire.errors import WireError

_FILE: Final = Path(__file__).with_name("rules.toml")
LIMIT: Final = 16 * 1024
"""Bytes of one version."""


class _Part(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """A part of the rules; what this release does not know is refused. A field added later has a
    default, which is not written, so that a stored version keeps its hash."""


class Band(_Part, frozen=True, kw_only=True):
    """Who approves up to a value in pence, that value included; None is without end."""

    up_to_pence: int | None = None
    roles: tuple[str, ...]


class Approving(_Part, frozen=True, kw_only=True):
    """Who decides, and on what."""

    by_minute: tuple[str, ...]
    release_holds: tuple[str, ...]
    inspection: Literal["always", "when_empty"]
    min_offers: int
    offers_from_pence: int


class Least(_Part, frozen=True, kw_only=True):
    """The least level by class of medium."""

    leaving: dict[MediumClass, Level]
    staying: dict[MediumClass, Level]


class Wiping(_Part, frozen=True, kw_only=True):
    """What counts as wiped, where, and who certifies it."""

    overwrite_on_flash: bool
    offsite: bool
    certificate_days: int
    certificate: Literal["always", "when_not_done_here"]
    hidden_areas_unknown: bool


class Verifying(_Part, frozen=True, kw_only=True):
    """Whether a sample will do, and how much it may leave open."""

    sample: bool
    sample_bound_ppb: int


class Contractors(_Part, frozen=True, kw_only=True):
    """Papers in force on the day of collection."""

    papers: tuple[PaperKind, ...]


class How(_Part, frozen=True, kw_only=True):
    """What one technique reaches on which class, and how it can be verified."""

    reaches: dict[MediumClass, Level]
    verify: tuple[VerifyMethod, ...]
    by_key: bool = False


class Rules(_Part, frozen=True, kw_only=True, dict=True):
    """One version; see the head of `rules.toml` for what each means."""

    bands: tuple[Band, ...]
    approving: Approving
    least: Least
    wiping: Wiping
    verifying: Verifying
    contractors: Contractors
    techniques: dict[Technique, How]

    @functools.cached_property
    def version(self) -> str:
        """`rules_` and the hash of the content: the same rules have the same name everywhere."""
        return version_of(encode(self))

    def approvers(self, pence: int) -> tuple[str, ...]:
        """The roles that may approve a thing of this value: its band's and every dearer one's."""
        open_bands = [b for b in self.bands if b.up_to_pence is None or pence <= b.up_to_pence]
        return tuple(dict.fromkeys(role for band in open_bands for role in band.roles))

    def least_for(self, family: MediumClass, route: Route | None) -> Level:
        """What this class needs on this way out; the strictest where nothing is said."""
        table = self.least.staying if route == "internal_reuse" else self.least.leaving
        return table.get(family, "destroy")

    def reached(self, technique: Technique, family: MediumClass) -> Level | None:
        """The level that a technique reaches on this class; None where it reaches none."""
        how = self.techniques.get(technique)
        return how.reaches.get(family) if how else None

    def level_of(self, technique: str, kind: str) -> str:
        """The level that a technique reaches on a kind of medium, both as text; "" for none."""
        how = next((how for name, how in self.techniques.items() if name == technique), None)
        family = next((family for name, family in CLASS_OF.items() if name == kind), None)
        return how.reaches.get(family, "") if how and family else ""


def at_least(level: Level, wanted: Level) -> bool:
    """Whether a level is as strong as what is wanted."""
    return LEVELS.index(level) >= LEVELS.index(wanted)


def version_of(data: bytes) -> str:
    """The name of a version by its canonical bytes."""
    return f"rules_{hashlib.sha256(data).hexdigest()[:26]}"


def encode(rules: Rules) -> bytes:
    """A version as it is stored."""
    return canonical.encode(rules)


def decode(data: bytes) -> Rules:
    """A stored version. Raises WireError for what is none, or not canonical, or says nonsense."""
    rules = canonical.decode(data, Rules, limit=LIMIT)
    check(rules)
    return rules


def check(rules: Rules) -> None:
    """Raises WireError `schema` where rules contradict themselves: bands out of order or closed at
    the top, a number out of bounds."""
    limits = [band.up_to_pence for band in rules.bands]
    closed = [limit for limit in limits[:-1] if limit is not None]
    fine = (
        bool(limits)
        and limits[-1] is None
        and len(closed) == len(limits) - 1
        and closed == sorted(set(closed))
        and all(limit >= 0 for limit in closed)
        and all(band.roles for band in rules.bands)
        and 1 <= rules.wiping.certificate_days <= 365
        and 0 <= rules.approving.min_offers <= 10
        and rules.approving.offers_from_pence >= 0
        and 0 <= rules.verifying.sample_bound_ppb <= 10**8
    )
    if not fine:
        raise WireError("schema", _NONSENSE)


_NONSENSE: Final = (
    "These rules contradict themselves: bands rise, each has a role, the last has no end; "
    "a certificate takes 1 to 365 days, and up to 10 offers may be asked for."
)


@functools.cache
def default() -> Rules:
    """The rules of a school that wrote none of its own."""
    return msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8")), Rules)


def rulebook(*own: Rules) -> Mapping[str, Rules]:
    """Rules by version: the default and a school's own, which a replay needs."""
    return {rules.version: rules for rules in (default(), *own)}
