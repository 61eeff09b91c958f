"""Hand out what is held about a person; that it was handed out is an event itself."""

from typing import Any, Final

from django.db import transaction

from controller.people.models import User
from controller.personal import holdings
from inventory import people as register
from inventory.ledger import services as ledger

VERB: Final = "person.export"


def export(user: User, *, actor: str, at: int) -> dict[str, Any]:
    """The whole document; every school that knows the person notes that it was made."""
    with transaction.atomic():
        document = holdings.everything(user, at)
        sites = set(user.memberships.values_list("site_id", flat=True))
        for site in sorted(sites | register.sites_of(user.id)):
            ledger.append(site_id=site, at=at, actor=actor, verb=VERB, subject=user.id)
    return document
