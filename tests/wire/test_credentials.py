"""What lets a scanner in somewhere is read by that scanner alone, and shown by nothing (O20)."""

import base64
import copy
import json
import logging
import pickle

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire import samples
from tests.wire.refusals import ACCEPTED, code
from tests.wire.test_tamper import damaged
from wire import canonical, credentials, itself
from wire.credentials import Login, Opened, SealedSecret, SnmpV2, SnmpV3
from wire.errors import WireError
from wire.secret import MASK, Secret

CANARY = "zwitscher-7f3a"
KEY = bytes(range(32))
OTHER = bytes(range(1, 33))
V2 = SnmpV2(Secret(CANARY))
V3 = SnmpV3("reader", "sha256", Secret(CANARY), "aes128", Secret(f"{CANARY}-b"))
PEM = f"-----BEGIN OPENSSH PRIVATE KEY-----\n{CANARY}\n-----END OPENSSH PRIVATE KEY-----\n"
WITH_PASSWORD = Login("audit", Secret(CANARY), Secret(""))
WITH_KEY = Login("audit", Secret(""), Secret(PEM))
ALL: list[Opened] = [V2, V3, WITH_PASSWORD, WITH_KEY]


def sealed(opened: Opened = V3) -> SealedSecret:
    return credentials.seal(opened, credentials.public_of(KEY), samples.DEVICE, "switches")


@pytest.mark.parametrize("opened", ALL, ids=("v2", "v3", "password", "key"))
def test_the_scanner_it_was_sealed_for_opens_it(opened: Opened) -> None:
    one = sealed(opened)
    assert credentials.unseal(one, KEY, samples.DEVICE) == opened
    assert CANARY not in repr(one)
    assert CANARY.encode() not in base64.b64decode(one.sealed)


def test_no_other_scanner_and_no_other_name_opens_it() -> None:
    one = sealed()
    for other, key, device in (
        (one, OTHER, samples.DEVICE),
        (one, KEY, "dev_01JD9Z3K4M5N6P7Q8R9S0T1V2X"),
        (msgspec.structs.replace(one, id="printers"), KEY, samples.DEVICE),
        (msgspec.structs.replace(one, kind="ssh"), KEY, samples.DEVICE),
    ):
        assert code(lambda: credentials.unseal(other, key, device)) == "bad_signature"  # noqa: B023 - called at once


def test_the_same_secret_is_never_sealed_into_the_same_bytes() -> None:
    assert len({sealed().sealed for _ in range(8)}) == 8


def test_no_damaged_seal_opens() -> None:
    one = sealed()
    for data in damaged(base64.b64decode(one.sealed), (0, 5)):
        other = msgspec.structs.replace(one, sealed=base64.b64encode(data).decode())
        assert code(lambda: credentials.unseal(other, KEY, samples.DEVICE)) in (  # noqa: B023 - called at once
            "bad_signature",
            "bad_key",
        )


@given(st.text(max_size=300))
def test_any_text_in_place_of_a_seal_is_refused(text: str) -> None:
    other = SealedSecret(id="switches", kind="ssh", sealed=text)
    assert code(lambda: credentials.unseal(other, KEY, samples.DEVICE)) != ACCEPTED


