"""With which key a device signed its report of a given number (trust §4.3)."""

from collections.abc import Callable

from controller.fleet.models import Device, PastKey


def keys_of(device: Device) -> Callable[[int], bytes]:
    """Number of a report → raw public key it was signed with; 0 for its enrolment."""
    past = [
        (until, bytes(public))
        for until, public in PastKey.objects.filter(device=device)
        .order_by("until_seq", "until_at")
        .values_list("until_seq", "public_key")
    ]
    now = bytes(device.public_key)
    return lambda seq: next((public for until, public in past if seq <= until), now)
