"""Take in the company's receipt, and a corrected one (I8, T4, T5).

A receipt that does not accept responsibility is refused as a whole. One that does is kept, whatever
stands on it: what it names in full is received, and the rest is a difference.
"""

from datetime import date
from typing import Final

import msgspec
from django.db import IntegrityError, transaction

from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.collections.advancing import advance
from inventory.collections.holding import Held, held
from inventory.collections.typed import LONGEST, LONGEST_CONDITION, MOST_LINES, Received
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import Collection, Receipt

LONGEST_CLAUSE: Final = 1_000
LONGEST_REASON: Final = 500


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt as somebody read it off the paper. `accepts` None: it does not say."""

    contractor: str
    day: str
    accepts: bool | None
    clause: str
    lines: tuple[Received, ...]
    evidence: str
    """SHA-256 of the file, which is kept already."""
    reason: str = ""


def take_in(site_id: str, collection_id: str, given: Given, *, seen: int, by: By) -> str:
    """Take in a receipt; its id. `seen`: the number of the last one, 0 for none. Raises
    RegisterError, StaleError where somebody else was faster."""
    try:
        with transaction.atomic():
            whole = held(site_id, collection_id, at=by.at)
            number = _number(whole.collection, seen)
            _check(whole, given, number)
            _check_apart(whole, by)
            receipt = _keep(whole, given, number, by)
            advance(whole, by=by, must="received")
    except IntegrityError as error:
        raise StaleError([]) from error
    return receipt.id


def _number(collection: Collection, seen: int) -> int:
    last = Receipt.objects.filter(collection=collection).order_by("-number").first()
    number = last.number if last else 0
    if number != seen:
        raise StaleError([])
    return number + 1


def _check(whole: Held, given: Given, number: int) -> None:
    collection = whole.collection
    if given.contractor != collection.contractor_id:
        raise RegisterError(
            "other_contractor",
            "This receipt is from another company than the one that collected (I8). Ask whoever "
            "collected for theirs, and where the things are.",
            "contractor",
        )
    if given.accepts is not True:
        raise RegisterError(
            "not_accepted",
            "The receipt does not accept responsibility for destroying personal data (T5, I8). "
            "Send it back and ask for one that does.",
            "accepts",
        )
    if not given.clause.strip():
        raise RegisterError(
            "no_clause", "Copy the words in which it accepts that, as they stand there.", "clause"
        )
    if not given.evidence:
        raise RegisterError("no_evidence", "Choose the file or the photograph of it.", "file")
    _check_day(given.day, collection)
    if number > 1 and not given.reason.strip():
        raise RegisterError("no_reason", "Say why there is another receipt.", "reason")
    if not 0 < len(given.lines) <= MOST_LINES:
        raise RegisterError("no_lines", "Tick what stands on the receipt.", "lines")


def _check_apart(whole: Held, by: By) -> None:
    """Receiver ≠ requester (I2, S6), of anything that went, whatever is still open about it."""
    own = [thing for thing in whole.things if thing.now.requester == by.actor]
    named = sorted(thing.label or thing.name for thing in own if not thing.now.ended)
    if named:
        raise RegisterError(
            "same_receiver",
            "You asked for this disposal, so somebody else takes in the receipt of "
            f"{', '.join(named[:5])} (I2): the head, the business manager or an administrator.",
        )


def _check_day(day: str, collection: Collection) -> None:
    try:
        found = date.fromisoformat(day)
    except ValueError as error:
        raise RegisterError("bad_day", "Write the day as 31/08/2027.", "day") from error
    if found < date.fromisoformat(collection.day):
        raise RegisterError("bad_day", "It cannot be from before the collection.", "day")


def _keep(whole: Held, given: Given, number: int, by: By) -> Receipt:
    lines = [
        {
            "tag": line.tag[:LONGEST],
            "serials": [serial[:LONGEST] for serial in line.serials],
            "condition": line.condition[:LONGEST_CONDITION],
        }
        for line in given.lines
    ]
    receipt = Receipt.objects.create(
        id=new_id("rcpt", by.at),
        site_id=whole.collection.site_id,
        collection=whole.collection,
        number=number,
        contractor_id=given.contractor,
        day=given.day,
        accepts=True,
        clause=given.clause.strip()[:LONGEST_CLAUSE],
        lines=lines,
        reason=given.reason.strip()[:LONGEST_REASON],
        evidence=given.evidence,
        received_at=by.at,
        received_by=by.actor,
    )
    ledger.append(
        site_id=receipt.site_id,
        at=by.at,
        actor=by.actor,
        verb="receipt.take_in",
        subject=receipt.id,
        after={
            "collection": whole.collection.id,
            "number": number,
            "evidence": given.evidence,
            "lines": ledger.digest({"lines": lines}),
        },
    )
    return receipt
