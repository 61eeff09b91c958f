"""Tokens: made, ended, and known again when they are shown (O33)."""

import hashlib
import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.core.cache import cache
from django.db import transaction

from checks.words import clean
from controller.api.models import Token
from controller.api.problems import ProblemError
from controller.api.scopes import NEEDS, Scope
from controller.people.actor import actor_for
from inventory.assets.errors import RegisterError
from inventory.ids import new_id
from inventory.ledger import services as ledger

DAYS: Final = (30, 90, 365)
LONGEST_NAME: Final = 60
MOST_AT_ONCE: Final = 50
"""Good tokens of one school: more than it has programs."""
PER_MINUTE: Final = 300
"""Requests of one token."""
_DAY: Final = 86_400
_HOUR: Final = 3_600
_SECRET: Final = re.compile(r"Bearer (ct_[A-Za-z0-9_-]{43})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Caller:
    """The program that asks: which school, and what it may do now."""

    id: str
    site: str
    timezone: str
    name: str
    scopes: frozenset[Scope]
    expires_at: int


@dataclass(frozen=True, slots=True)
class Made:
    """A new token; the only time its secret is anywhere."""

    id: str
    secret: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for: a name, scopes, and for how many days."""

    name: str
    scopes: Sequence[Scope]
    days: int


def make(site_id: str, wanted: Wanted, *, actor: str, at: int) -> Made:
    """A new token of a person. Raises RegisterError."""
    name = clean(wanted.name, LONGEST_NAME).strip()
    if not name:
        raise RegisterError("bad_value", "Say which program it is for.", "name")
    if not wanted.scopes:
        raise RegisterError("bad_value", "Tick what the program may do.", "scopes")
    if wanted.days not in DAYS:
        raise RegisterError("bad_value", "Choose for how long it is good.", "days")
    secret = f"ct_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        good = Token.objects.filter(site_id=site_id, ended_at=None, expires_at__gt=at)
        if good.count() >= MOST_AT_ONCE:
            raise RegisterError("too_many", f"There are {MOST_AT_ONCE} already. End one first.")
        token = Token.objects.create(
            id=new_id("key", at),
            site_id=site_id,
            user_id=actor,
            name=name,
            scopes=[scope for scope in Scope if scope in wanted.scopes],
            digest=_digest(secret),
            created_at=at,
            expires_at=at + wanted.days * _DAY,
        )
        ledger.append(
            site_id=site_id,
            at=at,
            actor=actor,
            verb="program.let_in",
            subject=token.id,
            after={"scopes": token.scopes, "expires_at": token.expires_at},
        )
    return Made(token.id, secret)


def end(site_id: str, token_id: str, *, actor: str, at: int) -> bool:
    """End a token at once; False where it had ended already."""
    with transaction.atomic():
        rows = Token.objects.filter(site_id=site_id, id=token_id, ended_at=None)
        if not rows.update(ended_at=at, ended_by=actor):
            return False
        ledger.append(site_id=site_id, at=at, actor=actor, verb="program.end", subject=token_id)
    return True


def caller(header: str, now: int) -> Caller:
    """Who asks, by the `Authorization` header. Raises ProblemError 401 and 429."""
    shown = _SECRET.fullmatch(header.strip())
    token = _good(shown[1], now) if shown else None
    if token is None:
        raise _closed()
    actor = actor_for(token.user)
    school = actor.school(token.site_id)
    if school is None:
        raise _closed()
    _count(token.id, now)
    if token.last_used_at is None or now - token.last_used_at >= _HOUR:
        Token.objects.filter(id=token.id).update(last_used_at=now)
    may = frozenset(s for s in Scope if s in token.scopes and school.allows(NEEDS[s]))
    return Caller(
        token.id, token.site_id, school.timezone, token.name, may, expires_at=token.expires_at
    )


def names(ids: Collection[str]) -> dict[str, str]:
    """Id → what the program is called, for those among these ids that are tokens."""
    wanted = {one for one in ids if one.startswith("key_")}
    found = Token.objects.filter(id__in=wanted) if wanted else ()
    return {token.id: f"the program {token.name}" for token in found}


def _good(secret: str, now: int) -> Token | None:
    """The token, if it and its owner's account are in use."""
    rows = Token.objects.select_related("user").filter(digest=_digest(secret), ended_at=None)
    token = rows.filter(expires_at__gt=now).first()
    if token is None or not token.user.is_active or token.user.erased_at is not None:
        return None
    return token


def _count(token_id: str, now: int) -> None:
    key = f"api-{token_id}-{now // 60}"
    cache.add(key, 0, timeout=120)
    if cache.incr(key) > PER_MINUTE:
        sentence = f"A program may ask {PER_MINUTE} times a minute. Wait a minute, then go on."
        problem = ProblemError(429, "too_often", sentence)
        problem.headers["Retry-After"] = str(60 - now % 60)
        raise problem


def _closed() -> ProblemError:
    sentence = "Show a token that is good: Authorization: Bearer ct_… (made under Programs)."
    problem = ProblemError(401, "no_token", sentence)
    problem.headers["WWW-Authenticate"] = "Bearer"
    return problem


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
