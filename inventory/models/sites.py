"""Schools, the rooms and pools in them, and the people who have equipment."""

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q

from inventory.keeping import WITH_SCHOOL, KeepFor, Kept

ID_LENGTH: Final = 32
"""Room for the longest `<prefix>_<ULID>`."""


class Site(Kept):
    """One school. Its timezone decides nights, terms and 07:30 (DESIGN §10)."""

    purpose = "Separates one school's records from another's."
    keep_for = WITH_SCHOOL

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    name = models.CharField(max_length=200)
    timezone = models.CharField(max_length=64, default="Europe/London")
    created_at = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        """The school's name."""
        return self.name


class Room(Kept):
    """A place things stand in. One that is no more keeps its name in the history (`ended_at`)."""

    purpose = "Where equipment stands: stock-takes, walking order, insurance."
    keep_for = WITH_SCHOOL

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="rooms", db_index=False)
    name = models.CharField(max_length=80)
    building = models.CharField(max_length=80, blank=True, default="")
    order = models.IntegerField(default=0)
    """Walking order; 0 is not said."""
    profile = models.CharField(max_length=16, blank=True, default="")
    """What computers here are for, where nothing closer says it (S1)."""
    created_at = models.BigIntegerField()
    ended_at = models.BigIntegerField(null=True)

    class Meta:
        """A name is one room's at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "building", "name"],
                condition=Q(ended_at=None),
                name="room_site_name",
            ),
        ]


class Pool(Kept):
    """A set of things that are lent or moved as one, wherever they stand: Year 4's iPads."""

    purpose = "Which set a thing belongs to."
    keep_for = WITH_SCHOOL

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="pools", db_index=False)
    name = models.CharField(max_length=80)
    profile = models.CharField(max_length=16, blank=True, default="")
    created_at = models.BigIntegerField()
    ended_at = models.BigIntegerField(null=True)

    class Meta:
        """A name is one pool's at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "name"], condition=Q(ended_at=None), name="pool_site_name"
            ),
        ]


class Person(Kept):
    """Somebody who has, or had, equipment of the school. No account is needed for that."""

    purpose = "Who has which equipment, and who must return it."
    keep_for = KeepFor("2 years after they left", 730)

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="people", db_index=False)
    name = models.CharField(max_length=120)
    """Empty once erased."""
    kind = models.CharField(max_length=16)
    """`staff`, `pupil`, `governor` or `visitor`."""
    reference = models.CharField(max_length=64, blank=True, default="")
    """What another system calls them, so that an import finds them again."""
    group = models.CharField(max_length=64, blank=True, default="")
    """Class or team, as the school says it."""
    profile = models.CharField(max_length=16, blank=True, default="")
    created_at = models.BigIntegerField()
    left_on = models.CharField(max_length=10, blank=True, default="")
    """Day they left or leave, "" while nobody says so."""

    class Meta:
        """A reference is one person's."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "reference"], condition=~Q(reference=""), name="person_reference"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "name", "id"], name="person_site_name")]
