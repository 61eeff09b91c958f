"""Put a policy in force at a school; every computer there is judged again from its stored facts."""

from django.db import transaction
from django.db.models import F

from checks.catalogue import catalogue, settings
from checks.policy import PROFILES, Policy, policy_hash
from controller.fleet.models import Device, SitePolicy
from inventory.ledger import services as ledger
from wire import canonical


def set_policy(site_id: str, policy: Policy, *, actor: str, at: int) -> SitePolicy:
    """Store `policy` as the school's next version. Raises PolicyError for an unusable one."""
    _try_out(policy)
    with transaction.atomic():
        last = SitePolicy.objects.filter(site_id=site_id).order_by("-version").first()
        row = SitePolicy.objects.create(
            site_id=site_id,
            version=(last.version if last else 0) + 1,
            digest=policy_hash(policy),
            body=canonical.encode(policy),
            set_at=at,
            set_by=actor,
        )
        Device.objects.filter(site_id=site_id, state="active", head_seq__gt=0).update(
            judge_due=True, judge_turn=F("judge_turn") + 1
        )
        ledger.append(
            site_id=site_id,
            at=at,
            actor=actor,
            verb="policy.set",
            subject=site_id,
            before={"policy": last.digest} if last else None,
            after={"policy": row.digest, "version": row.version},
        )
    return row


def _try_out(policy: Policy) -> None:
    """Resolve every setting for every profile, so a bad number is refused now, not at night."""
    for domain, _, _, judge in catalogue().judged():
        for profile in PROFILES:
            settings(domain, judge, policy, [profile])
