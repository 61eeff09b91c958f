"""Who signed a policy can be checked by anybody, also after the signer has left."""

import pytest

from controller.policy import proof, publishing
from controller.policy.publishing import PublishError
from controller.roots import files, signers
from controller.roots.recovery import Recovery
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW
from tests.controller.policy.conftest import STRICT, Separate, by_hand
from wire import keys, sshsig
from wire import policy as signed


def test_what_a_person_signed_is_handed_out_as_ssh_keygen_takes_it(
    controller: Controller, separate: Separate, recovery: Recovery
) -> None:
    person = separate()
    public = keys.public_bytes(person)
    payload = signed.payload_of(publishing.draft(controller.site, STRICT, NOW))
    envelope = publishing.join(controller.data, payload, by_hand(payload, person))
    version = publishing.take(controller.data, envelope, actor="system", at=NOW).version
    signers.change(controller.data, recovery, NOW, duty="policy", remove=public, delegated=True)
    found = proof.of(controller.site, 0, controller.data)
    name = f"policy-{version}.json"
    assert set(found) == {name, f"{name}.sig", "allowed_signers"}
    assert found[name] == payload
    sshsig.check(found[name], found[f"{name}.sig"], signed.NAMESPACE, public)
    assert found["allowed_signers"].decode() == sshsig.allowed_signer(
        proof.WHO, signed.NAMESPACE, public
    )


def test_what_the_controller_signed_is_handed_out_as_computers_get_it(
    controller: Controller,
) -> None:
    for _ in range(2):
        rules = publishing.draft(controller.site, STRICT, NOW)
        publishing.use(controller.data, rules, actor="system", at=NOW)
    found = proof.of(controller.site, rules.version - 1, controller.data)
    (envelope,) = found.values()
    opened, _ = signed.open_rules(envelope, files.current(controller.data))
    assert opened.version == rules.version - 1
    assert list(found) == [f"policy-{opened.version}.dsse.json"]


def test_a_policy_there_never_was_has_no_proof(controller: Controller) -> None:
    with pytest.raises(PublishError, match="no such policy"):
        proof.of(controller.site, 0, controller.data)
