"""What people do to the fleet: join codes, letting computers in, turning them away, what they are
for.

Each function is one transaction with its ledger event. They check that a step is possible, not who
may take it: views and the command line do that before they call. `actor` is the id of an account,
or `system`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from django.db import transaction
from django.db.models import F, Q

from checks.policy import PROFILES
from controller import clock
from controller.fleet import purposes, tallies
from controller.fleet.models import Device, JoinCode
from controller.keyfiles import join_secret
from controller.roots.files import recovery_public
from inventory.identity import recognising as register
from inventory.identity.matching import CLAIMED, MOVED
from inventory.ids import new_id
from inventory.installed import counting as software
from inventory.ledger import services as ledger
from wire import keys
from wire.enrolment import JoinCode as Code

DAY: Final = 86_400
DEFAULT_CODE_DAYS: Final = 30
MOST_FACTORS: Final = 16
"""Values of one kind of mark that are kept of a computer."""


class FleetError(Exception):
    """The step is not possible; the sentence says why and `code` is stable."""

    def __init__(self, code: str, sentence: str) -> None:
        """`code` for programs, `sentence` for people."""
        super().__init__(sentence)
        self.code = code


def create_join_code(
    *,
    site_id: str,
    actor: str,
    at: int,
    label: str = "",
    profile: str = "",
    max_uses: int | None = None,
    days: int | None = DEFAULT_CODE_DAYS,
) -> JoinCode:
    """Make a join code. `days` None never expires; `max_uses` None has no bound. Raises
    FleetError."""
    _known_profile(profile)
    if max_uses is not None and max_uses < 1:
        raise FleetError("bad_uses", "A join code must be good for at least one computer.")
    if days is not None and days < 1:
        raise FleetError("bad_days", "A join code must be good for at least one day.")
    with transaction.atomic():
        code = JoinCode.objects.create(
            id=new_id("tok", at),
            site_id=site_id,
            label=label[:120],
            profile=profile,
            max_uses=max_uses,
            expires_at=None if days is None else at + days * DAY,
            created_by=actor,
            created_at=at,
        )
        state: dict[str, str | int] = {
            "profile": profile,
            "max_uses": max_uses or 0,
            "expires_at": code.expires_at or 0,
        }
        _record(code, "join_code.create", actor=actor, at=at, after=state)
    return code


def code_text(code_id: str, data: Path) -> str:
    """The code as a person types it. Whoever reads it can ask to join, no more."""
    pin = keys.pin(recovery_public(data))
    return str(Code(token=code_id, secret=join_secret(data, code_id), pin=pin))


def revoke_join_code(code_id: str, *, actor: str, at: int) -> JoinCode:
    """End a join code; computers that joined with it stay. Raises FleetError."""
    with transaction.atomic():
        code = JoinCode.objects.select_for_update().filter(id=code_id).first()
        if code is None:
            raise FleetError("not_found", "There is no such join code.")
        if code.revoked_at is None:
            code.revoked_at = at
            code.save(update_fields=["revoked_at"])
            _record(code, "join_code.revoke", actor=actor, at=at)
    return code


def spend_join_code(code_id: str, at: int) -> bool:
    """Count one use of a code if it is still good; whoever loses the race for the last use gets
    False."""
    good = Q(expires_at=None) | Q(expires_at__gt=clock.for_expiry(at))
    left = Q(max_uses=None) | Q(uses__lt=F("max_uses"))
    rows = JoinCode.objects.filter(good, left, id=code_id, revoked_at=None)
    return rows.update(uses=F("uses") + 1) == 1


def approve(device_id: str, *, actor: str, at: int, reason: str = "") -> Device:
    """Let a waiting computer in and match it with the register. Raises FleetError."""
    with transaction.atomic():
        device = _locked(device_id)
        if device.state == "active":
            return device
        if device.state != "pending":
            raise FleetError("not_pending", "This computer is not waiting to be let in.")
        device.state = "active"
        device.approved_at = at
        device.approved_by = actor
        bind_asset(device, at=at)
        device.save()
        after = {"state": "active", "asset": device.asset_id or "", "doubt": device.asset_doubt}
        _record(
            device,
            "device.approve",
            actor=actor,
            at=at,
            before={"state": "pending"},
            after=after,
            reason=reason,
        )
    return device


def refuse(device_id: str, *, actor: str, at: int, reason: str = "") -> Device:
    """Turn a waiting computer away. Raises FleetError."""
    with transaction.atomic():
        device = _locked(device_id)
        if device.state == "refused":
            return device
        if device.state != "pending":
            raise FleetError("not_pending", "This computer is not waiting to be let in.")
        _end(device, "refused", actor=actor, at=at, reason=reason)
    return device


def revoke(device_id: str, *, actor: str, at: int, reason: str = "") -> Device:
    """Withdraw a computer's key. Its reports stay as evidence; its verdicts leave the counts."""
    with transaction.atomic():
        device = _locked(device_id)
        if device.state == "revoked":
            return device
        if device.state != "active":
            raise FleetError("not_active", "Only a computer that was let in can be withdrawn.")
        tallies.close_device(device, at)
        _end(device, "revoked", actor=actor, at=at, reason=reason)
    return device


