"""What one school asks for: its own level of harm, and which papers beyond the file's (I7)."""

from collections.abc import Mapping
from typing import Final, cast

from django.db import IntegrityError, transaction

from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.contractors.kinds import ASKS, DIALS, Asks, Rules, known
from inventory.disposal import rulings
from inventory.ledger import services as ledger
from inventory.models import ContractorRules

CHANGE: Final = "contractor.rules"


def rules(site_id: str) -> Rules:
    """What holds now."""
    row = ContractorRules.objects.filter(site_id=site_id).order_by("-version").first()
    least = rulings.current(site_id).contractors.papers
    if row is None:
        return Rules(least=least)
    return Rules(row.version, row.dial, row.asks, least)


def change(site_id: str, dial: str, asks: Mapping[str, str], *, seen: int, by: By) -> int:
    """Say what is asked for from now on; the new version's number. `asks`: `<hand-over>.<need>` →
    must, warn or no; what the file says anyway, or what is fixed, is left out. Raises
    RegisterError; StaleError where somebody else was faster."""
    if dial not in DIALS:
        raise RegisterError("bad_value", "Choose a level of harm: 1, 2 or 3.", "dial")
    kept = _differing(asks)
    try:
        with transaction.atomic():
            if rules(site_id).version != seen:
                raise StaleError([])
            row = ContractorRules.objects.create(
                site_id=site_id,
                version=seen + 1,
                dial=dial,
                asks=kept,
                at=by.at,
                changed_by=by.actor,
            )
            ledger.append(
                site_id=site_id,
                at=by.at,
                actor=by.actor,
                verb=CHANGE,
                subject=site_id,
                after={"version": row.version, "dial": dial, "asks": kept},
            )
    except IntegrityError as error:  # both wrote the same version
        raise StaleError([]) from error
    return row.version


def _differing(asks: Mapping[str, str]) -> dict[str, Asks]:
    found: dict[str, Asks] = {}
    for name, handover in known().handovers.items():
        for need in handover.needs:
            key = f"{name}.{need.id}"
            wish = asks.get(key, need.asks)
            if wish not in ASKS:
                raise RegisterError("bad_value", "Choose one of the list.", key)
            if not need.fixed and wish != need.asks:
                found[key] = cast("Asks", wish)
    return found
