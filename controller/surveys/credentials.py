"""Secrets for scanners: sealed the moment they are typed, to the key of the scanner that shall use
them, and never opened here again (network.md §4, `wire.credentials`).

Trap: what is sealed is bound to its scanner, its name and its kind; a scanner that has a new key
(set up anew) can open none of it, and everything is typed once more.
"""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from controller.fleet.models import Device, Scanner, SealedCredential
from controller.keyfiles import signing_key
from controller.surveys.publishing import ScopeError
from controller.wording.shown import shown
from inventory.ledger import services as ledger
from wire import credentials as sealing
from wire import dsse
from wire.credentials import Credentials, Opened, SealedSecret
from wire.errors import WireError


@dataclass(frozen=True, slots=True)
class Held:
    """One that was typed. `readable`: the scanner still has the key it was sealed to."""

    name: str
    kind: str
    device: str
    scanner: str
    set_at: int
    set_by: str
    readable: bool


def held(site: str) -> list[Held]:
    """All of a school's, by scanner and name."""
    rows = SealedCredential.objects.filter(site_id=site).select_related("device__scanner")
    return [
        Held(
            name=row.name,
            kind=row.kind,
            device=row.device_id,
            scanner=shown(str(row.device)),
            set_at=row.set_at,
            set_by=row.set_by,
            readable=row.sealed_to == row.device.scanner.sealing,
        )
        for row in rows.order_by("device__name", "device_id", "name")
    ]


def ready(site: str) -> list[tuple[str, str]]:
    """Scanners that secrets can be sealed for, by id and name."""
    rows = Scanner.objects.filter(site_id=site, device__state="active").exclude(sealing="")
    found = [(row.device_id, shown(str(row.device))) for row in rows.select_related("device")]
    return sorted(found, key=lambda one: (one[1], one[0]))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a secret goes: the scanner, and the name that its scope gives it."""

    site: str
    device: str
    name: str


def add(data: Path, place: Place, opened: Opened, *, actor: str, at: int) -> None:
    """Seal and keep, in place of an older one of that name. Raises ScopeError, which never repeats
    what was typed."""
    with transaction.atomic():
        scanner = _scanner(place)
        if not scanner.sealing:
            raise ScopeError(
                "This scanner has not told its key yet. Give it a scope; it tells the key with the "
                "report after that."
            )
        try:
            one = sealing.seal(opened, scanner.sealing, place.device, place.name)
        except WireError as error:
            raise ScopeError(error.sentence) from None
        SealedCredential.objects.update_or_create(
            device_id=place.device,
            name=place.name,
            defaults={
                "site_id": place.site,
                "kind": one.kind,
                "sealed": one.sealed,
                "sealed_to": scanner.sealing,
                "set_at": at,
                "set_by": actor,
            },
        )
        _bundle(data, scanner, at)
        _record(place, "credential", actor, at, {"name": place.name, "kind": one.kind})


def remove(data: Path, place: Place, *, actor: str, at: int) -> None:
    """Let go of one, here and, with its next report, on the scanner. Raises ScopeError."""
    with transaction.atomic():
        scanner = _scanner(place)
        rows = SealedCredential.objects.filter(device_id=place.device, name=place.name)
        if not rows.delete()[0]:
            raise ScopeError("There is no such credential.")
        _bundle(data, scanner, at)
        _record(place, "credential.remove", actor, at, None)


def resign(data: Path, at: int) -> None:
    """Sign every bundle again, with the controller's key of now."""
    for scanner in Scanner.objects.exclude(credentials_digest=""):
        with transaction.atomic():
            _bundle(data, Scanner.objects.select_for_update().get(pk=scanner.pk), at)


def _bundle(data: Path, scanner: Scanner, at: int) -> None:
    rows = SealedCredential.objects.filter(device_id=scanner.device_id).order_by("name")
    message = Credentials(
        site=scanner.site_id,
        device=scanner.device_id,
        at=at,
        sealed=[SealedSecret(id=r.name, kind=r.kind, sealed=r.sealed) for r in rows],  # type: ignore[arg-type]  # a kind, as it was sealed
    )
    try:
        envelope = sealing.sign_credentials(message, signing_key(data))
    except WireError:
        raise ScopeError(
            f"One scanner holds at most {sealing.MOST} credentials, and a dozen private keys among "
            "them; remove one first."
        ) from None
    scanner.credentials, scanner.credentials_digest = envelope, dsse.digest(envelope)
    scanner.save(update_fields=["credentials", "credentials_digest"])


def _scanner(place: Place) -> Scanner:
    """A scanner's row, locked. Raises ScopeError for a computer that is not of this school."""
    if not Device.objects.filter(id=place.device, site_id=place.site, state="active").exists():
        raise ScopeError("The scanner is one of the school's computers that report; choose one.")
    found, _ = Scanner.objects.select_for_update().get_or_create(
        device_id=place.device, defaults={"site_id": place.site}
    )
    return found


def _record(place: Place, verb: str, actor: str, at: int, after: dict[str, str] | None) -> None:
    ledger.append(
        site_id=place.site, at=at, actor=actor, verb=verb, subject=place.device, after=after
    )
