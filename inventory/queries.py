"""What others may read of the register."""

from inventory.models import Site


def site_ids() -> list[str]:
    """Ids of all schools, oldest first."""
    return list(Site.objects.order_by("id").values_list("id", flat=True))


def zone_of(site_id: str) -> str:
    """A school's time zone name."""
    return Site.objects.values_list("timezone", flat=True).get(id=site_id)
