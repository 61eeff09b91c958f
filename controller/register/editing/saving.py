"""Save what was typed into an entry's form: understood, met with what others did, and written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.http import QueryDict

from controller.register.editing.inputs import Typed, read, sentence
from controller.register.editing.meeting import (
    Keep,
    Meeting,
    differing,
    only_reports,
    settled,
)
from controller.register.editing.queries import EditingQueries
from inventory.assets import services
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.fields import DEFAULTS, FIELDS, REPORTED

NAMING: Final = ("tag", "name", "make", "model", "serial")
"""One of these says what a new entry is."""
_TRIES: Final = 3


class NotAFormError(Exception):
    """What was sent is no form of this entry."""


@dataclass(slots=True)
class Outcome:
    """What became of it: `saved`, or why not. `asset_id` is "" where nothing was made."""

    typed: Typed
    saved: bool = False
    changed: bool = False
    asset_id: str = ""
    meeting: Meeting | None = None
    faults: list[str] = field(default_factory=list)
    released: frozenset[str] = frozenset()


def add(rows: EditingQueries, site: str, held: Mapping[str, Any], post: QueryDict) -> Outcome:
    """A new entry. `held`: what the form was filled with."""
    typed = read(_texts(post), held)
    found = Outcome(typed)
    if not typed.errors and not any(typed.values.get(name) for name in NAMING):
        typed.errors["tag"] = "Give it a tag, a name, a make, a model or a serial number."
    if typed.errors:
        return found
    try:
        found.asset_id = services.add(site, {**DEFAULTS, **typed.values}, by=rows.by())
        found.saved = True
    except RegisterError as error:
        _blame(found, error)
    return found


def change(rows: EditingQueries, asset_id: str, post: QueryDict) -> Outcome:
    """Change an entry. Raises NotAFormError."""
    for _ in range(_TRIES):
        try:
            return _change(rows, asset_id, post)
        except StaleError:  # between our look and our writing: look again
            continue
    raise NotAFormError


def _change(rows: EditingQueries, asset_id: str, post: QueryDict) -> Outcome:
    now, seen = rows.entry(asset_id), number(post.get("seq", ""))
    if now is None:
        raise NotAFormError
    base = now if seen == now["seq"] else rows.then(asset_id, seen)
    if base is None:
        raise NotAFormError
    typed = read(_texts(post), base)
    mine = {name: value for name, value in typed.values.items() if value != base[name]}
    asked = set(post.getlist("release")) & set(REPORTED) & set(now["fixed_by_person"])
    found = Outcome(typed, asset_id=asset_id, released=frozenset(asked))
    for name in found.released & mine.keys():
        typed.errors[name] = "Either type it, or let the computer say it: not both."
    if typed.errors:
        return found
    if base is not now:
        wanted = _met(rows, found, (base, mine, now), post)
        if wanted is None:
            return found
        mine = wanted
    _write(rows, now, mine, found)
    return found


def _met(
    rows: EditingQueries,
    found: Outcome,
    sides: tuple[Mapping[str, Any], dict[str, Any], Mapping[str, Any]],
    post: QueryDict,
) -> dict[str, Any] | None:
    """What is left to save of `mine`, beside what others did meanwhile; None until that is said."""
    base, mine, now = sides
    later = rows.later(found.asset_id, number(post.get("seq", "")))
    if only_reports(base, [n for n in differing(base, mine, now) if n in mine], later):
        return mine
    keep = _kept(post)
    wanted = settled(base, mine, now, keep)
    if wanted is not None and number(post.get("met", "")) == now["seq"]:
        return wanted
    found.meeting = rows.meeting(base, mine, now, later, keep)
    return None


def _write(
    rows: EditingQueries, now: Mapping[str, Any], mine: Mapping[str, Any], found: Outcome
) -> None:
    by, site, asset_id = rows.by(), now["site"], found.asset_id
    try:
        with transaction.atomic():
            found.changed = services.change(site, asset_id, mine, by=by, seen=now["seq"])
            if found.released:
                services.release(site, asset_id, found.released, by=by)
                found.changed = True
        found.saved = True
    except StaleError:
        raise
    except RegisterError as error:
        _blame(found, error)


def _blame(found: Outcome, error: RegisterError) -> None:
    if error.field in FIELDS:
        found.typed.errors[error.field] = sentence(error)
    else:
        found.faults.append(sentence(error))


def _texts(post: QueryDict) -> dict[str, str]:
    return {name: str(post[name]) for name in post if name in FIELDS}


def _kept(post: QueryDict) -> dict[str, Keep]:
    found: dict[str, Keep] = {}
    for name in FIELDS:
        said = post.get(f"keep-{name}", "")
        if said == "mine":
            found[name] = "mine"
        elif said == "theirs":
            found[name] = "theirs"
    return found


def number(text: str) -> int:
    """A number of an event, 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
