"""A policy comes into force when somebody signed it who may: numbered upwards, on the record, and
every computer is judged again."""

import subprocess
from pathlib import Path

import msgspec
import pytest

from checks.policy import DEFAULT_POLICY, Policy, policy_hash
from controller.fleet.models import Device, SitePolicy
from controller.judging.policies import DEFAULT_DIGEST, SitePolicies
from controller.personal import holdings
from controller.policy import publishing
from controller.policy.publishing import PublishError
from controller.roots import changing, files, signers
from controller.roots.recovery import Recovery
from inventory.ledger import log
from tests import needs
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW
from tests.controller.policy.conftest import STRICT, Separate, by_hand
from wire import keys
from wire import policy as signed

DAY = 86_400
OTHER = msgspec.structs.replace(STRICT, name="Another")


def use(controller: Controller, policy: Policy = STRICT, at: int = NOW) -> SitePolicy:
    """Put a policy in force with the controller's own key."""
    rules = publishing.draft(controller.site, policy, at)
    return publishing.use(controller.data, rules, actor="system", at=at)


def test_a_school_that_says_nothing_has_the_defaults(controller: Controller) -> None:
    found = SitePolicies()
    assert (found.digest(controller.site), found.body(controller.site)) == (DEFAULT_DIGEST, b"")
    assert (found.offered(controller.site), found.envelope(controller.site)) == ("", b"")
    assert publishing.newest(controller.site) is None


def test_what_the_controller_signs_is_in_force_at_once(controller: Controller) -> None:
    row = use(controller)
    assert (row.version, row.separate, row.set_by) == (2026112301, False, "system")
    rules, signer = signed.open_rules(bytes(row.envelope), files.current(controller.data))
    assert (signer, rules.site) == (row.signer, controller.site)
    assert rules.expires_at == row.expires_at == NOW + publishing.DAYS * DAY
    found = SitePolicies()
    assert found.digest(controller.site) == policy_hash(STRICT)
    assert found.offered(controller.site) == row.envelope_digest
    assert found.envelope(controller.site) == bytes(row.envelope)


def test_every_computer_is_judged_again_and_the_log_says_so(controller: Controller) -> None:
    machine = controller.machine()
    controller.door.post(machine.report())
    Device.objects.update(judge_due=False)
    before = log.extent(controller.site).size
    use(controller)
    device = Device.objects.get(id=machine.device)
    assert (device.judge_due, device.judge_turn > 0) == (True, True)
    (line,) = log.lines(controller.site, before)
    assert f" policy {controller.site} system - sha256:" in line


def test_versions_go_up_whatever_the_clock_says(controller: Controller) -> None:
    first = use(controller).version
    assert use(controller, OTHER).version == first + 1
    assert use(controller, STRICT, NOW - 30 * DAY).version == first + 2
    assert use(controller, OTHER, NOW + DAY).version == 2026112401
    rules = publishing.draft(controller.site, STRICT, NOW, version=2_100_000_000_000)
    assert rules.version == 2_100_000_000_000


def test_the_same_again_changes_nothing_and_an_older_one_is_refused(
    controller: Controller,
) -> None:
    first = use(controller)
    again = publishing.take(controller.data, bytes(first.envelope), actor="user_1", at=NOW)
    assert (again.version, again.set_by) == (first.version, "system")
    use(controller, OTHER)
    with pytest.raises(PublishError, match="in force already"):
        publishing.take(controller.data, bytes(first.envelope), actor="system", at=NOW)
    assert SitePolicy.objects.count() == 2


def test_what_a_person_signs_counts_and_the_controllers_word_alone_does_not(
    controller: Controller, separate: Separate
) -> None:
    person = separate()
    rules = publishing.draft(controller.site, STRICT, NOW)
    with pytest.raises(PublishError, match="a person signs it"):
        publishing.use(controller.data, rules, actor="system", at=NOW)
    payload = signed.payload_of(rules)
    envelope = publishing.join(controller.data, payload, by_hand(payload, person))
    row = publishing.take(controller.data, envelope, actor="system", at=NOW)
    assert (row.separate, row.signer) == (True, keys.key_id(keys.public_bytes(person)))
    assert publishing.believed(row, controller.data)


