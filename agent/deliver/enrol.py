"""First contact: fetch the signed hello, hand over an enrolment, bring back where it stands.

No key is used here: `introduce` is given in by the caller, who may sign (O13).
"""

from collections.abc import Callable

import msgspec

from agent import files
from agent.deliver.answers import Answer, DeliveryError, not_genuine
from agent.deliver.connection import Connection, Trust
from agent.deliver.standing import opened
from agent.state import Identity, State
from wire import dsse, enrolment, keys
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
        hello = greet(line, code)
        envelope = introduce(hello)
        answer = line.post("/v1/enrol", envelope, packed=False)
        request = dsse.digest(envelope)
        found, raw = opened(answer, keys.from_text(hello.controller), request)
    finally:
        line.close()
    identity = Identity(
        device=found.device,
        controller=hello.controller,
        addresses=_addresses(address, hello),
        trust="system" if trust == "system" else "pins",
        spki=list(hello.tls_spki),
        enrolled=request,
        words=found.words,
        enrolled_at=now,
    )
    files.replace(state.spool / "enrolment.json", raw)
    state.remember(identity)
    return Enrolled(identity, found.status)


def greet(line: Connection, code: JoinCode) -> enrolment.Hello:
    """The hello, genuine by the join code's pin. Raises DeliveryError."""
    answer = line.get(f"/v1/hello?token={code.token}")
    try:
        return enrolment.open_hello(dsse.parse(answer.body), code.pin)
    except WireError as error:
        raise _not_hello(answer, error) from error


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


def _addresses(address: str, hello: enrolment.Hello) -> list[str]:
    """The one that just worked first, then what the hello names."""
    first = address.rstrip("/")
    return [first, *(other for other in hello.addresses if other.rstrip("/") != first)]
