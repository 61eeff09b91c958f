"""People who have equipment of the school: added, found again, gone, erased (S24, O12).

They need no account, and the register keeps no more of them than a name, what kind of person they
are and what another system calls them.
"""

from collections.abc import Callable, Mapping
from typing import Final, Literal, get_args

from django.db import IntegrityError, transaction

from checks.policy import PROFILES
from inventory import watching
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.fields import clean
from inventory.assets.writing import By
from inventory.documents.letting_go import forget_signatures
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import Allocation, Person

PersonKind = Literal["staff", "pupil", "governor", "visitor"]
KINDS: Final = get_args(PersonKind)
LONGEST: Final = 120
GROUP: Final = 64
_SAID_OF_THEM: Final = dict.fromkeys(
    ("note", "return_note", "reason", "personal_use", "signature", "return_signature"), ""
)
REFERENCE: Final = 64


def add_person(
    site_id: str,
    name: str,
    kind: str,
    *,
    by: By,
    reference: str = "",
    profile: str = "",
    group: str = "",
) -> str:
    """A new person; their id. `profile`: what computers they have are for; `group`: their class or
    team. Raises RegisterError where another has that reference."""
    person = Person(
        id=new_id("pers", by.at),
        site_id=site_id,
        name=_name(name),
        kind=_kind(kind),
        reference=_reference(reference),
        group=_group(group),
        profile=_profile(profile),
        created_at=by.at,
    )
    try:
        with transaction.atomic():
            person.save(force_insert=True)
            _record(person, "person.create", by)
    except IntegrityError as error:
        raise RegisterError("taken", "Somebody else has that reference.", "reference") from error
    return person.id


def change(
    site_id: str, person_id: str, values: Mapping[str, str], *, seen: Mapping[str, str], by: By
) -> bool:
    """Change what is known of a person (name, kind, reference, group, profile); whether anything
    did. `seen`: what stood on the screen, so that nobody's change is lost. Raises RegisterError,
    and StaleError with the fields that somebody else changed meanwhile."""
    wanted = cleaned(values)
    try:
        with transaction.atomic():
            person = locked(site_id, person_id)
            if not person.name:
                raise RegisterError("gone", "This person is not known any more.")
            changed = {n: v for n, v in wanted.items() if getattr(person, n) != v}
            if stale := sorted(n for n in changed if getattr(person, n) != seen.get(n)):
                raise StaleError(stale)
            for name, value in changed.items():
                setattr(person, name, value)
            if changed:
                person.save(update_fields=[*changed])
                _record(person, "person.change", by)
    except IntegrityError as error:
        raise RegisterError("taken", "Somebody else has that reference.", "reference") from error
    if "profile" in changed:
        watching.tell(site_id, [person_id], actor=by.actor, at=by.at)
    return bool(changed)


def cleaned(values: Mapping[str, str]) -> dict[str, str]:
    """What is known of a person, as it is kept. Raises RegisterError."""
    return {name: _CLEANERS[name](value) for name, value in values.items()}


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
        person.name, person.reference, person.group = "", "", ""
        person.save(update_fields=["name", "reference", "group"])
        theirs = Allocation.objects.filter(person=person)
        both = list(theirs.values_list("signature", "return_signature"))
        theirs.update(**_SAID_OF_THEM)
        forget_signatures(site_id, [one for pair in both for one in pair], by.at)
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


def _group(text: str) -> str:
    plain = str(clean("name", text))
    if len(plain) > GROUP:
        raise RegisterError(
            "bad_value", f"A class or team has at most {GROUP} characters.", "group"
        )
    return plain


def _profile(profile: str) -> str:
    if profile and profile not in PROFILES:
        raise RegisterError("bad_value", f"It is one of: {', '.join(PROFILES)}.", "profile")
    return profile


_CLEANERS: Final[Mapping[str, Callable[[str], str]]] = {
    "name": _name,
    "kind": _kind,
    "reference": _reference,
    "group": _group,
    "profile": _profile,
}


def _record(person: Person, verb: str, by: By) -> None:
    ledger.append(
        site_id=person.site_id,
        at=by.at,
        actor=by.actor,
        verb=verb,
        subject=person.id,
        reason=by.reason,
    )