def a_key(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


@pytest.mark.parametrize("to", ["", "AA==", a_key(bytes(32)), a_key(b"\1" + bytes(31)), "é"])
def test_nothing_is_sealed_to_a_key_that_is_none_or_anybodys(to: str) -> None:
    assert code(lambda: credentials.seal(V2, to, samples.DEVICE, "switches")) == "bad_key"


@pytest.mark.parametrize(
    "opened",
    [
        SnmpV2(Secret("")),
        SnmpV2(Secret("x" * 65)),
        SnmpV2(Secret("a\nb")),
        SnmpV3("", "sha256", Secret("x" * 8), "aes128", Secret("x" * 8)),
        SnmpV3("-o", "sha256", Secret("x" * 8), "aes128", Secret("x" * 8)),
        SnmpV3("u", "sha256", Secret(CANARY[:7]), "aes128", Secret("x" * 8)),
        SnmpV3("u", "sha256", Secret("x" * 8), "aes128", Secret("x" * 129)),
        Login("audit", Secret(""), Secret("")),
        Login("audit", Secret("x"), Secret(PEM)),
        Login("au dit\n", Secret("x"), Secret("")),
        Login("audit", Secret(""), Secret(CANARY)),
        Login("audit", Secret(""), Secret(PEM + "x" * 4_096)),
        Login("audit", Secret(""), Secret(PEM.replace("OPENSSH", "ENCRYPTED"))),
    ],
    ids=range(13),
)
def test_what_no_device_would_take_is_refused_without_being_repeated(opened: Opened) -> None:
    with pytest.raises(WireError) as raised:
        sealed(opened)
    assert raised.value.code == "schema"
    assert CANARY[:7] not in str(raised.value)


def test_what_a_newer_release_sealed_is_refused_without_being_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = json.dumps({"community": [CANARY], "user": CANARY}).encode()
    monkeypatch.setattr(credentials, "_plain", lambda _: text)
    one = sealed(V2)
    with pytest.raises(WireError) as raised:
        credentials.unseal(one, KEY, samples.DEVICE)
    assert raised.value.code == "schema"
    assert CANARY not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_a_message_is_believed_by_the_controllers_key_and_bounded() -> None:
    many = [msgspec.structs.replace(sealed(), id=f"c{n}") for n in range(33)]
    message = msgspec.structs.replace(samples.HELD, sealed=many[:32])
    assert credentials.sign_credentials(message, samples.CONTROLLER_KEY)
    message = msgspec.structs.replace(samples.HELD, sealed=many)
    assert code(lambda: credentials.sign_credentials(message, samples.CONTROLLER_KEY)) == "schema"
    long = credentials.seal(
        Login("a", Secret(""), Secret(PEM + "x" * 3_900)),
        credentials.public_of(KEY),
        samples.DEVICE,
        "x",
    )
    message = msgspec.structs.replace(samples.HELD, sealed=[long] * 32)
    assert (
        code(lambda: credentials.sign_credentials(message, samples.CONTROLLER_KEY)) == "too_large"
    )


def test_what_was_sealed_once_opens_for_ever() -> None:
    opened = credentials.unseal(samples.HELD.sealed[0], KEY, samples.DEVICE)
    assert isinstance(opened, SnmpV3)
    assert opened.privacy_password.reveal() == "battery staple"


@pytest.mark.parametrize("holder", [Secret(CANARY), *ALL, {"of": V3}, [V2]], ids=range(7))
def test_nothing_that_shows_things_shows_a_secret(holder: object) -> None:
    shown = [repr(holder), str(holder), f"{holder}", f"{holder!r:>40}", "%s" % (holder,)]  # noqa: UP031 - as logging does
    assert all(CANARY not in one and MASK in one for one in shown)
    record = logging.LogRecord("n", 20, "p", 1, "%s %r", (holder, holder), None)
    assert CANARY not in record.getMessage()
    for write in (
        json.dumps,
        msgspec.json.encode,
        msgspec.to_builtins,
        pickle.dumps,
        copy.deepcopy,
    ):
        with pytest.raises(TypeError) as raised:
            write(holder)
        assert CANARY not in str(raised.value)
    with pytest.raises(WireError) as refused:
        canonical.encode(holder)
    assert CANARY not in str(refused.value)


def test_secrets_compare_and_are_in_no_dictionary() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert not Secret("")
    with pytest.raises(TypeError):
        hash(Secret("a"))
    assert not hasattr(Secret("a"), "__dict__")


def test_a_scanner_says_so_in_a_section_that_others_pass_over() -> None:
    told = itself.heard(samples.SCANNING.now, itself.Scanner)
    assert told is not None
    assert told.sealing == credentials.public_of(KEY)
    assert itself.heard(samples.SCANNING.now, itself.Leaving) is None
