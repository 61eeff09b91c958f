"""Put a scope in use: numbered, signed by who may, kept as it was signed (network.md §4, O20, O21).

Versions are numbered as a policy's are (day and number), per school. A scanner takes the newest
that names it and goes by it only while receipts name it, so a scope that somebody ends is over as
soon as its scanner next reports. `wire.scope.open_scope` decides who may sign, for us and for
scanners alike.
"""

import datetime
from pathlib import Path
from typing import Final

import msgspec
from django.db import transaction
from django.db.models import Max

from controller.fleet.models import Device, SurveyScope
from controller.keyfiles import signing_key
from controller.roots import files
from inventory import queries as register
from inventory.ledger import services as ledger
from wire import dsse, keys
from wire import scope as signed
from wire.errors import WireError
from wire.scope import Scope

DAY: Final = 86_400
DAYS: Final = 300
"""A scope is good for the school year that is left, unless said otherwise."""
MOST_DAYS: Final = signed.LONGEST_SECONDS // DAY


class ScopeError(Exception):
    """It cannot be used; the sentence says why and what to do."""


def numbered(scope: Scope, at: int, *, days: int = DAYS) -> Scope:
    """The school's next version, to be signed. Raises ScopeError."""
    if not 1 <= days <= MOST_DAYS:
        raise ScopeError(f"A scope is good for 1 to {MOST_DAYS} days.")
    made = msgspec.structs.replace(
        scope, version=_next(scope.site, at), issued_at=at, expires_at=at + days * DAY
    )
    check(made)
    return made


def check(scope: Scope) -> None:
    """Whether it can be signed, for a computer that may be its scanner. Raises ScopeError."""
    try:
        signed.payload_of(scope)
    except WireError as error:
        raise ScopeError(error.sentence) from error
    scanner_of(scope)


def scanner_of(scope: Scope) -> Device:
    """The computer that a scope names. Raises ScopeError."""
    if scope.site not in register.site_ids():
        raise ScopeError(f"This scope is for {scope.site}, which is not a school here.")
    found = Device.objects.filter(id=scope.scanner, site_id=scope.site, state="active").first()
    if found is None:
        raise ScopeError("The scanner is one of the school's computers that report; choose one.")
    return found


def sign(data: Path, scope: Scope) -> bytes:
    """Sign with the controller's own key, where the roots let it. Raises ScopeError and
    DataFolderError."""
    if not files.current(data).delegated:
        raise ScopeError("The controller may not sign here; a person signs it with ssh-keygen.")
    check(scope)
    try:
        return signed.sign_scope(scope, signing_key(data))
    except WireError as error:
        raise ScopeError(error.sentence) from error


def join(data: Path, payload: bytes, signature: bytes) -> bytes:
    """The envelope of a payload and what ssh-keygen wrote about it. Raises ScopeError."""
    people = [keys.from_text(one) for one in files.current(data).scope_signers]
    try:
        return signed.join(payload, signature, people)
    except WireError as error:
        raise ScopeError(error.sentence) from error


def signers(data: Path) -> list[str]:
    """Fingerprints of the people who may sign."""
    return [keys.key_id(keys.from_text(one)) for one in files.current(data).scope_signers]


def take(data: Path, envelope: bytes, *, actor: str, at: int, site: str = "") -> SurveyScope:
    """Put in use what was signed; the same again changes nothing. `site`: only if it is that
    school's. Raises ScopeError."""
    roots = files.current(data)
    try:
        scope, signer = signed.open_scope(envelope, roots)
    except WireError as error:
        raise ScopeError(error.sentence) from error
    if site and scope.site != site:
        raise ScopeError("This scope is for another school.")
    if scope.expires_at <= at:
        raise ScopeError("This scope ended before it came into use; make a new one.")
    scanner = scanner_of(scope)
    own = {keys.key_id(keys.from_text(one)) for one in roots.controllers}
    made = SurveyScope(
        site_id=scope.site,
        device=scanner,
        version=scope.version,
        envelope=envelope,
        envelope_digest=dsse.digest(envelope),
        signer=signer,
        separate=signer not in own,
        issued_at=scope.issued_at,
        expires_at=scope.expires_at,
        set_at=at,
        set_by=actor,
    )
    with transaction.atomic():
        return _keep(made)


def newest(site: str, device: str) -> SurveyScope | None:
    """What a scanner was given last, ended or not."""
    rows = SurveyScope.objects.filter(site_id=site, device_id=device)
    return rows.order_by("-version").first()


def read(row: SurveyScope) -> Scope:
    """What was signed. Nobody asks again who signed it: `take` did."""
    return signed.read_payload(dsse.parse(bytes(row.envelope)).payload)


def end(row: SurveyScope, *, actor: str, at: int) -> None:
    """Take it back before its day; nobody needs a key to stop something."""
    with transaction.atomic():
        held = SurveyScope.objects.select_for_update().get(pk=row.pk)
        if held.ended_at is not None:
            return
        held.ended_at, held.ended_by = at, actor
        held.save(update_fields=["ended_at", "ended_by"])
        ledger.append(
            site_id=held.site_id,
            at=at,
            actor=actor,
            verb="scope.end",
            subject=held.device_id,
            before={"envelope": held.envelope_digest},
            after=None,
        )


def resign(data: Path, *, actor: str, at: int) -> list[str]:
    """Sign again, with the controller's key of now, what it signed with one that no longer counts;
    the scanners of it. Only where the roots let the controller sign."""
    if not files.current(data).delegated:
        return []
    now = keys.key_id(keys.public_bytes(signing_key(data)))
    done = []
    for row in SurveyScope.objects.filter(ended_at=None, separate=False, expires_at__gt=at):
        found = newest(row.site_id, row.device_id)
        if found is None or found.pk != row.pk or row.signer == now:
            continue
        again = msgspec.structs.replace(read(row), version=_next(row.site_id, at), issued_at=at)
        take(data, sign(data, again), actor=actor, at=at)
        done.append(row.device_id)
    return done


def _keep(made: SurveyScope) -> SurveyScope:
    """Store a version and put it on record. Raises ScopeError for an older one."""
    held = SurveyScope.objects.select_for_update().filter(site_id=made.site_id)
    again = held.filter(envelope_digest=made.envelope_digest).first()
    before = held.filter(device_id=made.device_id).order_by("-version").first()
    if again is not None:
        if again.ended_at is not None or before != again:
            raise ScopeError("This scope was ended or replaced; make a new one.")
        return again
    if before is not None and made.version <= before.version:
        raise ScopeError(
            f"Version {before.version} was in use already and this one is {made.version}; "
            "make it again."
        )
    if held.filter(version=made.version).exists():
        raise ScopeError("Another scope has this number; make it again.")
    made.save(force_insert=True)
    ledger.append(
        site_id=made.site_id,
        at=made.set_at,
        actor=made.set_by,
        verb="scope",
        subject=made.device_id,
        before={"envelope": before.envelope_digest} if before else None,
        after={"envelope": made.envelope_digest, "version": made.version, "signer": made.signer},
    )
    return made


def _next(site: str, at: int) -> int:
    today = datetime.datetime.fromtimestamp(at, datetime.UTC)
    newest = SurveyScope.objects.filter(site_id=site).aggregate(most=Max("version"))["most"]
    return max(int(f"{today:%Y%m%d}01"), (newest or 0) + 1)
