"""Who may say what a school's computers are asked: by the roots, whoever carries it (O20, O21)."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.wire import samples
from tests.wire.refusals import ACCEPTED, code
from tests.wire.test_sshsig import Keygen
from tests.wire.test_tamper import respelled
from wire import canonical, dsse, fields, keys, limits, policy, roots, sshsig, types

PAYLOAD, ENVELOPE = samples.RULES_PAYLOAD, samples.RULES_SIGNED
SEPARATED, DELEGATED = samples.RULED, samples.ROOTS
BOTH = msgspec.structs.replace(SEPARATED, delegated=True)
PERSON, CONTROLLER = samples.SIGNER_PUBLIC, samples.CONTROLLER_PUBLIC


def by_person(payload: bytes = PAYLOAD, space: str = policy.NAMESPACE) -> bytes:
    """An envelope whose signature a person made, whatever it is over."""
    raw = sshsig.bare(payload, sshsig.sign(payload, space, samples.SIGNER_KEY), space, PERSON)
    return dsse.write(dsse.Parsed(payload, types.POLICY, keys.key_id(PERSON), raw))


def by_controller(payload: bytes = PAYLOAD, kind: str = types.POLICY) -> bytes:
    return dsse.sign(payload, kind, samples.CONTROLLER_KEY)


def opened(envelope: bytes, held: roots.Roots) -> str:
    return code(lambda: policy.open_rules(envelope, held))


def test_a_person_whom_the_roots_name_may_sign_whether_or_not_the_controller_may() -> None:
    for held in (SEPARATED, BOTH):
        assert policy.open_rules(ENVELOPE, held) == (samples.RULES, keys.key_id(PERSON))


def test_a_controller_key_may_sign_only_where_the_roots_delegate() -> None:
    assert policy.open_rules(by_controller(), DELEGATED)[1] == keys.key_id(CONTROLLER)
    assert opened(by_controller(), BOTH) == ACCEPTED
    assert opened(by_controller(), SEPARATED) == "bad_signature"


def test_a_controller_key_believed_for_one_change_more_may_still_sign() -> None:
    listed = [keys.to_text(samples.NEW_PUBLIC), keys.to_text(CONTROLLER)]
    held = msgspec.structs.replace(DELEGATED, controllers=listed)
    assert opened(by_controller(), held) == ACCEPTED


@pytest.mark.parametrize(
    "gone",
    [
        pytest.param({"policy_signers": []}, id="nobody"),
        pytest.param({"policy_signers": [keys.to_text(samples.NEW_PUBLIC)]}, id="another"),
        pytest.param(
            {"policy_signers": [], "scope_signers": [keys.to_text(PERSON)]}, id="of-scopes"
        ),
        pytest.param({"policy_signers": [], "logs": [keys.to_text(PERSON)]}, id="of-the-log"),
    ],
)
def test_a_signer_counts_in_no_other_place_of_the_roots(gone: dict[str, Any]) -> None:
    held = msgspec.structs.replace(BOTH, **gone)
    assert opened(ENVELOPE, held) == "bad_signature"


def test_the_recovery_key_signs_no_policy() -> None:
    signed = dsse.sign(PAYLOAD, types.POLICY, samples.RECOVERY_KEY)
    assert opened(signed, BOTH) == "bad_signature"


def test_each_key_signs_in_its_own_way_and_not_in_the_others() -> None:
    """A person's key signs anything over DSSE, say in another program: that is no policy."""
    plain = dsse.sign(PAYLOAD, types.POLICY, samples.SIGNER_KEY)
    assert opened(plain, BOTH) == "bad_signature"
    raw = sshsig.bare(
        PAYLOAD,
        sshsig.sign(PAYLOAD, policy.NAMESPACE, samples.CONTROLLER_KEY),
        policy.NAMESPACE,
        CONTROLLER,
    )
    as_person = dsse.Parsed(PAYLOAD, types.POLICY, keys.key_id(CONTROLLER), raw)
    assert opened(dsse.write(as_person), BOTH) == "bad_signature"


