"""First contact: roots by the join code's pin, hello by a key they list, then the enrolment.

No key is used here: `introduce` is given in by the caller, who may sign (O13).
"""

from collections.abc import Callable, Sequence

import msgspec

from agent import files
from agent.deliver import news
from agent.deliver.answers import Answer, DeliveryError, not_genuine
from agent.deliver.connection import Connection, Trust
from agent.deliver.standing import opened
from agent.state import Identity, State
from wire import dsse, enrolment, keys, limits, roots
from wire.enrolment import JoinCode
from wire.errors import WireError


class Enrolled(msgspec.Struct, frozen=True):
    """Who we are now, and whether a person still has to let us in."""

    identity: Identity
    status: str


Introduce = Callable[[enrolment.Hello], bytes]
"""Makes the signed enrolment over a hello's nonce."""


def enrol(
    state: State,
    address: str,
    code: JoinCode,
    introduce: Introduce,
    *,
    trust: Trust = "first",
    now: int = 0,
) -> Enrolled:
    """Enrol with the controller at `address`. Raises DeliveryError; nothing is remembered then.

    `trust` "first" rests on the join code's pin alone and then pins the certificates the signed
    hello names; "system" asks the operating system's store now and later.
    """
    line = Connection(address, trust, [])
    try:
        listed, signed = vouched(line, code)
        trusted = [keys.from_text(text) for text in listed.controllers]
        hello = greet(line, code, trusted, dsse.digest(signed))
        envelope = introduce(hello)
        answer = line.post("/v1/enrol", envelope, packed=False)
        request = dsse.digest(envelope)
        found, raw = opened(answer, trusted, request)
    finally:
        line.close()
    identity = Identity(
        device=found.device,
        controller=hello.controller,
        controllers=list(listed.controllers),
        recovery=keys.to_text(roots.heir(listed)),
        roots=dsse.digest(signed),
        roots_version=listed.version,
        addresses=_joined(address, listed.addresses, hello.addresses),
        trust="system" if trust == "system" else "pins",
        spki=list(dict.fromkeys([*listed.tls_spki, *hello.tls_spki])),
        enrolled=request,
        words=found.words,
        enrolled_at=now,
    )
    files.replace(state.key / "roots.json", signed)
    files.replace(state.spool / "enrolment.json", raw)
    news.asked(state, now)
    state.remember(identity)
    return Enrolled(identity, found.status)


def vouched(line: Connection, code: JoinCode) -> tuple[roots.Roots, bytes]:
    """The roots, genuine by the join code's pin, and their envelope. Raises DeliveryError."""
    answer = line.get("/v1/roots")
    try:
        return roots.open_first(dsse.parse(answer.body), code.pin), answer.body
    except WireError as error:
        if error.code == "bad_type":
            raise DeliveryError(
                "no_roots",
                "This controller has no list of its keys; it may need an update.",
            ) from error
        raise _not_hello(answer, error) from error


def greet(
    line: Connection, code: JoinCode, trusted: Sequence[bytes], digest: str
) -> enrolment.Hello:
    """The hello, signed by a key that the roots list and naming those roots.

    Raises DeliveryError.
    """
    answer = line.get(f"/v1/hello?token={code.token}")
    try:
        hello = enrolment.open_hello(dsse.parse(answer.body), trusted)
    except WireError as error:
        raise _not_hello(answer, error) from error
    if hello.roots != digest:
        raise DeliveryError(
            "other_roots",
            "The controller's list of keys changed at this very moment, or somebody shows an old "
            "one; try again.",
        )
    return hello


def _not_hello(answer: Answer, error: WireError) -> DeliveryError:
    if error.code in ("wrong_controller", "bad_key"):
        return DeliveryError("wrong_controller", error.sentence)
    if error.code in ("bad_type", "bad_signature"):
        return DeliveryError(
            "bad_token",
            "The controller does not know this join code, or it is not valid now; "
            "ask for a new one.",
        )
    return not_genuine(answer, error)


def _joined(address: str, listed: Sequence[str], told: Sequence[str]) -> list[str]:
    """The one that just worked first, then what the roots list and the hello names."""
    found = [address.rstrip("/"), *(other.rstrip("/") for other in (*listed, *told))]
    return list(dict.fromkeys(found))[: limits.ADDRESSES]
