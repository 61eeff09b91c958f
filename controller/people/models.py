"""People who sign in, and the roles they hold at schools.

Erasing a person leaves their id behind in the ledger, and nothing else (O12).
"""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models.functions import Lower

from controller import clock
from controller.people.roles import Role
from inventory.ids import new_id
from inventory.keeping import KeepFor, Kept


def new_user_id() -> str:
    """Make the id of a new account."""
    return new_id("user", clock.now())


class UserManager(BaseUserManager["User"]):
    """Makes accounts; the only place that sets a first password."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Save a new account; without a password nobody can sign in to it."""
        # Lower case, as allauth looks addresses up.
        email = self.normalize_email(fields.pop("email", "")).lower()
        user = self.model(username=self.model.normalize_username(username), email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, Kept):
    """An account: signs in with its user name or its e-mail address."""

    purpose = "Lets a person sign in, and names who did what."
    keep_for = KeepFor("until they leave and a year after", 366)

    id = models.CharField(primary_key=True, max_length=31, default=new_user_id, editable=False)
    username = models.CharField(
        max_length=150, unique=True, validators=[UnicodeUsernameValidator()]
    )
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    created_at = models.BigIntegerField(default=clock.now, editable=False)
    left_at = models.BigIntegerField(null=True, editable=False)
    """The night that first found the account closed or without any role."""
    erased_at = models.BigIntegerField(null=True, editable=False)
    """Since when nothing but the id is left."""

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    class Meta:
        """Table options."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="people_user_one_email",
            ),
        ]

    def __str__(self) -> str:
        """What other people call them."""
        return self.name or self.username


class Membership(Kept):
    """One role of one person at one school."""

    purpose = "Says who may see and do what at which school."
    keep_for = KeepFor("as long as the account")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    site = models.ForeignKey("inventory.Site", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    created_at = models.BigIntegerField(default=clock.now, editable=False)

    class Meta:
        """Table options."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "site", "role"], name="people_membership_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]),
                name="people_membership_known_role",
            ),
        ]

    def __str__(self) -> str:
        """Who, what, where."""
        return f"{self.user_id}: {self.role} at {self.site_id}"