def test_a_key_that_is_both_may_sign_in_both_ways() -> None:
    held = msgspec.structs.replace(DELEGATED, policy_signers=[keys.to_text(CONTROLLER)])
    text = sshsig.sign(PAYLOAD, policy.NAMESPACE, samples.CONTROLLER_KEY)
    assert opened(policy.join(PAYLOAD, text, [CONTROLLER]), held) == ACCEPTED
    assert opened(by_controller(), held) == ACCEPTED


def test_what_was_signed_for_another_purpose_is_no_policy() -> None:
    assert opened(by_person(space="file"), SEPARATED) == "bad_signature"
    assert opened(by_person(space="evidence@caretaker"), SEPARATED) == "bad_signature"
    assert opened(by_controller(kind=types.RECEIPT), DELEGATED) == "bad_type"
    relabelled = dsse.parse(by_controller(kind=types.RECEIPT))._replace(payload_type=types.POLICY)
    assert opened(dsse.write(relabelled), DELEGATED) == "bad_signature"


def test_another_spelling_is_refused_whoever_signed_it() -> None:
    for other in respelled(PAYLOAD):
        assert opened(by_person(other), SEPARATED) != ACCEPTED
        assert opened(by_controller(other), DELEGATED) != ACCEPTED


def rules(**changes: Any) -> policy.Rules:
    return msgspec.structs.replace(samples.RULES, **changes)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        pytest.param({"version": 0}, "schema", id="version-0"),
        pytest.param({"version": 2**53}, "schema", id="version-too-large"),
        pytest.param({"site": "our school"}, "schema", id="no-site"),
        pytest.param({"expires_at": samples.AT}, "schema", id="ends-as-it-begins"),
        pytest.param({"policy": ""}, "schema", id="no-text"),
        pytest.param({"policy": "[]"}, "schema", id="a-list"),
        pytest.param({"policy": "7e"}, "malformed", id="no-json"),
        pytest.param({"policy": '{"v": 1}'}, "not_canonical", id="blanks"),
        pytest.param({"policy": '{"v":1,"v":1}'}, "not_canonical", id="twice"),
        pytest.param({"policy": '{"v":1.5}'}, "schema", id="a-fraction"),
        pytest.param({"policy": '{"a":"\\u0007"}'}, "not_canonical", id="a-bell"),
        pytest.param({"policy": '{"a":"\u202e"}'}, "not_canonical", id="turned-text"),
        pytest.param({"policy": '{"a":' + "[" * 90 + "]" * 90 + "}"}, "malformed", id="deep"),
        pytest.param({"policy": '{"a":"' + "x" * 1_025 + '"}'}, "too_large", id="a-long-string"),
        pytest.param({"policy": '{"a":"' + "x" * 70_000 + '"}'}, "too_large", id="huge"),
        pytest.param({"policy": "{" + "[" * 60_000}, "malformed", id="huge-and-deep"),
    ],
)
def test_a_policy_that_no_agent_could_read_is_neither_written_nor_read(
    changes: dict[str, Any], refusal: str
) -> None:
    made = rules(**changes)
    assert code(lambda: policy.payload_of(made)) == refusal
    assert code(lambda: policy.sign_rules(made, samples.CONTROLLER_KEY)) == refusal
    data = canonical.encode(made)
    assert code(lambda: policy.join(data, b"", [PERSON])) == refusal
    if len(data) <= limits.PAYLOAD:
        assert opened(by_person(data), SEPARATED) == refusal


def test_a_policy_fills_a_whole_payload_and_no_more() -> None:
    def of(length: int) -> policy.Rules:
        lists = json.dumps({"gateways": ["x" * 1_000] * length}, separators=(",", ":"))
        return rules(policy=lists)

    most = max(n for n in range(60, 70) if code(lambda: policy.payload_of(of(n))) == ACCEPTED)  # noqa: B023 - called at once
    assert limits.PAYLOAD - 1_100 < len(policy.payload_of(of(most))) <= limits.PAYLOAD
    assert opened(by_person(policy.payload_of(of(most))), SEPARATED) == ACCEPTED


