"""Asks for newer roots and another policy, and lays what comes beside the reports for `collect` to
judge (O3, O13, O20).

For a policy when a receipt names another than is in force here, over the same connection: a whole
school asks in one night. For roots once a day, along with a policy, and at once when the answers or
the certificate are no longer those we know: that is what a new controller key looks like from here.
Roots are asked for over any connection whatever it shows, because the list is public, signed by the
recovery key, and the very thing that says which certificate to expect.
"""

from typing import Final

from agent import files
from agent.deliver.answers import DeliveryError
from agent.deliver.connection import Connection
from agent.state import Identity, State
from wire import dsse, limits, types
from wire.errors import WireError
from wire.receipt import Receipt

EVERY_SECONDS: Final = 24 * 3_600
MAY_MEND: Final = frozenset({"wrong_controller", "wrong_certificate", "untrusted_certificate"})
"""What newer roots may mend."""
_ASKED: Final = "roots.asked"


def due(state: State, now: int) -> bool:
    """Whether a day has passed; a clock set back does not make it wait longer."""
    data = files.read_or_none(state.spool / _ASKED, 32) or b""
    return not (data.isdigit() and 0 <= now - int(data) < EVERY_SECONDS)


def is_lost(identity: Identity) -> bool:
    """Whether `collect` no longer has the list whose number we know."""
    return bool(identity.recovery) and not identity.roots


def asked(state: State, now: int) -> None:
    """Note that we asked just now."""
    files.replace(state.spool / _ASKED, b"%d" % now)


def ask(state: State, identity: Identity, now: int) -> bool:
    """Ask at each address until one has something; True if something was laid down.

    No answer is no news: nothing here fails a delivery.
    """
    if not identity.recovery:
        return False
    held = identity.roots_version - is_lost(identity)
    for address in identity.addresses:
        body = _newer(address, held)
        if body is None:
            continue
        asked(state, now)
        if body:
            files.replace(state.spool / "roots.json", body)
            return True
    return False


def ask_policy(state: State, identity: Identity, line: Connection, said: Receipt) -> bool:
    """Ask for the policy that a receipt names, unless it is in force or lies there already; True if
    something was laid down. As with roots, no answer is no news."""
    if said.policy in ("", identity.policy) or not said.site:
        return False
    waiting = files.read_or_none(state.spool / "policy.json", limits.ENVELOPE)
    if waiting is not None and dsse.digest(waiting) == said.policy:
        return False
    body = _signed(line, f"/v1/policy?site={said.site}", types.POLICY)
    if body:
        files.replace(state.spool / "policy.json", body)
    return bool(body)


def ask_survey(state: State, identity: Identity, line: Connection, said: Receipt) -> bool:
    """Ask for the scope and the sealed credentials that a receipt names, unless they are in force
    or lie there already; True if something was laid down."""
    asked = (
        ("scope", types.SCOPE, said.scope, identity.scope),
        ("credentials", types.CREDENTIALS, said.credentials, identity.credentials),
    )
    laid = False
    for name, kind, named, held in asked:
        if not named or named == held:
            continue
        waiting = files.read_or_none(state.spool / f"{name}.json", limits.ENVELOPE)
        if waiting is not None and dsse.digest(waiting) == named:
            continue
        body = _signed(line, f"/v1/{name}?named={named.removeprefix('sha256:')}", kind)
        if body:
            files.replace(state.spool / f"{name}.json", body)
            laid = True
    return laid


def _newer(address: str, version: int) -> bytes | None:
    """The envelope offered, b"" when there is nothing newer, None when nobody sensible answers."""
    try:
        line = Connection(address, "first", [])
    except DeliveryError:
        return None
    try:
        return _signed(line, f"/v1/roots/{version}", types.ROOTS)
    finally:
        line.close()


def _signed(line: Connection, path: str, kind: str) -> bytes | None:
    """What lies at a path, if it looks like a message of that kind; b"" and None as above."""
    try:
        answer = line.get(path)
        if answer.status == 204:
            return b""
        is_kind = dsse.parse(answer.body).payload_type == kind
    except (DeliveryError, WireError):
        return None
    return answer.body if is_kind else None
