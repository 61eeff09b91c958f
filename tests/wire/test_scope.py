"""What a scanner may ask is signed by who may say so, and nobody can sign beyond the bounds (S3,
network.md §4)."""

import ipaddress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire import samples
from tests.wire.refusals import ACCEPTED, code
from tests.wire.test_policy import _public
from tests.wire.test_sshsig import Keygen
from tests.wire.test_tamper import respelled
from wire import canonical, dsse, keys, limits, policy, roots, scope, sshsig, types
from wire.errors import WireError

PAYLOAD, ENVELOPE = samples.SCOPE_PAYLOAD, samples.SCOPE_SIGNED
SEPARATED, DELEGATED = samples.SCOPED, samples.ROOTS
BOTH = msgspec.structs.replace(SEPARATED, delegated=True)
PERSON, CONTROLLER = samples.SIGNER_PUBLIC, samples.CONTROLLER_PUBLIC


def by_person(payload: bytes = PAYLOAD, space: str = scope.NAMESPACE) -> bytes:
    """An envelope whose signature a person made, whatever it is over."""
    raw = sshsig.bare(payload, sshsig.sign(payload, space, samples.SIGNER_KEY), space, PERSON)
    return dsse.write(dsse.Parsed(payload, types.SCOPE, keys.key_id(PERSON), raw))


def by_controller(payload: bytes = PAYLOAD, kind: str = types.SCOPE) -> bytes:
    return dsse.sign(payload, kind, samples.CONTROLLER_KEY)


def opened(envelope: bytes, held: roots.Roots) -> str:
    return code(lambda: scope.open_scope(envelope, held))


def changed(**changes: Any) -> scope.Scope:
    return msgspec.structs.replace(samples.SCOPE, **changes)


def sentence(**changes: Any) -> str:
    """What whoever wrote it is told."""
    with pytest.raises(WireError) as raised:
        scope.payload_of(changed(**changes))
    return raised.value.sentence


def test_a_person_whom_the_roots_name_may_sign_whether_or_not_the_controller_may() -> None:
    for held in (SEPARATED, BOTH):
        assert scope.open_scope(ENVELOPE, held) == (samples.SCOPE, keys.key_id(PERSON))


def test_a_controller_key_may_sign_only_where_the_roots_delegate() -> None:
    assert scope.open_scope(by_controller(), DELEGATED)[1] == keys.key_id(CONTROLLER)
    assert opened(by_controller(), BOTH) == ACCEPTED
    assert opened(by_controller(), SEPARATED) == "bad_signature"


@pytest.mark.parametrize(
    "gone",
    [
        pytest.param({"scope_signers": []}, id="nobody"),
        pytest.param({"scope_signers": [keys.to_text(samples.NEW_PUBLIC)]}, id="another"),
        pytest.param(
            {"scope_signers": [], "policy_signers": [keys.to_text(PERSON)]}, id="of-policies"
        ),
        pytest.param({"scope_signers": [], "logs": [keys.to_text(PERSON)]}, id="of-the-log"),
    ],
)
def test_a_signer_counts_in_no_other_place_of_the_roots(gone: dict[str, Any]) -> None:
    assert opened(ENVELOPE, msgspec.structs.replace(BOTH, **gone)) == "bad_signature"


def test_neither_the_recovery_key_nor_a_strangers_signs_a_scope() -> None:
    for key in (samples.RECOVERY_KEY, samples.STRANGER_KEY):
        assert opened(dsse.sign(PAYLOAD, types.SCOPE, key), BOTH) == "bad_signature"


def test_what_was_signed_for_another_purpose_is_no_scope() -> None:
    assert opened(by_person(space=policy.NAMESPACE), SEPARATED) == "bad_signature"
    assert opened(dsse.sign(PAYLOAD, types.SCOPE, samples.SIGNER_KEY), BOTH) == "bad_signature"
    assert opened(by_controller(kind=types.POLICY), DELEGATED) == "bad_type"
    assert code(lambda: policy.open_rules(ENVELOPE, samples.RULED)) == "bad_type"


