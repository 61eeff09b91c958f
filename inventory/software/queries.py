"""What others may read of the software register, for schools they name."""

from inventory.models import SoftwareRegister


def differed(site_id: str) -> int:
    """How many counts were wrong when the register was last made from nothing."""
    row = SoftwareRegister.objects.filter(site_id=site_id).first()
    return row.differed if row else 0
