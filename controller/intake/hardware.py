"""Which hardware a computer has had, as far as its own reports say: the digests it was bound to."""

from typing import Final

import msgspec

from controller.fleet import packed
from controller.fleet.forks import rule
from controller.fleet.models import Device, Enrolment, Report
from wire import binding
from wire.enrolment import Enrol

LATEST: Final = 60
"""Reports looked at for the hardware this computer has."""


class _Bound(msgspec.Struct):
    """A report of which only the hardware is looked at."""

    binding: str


_BOUND = msgspec.json.Decoder(_Bound)


def home(device: Device) -> set[str]:
    """The bindings that are this device's own: of the hardware it joined with, of its head, and of
    what it reported from more than once lately."""
    rows = Report.objects.filter(device=device).order_by("-seq").values_list("envelope", flat=True)
    seen = [_BOUND.decode(packed.payload(bytes(row))).binding for row in rows[:LATEST]]
    often = {one for one in seen if seen.count(one) >= rule.SEEN_OFTEN}
    return {joined_with(device), device.binding, *often} - {""}


def before(device: Device, at: int, seq: int = 0) -> set[str]:
    """The bindings it joined with and last reported from until a moment, and before a report."""
    rows = Report.objects.filter(device=device, received_at__lte=at).order_by("-seq")
    if seq:
        rows = rows.filter(seq__lt=seq)
    kept = rows.values_list("envelope", flat=True)[:LATEST]
    seen = {_BOUND.decode(packed.payload(bytes(row))).binding for row in kept}
    return {joined_with(device), *seen} - {""}


def joined_with(device: Device) -> str:
    """The binding of its request to join, "" where that is not kept."""
    row = Enrolment.objects.filter(device=device).values_list("envelope", flat=True).first()
    if row is None:
        return ""
    enrol = msgspec.json.decode(packed.payload(bytes(row)), type=Enrol)
    return bound_by(enrol)


def bound_by(enrol: Enrol) -> str:
    """The binding of the marks in a request."""
    return binding.digest({factor.kind: factor.value for factor in enrol.factors})
