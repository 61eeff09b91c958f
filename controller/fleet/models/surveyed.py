"""What rounds of the network told, until the network's tables say it."""

from typing import ClassVar

from django.db import models

from controller.fleet.models.devices import Device
from controller.fleet.models.evidence import Section
from inventory.keeping import KeepFor, Kept


class SurveyBody(Kept):
    """One section of a round (`lan`, `equipment`, `survey`), noted in the transaction that stores
    its body: a newer round may take its place before anybody reads it, and then nothing is lost.

    Gone once it is taken in; of a computer that no scope names only that it told something is kept
    (`section` None).
    """

    purpose = "So that no round of the network is lost between its report and the map."
    keep_for = KeepFor("until the network's tables say it; 30 days at most", 30)

    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(Device, models.CASCADE, related_name="surveyed", db_index=False)
    name = models.CharField(max_length=64)
    schema = models.IntegerField()
    section = models.ForeignKey(Section, models.PROTECT, null=True, related_name="+")
    report_seq = models.BigIntegerField()
    received_at = models.BigIntegerField()

    class Meta:
        """Once per report."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["device", "report_seq", "name"], name="survey_body_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site"], name="survey_body_site")]
