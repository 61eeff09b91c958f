"""What the night lets go of about people: accounts a year after they left, sessions that ended.

Somebody left when their account is closed or has no role at any school any more; the first night
that sees it notes the day. A role given back in time clears the note.
"""

import datetime
from typing import Final

import msgspec
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from controller.people.models import Membership, User
from controller.personal.erasure import erase
from inventory.ledger import services as ledger

DAY: Final = 86_400


class Pruned(msgspec.Struct, frozen=True):
    """How many rows went."""

    accounts: int
    sessions: int


def prune(at: int) -> Pruned:
    """Erase accounts and delete sessions that are past their days."""
    known = User.objects.filter(erased_at=None)
    stays = Exists(Membership.objects.filter(user_id=OuterRef("id")))
    known.filter(stays, is_active=True).update(left_at=None)
    known.exclude(stays, is_active=True).filter(left_at=None).update(left_at=at)
    due = known.filter(left_at__lt=at - (User.keep_for.days or 0) * DAY)
    ids = list(due.order_by("id").values_list("id", flat=True))
    for user in ids:
        erase(user, actor=ledger.SYSTEM, at=at, keep_reasons=True, even_last=True)
    ended = datetime.datetime.fromtimestamp(at, datetime.UTC)
    sessions, _ = Session.objects.filter(expire_date__lt=ended).delete()
    return Pruned(accounts=len(ids), sessions=sessions)