def test_another_spelling_is_refused_whoever_signed_it() -> None:
    for other in respelled(PAYLOAD):
        assert opened(by_person(other), SEPARATED) != ACCEPTED
        assert opened(by_controller(other), DELEGATED) != ACCEPTED


@pytest.mark.parametrize(
    "subnets",
    [
        pytest.param(["8.8.8.0/24"], id="public"),
        pytest.param(["0.0.0.0/0"], id="everything"),
        pytest.param(["10.0.0.0/8"], id="the-largest-private"),
        pytest.param(["172.32.0.0/24"], id="just-beyond-172.16"),
        pytest.param(["192.169.0.0/24"], id="just-beyond-192.168"),
        pytest.param(["100.64.0.0/24"], id="carrier"),
        pytest.param(["127.0.0.0/24"], id="itself"),
        pytest.param(["224.0.0.0/24"], id="many"),
        pytest.param(["10.20.0.0/21"], id="one-bit-too-large"),
        pytest.param(["10.20.0.1/24"], id="bits-of-a-host"),
        pytest.param(["10.20.0.0/255.255.255.0"], id="another-spelling"),
        pytest.param(["10.20.0.0"], id="an-address"),
        pytest.param(["::/0"], id="everything-6"),
        pytest.param(["2001:db8::/64"], id="public-6"),
        pytest.param(["fd12::/63"], id="one-bit-too-large-6"),
        pytest.param(["FD12::/64"], id="upper-case"),
        pytest.param(["fe80::1%eth0/128"], id="zone-id"),
        pytest.param(["00:1b:63"], id="a-mac"),
        pytest.param(["10.20.0.0/24", "10.20.0.128/25"], id="overlapping"),
        pytest.param(["10.20.0.0/24", "10.20.0.0/24"], id="twice"),
        pytest.param([f"10.20.{n * 4}.0/22" for n in range(9)], id="too-many-addresses"),
        pytest.param([f"10.20.{n}.0/30" for n in range(33)], id="too-many-subnets"),
        pytest.param([], id="none"),
        pytest.param(["\u0661\u0660.20.0.0/24"], id="other-digits"),
    ],
)
def test_nobody_can_sign_for_more_than_a_few_private_subnets(subnets: list[str]) -> None:
    made = changed(subnets=subnets, credentials=[])
    assert code(lambda: scope.payload_of(made)) == "schema"
    assert code(lambda: scope.sign_scope(made, samples.CONTROLLER_KEY)) == "schema"
    data = canonical.encode(made)
    assert code(lambda: scope.join(data, b"", [PERSON])) == "schema"
    assert opened(by_person(data), SEPARATED) == "schema"


@pytest.mark.parametrize(
    "subnets",
    [
        ["10.255.252.0/22"],
        ["172.31.255.0/24"],
        ["192.168.255.255/32"],
        ["169.254.0.0/22"],
        ["fd12::/64", "fe80::/64"],
        [f"10.20.{n * 4}.0/22" for n in range(8)],
    ],
    ids=str,
)
def test_the_largest_that_may_be_asked_may_be_asked(subnets: list[str]) -> None:
    data = scope.payload_of(changed(subnets=subnets, credentials=[]))
    assert scope.read_payload(data).subnets == subnets