def test_a_field_of_a_newer_release_is_passed_over_here() -> None:
    newer = PAYLOAD.replace(b'"version":3}', b'"version":3,"weight":2}')
    assert opened(by_person(newer), SEPARATED) == ACCEPTED
    assert opened(by_person(PAYLOAD.replace(b'"v":1', b'"v":2')), SEPARATED) == "schema"


def test_join_says_whose_signature_it_is_and_refuses_a_strangers() -> None:
    text = sshsig.sign(PAYLOAD, policy.NAMESPACE, samples.SIGNER_KEY)
    assert policy.join(PAYLOAD, text, [samples.NEW_PUBLIC, PERSON]) == ENVELOPE
    assert code(lambda: policy.join(PAYLOAD, text, [samples.NEW_PUBLIC])) == "bad_signature"
    assert code(lambda: policy.join(PAYLOAD, text, [])) == "bad_signature"
    other = sshsig.sign(PAYLOAD, "file", samples.SIGNER_KEY)
    assert code(lambda: policy.join(PAYLOAD, other, [PERSON])) == "bad_type"
    assert code(lambda: policy.join(PAYLOAD, b"no", [PERSON])) == "malformed"
    later = policy.payload_of(rules(version=4))
    assert code(lambda: policy.join(later, text, [PERSON])) == "bad_signature"


def test_every_reason_a_report_may_give_fits_its_field() -> None:
    assert policy.NAMESPACE == "policy@caretaker"  # as it stands in scripts of technicians
    for word in policy.RULED:
        assert msgspec.convert(word, fields.Code) == word


@pytest.fixture(scope="module")
def keygen(tmp_path_factory: pytest.TempPathFactory) -> Keygen:
    """ssh-keygen with a technician's key of its own."""
    made = Keygen(tmp_path_factory.mktemp("technician"))
    made.run("-q", "-t", "ed25519", "-N", "", "-C", "technician", "-f", "technician")
    return made


def test_what_ssh_keygen_signs_is_believed_and_what_we_give_back_it_verifies(
    keygen: Keygen,
) -> None:
    folder = keygen._folder
    public = _public(folder / "technician.pub")
    (folder / "policy.json").write_bytes(PAYLOAD)
    done = keygen.run("-Y", "sign", "-n", policy.NAMESPACE, "-f", "technician", "policy.json")
    assert done.returncode == 0, done.stderr
    envelope = policy.join(PAYLOAD, (folder / "policy.json.sig").read_bytes(), [public])
    held = msgspec.structs.replace(SEPARATED, policy_signers=[keys.to_text(public)])
    assert policy.open_rules(envelope, held) == (samples.RULES, keys.key_id(public))
    keygen.allow(sshsig.allowed_signer("controller@school", policy.NAMESPACE, public))
    assert keygen.verifies(*policy.for_keygen(envelope, public), policy.NAMESPACE)
    assert not keygen.verifies(PAYLOAD + b" ", policy.for_keygen(envelope, public)[1], "policy")


def test_a_signature_over_another_hash_is_refused_with_the_way_out(keygen: Keygen) -> None:
    (keygen._folder / "other.json").write_bytes(PAYLOAD)
    words = ("-Y", "sign", "-O", "hashalg=sha256", "-n", policy.NAMESPACE, "-f", "technician")
    assert keygen.run(*words, "other.json").returncode == 0
    text = (keygen._folder / "other.json.sig").read_bytes()
    public = _public(keygen._folder / "technician.pub")
    assert code(lambda: policy.join(PAYLOAD, text, [public])) == "malformed"


def _public(path: Path) -> bytes:
    """The raw key in an OpenSSH public key file."""
    from cryptography.hazmat.primitives import serialization

    key = serialization.load_ssh_public_key(path.read_bytes())
    return keys.public_bytes(key)  # type: ignore[arg-type]  # made as Ed25519 above
