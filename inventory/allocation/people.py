"""People who have equipment of the school: added, found again, gone, erased (S24, O12).

They need no account, and the register keeps no more of them than a name, what kind of person they
are and what another system calls them.
"""

from typing import Final, Literal, get_args

from django.db import IntegrityError, transaction

from inventory.assets.errors import RegisterError
from inventory.assets.fields import clean
from inventory.assets.writing import By
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import Allocation, Person

PersonKind = Literal["staff", "pupil", "governor", "visitor"]
KINDS: Final = get_args(PersonKind)
LONGEST: Final = 120
REFERENCE: Final = 64


def add_person(
    site_id: str,
    name: str,
    kind: PersonKind,
    *,
    by: By,
    reference: str = "",
    profile: str = "",
) -> str:
    """A new person; their id. Raises RegisterError where another has that reference."""
    person = Person(
        id=new_id("pers", by.at),
        site_id=site_id,
        name=_name(name),
        kind=_kind(kind),
        reference=_reference(reference),
        profile=profile,
        created_at=by.at,
    )
    try:
        with transaction.atomic():
            person.save(force_insert=True)
            _record(person, "person.create", by)
    except IntegrityError as error:
        raise RegisterError("taken", "Somebody else has that reference.", "reference") from error
    return person.id


def rename(site_id: str, person_id: str, name: str, *, by: By) -> None:
    """Call a person something else. Raises RegisterError."""
    with transaction.atomic():
        person = locked(site_id, person_id)
        person.name = _name(name)
        person.save(update_fields=["name"])
        _record(person, "person.rename", by)


def leaves(site_id: str, person_id: str, day: str, *, by: By) -> None:
    """Say when they leave, or "" that they stay. What they have then comes up as a list; nothing is
    taken from them by this. Raises RegisterError."""
    clean("bought_on", day)  # a day like any other
    with transaction.atomic():
        person = locked(site_id, person_id)
        person.left_on = day
        person.save(update_fields=["left_on"])
        _record(person, "person.leave" if day else "person.stay", by)


def erase(site_id: str, person_id: str, *, by: By) -> None:
    """Empty what is known of them; ids in the history stay. Refused while they have something.
    Raises RegisterError."""
    with transaction.atomic():
        person = locked(site_id, person_id)
        if Allocation.objects.filter(person=person, until=None).exists():
            raise RegisterError("in_use", "Take back what they have first.")
        person.name, person.reference = "", ""
        person.save(update_fields=["name", "reference"])
        Allocation.objects.filter(person=person).update(note="", signature="", return_signature="")
        _record(person, "person.erase", by)


def locked(site_id: str, person_id: str) -> Person:
    """Their row. Raises RegisterError."""
    rows = Person.objects.select_for_update().filter(site_id=site_id, id=person_id)
    person = rows.first()
    if person is None:
        raise RegisterError("not_found", "There is no such person in this school's register.")
    return person


def _name(name: str) -> str:
    plain = str(clean("name", name))
    if not plain or len(plain) > LONGEST:
        raise RegisterError("bad_value", f"A name has 1 to {LONGEST} characters.", "name")
    return plain


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise RegisterError("bad_value", f"A person is one of: {', '.join(KINDS)}.", "kind")
    return kind


def _reference(text: str) -> str:
    plain = str(clean("name", text))
    if len(plain) > REFERENCE:
        raise RegisterError(
            "bad_value", f"A reference has at most {REFERENCE} characters.", "reference"
        )
    return plain


def _record(person: Person, verb: str, by: By) -> None:
    ledger.append(
        site_id=person.site_id,
        at=by.at,
        actor=by.actor,
        verb=verb,
        subject=person.id,
        reason=by.reason,
    )
