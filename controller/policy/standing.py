"""How the policy of a school stands: what is in force, by whose word, until when."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import msgspec

from checks.words import clean
from controller.data.datafolder import DataFolderError
from controller.fleet.models import SitePolicy
from controller.policy.publishing import DAY, believed, in_force, newest
from controller.policy.wording import Said, said
from controller.roots import files
from wire import keys

SOON_DAYS: Final = 30
"""So long before its end somebody is reminded: a month has no holiday that fills it."""
MOST: Final = 50
"""Versions of which a list tells."""

Ends = Literal["good", "soon", "over"]


class _Named(msgspec.Struct):
    name: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version that is or was in force. `until` is when it was replaced, None: it is in
    force."""

    version: int
    name: str
    signer: str
    separate: bool
    since: int
    until: int | None
    expires_at: int
    set_by: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What is in force at a school; `version` None: nothing but the defaults.

    `separate` is whether a person signed and not the controller itself; `alone` whether only
    persons may; `counts` whether the signer is still in the list of keys, so that computers
    believe it.
    """

    version: Version | None
    said: Said
    digest: str
    separate: bool
    alone: bool
    counts: bool
    ends: Ends


def standing(site: str, data: Path, at: int) -> Standing:
    """Look at one school."""
    row = newest(site)
    return Standing(
        version=_version(row, None) if row else None,
        said=said(in_force(site)),
        digest=row.envelope_digest if row else "",
        separate=bool(row and row.separate),
        alone=_alone(data),
        counts=row is None or believed(row, data),
        ends=ends(row, at),
    )


def versions(site: str, most: int = MOST) -> list[Version]:
    """What was in force, newest first."""
    rows = SitePolicy.objects.filter(site_id=site).order_by("-version")[:most]
    found: list[Version] = []
    for row in rows:
        found.append(_version(row, found[-1].since if found else None))
    return found


def ends(row: SitePolicy | None, at: int) -> Ends:
    """Whether somebody has to think of the end of a policy."""
    if row is None or at < row.expires_at - SOON_DAYS * DAY:
        return "good"
    return "soon" if at < row.expires_at else "over"


def signers(data: Path) -> list[str]:
    """Fingerprints of the people who may sign."""
    return [keys.key_id(keys.from_text(one)) for one in files.current(data).policy_signers]


def _version(row: SitePolicy, until: int | None) -> Version:
    return Version(
        version=row.version,
        name=clean(msgspec.json.decode(bytes(row.body), type=_Named).name),
        signer=row.signer,
        separate=row.separate,
        since=row.set_at,
        until=until,
        expires_at=row.expires_at,
        set_by=row.set_by,
    )


def _alone(data: Path) -> bool:
    try:
        return not files.current(data).delegated
    except DataFolderError:
        return False