def set_profile(device_id: str, profile: str, *, actor: str, at: int) -> Device:
    """Say by hand what a computer is for, or with "" leave it to whoever has it, its set, its room
    and its join code; it is judged again. Raises FleetError."""
    _known_profile(profile)
    with transaction.atomic():
        device = _locked(device_id)
        before = purposes.stands(device)
        if purposes.put(device, hand=profile):
            purposes.save(device, before, actor=actor, at=at)
    return device


def bind_asset(device: Device, *, at: int) -> None:
    """Match a device with the register, or add it there; sets `asset` and `asset_doubt`, and what
    it is for where the register knows that; saves nothing.

    A device that has an asset keeps it (O31).
    """
    if device.asset_id is not None:
        return
    looks = register.Looks(
        name=device.name, model=device.model, platform=device.platform, factors=device.factors
    )
    answer = register.recognise(
        device.site_id, looks, bound=_bound_to_others(device), actor=device.id, at=at
    )
    device.asset_id = answer.asset_id
    device.asset_doubt = answer.doubt
    purposes.put(device)


def doubt_of(
    device: Device, news: Mapping[str, Sequence[str]], factors: Mapping[str, Sequence[str]]
) -> str:
    """Why a computer that has its own entry may not teach it what is new among its marks
    (`factors` are all of them); "" where it may."""
    if device.asset_id is None:
        return ""
    if register.is_anothers(device.asset_id, news, bound=_bound_to_others(device)):
        return CLAIMED
    return MOVED if register.is_strangers(device.asset_id, factors) else ""


def _bound_to_others(device: Device) -> set[str]:
    """Entries whose computer holds a live key; one that left said itself that its key is gone."""
    alive = Device.objects.filter(site_id=device.site_id, state="active", left_at=None)
    bound = alive.filter(asset__isnull=False).exclude(id=device.id)
    return set(bound.values_list("asset_id", flat=True))


def _end(device: Device, state: str, *, actor: str, at: int, reason: str) -> None:
    before = {"state": device.state, "asset": device.asset_id or ""}
    device.state = state
    device.ended_at = at
    device.judge_due = False
    device.save()
    verb = {"refused": "device.refuse", "revoked": "device.revoke"}[state]
    after = {"state": state}
    _record(device, verb, actor=actor, at=at, before=before, after=after, reason=reason)
    software.follow(device.site_id, [device.id], at, present=False)


def _locked(device_id: str) -> Device:
    device = Device.objects.select_for_update().filter(id=device_id).first()
    if device is None:
        raise FleetError("not_found", "There is no such computer.")
    return device


def _known_profile(profile: str) -> None:
    if profile and profile not in PROFILES:
        raise FleetError("bad_profile", f"A computer can be for: {', '.join(PROFILES)}.")


def _record(
    row: Device | JoinCode,
    verb: str,
    *,
    actor: str,
    at: int,
    before: Mapping[str, str | int] | None = None,
    after: Mapping[str, str | int] | None = None,
    reason: str = "",
) -> None:
    ledger.append(
        site_id=row.site_id,
        at=at,
        actor=actor,
        verb=verb,
        subject=row.id,
        before=before,
        after=after,
        reason=reason,
    )
