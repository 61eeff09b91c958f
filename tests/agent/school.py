"""A school that decides what its computers are asked, as one computer meets it."""

from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent import chain
from agent.collect import rooting, ruling
from agent.state import Identity, State
from checks.judging import Device
from checks.policy import Policy
from tests.agent.simulator import NOW, Controller
from wire import canonical, dsse, keys, policy, sshsig

DAY = 86_400


class School:
    """A controller whose school decides: `publish` puts a policy in force."""

    def __init__(self, controller: Controller, state: State) -> None:
        self.controller, self.state = controller, state
        self.technician = keys.generate()

    def separate(self, *signers: Ed25519PrivateKey) -> None:
        """From now on people sign, and the controller may not."""
        listed = [keys.to_text(keys.public_bytes(one)) for one in signers or (self.technician,)]
        self.controller.list_keys(delegated=False, policy_signers=listed)
        self.believe()

    def believe(self) -> None:
        """The computer hears of the newest list."""
        (self.state.spool / "roots.json").write_bytes(self.controller.roots())
        assert rooting.adopt(self.state)
        ruling.adopt(self.state)

    def made(self, version: int = 1, by: Ed25519PrivateKey | None = None, **changes: Any) -> bytes:
        """A policy signed by a person, or by the controller where nobody is named."""
        text = changes.pop("text", None) or canonical.encode(
            changes.pop("policy", Policy(name=f"version {version}", version=version))
        )
        fields = {"site": self.controller.site, "issued_at": NOW, "expires_at": NOW + 400 * DAY}
        rules = policy.Rules(version=version, policy=text.decode(), **(fields | changes))  # type: ignore[arg-type]  # as Rules has them
        if by is None:
            return policy.sign_rules(rules, self.controller.key)
        payload = policy.payload_of(rules)
        signature = sshsig.sign(payload, policy.NAMESPACE, by)
        return policy.join(payload, signature, [keys.public_bytes(by)])

    def publish(self, envelope: bytes) -> ruling.Ruled:
        """Put it in force as a receipt would, which names it, and bring it."""
        self.name_in_receipt(envelope)
        if envelope:
            (self.state.spool / "policy.json").write_bytes(envelope)
        ruling.adopt(self.state)
        return self.ruled()

    def name_in_receipt(self, envelope: bytes) -> None:
        """As the newest receipt does."""
        named = dsse.digest(envelope) if envelope else ""
        links = chain.load(self.state.key)
        told = msgspec.structs.replace(links, policy=named, site=self.controller.site)
        chain.save(self.state.key, told)

    def ruled(self) -> ruling.Ruled:
        """What the next round goes by."""
        found = ruling.in_force(self.state, Device("linux"))
        assert found.why in {"", *policy.RULED}
        return found


def joined(state: State) -> School:
    """A computer that joined, and a controller that needs no address."""
    controller = Controller(spki="sha256:" + "0" * 64)
    state.remember(
        Identity(
            device=controller.device,
            controller=keys.to_text(controller.public),
            addresses=["https://127.0.0.1:1"],
            trust="pins",
            spki=[],
            enrolled="",
            words="",
            enrolled_at=NOW,
            recovery=keys.to_text(keys.public_bytes(controller.recovery)),
            roots=dsse.digest(controller.roots()),
            roots_version=1,
        )
    )
    (state.key / "roots.json").write_bytes(controller.roots())
    return School(controller, state)
