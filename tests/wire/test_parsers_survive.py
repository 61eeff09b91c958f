"""Any bytes give a value or a WireError, nothing else; every valid message survives the trip."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wire import samples
from tests.wire.refusals import ACCEPTED, code
from tests.wire.sample import by_roots, scoped_by
from tests.wire.strategies import messages
from wire import (
    canonical,
    credentials,
    dsse,
    enrolment,
    keys,
    limits,
    packing,
    problem,
    receipt,
    report,
    roots,
    types,
)
from wire.join_code import JoinCode

DEVICE, CONTROLLER = samples.DEVICE_PUBLIC, samples.CONTROLLER_PUBLIC
OPENERS: dict[str, Callable[[dsse.Parsed], object]] = {
    types.REPORT: lambda parsed: report.open_report(parsed, DEVICE),
    types.RECEIPT: lambda parsed: receipt.open_receipt(parsed, CONTROLLER),
    types.PROBLEM: lambda parsed: problem.open_problem(parsed, CONTROLLER),
    types.HELLO: lambda parsed: enrolment.open_hello(parsed, [CONTROLLER]),
    types.ENROL: enrolment.open_enrol,
    types.ROOTS: lambda parsed: roots.open_first(parsed, samples.CODE.pin),
    types.REKEY: samples.handover,
    types.POLICY: by_roots(samples.ROOTS),
    types.SCOPE: scoped_by(samples.ROOTS),
    types.CREDENTIALS: lambda parsed: credentials.open_credentials(parsed, CONTROLLER),
    types.ENROLMENT: lambda parsed: enrolment.open_enrolment(parsed, CONTROLLER),
}
PARSERS: dict[str, Callable[[bytes], object]] = {
    "envelope": dsse.parse,
    "gzip": lambda data: packing.gunzip_limited(data, limits.BODY_INFLATED),
    "join code": lambda data: JoinCode.parse(data.decode("latin-1")),
    "key": keys.load_public,
    "key text": lambda data: keys.from_text(data.decode("latin-1")),
    "content": lambda data: report.open_content(data, dsse.digest(data)),
    **{
        struct.__name__: lambda data, struct=struct: canonical.decode(data, struct)  # type: ignore[misc]  # bound now
        for struct in (
            report.Report,
            receipt.Receipt,
            problem.Problem,
            enrolment.Hello,
            enrolment.Enrol,
            enrolment.Enrolment,
        )
    },
}
_leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=80)
json_values = st.recursive(
    _leaves,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("name", PARSERS)
@given(data=st.binary(max_size=400))
def test_a_parser_given_any_bytes_answers_or_refuses(name: str, data: bytes) -> None:
    code(lambda: PARSERS[name](data))


@pytest.mark.parametrize("name", samples.SAMPLES)
@given(draw=st.data())
def test_a_message_with_any_field_replaced_by_any_json_is_refused_or_canonical(
    name: str, draw: st.DataObject
) -> None:
    """Signed by its rightful owner, so that nothing but the decoder stands in the way."""
    sample = samples.SAMPLES[name]
    payload = json.loads(dsse.parse(sample.envelope).payload)
    field = draw.draw(st.sampled_from(sorted(payload)))
    payload[field] = draw.draw(json_values)
    data = canonical.encode(payload) if _sayable(payload) else json.dumps(payload).encode()
    signer = samples.CONTROLLER_KEY
    if sample.kind in {types.REPORT, types.ENROL}:
        signer = samples.DEVICE_KEY
    parsed = dsse.parse(dsse.sign(data, sample.kind, signer))
    if code(lambda: sample.open(parsed)) == ACCEPTED:
        assert canonical.encode(sample.open(parsed)) == data


def _sayable(value: Any) -> bool:
    return code(lambda: canonical.encode(value)) == ACCEPTED


@pytest.mark.parametrize("kind", OPENERS)
@given(payload=st.binary(max_size=300))
def test_any_payload_rightly_signed_opens_or_is_refused(kind: str, payload: bytes) -> None:
    for key in (samples.DEVICE_KEY, samples.CONTROLLER_KEY):
        code(lambda: OPENERS[kind](dsse.parse(dsse.sign(payload, kind, key))))  # noqa: B023 - called at once


SIGNERS: dict[type[msgspec.Struct], tuple[str, Callable[[Any], bytes], Callable[[Any], object]]] = {
    report.Report: (
        types.REPORT,
        lambda message: report.sign_report(message, samples.DEVICE_KEY),
        OPENERS[types.REPORT],
    ),
    receipt.Receipt: (
        types.RECEIPT,
        lambda message: receipt.sign_receipt(message, samples.CONTROLLER_KEY),
        OPENERS[types.RECEIPT],
    ),
    problem.Problem: (
        types.PROBLEM,
        lambda message: problem.sign_problem(message, samples.CONTROLLER_KEY),
        OPENERS[types.PROBLEM],
    ),
    enrolment.Enrolment: (
        types.ENROLMENT,
        lambda message: enrolment.sign_enrolment(message, samples.CONTROLLER_KEY),
        OPENERS[types.ENROLMENT],
    ),
}


@pytest.mark.parametrize("struct", SIGNERS, ids=lambda struct: str(struct.__name__))
@settings(max_examples=40)
@given(draw=st.data())
def test_every_message_within_bounds_survives_signing_and_opening(
    struct: type[msgspec.Struct], draw: st.DataObject
) -> None:
    message = draw.draw(messages(struct))
    _, sign, open_it = SIGNERS[struct]
    assert open_it(dsse.parse(sign(message))) == message


@settings(max_examples=40)
@given(hello=messages(enrolment.Hello), enrol=messages(enrolment.Enrol))
def test_every_introduction_within_bounds_survives_signing_and_opening(
    hello: enrolment.Hello, enrol: enrolment.Enrol
) -> None:
    """The key in these two must be the signer's own."""
    hello = msgspec.structs.replace(hello, controller=keys.to_text(CONTROLLER))
    enrol = msgspec.structs.replace(enrol, public_key=keys.to_text(DEVICE))
    hello_signed = dsse.parse(enrolment.sign_hello(hello, samples.CONTROLLER_KEY))
    assert enrolment.open_hello(hello_signed, [CONTROLLER]) == hello
    assert (
        enrolment.open_enrol(dsse.parse(enrolment.sign_enrol(enrol, samples.DEVICE_KEY))) == enrol
    )


@settings(max_examples=40)
@given(one=messages(report.Content), other=messages(report.Content))
def test_two_contents_have_one_digest_only_if_they_say_the_same(
    one: report.Content, other: report.Content
) -> None:
    same = report.content_digest(one) == report.content_digest(other)
    assert same == (one == other)


@given(
    data=st.binary(max_size=300),
    place=st.integers(0, 2000),
    name=st.sampled_from(sorted(samples.SAMPLES)),
)
def test_random_bytes_spliced_into_a_good_envelope_never_open(
    data: bytes, place: int, name: str
) -> None:
    sample = samples.SAMPLES[name]
    at = place % len(sample.envelope)
    spliced = sample.envelope[:at] + data + sample.envelope[at + len(data) :]
    if spliced != sample.envelope:
        assert code(lambda: sample.open(dsse.parse(spliced))) != ACCEPTED
