"""What people say of what was seen: known, a guest's, ignored until a day; and taking it back.

Every word is an event of the ledger with its reason. Of a guest's or an ignored thing the address
is forgotten at once, and with it where it was seen (network §4): only a digest stays, by which it
is known again.
"""

import datetime
from typing import Any, Final, Literal, get_args

from django.db import transaction

from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.fields import clean
from inventory.assets.writing import By
from inventory.ledger import services as ledger
from inventory.models import DhcpServer, MacSighting, NetworkDevice, NetworkMac
from inventory.network.addresses import digest_of
from inventory.network.queries import is_settled

Trust = Literal["known", "guest", "ignored"]
TRUSTS: Final[tuple[Trust, ...]] = get_args(Trust)
LONGEST: Final = 300
MOST_DAYS: Final = 366
"""A guest, and what is ignored, is looked at again within a year."""
_FORGOTTEN: Final = ("ip", "vendor_class", "model")


def acknowledge(
    site_id: str,
    mac_id: str,
    trust: str,
    *,
    reason: str,
    by: By,
    today: str,
    until: str = "",
    seen: int | None = None,
) -> None:
    """Say what a thing is. `until`: the last day that holds, which a guest and what is ignored must
    have; `seen`: the row's `seq` on the screen. Raises RegisterError and StaleError."""
    if trust not in TRUSTS:
        raise RegisterError("bad_value", "Say whether it is known, a guest's, or ignored.", "trust")
    words, day = _reason(reason), _day(trust, until, today)
    with transaction.atomic():
        row = _locked(site_id, mac_id, seen)
        if is_settled(row):
            raise RegisterError("known", "It is the school's own already; nothing needs saying.")
        before = _said(row)
        row.trust, row.until, row.reason = trust, day, words
        row.decided_at, row.decided_by = by.at, by.actor
        if trust != "known":
            _forget(row)
        row.save()
        _record(row, "network.acknowledge", before, by, words)


def take_back(site_id: str, mac_id: str, *, by: By, seen: int | None = None) -> None:
    """What was said no longer holds. A forgotten address comes back when it is next seen. Raises
    RegisterError and StaleError."""
    with transaction.atomic():
        row = _locked(site_id, mac_id, seen)
        if not row.trust:
            raise RegisterError("nothing", "Nobody has said anything of it, so nothing to undo.")
        before = _said(row)
        row.trust, row.until, row.reason, row.decided_at, row.decided_by = "", "", "", None, ""
        row.save()
        _record(row, "network.take_back", before, by)


def server_known(site_id: str, server_id: str, *, reason: str, by: By) -> None:
    """This one may hand out addresses. Raises RegisterError."""
    _server(site_id, server_id, "known", _reason(reason), by)


def server_unknown(site_id: str, server_id: str, *, by: By) -> None:
    """It may not, or not any more. Raises RegisterError."""
    _server(site_id, server_id, "", "", by)


def key_explained(site_id: str, device_id: str, *, reason: str, by: By) -> None:
    """Somebody knows why this device shows another SSH key. Raises RegisterError."""
    words = _reason(reason)
    with transaction.atomic():
        rows = NetworkDevice.objects.select_for_update().filter(site_id=site_id, id=device_id)
        row = rows.first()
        if row is None or not row.host_key_before:
            raise RegisterError("not_found", "No device here waits for such a word.")
        row.host_key_before = ""
        row.save(update_fields=["host_key_before"])
        ledger.append(
            site_id=site_id,
            at=by.at,
            actor=by.actor,
            verb="network.key_explained",
            subject=row.id,
            after={"changed_at": row.host_key_at},
            reason=words,
        )


def _server(site_id: str, server_id: str, trust: str, words: str, by: By) -> None:
    with transaction.atomic():
        rows = DhcpServer.objects.select_for_update().filter(site_id=site_id, id=server_id)
        row = rows.first()
        if row is None:
            raise RegisterError("not_found", "No such server was seen at this school.")
        before = {"trust": row.trust}
        row.trust, row.reason = trust, words
        row.decided_at, row.decided_by = (by.at, by.actor) if trust else (None, "")
        row.save(update_fields=["trust", "reason", "decided_at", "decided_by"])
        ledger.append(
            site_id=site_id,
            at=by.at,
            actor=by.actor,
            verb="network.server",
            subject=row.id,
            before=before,
            after={"trust": trust},
            reason=words,
        )


def _locked(site_id: str, mac_id: str, seen: int | None) -> NetworkMac:
    row = NetworkMac.objects.select_for_update().filter(site_id=site_id, id=mac_id).first()
    if row is None:
        raise RegisterError("not_found", "No such thing was seen at this school, or not lately.")
    if seen is not None and row.seq != seen:
        raise StaleError([])
    row.seq += 1
    return row


def _forget(row: NetworkMac) -> None:
    if row.address:
        row.digest, row.address = digest_of(row.site_id, row.address), ""
    for name in _FORGOTTEN:
        setattr(row, name, "")
    MacSighting.objects.filter(mac=row).delete()


def _reason(text: str) -> str:
    words = str(clean("notes", text[: 2 * LONGEST])).replace("\n", " ")
    if not words:
        sentence = "Say why in a few words, so that whoever asks later knows."
        raise RegisterError("no_reason", sentence, "reason")
    if len(text) > 2 * LONGEST or len(words) > LONGEST:
        raise RegisterError("too_long", f"Say it in {LONGEST} characters at most.", "reason")
    return words


def _day(trust: str, until: str, today: str) -> str:
    if trust == "known":
        return ""
    try:
        left = datetime.date.fromisoformat(until) - datetime.date.fromisoformat(today)
    except ValueError as error:
        raise RegisterError("bad_day", "Give the last day, such as 2026-12-18.", "until") from error
    if not 0 <= left.days <= MOST_DAYS:
        sentence = f"The last day is today or later, and within {MOST_DAYS} days."
        raise RegisterError("bad_day", sentence, "until")
    return until


def _said(row: NetworkMac) -> dict[str, Any]:
    return {"trust": row.trust, "until": row.until, "asset": row.asset_id or ""}


def _record(row: NetworkMac, verb: str, before: dict[str, Any], by: By, reason: str = "") -> None:
    ledger.append(
        site_id=row.site_id,
        at=by.at,
        actor=by.actor,
        verb=verb,
        subject=row.id,
        before=before,
        after=_said(row),
        reason=reason,
    )
