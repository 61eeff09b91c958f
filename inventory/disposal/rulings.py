"""A school's rules for disposals as rows: which are in force, and every version events went by."""

from collections.abc import Mapping

from django.db import transaction

from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.disposal import rules
from inventory.disposal.rules import Rules
from inventory.ledger import services as ledger
from inventory.models import DisposalRules
from wire.errors import WireError


def current(site_id: str) -> Rules:
    """The rules in force: the school's newest, or the defaults."""
    own = DisposalRules.objects.filter(site_id=site_id, own=True).order_by("-id").first()
    return rules.default() if own is None else rules.decode(bytes(own.body))


def in_force(site_id: str, *, at: int) -> Rules:
    """Likewise, and written down, so that a later release with other defaults can replay what went
    by these. Inside a transaction."""
    found = current(site_id)
    known = DisposalRules.objects.filter(site_id=site_id, version=found.version)
    if not known.exists():
        _keep(site_id, found, at=at, actor=ledger.SYSTEM, own=False)
    return found


def book(site_id: str) -> Mapping[str, Rules]:
    """Every version that an event of this school may name."""
    rows = DisposalRules.objects.filter(site_id=site_id)
    kept = {row.version: rules.decode(bytes(row.body)) for row in rows}
    return {rules.default().version: rules.default(), **kept}


def decide(site_id: str, data: bytes, *, by: By) -> str:
    """Put a version in force, written as `rules.encode` does; its name. Raises RegisterError."""
    try:
        wanted = rules.decode(data)
    except WireError as error:
        raise RegisterError("bad_rules", error.sentence) from error
    with transaction.atomic():
        _keep(site_id, wanted, at=by.at, actor=by.actor, own=True)
        ledger.append(
            site_id=site_id,
            at=by.at,
            actor=by.actor,
            verb="disposal_rules.set",
            subject=site_id,
            after={"version": wanted.version},
            reason=by.reason,
        )
    return wanted.version


def _keep(site_id: str, wanted: Rules, *, at: int, actor: str, own: bool) -> None:
    DisposalRules.objects.create(
        site_id=site_id,
        version=wanted.version,
        body=rules.encode(wanted),
        own=own,
        set_at=at,
        set_by=actor,
    )
