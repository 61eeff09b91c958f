"""What the register's history knows of one person, by the id of their account (O12)."""

from django.db.models import Q

from inventory.models import AssetEvent, Event, EventNote, Medium, Reinstall, SoftwareRequest
from inventory.searches import services as searches


def sites_of(person: str) -> set[str]:
    """Schools whose history names this person."""
    named = Q(actor=person) | Q(subject=person)
    found = set(Event.objects.filter(named).values_list("site_id", flat=True))
    return found | set(AssetEvent.objects.filter(actor=person).values_list("site_id", flat=True))


def forget_searches_of(person: str) -> int:
    """Delete the searches they kept; how many."""
    return searches.forget(person)


def erase_reasons_of(person: str) -> int:
    """Empty the words this person gave as reasons, and those given about them; digests stay."""
    theirs = EventNote.objects.filter(Q(event__actor=person) | Q(event__subject=person))
    emptied = theirs.exclude(text="").update(text="", nonce="")
    for decided in (SoftwareRequest, Medium):  # whose reasons stand with what was decided
        decided.objects.filter(decided_by=person).exclude(reason="").update(reason="")
    Reinstall.objects.filter(made_by=person).exclude(reason="").update(reason="")
    return emptied
