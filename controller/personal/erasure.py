"""Forget a person: their account becomes an id that says nothing, and an event says so (O12).

What they did stays as ids and digests, so the ledger and the evidence log still hold; the reasons
they wrote are emptied, unless the school must go on answering for its decisions and keeps them.
"""

from typing import Final

import msgspec
from allauth.account.models import EmailAddress
from django.db import transaction

from controller.people.models import Membership, User
from controller.people.roles import Role
from controller.personal import holdings
from inventory import people as register
from inventory.ledger import services as ledger
from inventory.queries import site_ids

VERB: Final = "person.erase"


class LastAdminError(Exception):
    """Erasing this person would leave a school without an administrator; holds its id."""


class Erased(msgspec.Struct, frozen=True):
    """How much went."""

    roles: int
    mail_addresses: int
    sessions: int
    reasons: int
    searches: int = 0


def erase(
    user_id: str, *, actor: str, at: int, keep_reasons: bool = False, even_last: bool = False
) -> Erased:
    """Forget one person, in one transaction; doing it twice does nothing more.

    Raises LastAdminError unless `even_last`.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().get(id=user_id)
        if user.erased_at is not None:
            return Erased(0, 0, 0, 0)
        if not even_last and (alone := _alone_at(user)):
            raise LastAdminError(alone)
        _tombstones(user, actor=actor, at=at)
        gone = Erased(
            roles=user.memberships.all().delete()[0],
            mail_addresses=EmailAddress.objects.filter(user=user).delete()[0],
            sessions=_sign_out(user),
            searches=register.forget_searches_of(user.id),
            reasons=0 if keep_reasons else register.erase_reasons_of(user.id),
        )
        _empty(user, at)
    return gone


def _alone_at(user: User) -> str:
    """A school that has no other administrator than this one."""
    admins = Membership.objects.filter(role=Role.ADMIN.value, user__is_active=True)
    for site in admins.filter(user=user).values_list("site_id", flat=True):
        if not admins.filter(site_id=site).exclude(user=user).exists():
            return str(site)
    return ""


def _tombstones(user: User, *, actor: str, at: int) -> None:
    """One event at each school that knew them: their roles there, as a digest."""
    roles: dict[str, list[str]] = {}
    for site, role in user.memberships.order_by("role").values_list("site_id", "role"):
        roles.setdefault(site, []).append(role)
    for site in sorted({*roles, *register.sites_of(user.id)}) or site_ids():
        ledger.append(
            site_id=site,
            at=at,
            actor=actor,
            verb=VERB,
            subject=user.id,
            before={"roles": roles.get(site, [])},
        )


def _sign_out(user: User) -> int:
    found = holdings.sessions(user)
    for session in found:
        session.delete()
    return len(found)


def _empty(user: User, at: int) -> None:
    user.username = f"erased-{user.id}"
    user.email = ""
    user.name = ""
    user.last_login = None
    user.is_active = False
    user.must_change_password = False
    user.left_at = user.left_at if user.left_at is not None else at
    user.erased_at = at
    user.set_unusable_password()
    user.save()
