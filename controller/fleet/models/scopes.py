"""Who authorised which computer to ask what of a network, and what is sealed for it to ask with."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from controller.fleet.models.devices import DIGEST, Device
from inventory.keeping import WITH_OWNER, WITH_SCHOOL, Kept


class SurveyScope(Kept):
    """A scope that a school put in use; of each scanner the highest version counts, and none that
    was ended. `envelope` is what was signed (`wire.scope.Scope`), `signer` the id of the key,
    `separate` whether that was a person's and not the controller's own (O21).
    """

    purpose = "Proves who authorised a survey of the network, of what, and until when."
    keep_for = WITH_SCHOOL

    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(Device, models.PROTECT, related_name="scopes")
    version = models.BigIntegerField()
    envelope = models.BinaryField()
    envelope_digest = models.CharField(max_length=DIGEST, unique=True)
    signer = models.CharField(max_length=64)
    separate = models.BooleanField()
    issued_at = models.BigIntegerField()
    expires_at = models.BigIntegerField()
    set_at = models.BigIntegerField()
    set_by = models.CharField(max_length=40)
    ended_at = models.BigIntegerField(null=True)
    """When somebody took it back before its day; None: nobody did."""
    ended_by = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        """Numbered once per school; found by its school."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "version"], name="survey_scope_version"),
        ]


class Scanner(Kept):
    """What a scanner says of itself (`wire.itself.Scanner`), and the message with all that is
    sealed for it, as the controller signed it; b"" while there never was any."""

    purpose = "Knows the key that secrets for a scanner are sealed to, and what it holds."
    keep_for = WITH_OWNER

    device = models.OneToOneField(Device, models.CASCADE, primary_key=True, related_name="scanner")
    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    sealing = models.CharField(max_length=44, blank=True, default="")
    """Its X25519 key in base64; "" until it told one."""
    scope = models.CharField(max_length=DIGEST, blank=True, default="")
    """Digest of the scope it would ask by."""
    refused = models.CharField(max_length=32, blank=True, default="")
    """Why it did not take the last one it was offered."""
    told_at = models.BigIntegerField(default=0)
    credentials = models.BinaryField(default=b"")
    credentials_digest = models.CharField(max_length=DIGEST, blank=True, default="")

    class Meta:
        """A scanner asks for its credentials by their digest."""

        indexes: ClassVar = [
            models.Index(
                fields=["credentials_digest"],
                name="scanner_credentials",
                condition=~Q(credentials_digest=""),
            ),
        ]


class SealedCredential(Kept):
    """A secret for one scanner under the name that a scope gives it. Nobody here can read it: the
    key is on the scanner. `sealed_to` is its public half; a scanner with a new key needs it typed
    again."""

    purpose = "Lets a scanner ask the school's switches, access points and printers."
    keep_for = WITH_OWNER

    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(Device, models.CASCADE, related_name="sealed", db_index=False)
    name = models.CharField(max_length=48)
    kind = models.CharField(max_length=16)
    sealed = models.TextField()
    sealed_to = models.CharField(max_length=44)
    set_at = models.BigIntegerField()
    set_by = models.CharField(max_length=40)

    class Meta:
        """One of a name for each scanner."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "name"], name="sealed_credential_once"),
        ]
