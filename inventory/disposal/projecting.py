"""What the rows of one disposal say, by its events (I1). Pure: a test folds every stored chain and
holds the rows against this.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from inventory.disposal.events import Event
from inventory.disposal.evolving import evolve
from inventory.disposal.now import NOTHING, Now
from inventory.disposal.proving import unproven
from inventory.disposal.rules import Rules
from inventory.disposal.states import Route

Row = dict[str, Any]
_LOST: Final[Mapping[str, Route]] = {"lost": "lost", "stolen": "stolen"}


class Change(msgspec.Struct, frozen=True):
    """One step: how the disposal stood before it and after it."""

    before: Now
    event: Event
    after: Now


def history(events: Iterable[Event], rulebook: Mapping[str, Rules]) -> list[Change]:
    """Every step of a chain, as it was taken: what was allowed then is not judged by the guards of
    a later release. Raises KeyError for rules that are not in the book."""
    changes: list[Change] = []
    now = NOTHING
    for event in events:
        after = evolve(now, event, rulebook[event.rules])
        changes.append(Change(now, event, after))
        now = after
    return changes


def columns(changes: Sequence[Change], rulebook: Mapping[str, Rules]) -> Row:
    """The disposal's own row; `head` is the chain's to say."""
    now, first = changes[-1].after, changes[0].event
    moved = [one.event.at for one in changes if one.before.state != one.after.state]
    return {
        "seq": now.seq,
        "state": now.state,
        "since": moved[-1],
        "route": _route(now),
        "personal_data": now.personal_data,
        "opened_at": first.at,
        "opened_by": first.actor,
        "closed_at": now.ended_at,
        "requested_by": now.requester,
        "approved_at": now.approved_at,
        "collection": now.collection,
        "contractor": now.contractor,
        "certificate_due_at": now.certificate_due_at,
        "holds": sorted(hold.kind for hold in now.holds.values()),
        "n_media": len(now.media),
        "n_media_left": len(unproven(now, rulebook[now.rules])),
        "n_exceptions": len(now.exceptions),
        "rules": now.rules,
    }


def _route(now: Now) -> str:
    return _LOST[now.loss.kind] if now.loss is not None else now.route or ""


def media(now: Now) -> dict[str, Row]:
    """Rows of its media by serial number. What was kept or lives elsewhere is not this disposal's
    any more, and neither is anything once it is over."""
    return {
        serial: {
            "open": not (now.ended or one.kept_as or one.gone),
            "state": one.state,
            "kind": one.kind,
            "serial": one.serial_raw,
            "make": one.make,
            "model": one.model,
            "size_bytes": one.size_bytes,
            "wwn": one.wwn,
            "encrypted_since": one.encrypted_since,
            "waits_for": one.unconfirmed.witness if one.unconfirmed else "",
        }
        for serial, one in now.media.items()
    }


def exceptions(changes: Iterable[Change]) -> dict[str, Row]:
    """Rows of its exceptions by their ids, closed ones too."""
    rows: dict[str, Row] = {}
    for one in changes:
        for name, opened in one.after.exceptions.items():
            rows[name] = {
                "kind": opened.kind,
                "medium": opened.medium,
                "owned_by": opened.owner,
                "due_at": opened.due,
                "opened_at": opened.at,
                "opened_by": opened.by,
                "closed_at": None,
                "closed_by": "",
            }
        for name in one.before.exceptions.keys() - one.after.exceptions.keys():
            rows[name] |= {"closed_at": one.event.at, "closed_by": one.event.actor}
    return rows
