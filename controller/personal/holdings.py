"""Everything held about one person, as one document (O12; UK GDPR articles 15 and 20).

Secrets are named and not handed out: a password's hash helps only whoever wants to guess it. What a
person did is there as ids and digests, with the reasons they gave in their own words.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import reduce
from operator import or_
from typing import Any, Final

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db.models import Model, Q

from controller.people.models import User
from controller.personal.columns import free_text, naming
from controller.personal.others import OTHERS
from controller.policy import publishing
from inventory.keeping import Kept

SCHEMA: Final = "caretaker.person/1"
SHORTEST_MENTION: Final = 4
_WHAT: Final = frozenset({"verb", "seq", "site_id", "label", "version", "subject"})
_WHEN: Final = frozenset({"at", "created_at", "approved_at", "set_at"})
_PROOF: Final = frozenset({"before_digest", "after_digest", "reason_digest"})


def find(who: str) -> User | None:
    """The account with this id, user name or mail address."""
    named = Q(id=who) | Q(username=who)
    if who:
        named |= Q(email__iexact=who)
    return User.objects.filter(named).order_by("id").first()


def everything(user: User, at: int) -> dict[str, Any]:
    """The document `caretaker people export` writes."""
    return {
        "schema": SCHEMA,
        "made_at": at,
        "account": _account(user),
        "records": {
            model._meta.label: {**_why(model), "rows": rows} for model, rows in _records(user)
        },
        "reasons": list(_reasons(user)),
        "signed_in": [{"until": str(session.expire_date)} for session in sessions(user)],
        "mentions": mentions(names(user)),
    }


def sessions(user: User) -> list[Session]:
    """The browsers this person is signed in with."""
    return [s for s in Session.objects.all() if s.get_decoded().get("_auth_user_id") == user.id]


def names(user: User) -> frozenset[str]:
    """What others may call them in words; shorter than four letters stands in too many words."""
    known = (user.name, user.username, user.email) if user.erased_at is None else ()
    return frozenset(word for word in known if len(word) >= SHORTEST_MENTION)


def mentions(words: Collection[str]) -> list[dict[str, str]]:
    """Places in free text where one of these names stands."""
    if not words:
        return []
    found = []
    for label, column in free_text():
        holds = reduce(or_, (Q(**{f"{column}__icontains": word}) for word in sorted(words)))
        rows = apps.get_model(label)._base_manager.filter(holds).order_by("pk")
        found += [
            {"table": label, "row": str(row.pk), column: getattr(row, column)} for row in rows
        ]
    return found + [
        {"table": "fleet.SitePolicy", "row": row, "body": text}
        for row, text in publishing.words_of_all()
        if any(word.casefold() in text.casefold() for word in words)
    ]


def _account(user: User) -> dict[str, Any]:
    fields = {
        field.attname: getattr(user, field.attname)
        for field in User._meta.concrete_fields
        if field.name != "password"
    }
    return {**_why(User), **fields, "password": "kept as an Argon2id hash, which is not handed out"}


def _records(user: User) -> Iterator[tuple[type[Model], list[dict[str, Any]]]]:
    for model, columns in naming():
        named = reduce(or_, (Q(**{column: user.id}) for column in columns))
        rows = model._base_manager.filter(named).order_by("pk")
        if found := list(rows.values(*_shown(model, columns))):
            yield model, found


def _shown(model: type[Model], columns: list[str]) -> Iterator[str]:
    """What of a row is about the person: who, when, what, where; not the thing it was done to."""
    whole = any(model._meta.get_field(name).is_relation for name in columns)
    for field in model._meta.concrete_fields:
        name = field.attname
        if whole or field.primary_key or name in {*columns, *_WHAT, *_WHEN, *_PROOF}:
            yield name


def _reasons(user: User) -> Iterator[Mapping[str, Any]]:
    notes = apps.get_model("inventory", "EventNote")._base_manager
    theirs = Q(event__actor=user.id) | Q(event__subject=user.id)
    rows = notes.filter(theirs).exclude(text="").order_by("event__site_id", "event__seq")
    yield from rows.values(
        "event__site_id", "event__seq", "event__at", "event__verb", "event__subject", "text"
    )


def _why(model: type[Model]) -> dict[str, str]:
    kept = model if issubclass(model, Kept) else OTHERS[model._meta.label]
    return {"purpose": kept.purpose, "keep_for": kept.keep_for.rule}
