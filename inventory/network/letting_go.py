"""What the night lets go of: addresses of what nobody knows 30 days after they were last seen, and
everything else of the network once it is past its days."""

from typing import Final

from django.db.models import Q

from inventory.keeping import Kept
from inventory.models import (
    Bss,
    DhcpServer,
    Link,
    MacSighting,
    NetworkDevice,
    NetworkMac,
    OpenDoor,
    SectionTold,
    Survey,
)
from inventory.network.bounds import DAY, LINK_DAYS, RAW_DAYS

_BY_AGE: Final[tuple[tuple[type[Kept], str], ...]] = (
    (MacSighting, "last_at"),
    (Link, "last_at"),
    (Bss, "last_at"),
    (OpenDoor, "last_at"),
    (SectionTold, "at"),
    (DhcpServer, "last_at"),
    (Survey, "received_at"),
    (NetworkDevice, "last_at"),
    (NetworkMac, "last_at"),
)
_KNOWN: Final = (
    Q(device__isnull=False)
    | Q(asset__isnull=False)
    | Q(trust="known")
    | ~Q(told_by="")
    | ~Q(digest="")
)


def let_go(at: int) -> int:
    """Delete what is past its days; how many rows."""
    unknown = NetworkMac.objects.filter(last_at__lt=at - RAW_DAYS * DAY).exclude(_KNOWN)
    gone = unknown.delete()[0]
    for model, when in _BY_AGE:
        days = model.keep_for.days or LINK_DAYS
        rows = model._base_manager.filter(**{f"{when}__lt": at - days * DAY})
        gone += rows.delete()[0]
    return gone
