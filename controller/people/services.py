"""What is written about accounts."""

import secrets
from collections.abc import Iterable
from typing import Final

from django.db import transaction

from controller.people.models import Membership, User
from controller.people.roles import Role

_PLAIN: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that are told apart on paper and aloud."""


def first_password() -> str:
    """A password that is good for choosing another: 79 bits, as people can read them out."""
    return "-".join("".join(secrets.choice(_PLAIN) for _ in range(4)) for _ in range(4))


def create_account(
    *,
    username: str,
    password: str,
    site_id: str,
    roles: Iterable[Role],
    name: str = "",
    email: str = "",
    must_change_password: bool = True,
) -> User:
    """Make an account with its roles at one school; the first password must be changed (O23)."""
    with transaction.atomic():
        user = User.objects.create_user(
            username, password, name=name, email=email, must_change_password=must_change_password
        )
        for role in roles:
            Membership.objects.create(user=user, site_id=site_id, role=role.value)
    return user


def choose_password(user: User, password: str) -> None:
    """Set the person's own password; the first one given to them is good no more."""
    with transaction.atomic():
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
