"""Tokens of other programs."""

from typing import ClassVar

from django.db import models

from controller.people.models import User
from inventory.keeping import WITH_SCHOOL, Kept


class Token(Kept):
    """What one program may do at one school, on behalf of the person who made it (O33).

    Of the secret only a digest is kept; it has 256 random bits, so that needs no slow hash.
    """

    purpose = "Lets another program of the school read or change the register, and says which did."
    keep_for = WITH_SCHOOL

    id = models.CharField(max_length=32, primary_key=True)
    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    """Who made it, and whose account it ends with."""
    name = models.CharField(max_length=60)
    scopes = models.JSONField(default=list)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.BigIntegerField()
    expires_at = models.BigIntegerField()
    last_used_at = models.BigIntegerField(null=True)
    """To the hour."""
    ended_at = models.BigIntegerField(null=True)
    ended_by = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        """A school's own, newest first."""

        indexes: ClassVar = [models.Index(fields=["site", "created_at"], name="api_token_site")]
