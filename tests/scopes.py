"""Scopes as somebody signed them, for tests: for the sample scanner, or for whichever is named."""

from typing import Any

import msgspec

from agent.survey.scope import Scope, read
from tests.wire import samples
from wire import scope, sshsig

AT = samples.AT
ALWAYS = scope.Hours(begins_minute=0, ends_minute=1_440, timezone="Europe/London")


def said(**changes: Any) -> scope.Scope:
    """What is to be signed: always open, with no credential, unless told otherwise."""
    plain: dict[str, Any] = {"credentials": [], "services": [], "hours": ALWAYS, "exclude": []}
    return msgspec.structs.replace(samples.SCOPE, **{**plain, "equipment_of_others": [], **changes})


def signed(one: scope.Scope) -> bytes:
    """The envelope, by the sample school's signer."""
    payload = scope.payload_of(one)
    text = sshsig.sign(payload, scope.NAMESPACE, samples.SIGNER_KEY)
    return scope.join(payload, text, [samples.SIGNER_PUBLIC])


def held(**changes: Any) -> Scope:
    """As the scanner holds it at `AT`."""
    found = read(signed(said(**changes)), samples.SCOPED, samples.DEVICE, AT)
    assert isinstance(found, Scope), found
    return found