LIMITS: list[tuple[str, dict[str, Any]]] = [
    ("faster", {"arp_per_second": 1_001}),
    ("stopped", {"arp_per_second": 0}),
    ("nine-at-once", {"snmp_at_once": 9}),
    ("none-at-once", {"snmp_at_once": 0}),
    ("version-0", {"version": 0}),
    ("no-site", {"site": ""}),
    ("no-scanner", {"scanner": ""}),
    ("nobody", {"authorised_by": ""}),
    ("blank", {"authorised_by": "  "}),
    ("space-before", {"role": " Head"}),
    ("long-name", {"contact": "x" * 121}),
    ("ends-as-it-begins", {"expires_at": samples.AT}),
    ("lasts-too-long", {"expires_at": samples.AT + 400 * 86_400 + 1}),
    ("excluded-name", {"exclude": ["printer.local"]}),
    ("excluded-upper-case", {"exclude": ["00:1B:63"]}),
    ("excluded-two-groups", {"exclude": ["00:1b"]}),
    ("excluded-seven-groups", {"exclude": ["00:1b:63:00:00:00:00"]}),
    ("excluded-dashes", {"exclude": ["00-1b-63"]}),
    ("excluded-twice", {"exclude": ["10.20.0.1", "10.20.0.1"]}),
    ("too-many-excluded", {"exclude": [f"10.20.1.{n}" for n in range(257)]}),
    ("an-option", {"air": "-i"}),
    ("a-path", {"air": "../wlan0"}),
    ("service-twice", {"services": [scope.Service(name="a", port=n) for n in (21, 23)]}),
    ("port-twice", {"services": [scope.Service(name=n, port=23) for n in "ab"]}),
    ("port-0", {"services": [scope.Service(name="a", port=0)]}),
]
LIMITS += [
    (f"printer-{port}", {"services": [scope.Service(name="a", port=port)]})
    for port in (515, 9100, 9109, 9112, 9116, 9999)
]
LIMITS += [
    (
        f"hours-{begins}-{ends}",
        {"hours": scope.Hours(begins_minute=begins, ends_minute=ends, timezone="UTC")},
    )
    for begins, ends in ((0, 0), (600, 600), (1440, 600), (600, 1441), (-1, 60), (600, 0))
]
LIMITS += [
    (f"zone-{zone}", {"hours": scope.Hours(begins_minute=0, ends_minute=1440, timezone=zone)})
    for zone in ("", "../etc/passwd", "/etc/passwd", "Europe//London", "Europe/London ", "x" * 65)
]
LIMITS += [
    (f"credential-{n}", {"credentials": [scope.Credential(id=i, kind="ssh", addresses=a)]})
    for n, (i, a) in enumerate(
        (
            ("", ["10.20.0.1"]),
            ("-x", ["10.20.0.1"]),
            ("../x", ["10.20.0.1"]),
            ("x", []),
            ("x", ["10.21.0.1"]),
            ("x", ["10.20.0.0/16"]),
            ("x", ["00:1b:63"]),
            ("x", ["fd12:3456:789b::1"]),
        )
    )
]
LIMITS += [
    (
        f"others-{day}",
        {
            "equipment_of_others": [
                scope.Others(what="Tills", by="Caterer", statement_on=day, addresses=[])
            ]
        },
    )
    for day in ("2026-02-30", "2026-9-01", "01/09/2026", "")
]


@pytest.mark.parametrize("changes", [pytest.param(one, id=name) for name, one in LIMITS])
def test_what_is_beyond_a_bound_is_neither_written_nor_read(changes: dict[str, Any]) -> None:
    made = changed(**changes)
    assert code(lambda: scope.payload_of(made)) == "schema"
    assert opened(by_person(canonical.encode(made)), SEPARATED) == "schema"


@pytest.mark.parametrize(
    "changes",
    [
        {"arp_per_second": 1_000},
        {"expires_at": samples.AT + 400 * 86_400},
        {"exclude": ["00:1b:63:00", "fe80::1", "8.8.8.8"]},
        {"air": "Wi-Fi 2"},
        {"hours": scope.Hours(begins_minute=0, ends_minute=1440, timezone="Etc/GMT+1")},
        {"hours": scope.Hours(begins_minute=1439, ends_minute=1, timezone="UTC")},
        {"services": [scope.Service(name="a", port=n) for n in (65_535,)]},
    ],
    ids=str,
)
def test_what_is_just_within_is_taken(changes: dict[str, Any]) -> None:
    assert code(lambda: scope.payload_of(changed(**changes))) == ACCEPTED


