"""Scanners as intake meets them: which scope and credentials their receipts name, the bytes behind
those names, and what their reports say of themselves (network.md §4).

A scope goes to whoever can name it by its digest, and only its scanner's receipts tell that: it has
names and a map of the school's network in it, so unlike a policy it is not anybody's to read.
"""

import time
from collections.abc import Sequence
from typing import Final, NamedTuple

from django.db.models import Max

from controller.fleet.models import Device, Scanner, SurveyScope
from controller.intake.outcomes import Offered, Outcome, Taken
from controller.intake.plan import Arrival
from wire import itself

_FRESH_SECONDS: Final = 2.0


class Named(NamedTuple):
    """Digests of the envelopes that a device's receipts name; "" for none."""

    scope: str = ""
    credentials: str = ""


NOTHING: Final = Named()


class Scanners:
    """For one thread; looked at again every few seconds, as other processes may sign."""

    def __init__(self) -> None:
        """Nothing remembered."""
        self._read_at = float("-inf")
        self._named: dict[str, Named] = {}

    def named(self, device: str) -> Named:
        """What to name in its receipts."""
        if time.monotonic() - self._read_at >= _FRESH_SECONDS:
            self._named = _look()
            self._read_at = time.monotonic()
        return self._named.get(device, NOTHING)


def _look() -> dict[str, Named]:
    newest = dict(SurveyScope.objects.values_list("device_id").annotate(Max("version")))
    rows = SurveyScope.objects.filter(ended_at=None, version__in=newest.values())
    scopes = {
        device: digest
        for device, version, digest in rows.values_list("device_id", "version", "envelope_digest")
        if newest[device] == version
    }
    held = dict(
        Scanner.objects.exclude(credentials_digest="").values_list(
            "device_id", "credentials_digest"
        )
    )
    return {
        device: Named(scopes.get(device, ""), held.get(device, ""))
        for device in scopes.keys() | held.keys()
    }


def scope(digest: str) -> Outcome:
    """The scope of that name, if it is in use."""
    found = SurveyScope.objects.filter(envelope_digest=digest, ended_at=None).first()
    return Offered(bytes(found.envelope) if found else b"", digest)


def credentials(digest: str) -> Outcome:
    """The sealed credentials of that name, if they are the newest."""
    found = Scanner.objects.filter(credentials_digest=digest).first()
    return Offered(bytes(found.credentials) if found else b"", digest)


def note(batch: Sequence[Arrival], outcomes: Sequence[Outcome]) -> None:
    """Keep what scanners say of themselves; inside the transaction of intake."""
    for arrival, outcome in zip(batch, outcomes, strict=True):
        if isinstance(outcome, Taken) and outcome.status == "accepted":
            said = itself.heard(arrival.report.now, itself.Scanner)
            if said is not None:
                _told(arrival, said)


def _told(arrival: Arrival, said: itself.Scanner) -> None:
    site = Device.objects.values_list("site_id", flat=True).get(id=arrival.device)
    Scanner.objects.update_or_create(
        device_id=arrival.device,
        defaults={
            "site_id": str(site),
            "sealing": said.sealing,
            "scope": said.scope,
            "refused": said.refused,
            "told_at": arrival.received_at,
        },
    )
