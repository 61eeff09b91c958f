"""Which list of keys follows which: the one rule that a lost controller key comes down to."""

from typing import Any

import msgspec
import pytest

from tests.wire import samples
from tests.wire.refusals import ACCEPTED, code
from wire import canonical, dsse, keys, limits, roots, types

OF = {
    "recovery": samples.RECOVERY_KEY,
    "heir": samples.HEIR_KEY,
    "controller": samples.CONTROLLER_KEY,
    "stranger": samples.STRANGER_KEY,
}


def text(name: str) -> str:
    """The public half of a key, as it stands in roots."""
    return keys.to_text(keys.public_bytes(OF[name]))


def made(by: str = "recovery", **changes: Any) -> bytes:
    """Roots signed by one of the keys, naming it."""
    drawn = msgspec.structs.replace(samples.ROOTS, recovery=text(by), logs=[], **changes)
    return roots.sign_roots(drawn, OF[by])


def test_a_higher_version_by_the_recovery_key_follows() -> None:
    held = made(version=3)
    found = roots.follow(held, made(version=9, controllers=[text("stranger")]))
    assert found is not None
    assert (found.version, found.controllers) == (9, [text("stranger")])


def test_the_same_bytes_are_no_news() -> None:
    assert roots.follow(made(version=3), made(version=3)) is None


@pytest.mark.parametrize(
    ("offered", "refusal"),
    [
        pytest.param({"version": 2}, "old_roots", id="lower"),
        pytest.param({"version": 3, "addresses": []}, "old_roots", id="same-number-other-bytes"),
        pytest.param({"version": 9, "by": "stranger"}, "bad_signature", id="another-recovery-key"),
        pytest.param({"version": 9, "by": "controller"}, "bad_signature", id="the-controller"),
    ],
)
def test_what_does_not_follow_is_refused(offered: dict[str, Any], refusal: str) -> None:
    if offered.get("by") == "controller":
        offered = offered | {"controllers": [text("heir")]}
    assert code(lambda: roots.follow(made(version=3), made(**offered))) == refusal


def test_after_a_handover_only_the_new_recovery_key_counts() -> None:
    handed = made(version=4, next_recovery=text("heir"))
    assert roots.follow(made(version=3), handed) is not None
    assert roots.heir(roots.open_held(handed)) == keys.public_bytes(OF["heir"])
    assert code(lambda: roots.follow(handed, made(version=5))) == "bad_signature"
    for version in (3, 4):
        older = made(version=version, addresses=[])
        assert code(lambda: roots.follow(handed, older)) == "old_roots"  # noqa: B023 - called at once
    assert roots.follow(handed, made("heir", version=5)) is not None
    # Whoever was away when the keys changed cannot know the new one yet.
    assert code(lambda: roots.follow(made(version=3), made("heir", version=5))) == "bad_signature"


def test_first_roots_are_believed_by_the_join_codes_pin_only() -> None:
    parsed = dsse.parse(made())
    good = keys.pin(samples.RECOVERY_PUBLIC)
    assert roots.open_first(parsed, good).version == 1
    other = keys.pin(samples.CONTROLLER_PUBLIC)
    for pin in (other, good[:-1], b""):
        assert code(lambda: roots.open_first(parsed, pin)) == "wrong_controller"  # noqa: B023 - called at once
    assert code(lambda: roots.open_first(dsse.parse(samples.FIRST_SIGNED), good)) == "bad_type"


def test_only_the_recovery_key_named_signs_roots() -> None:
    assert code(lambda: roots.sign_roots(samples.ROOTS, OF["controller"])) == "bad_key"


def written_anyway(by: str = "recovery", **changes: Any) -> dsse.Parsed:
    """What the recovery key's owner can sign without asking us."""
    drawn = msgspec.structs.replace(samples.ROOTS, logs=[], **({"recovery": text(by)} | changes))
    return dsse.parse(dsse.sign(canonical.encode(drawn), types.ROOTS, OF[by]))


def test_a_recovery_key_signs_for_itself_and_for_no_other() -> None:
    """Else a list could be held that nobody could open again, nor follow."""
    public = samples.RECOVERY_PUBLIC
    assert code(lambda: roots.open_roots(written_anyway(), public)) == ACCEPTED
    named = written_anyway(recovery=text("heir"))
    assert code(lambda: roots.open_roots(named, public)) == "bad_key"


def test_what_is_wrong_with_the_heirs_list_is_said_as_it_is() -> None:
    handed = made(version=4, next_recovery=text("heir"))
    empty = dsse.write(written_anyway("heir", version=5, controllers=[]))
    assert code(lambda: roots.follow(handed, empty)) == "schema"


def many(number: int) -> list[str]:
    """That many sound public keys."""
    return [keys.to_text(keys.public_bytes(keys.generate())) for _ in range(number)]


SENSELESS = pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"version": 0}, id="version-0"),
        pytest.param({"controllers": []}, id="no-controller"),
        pytest.param({"controllers": many(limits.ROOT_KEYS + 1)}, id="too-many-controllers"),
        pytest.param({"policy_signers": many(limits.ROOT_KEYS + 1)}, id="too-many-signers"),
        pytest.param({"addresses": [f"https://a{n}" for n in range(9)]}, id="too-many-addresses"),
        pytest.param({"addresses": ["http://a"]}, id="not-https"),
        pytest.param(
            {"tls_spki": [samples.a_digest(f"{n}") for n in range(9)]}, id="too-many-pins"
        ),
        pytest.param({"tls_spki": [samples.a_digest("a")] * 2}, id="a-certificate-twice"),
        pytest.param({"controllers": [text("controller")] * 2}, id="a-key-twice"),
        pytest.param({"controllers": [text("recovery")]}, id="the-recovery-key-online"),
        pytest.param({"next_recovery": text("recovery")}, id="its-own-heir"),
    ],
)


@SENSELESS
def test_a_list_without_sense_is_not_signed(changes: dict[str, Any]) -> None:
    assert code(lambda: made(**changes)) == "schema"


@SENSELESS
def test_a_list_without_sense_is_not_believed_whoever_signed_it(changes: dict[str, Any]) -> None:
    parsed = written_anyway(**changes)
    assert code(lambda: roots.open_roots(parsed, samples.RECOVERY_PUBLIC)) == "schema"


def test_a_key_of_small_order_gets_into_no_list() -> None:
    weak = keys.to_text(bytes([1]) + bytes(31))
    for place in ("controllers", "logs", "policy_signers", "scope_signers", "next_recovery"):
        listed = weak if place == "next_recovery" else [weak]
        drawn = msgspec.structs.replace(samples.ROOTS, **{place: listed})
        assert code(lambda: roots.sign_roots(drawn, samples.RECOVERY_KEY)) == "bad_key"  # noqa: B023 - called at once
