"""How surveys stand at a school: each scanner's scope, whether the scanner has it, how long it
lasts."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from controller.data.datafolder import DataFolderError
from controller.fleet.models import Device, Scanner, SurveyScope
from controller.roots import files
from controller.surveys.publishing import DAY, read
from controller.surveys.wording import REFUSED, Said, said
from controller.wording.shown import shown
from wire.errors import WireError
from wire.scope import Scope, open_scope

SOON_DAYS: Final = 30
"""So long before its end somebody is reminded: a month has no holiday that fills it."""
MOST: Final = 50

Stands = Literal["good", "soon", "over", "ended", "disbelieved"]
"""`disbelieved`: its signer is no longer in the list of keys, so no scanner goes by it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A scanner's newest scope. `taken`: its scanner says that it goes by it; `refused`: why it
    does not, as it says, in words."""

    id: int
    scope: Scope
    said: Said
    device: str
    scanner: str
    version: int
    digest: str
    stands: Stands
    separate: bool
    signer: str
    set_at: int
    set_by: str
    ended_at: int | None
    taken: bool
    refused: str


def standings(site: str, data: Path, at: int, devices: Sequence[str] = ()) -> list[Standing]:
    """The newest of each scanner, by the scanner's name; `devices`: of these only."""
    found: dict[str, SurveyScope] = {}
    rows = SurveyScope.objects.filter(site_id=site).order_by("-version").select_related("device")
    for row in rows:
        if not devices or row.device_id in devices:
            found.setdefault(row.device_id, row)
    told = {one.device_id: one for one in Scanner.objects.filter(device_id__in=found)}
    made = [standing(row, told.get(row.device_id), data, at) for row in found.values()]
    return sorted(made, key=lambda one: (one.scanner, one.device))


def versions(site: str, most: int = MOST) -> list[SurveyScope]:
    """What was in use, newest first."""
    rows = SurveyScope.objects.filter(site_id=site).select_related("device")
    return list(rows.order_by("-version")[:most])


def standing(row: SurveyScope, told: Scanner | None, data: Path, at: int) -> Standing:
    """One of them."""
    scope = read(row)
    return Standing(
        id=row.pk,
        scope=scope,
        said=said(scope),
        device=row.device_id,
        scanner=shown(str(row.device)),
        version=row.version,
        digest=row.envelope_digest,
        stands=_stands(row, data, at),
        separate=row.separate,
        signer=row.signer,
        set_at=row.set_at,
        set_by=row.set_by,
        ended_at=row.ended_at,
        taken=told is not None and told.scope == row.envelope_digest,
        refused=REFUSED.get(told.refused, told.refused) if told is not None else "",
    )


def scanners(site: str) -> list[tuple[str, str]]:
    """Computers that may be a scanner, by id and name."""
    rows = Device.objects.filter(site_id=site, state="active").order_by("name", "id")
    return [(one.id, shown(str(one))) for one in rows.only("id", "name")]


def _stands(row: SurveyScope, data: Path, at: int) -> Stands:
    if row.ended_at is not None:
        return "ended"
    if at >= row.expires_at:
        return "over"
    try:
        open_scope(bytes(row.envelope), files.current(data))
    except (WireError, DataFolderError):
        return "disbelieved"
    return "soon" if at >= row.expires_at - SOON_DAYS * DAY else "good"
