"""Rounds of the network: what each came to, who offers addresses, which ports answered."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from inventory.keeping import KeepFor, Kept
from inventory.models.network import MAC, NetworkMac
from inventory.models.sites import ID_LENGTH, Site


class Survey(Kept):
    """One round of one scanner, whole or not."""

    purpose = "Shows when the network was last looked at, and what could not be seen."
    keep_for = KeepFor("400 days", 400)

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    scanner = models.CharField(max_length=ID_LENGTH)
    scope = models.CharField(max_length=71)
    refused = models.CharField(max_length=32, blank=True, default="")
    """Why nothing was asked at all; "" when it went."""
    began_at = models.BigIntegerField()
    ended_at = models.BigIntegerField()
    received_at = models.BigIntegerField()
    frames = models.BigIntegerField(default=0)
    questions = models.BigIntegerField(default=0)
    partial = models.BooleanField(default=False)
    """Something was not seen: a problem, a part that did not come, or more than may be kept."""
    problems = models.JSONField(default=list)
    """[about, question, code]."""
    more_problems = models.IntegerField(default=0)
    segments = models.JSONField(default=list)
    """Per subnet: asked, hosts, private, and why hosts or offers were not seen."""
    counts = models.JSONField(default=dict)
    pieces = models.JSONField(default=list)
    """Digests of the lists of equipment that were taken in."""

    class Meta:
        """Told twice is one."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "scanner", "scope", "began_at"], name="survey_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-began_at", "-id"], name="survey_newest"),
        ]


class SectionTold(Kept):
    """Up to which report the network's tables say what a computer told of it; and of the air, what
    it counted."""

    purpose = "So that what a computer told of the network is taken in once, and never forgotten."
    keep_for = KeepFor("60 days after the computer last told it", 60)

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    device = models.CharField(max_length=ID_LENGTH)
    section = models.CharField(max_length=32)
    seq = models.BigIntegerField()
    """Of the report that told it."""
    at = models.BigIntegerField()
    others = models.IntegerField(null=True)
    hotspots = models.IntegerField(null=True)
    private = models.IntegerField(null=True)
    unseen = models.CharField(max_length=16, blank=True, default="")
    """Why that computer could not look."""

    class Meta:
        """One row per computer and section."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "section"], name="section_told_once")
        ]
        indexes: ClassVar = [models.Index(fields=["site", "section"], name="section_told_site")]


class DhcpServer(Kept):
    """Who offered addresses in one subnet."""

    purpose = "Finds a box that leads computers astray by handing out addresses."
    keep_for = KeepFor("400 days after it last offered", 400)

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    subnet = models.CharField(max_length=50)
    server = models.CharField(max_length=45)
    mac = models.CharField(max_length=MAC, blank=True, default="")
    """Of the frame that brought the offer: a relay's where `relayed`."""
    relayed = models.BooleanField(default=False)
    router = models.CharField(max_length=45, blank=True, default="")
    resolvers = models.JSONField(default=list)
    trust = models.CharField(max_length=8, blank=True, default="")
    """`known`: a person said that it is the school's."""
    reason = models.CharField(max_length=300, blank=True, default="")
    decided_at = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=40, blank=True, default="")
    first_at = models.BigIntegerField()
    last_at = models.BigIntegerField()

    class Meta:
        """One row per subnet, server and way."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "subnet", "server", "mac"], name="dhcp_once")
        ]


class OpenDoor(Kept):
    """One port of the scope's list on one thing, and whether it answered."""

    purpose = "Finds doors that anybody on the network could walk through."
    keep_for = KeepFor("60 days after it was last tried", 60)

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    mac = models.ForeignKey(NetworkMac, models.CASCADE, null=True, related_name="+")
    address = models.CharField(max_length=45)
    name = models.CharField(max_length=48)
    port = models.IntegerField()
    open = models.BooleanField()
    since = models.BigIntegerField()
    """Since when it is so."""
    last_at = models.BigIntegerField()

    class Meta:
        """One row per address and port."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "address", "port"], name="open_door_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["site"], condition=Q(open=True), name="open_door_site")
        ]
