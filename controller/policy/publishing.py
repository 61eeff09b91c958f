"""Put a policy in force: numbered, signed by who may, kept with what was signed, and every computer
judged again (O20, O21).

A version is its day and a number on it (2026112201), as name servers count their zones: a
controller that was restored from a backup of last week still counts upwards, and computers refuse a
lower number under the same key.

Traps: what is signed is taken only against the roots of now, so a draft that waited until its
signer left is refused. Nothing else here decides who may sign: `wire.policy.open_rules` does, for
computers and for us alike.
"""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
from django.db import transaction
from django.db.models import F

from checks.policy import DEFAULT_POLICY, Ask, Policy, SeverityAsk, policy_hash, spelled
from controller.data.datafolder import DataFolderError
from controller.fleet.models import Device, SitePolicy
from controller.keyfiles import signing_key
from controller.policy.trying import faults
from controller.roots import files
from inventory import queries as register
from inventory.ledger import services as ledger
from wire import dsse, keys
from wire import policy as signed
from wire.errors import WireError
from wire.policy import Rules

DAY: Final = 86_400
DAYS: Final = 400
"""A policy is good for a school year and a month unless said otherwise."""
MOST_DAYS: Final = 3 * 366


class PublishError(Exception):
    """It cannot be put in force; the sentence says why and what to do."""


def draft(site: str, policy: Policy, at: int, *, days: int = DAYS, version: int = 0) -> Rules:
    """The school's next version, to be signed. `version` may ask for a higher number. Raises
    PublishError."""
    if found := faults(policy):
        raise PublishError(" ".join(found[:3]))
    if not 1 <= days <= MOST_DAYS:
        raise PublishError(f"A policy is good for 1 to {MOST_DAYS} days.")
    rules = Rules(
        site=site,
        version=max(version, _next(site, at)),
        issued_at=at,
        expires_at=at + days * DAY,
        policy=spelled(policy).decode(),
    )
    try:
        signed.payload_of(rules)
    except WireError as error:
        raise PublishError(f"It cannot be sent: {error.sentence}") from error
    return rules


def use(data: Path, rules: Rules, *, actor: str, at: int) -> SitePolicy:
    """Sign with the controller's own key, where the roots let it, and put in force at once. Raises
    PublishError and DataFolderError."""
    if not files.current(data).delegated:
        raise PublishError("The controller may not sign policy here; a person signs it.")
    try:
        envelope = signed.sign_rules(rules, signing_key(data))
    except WireError as error:
        raise PublishError(error.sentence) from error
    return take(data, envelope, actor=actor, at=at)


def join(data: Path, payload: bytes, signature: bytes) -> bytes:
    """The envelope of a payload and what ssh-keygen wrote about it. Raises PublishError."""
    people = [keys.from_text(one) for one in files.current(data).policy_signers]
    try:
        return signed.join(payload, signature, people)
    except WireError as error:
        raise PublishError(error.sentence) from error


def take(data: Path, envelope: bytes, *, actor: str, at: int) -> SitePolicy:
    """Put in force what was signed; the same again changes nothing. Raises PublishError."""
    roots = files.current(data)
    try:
        rules, signer = signed.open_rules(envelope, roots)
    except WireError as error:
        raise PublishError(error.sentence) from error
    policy = read(rules)
    if rules.site not in register.site_ids():
        raise PublishError(f"This policy is for {rules.site}, which is not a school here.")
    if rules.expires_at <= at:
        raise PublishError("This policy has expired before it came into force; make a new one.")
    if found := faults(policy):
        raise PublishError(" ".join(found[:3]))
    own = {keys.key_id(keys.from_text(one)) for one in roots.controllers}
    made = SitePolicy(
        site_id=rules.site,
        version=rules.version,
        digest=policy_hash(policy),
        body=rules.policy.encode(),
        envelope=envelope,
        envelope_digest=dsse.digest(envelope),
        signer=signer,
        separate=signer not in own,
        issued_at=rules.issued_at,
        expires_at=rules.expires_at,
        set_at=at,
        set_by=actor,
    )
    with transaction.atomic():
        return _keep(made)


def read(rules: Rules) -> Policy:
    """The policy inside. Raises PublishError for one that another release wrote."""
    try:
        return msgspec.json.decode(rules.policy, type=Policy)
    except msgspec.MsgspecError as error:
        raise PublishError(f"This policy cannot be read here: {error}.") from error


def newest(site: str) -> SitePolicy | None:
    """What is in force at a school; None: the defaults."""
    return SitePolicy.objects.filter(site_id=site).order_by("-version").first()


def in_force(site: str) -> Policy:
    """The policy itself, as this release reads it; the defaults where there is none."""
    row = newest(site)
    return msgspec.json.decode(bytes(row.body), type=Policy) if row else DEFAULT_POLICY


def words_of_all() -> Iterator[tuple[str, str]]:
    """Every text that people wrote into a policy that is or was in force, with its row. They stand
    under a signature, so none can be changed."""
    for row in SitePolicy.objects.order_by("site_id", "version"):
        policy = msgspec.json.decode(bytes(row.body), type=Policy)
        asks: list[Ask | SeverityAsk] = [*policy.decisions, *policy.clauses, *policy.severities]
        said = [policy.name, *(text for ask in asks for text in (ask.by, ask.reason))]
        for text in (*said, *(one.why for one in policy.quiet)):
            yield str(row.pk), text


def resign(data: Path, *, actor: str, at: int) -> list[str]:
    """Sign again, with the controller's key of now, what it signed with one that no longer counts;
    the schools of it. Only where the roots let the controller sign."""
    roots = files.current(data)
    if not roots.delegated:
        return []
    now = keys.key_id(keys.public_bytes(signing_key(data)))
    done = []
    for site in register.site_ids():
        row = newest(site)
        if row is None or row.separate or row.signer == now or row.expires_at <= at:
            continue
        left = max(1, (row.expires_at - at) // DAY)
        use(data, draft(site, in_force(site), at, days=left), actor=actor, at=at)
        done.append(site)
    return done


def believed(row: SitePolicy, data: Path) -> bool:
    """Whether computers still take it: its signer is still in the roots."""
    try:
        signed.open_rules(bytes(row.envelope), files.current(data))
    except (WireError, DataFolderError):
        return False
    return True


def _keep(made: SitePolicy) -> SitePolicy:
    """Store a version, ask for every computer to be judged by it, and put it on record; the one in
    force if it is that. Raises PublishError for an older one."""
    held = SitePolicy.objects.select_for_update().filter(site_id=made.site_id)
    before = held.order_by("-version").first()
    if before is not None and before.envelope_digest == made.envelope_digest:
        return before
    if before is not None and made.version <= before.version:
        raise PublishError(
            f"Version {before.version} is in force already and this one is {made.version}; "
            "make it again from the file."
        )
    made.save(force_insert=True)
    Device.objects.filter(site_id=made.site_id, state="active", head_seq__gt=0).update(
        judge_due=True, judge_turn=F("judge_turn") + 1
    )
    ledger.append(
        site_id=made.site_id,
        at=made.set_at,
        actor=made.set_by,
        verb="policy",
        subject=made.site_id,
        before={"envelope": before.envelope_digest} if before else None,
        after={
            "envelope": made.envelope_digest,
            "version": made.version,
            "signer": made.signer,
        },
    )
    return made


def _next(site: str, at: int) -> int:
    today = datetime.datetime.fromtimestamp(at, datetime.UTC)
    first = int(f"{today:%Y%m%d}01")
    row = newest(site)
    return max(first, row.version + 1 if row else 0)