def test_what_ssh_keygen_signs_comes_into_force(
    controller: Controller, recovery: Recovery, tmp_path: Path
) -> None:
    program = needs.program("ssh-keygen", package="openssh-client")
    key, payload = tmp_path / "head", tmp_path / "policy.json"
    subprocess.run([program, "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    public = signers.read_public(key.with_suffix(".pub").read_text("utf-8"))
    signers.change(controller.data, recovery, NOW, duty="policy", add=public, delegated=False)
    payload.write_bytes(signed.payload_of(publishing.draft(controller.site, STRICT, NOW)))
    words = [program, "-q", "-Y", "sign", "-n", signed.NAMESPACE, "-f", str(key), str(payload)]
    subprocess.run(words, check=True, capture_output=True)
    signature = payload.with_name("policy.json.sig").read_bytes()
    envelope = publishing.join(controller.data, payload.read_bytes(), signature)
    row = publishing.take(controller.data, envelope, actor="system", at=NOW)
    assert row.signer == keys.key_id(public)


def test_a_strangers_signature_is_refused(controller: Controller, separate: Separate) -> None:
    separate()
    payload = signed.payload_of(publishing.draft(controller.site, STRICT, NOW))
    with pytest.raises(PublishError, match="Nobody whom the list of keys names"):
        publishing.join(controller.data, payload, by_hand(payload, keys.generate()))
    forged = signed.join(
        payload,
        by_hand(payload, stranger := keys.generate()),
        [keys.public_bytes(stranger)],
    )
    with pytest.raises(PublishError, match="Nobody whom the list of keys names"):
        publishing.take(controller.data, forged, actor="system", at=NOW)


def test_a_draft_whose_signer_has_left_is_refused(
    controller: Controller, separate: Separate, recovery: Recovery
) -> None:
    person = separate()
    payload = signed.payload_of(publishing.draft(controller.site, STRICT, NOW))
    envelope = publishing.join(controller.data, payload, by_hand(payload, person))
    signers.change(
        controller.data,
        recovery,
        NOW,
        duty="policy",
        remove=keys.public_bytes(person),
        delegated=True,
    )
    with pytest.raises(PublishError, match="Nobody whom the list of keys names"):
        publishing.take(controller.data, envelope, actor="system", at=NOW)


def test_a_policy_in_force_whose_signer_left_is_known_to_count_no_more(
    controller: Controller, separate: Separate
) -> None:
    row = use(controller)
    assert publishing.believed(row, controller.data)
    separate()
    assert not publishing.believed(row, controller.data)


def test_a_policy_for_nobody_here_or_past_its_day_or_of_no_sense_is_refused(
    controller: Controller,
) -> None:
    rules = publishing.draft(controller.site, STRICT, NOW, days=1)
    elsewhere = msgspec.structs.replace(rules, site="site_" + "0" * 26)
    with pytest.raises(PublishError, match="not a school here"):
        publishing.use(controller.data, elsewhere, actor="system", at=NOW)
    with pytest.raises(PublishError, match="expired before"):
        publishing.use(controller.data, rules, actor="system", at=NOW + DAY)
    newer = msgspec.structs.replace(rules, policy='{"name":"x","new_field":1}')
    with pytest.raises(PublishError, match="cannot be read here"):
        publishing.use(controller.data, newer, actor="system", at=NOW)
    typo = msgspec.structs.replace(rules, policy='{"gateways":["x"]}')
    with pytest.raises(PublishError, match="no MAC"):
        publishing.use(controller.data, typo, actor="system", at=NOW)
    assert not SitePolicy.objects.exists()


@pytest.mark.parametrize("days", [0, -1, publishing.MOST_DAYS + 1])
def test_a_policy_is_good_for_a_sensible_time(controller: Controller, days: int) -> None:
    with pytest.raises(PublishError, match="is good for 1 to"):
        publishing.draft(controller.site, STRICT, NOW, days=days)


def test_what_computers_would_refuse_is_refused_here(controller: Controller) -> None:
    hidden = msgspec.structs.replace(STRICT, name="Hill\u202eSchool")
    with pytest.raises(PublishError, match="cannot be sent"):
        publishing.draft(controller.site, hidden, NOW)


def test_a_new_controller_key_signs_again_what_the_old_one_signed(
    controller: Controller, recovery: Recovery
) -> None:
    first = use(controller)
    changing.rotate_online(controller.data, "signing", recovery, NOW, stolen=True)
    assert not publishing.believed(first, controller.data)
    assert publishing.resign(controller.data, actor="system", at=NOW) == [controller.site]
    row = publishing.newest(controller.site)
    assert row is not None
    assert publishing.believed(row, controller.data)
    assert (row.digest, row.version) == (first.digest, first.version + 1)
    assert row.expires_at == first.expires_at
    assert publishing.resign(controller.data, actor="system", at=NOW) == []


def test_what_a_person_signed_is_left_to_persons(
    controller: Controller, separate: Separate, recovery: Recovery
) -> None:
    person = separate()
    payload = signed.payload_of(publishing.draft(controller.site, STRICT, NOW))
    envelope = publishing.join(controller.data, payload, by_hand(payload, person))
    row = publishing.take(controller.data, envelope, actor="system", at=NOW)
    changing.rotate_online(controller.data, "signing", recovery, NOW, stolen=True)
    assert publishing.resign(controller.data, actor="system", at=NOW) == []
    assert publishing.believed(row, controller.data)


def test_the_empty_policy_takes_a_school_back_to_the_defaults(controller: Controller) -> None:
    use(controller)
    use(controller, DEFAULT_POLICY)
    assert SitePolicies().digest(controller.site) == DEFAULT_DIGEST


def test_names_that_somebody_wrote_into_a_policy_are_found(controller: Controller) -> None:
    ask = msgspec.structs.replace(STRICT.decisions[0], by="Wendy Jones", reason="as wjones said")
    row = use(controller, msgspec.structs.replace(STRICT, decisions=[ask]))
    found = holdings.mentions({"wendy jones", "nobody-else"})
    assert found == [{"table": "fleet.SitePolicy", "row": str(row.pk), "body": "Wendy Jones"}]


def test_judging_looks_anew_before_each_batch(controller: Controller) -> None:
    """What was remembered a second ago would judge by the old policy and be thought done."""
    from controller.judging import cases

    machine = controller.machine()
    policies = SitePolicies()
    assert policies.digest(controller.site) == DEFAULT_DIGEST
    use(controller)
    assert policies.digest(controller.site) == DEFAULT_DIGEST, "remembered for a moment"
    cases.gather([machine.device], policies, NOW)
    assert policies.digest(controller.site) == policy_hash(STRICT)
