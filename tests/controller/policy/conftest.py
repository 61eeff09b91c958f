"""A controller, the recovery key of its safe, and a person who may sign."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from checks.policy import Ask, Policy
from controller import keyfiles
from controller.data import datafolder
from controller.roots import signers
from controller.roots.recovery import Recovery
from tests.controller.intake.conftest import controller, standing_clock
from tests.controller.intake.machine import NOW
from wire import keys, sshsig
from wire import policy as signed

__all__ = ["controller", "standing_clock"]

STRICT = Policy(
    name="Hill School",
    decisions=[Ask(check="lock-idle-timeout", setting="limit_seconds", value=300, by="head")],
)
Separate = Callable[[], Ed25519PrivateKey]


@pytest.fixture
def recovery(tmp_path: Path) -> Recovery:
    """The key on paper, of the data folder made with it."""
    folder = tmp_path / "data"
    datafolder.prepare(folder)
    made = keyfiles.make_keys(folder)
    assert made is not None
    return made


@pytest.fixture
def data(recovery: Recovery, tmp_path: Path) -> Path:
    """A data folder with keys."""
    return tmp_path / "data"


@pytest.fixture
def separate(data: Path, recovery: Recovery) -> Separate:
    """Name a person who signs policy instead of the controller; their key."""

    def name() -> Ed25519PrivateKey:
        person = keys.generate()
        public = keys.public_bytes(person)
        signers.change(data, recovery, NOW, duty="policy", add=public, delegated=False)
        return person

    return name


def by_hand(payload: bytes, person: Ed25519PrivateKey) -> bytes:
    """What ssh-keygen writes beside a payload."""
    return sshsig.sign(payload, signed.NAMESPACE, person)