def test_a_person_is_told_which_line_and_what_to_do() -> None:
    assert "8.8.8.0/24 is not private" in sentence(subnets=["8.8.8.0/24"])
    assert "/22" in sentence(subnets=["10.20.0.0/16"])
    assert "“10.20.0.1/24”" in sentence(subnets=["10.20.0.1/24"])
    assert "overlap" in sentence(subnets=["10.20.0.0/24", "10.20.0.0/30"])
    assert "prints" in sentence(services=[scope.Service(name="raw", port=9100)])
    assert "switches is for 10.9.9.9" in sentence(
        credentials=[scope.Credential(id="switches", kind="ssh", addresses=["10.9.9.9/32"])]
    )
    assert "400 days" in sentence(expires_at=samples.AT + 401 * 86_400)


ADDRESSES = st.one_of(
    st.ip_addresses(v=4).map(str), st.ip_addresses(v=6).map(str), st.text(max_size=20)
)


@given(st.builds(lambda address, prefix: f"{address}/{prefix}", ADDRESSES, st.integers(-1, 130)))
def test_whatever_is_typed_as_a_subnet_is_private_and_small_or_refused(text: str) -> None:
    try:
        network = scope.subnet(text)
    except WireError:
        return
    assert network.is_private
    assert str(network) == text
    assert network.version == 6 or network.num_addresses <= 1_024


@given(st.text(max_size=60))
def test_whatever_is_typed_as_a_place_is_read_or_refused(text: str) -> None:
    try:
        found = scope.place(text)
    except WireError:
        return
    assert found == text or ipaddress.ip_network(text) == found


def test_the_largest_scope_is_refused_before_it_is_signed() -> None:
    many = [f"10.20.{n // 250}.{n % 250}" for n in range(256)]
    others = [
        scope.Others(what=str(n), by="y" * 120, statement_on="2026-09-01", addresses=many)
        for n in range(32)
    ]
    made = changed(equipment_of_others=others)
    assert code(lambda: scope.payload_of(made)) == "too_large"
    assert len(canonical.encode(made)) > limits.PAYLOAD


def test_a_field_of_a_newer_release_is_passed_over_here_and_a_newer_version_is_not() -> None:
    newer = PAYLOAD.replace(b'"version":2}', b'"version":2,"weight":2}')
    assert newer != PAYLOAD
    assert opened(by_person(newer), SEPARATED) == ACCEPTED
    assert opened(by_person(PAYLOAD.replace(b'"v":1', b'"v":2')), SEPARATED) == "schema"


def test_join_says_whose_signature_it_is_and_refuses_a_strangers() -> None:
    text = sshsig.sign(PAYLOAD, scope.NAMESPACE, samples.SIGNER_KEY)
    assert scope.join(PAYLOAD, text, [samples.NEW_PUBLIC, PERSON]) == ENVELOPE
    assert code(lambda: scope.join(PAYLOAD, text, [samples.NEW_PUBLIC])) == "bad_signature"
    other = sshsig.sign(PAYLOAD, policy.NAMESPACE, samples.SIGNER_KEY)
    assert code(lambda: scope.join(PAYLOAD, other, [PERSON])) == "bad_type"
    later = scope.payload_of(changed(version=3))
    assert code(lambda: scope.join(later, text, [PERSON])) == "bad_signature"


def test_what_ssh_keygen_signs_is_believed_and_what_we_give_back_it_verifies(
    tmp_path: Path,
) -> None:
    keygen = Keygen(tmp_path)
    keygen.run("-q", "-t", "ed25519", "-N", "", "-C", "head", "-f", "head")
    public = _public(tmp_path / "head.pub")
    (tmp_path / "scope.json").write_bytes(PAYLOAD)
    done = keygen.run("-Y", "sign", "-n", "scope@caretaker", "-f", "head", "scope.json")
    assert done.returncode == 0, done.stderr
    envelope = scope.join(PAYLOAD, (tmp_path / "scope.json.sig").read_bytes(), [public])
    held = msgspec.structs.replace(SEPARATED, scope_signers=[keys.to_text(public)])
    assert scope.open_scope(envelope, held) == (samples.SCOPE, keys.key_id(public))
    keygen.allow(sshsig.allowed_signer("controller@school", scope.NAMESPACE, public))
    assert keygen.verifies(*scope.for_keygen(envelope, public), scope.NAMESPACE)
