"""Give somebody an account, a role, or a new first password; each is an event at their schools.

Who may do so on a page is not decided yet: today whoever runs the controller does it there, from
the command line.
"""

from collections.abc import Collection

from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction

from controller.people.models import Membership, User
from controller.people.roles import Role
from controller.people.services import create_account, first_password
from inventory.ledger import services as ledger


class AccountError(Exception):
    """It cannot be done; the sentence says why and what to do instead."""


def add(
    username: str, *, site_id: str, roles: Collection[Role], name: str, email: str, at: int
) -> tuple[User, str]:
    """A new account and its first password, which is good for choosing another. Raises
    AccountError."""
    _check_new(username, name, email.lower())
    password = first_password()
    with transaction.atomic():
        user = create_account(
            username=username,
            password=password,
            site_id=site_id,
            roles=roles,
            name=name,
            email=email,
        )
        _event("person.add", user, site_id, at, after=roles)
    return user, password


def _check_new(username: str, name: str, email: str) -> None:
    if User.objects.filter(username=User.normalize_username(username)).exists():
        raise AccountError(
            f"There is an account {username} already; `caretaker people role` changes its roles."
        )
    if email and User.objects.filter(email__iexact=email).exists():
        raise AccountError("Another account has that mail address.")
    try:
        User(username=username, name=name, email=email).full_clean(exclude=["password"])
    except ValidationError as error:
        raise AccountError(" ".join(error.messages)) from error


def change_roles(
    user: User, *, site_id: str, give: Collection[Role], take: Collection[Role], at: int
) -> list[Role]:
    """Roles they hold at that school afterwards. Raises AccountError where nobody would be left
    who administers it."""
    with transaction.atomic():
        _open(user)
        before = roles_at(user, site_id)
        if Role.ADMIN in take and Role.ADMIN in before and _last_admin(user, site_id):
            raise AccountError(
                f"{user.username} is the only administrator; give somebody else that role first."
            )
        after = sorted({*before, *give} - set(take))
        for role in set(after) - set(before):
            Membership.objects.create(user=user, site_id=site_id, role=role.value)
        user.memberships.filter(site_id=site_id, role__in=set(before) - set(after)).delete()
        if after != before:
            _event("person.roles", user, site_id, at, before=before, after=after)
    return after


def new_password(user: User, *, at: int) -> str:
    """A first password again, for who forgot theirs; ends where they are signed in. Raises
    AccountError."""
    password = first_password()
    with transaction.atomic():
        _open(user)
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        for session in Session.objects.all():
            if session.get_decoded().get("_auth_user_id") == user.id:
                session.delete()
        for site in sorted(set(user.memberships.values_list("site_id", flat=True))):
            _event("person.password", user, site, at)
    return password


def roles_at(user: User, site_id: str) -> list[Role]:
    """What they are at one school, in one order."""
    held = user.memberships.filter(site_id=site_id).values_list("role", flat=True)
    return sorted(Role(role) for role in held)


def _open(user: User) -> None:
    if user.erased_at is not None or not user.is_active:
        raise AccountError(f"The account {user.username} is closed; make a new one.")


def _last_admin(user: User, site_id: str) -> bool:
    admins = Membership.objects.filter(site_id=site_id, role=Role.ADMIN.value, user__is_active=True)
    return not admins.exclude(user=user).exists()


def _event(
    verb: str,
    user: User,
    site_id: str,
    at: int,
    *,
    before: Collection[Role] = (),
    after: Collection[Role] = (),
) -> None:
    """In ids and closed values; names stand in the account alone (O12)."""
    ledger.append(
        site_id=site_id,
        at=at,
        actor="system",
        verb=verb,
        subject=user.id,
        before={"roles": sorted(role.value for role in before)} if before else None,
        after={"roles": sorted(role.value for role in after)} if after else None,
    )
