"""A controller, a computer that is to be its scanner, and a scope for it."""

from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from controller.fleet.models import SurveyScope
from controller.roots import signers
from controller.roots.recovery import Recovery
from controller.surveys import drafting, publishing
from tests.controller.intake.conftest import Controller, controller, standing_clock
from tests.controller.intake.machine import NOW, Machine
from tests.controller.policy.conftest import data, recovery
from wire import credentials, itself, keys, sshsig
from wire import scope as signed
from wire.scope import Scope

__all__ = ["controller", "data", "recovery", "standing_clock"]

KEY = bytes(range(32))
"""The scanner's own, of which the controller knows the public half."""


@pytest.fixture
def scanner(controller: Controller) -> Machine:
    """A computer that was let in."""
    return controller.machine("office-1")


def typed(scanner: Machine, **changes: Any) -> dict[str, Any]:
    """What a person types."""
    return {
        "scanner": scanner.device,
        "authorised_by": "Anna Müller",
        "role": "Head teacher",
        "contact": "01632 960123",
        "subnets": ["10.20.0.0/24"],
        **changes,
    }


def drafted(controller: Controller, scanner: Machine, at: int = NOW, **changes: Any) -> Scope:
    made = drafting.scope(controller.site, "Europe/London", typed(scanner, **changes))
    return publishing.numbered(made, at)


def use(controller: Controller, scanner: Machine, at: int = NOW, **changes: Any) -> SurveyScope:
    """Put a scope in use with the controller's own key."""
    envelope = publishing.sign(controller.data, drafted(controller, scanner, at, **changes))
    return publishing.take(controller.data, envelope, actor="system", at=at)


def separate(controller: Controller, recovery: Recovery) -> Ed25519PrivateKey:
    """Name a person who signs scopes instead of the controller; their key."""
    person = keys.generate()
    public = keys.public_bytes(person)
    signers.change(controller.data, recovery, NOW, duty="policy", add=public)
    signers.change(controller.data, recovery, NOW, duty="scope", add=public, delegated=False)
    return person


def by_hand(scope: Scope, person: Ed25519PrivateKey) -> bytes:
    """What ssh-keygen writes beside a payload."""
    return sshsig.sign(signed.payload_of(scope), signed.NAMESPACE, person)


def tells(scanner: Machine, **changes: str) -> bytes:
    """A report in which it says what it is."""
    said = itself.Scanner(sealing=credentials.public_of(KEY), scope="")
    return scanner.report(now=[itself.say(msgspec.structs.replace(said, **changes))])
