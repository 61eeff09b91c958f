"""What each message promises beyond its signature: order, links, bounds, who signs what."""

import json
from typing import Any

import msgspec
import pytest

from tests.wire import samples
from tests.wire.refusals import ACCEPTED, code
from wire import canonical, dsse, enrolment, fields, keys, limits, receipt, report, types
from wire.report import Content, NowSection, Report, Result, SectionRef


def signed(payload: bytes, kind: str = types.REPORT) -> dsse.Parsed:
    """Sign any payload with the device's own key: what a broken or hostile agent could send."""
    return dsse.parse(dsse.sign(payload, kind, samples.DEVICE_KEY))


def altered(message: msgspec.Struct, **changes: Any) -> bytes:
    """Write a message with some fields replaced by anything at all."""
    return canonical.encode(json.loads(canonical.encode(message)) | changes)


def answer(payload: bytes) -> str:
    """Open what claims to be a report by the device's key."""
    return code(lambda: report.open_report(signed(payload), samples.DEVICE_PUBLIC))


def test_findings_in_any_order_have_one_digest() -> None:
    backwards = msgspec.structs.replace(
        samples.CONTENT,
        sections=samples.SECTIONS[::-1],
        results=samples.RESULTS[::-1],
    )
    assert backwards == samples.CONTENT
    assert report.content_digest(backwards) == report.content_digest(samples.CONTENT)


def test_findings_sent_in_another_order_are_not_canonical() -> None:
    content = json.loads(canonical.encode(samples.CONTENT))
    for field in ("sections", "results"):
        turned = content | {field: content[field][::-1]}
        assert answer(altered(samples.FIRST, content=turned)) == "not_canonical"
    now = json.loads(canonical.encode(samples.NOW))
    assert answer(altered(samples.FIRST, now=now[::-1])) == "not_canonical"


def test_no_section_and_no_check_stands_twice() -> None:
    content = json.loads(canonical.encode(samples.CONTENT))
    for field in ("sections", "results"):
        doubled = content | {field: [content[field][0], *content[field]]}
        assert answer(altered(samples.FIRST, content=doubled)) == "schema"
    assert answer(altered(samples.FIRST, now=[content_now()] * 2)) == "schema"
    for broken in (
        lambda: msgspec.structs.replace(samples.CONTENT, results=[samples.RESULTS[0]] * 2),
        lambda: msgspec.structs.replace(samples.CONTENT, sections=[samples.SECTIONS[0]] * 2),
        lambda: msgspec.structs.replace(samples.FIRST, now=[samples.NOW[0]] * 2),
    ):
        assert code(broken) == "schema"


def content_now() -> dict[str, Any]:
    """Give one drifting section as plain JSON."""
    return {"section": "os_now", "schema": 1, "body": "{}"}


@pytest.mark.parametrize(
    ("seq", "prev", "expected"),
    [
        (1, "", ACCEPTED),
        (2, samples.a_digest("x"), ACCEPTED),
        (2, "", "schema"),
        (1, samples.a_digest("x"), "schema"),
        (0, "", "schema"),
        (-1, samples.a_digest("x"), "schema"),
        (2**53, samples.a_digest("x"), "schema"),
    ],
)
def test_the_first_report_starts_the_chain_and_no_other_does(
    seq: int, prev: str, expected: str
) -> None:
    assert answer(altered(samples.FIRST, seq=seq, prev=prev)) == expected


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("v", 2),
        ("device", ""),
        ("device", "dev_../../etc"),
        ("device", "dev_01JD9Z3K4M5N6P7Q8R9S0T1V2W\n"),
        ("device", "DEV_1"),
        ("agent", ""),
        ("agent", "x" * 65),
        ("prev", "sha256:" + "A" * 64),
        ("prev", "md5:" + "a" * 32),
        ("boot", None),
        ("uptime_seconds", -1),
        ("created_at", limits.LATEST + 1),
        ("created_at", "2026-11-22T01:15:00Z"),
        ("nonce", ""),
        ("nonce", "A" * 32),
        ("nonce", "a" * 31),
        ("echo", "x"),
        ("seen", {"size": 1}),
        ("seen", {"size": -1, "root": samples.a_digest("root")}),
        ("seen", {"size": 1, "root": "A" * 43 + "="}),
        ("seen", []),
        ("binding", "weak"),
        ("roots", None),
        ("content", None),
        ("content", ""),
        ("content", "sha256:"),
        ("content", []),
        ("content", {}),
        ("now", None),
        ("now", [content_now() | {"body": ""}]),
        ("now", [content_now() | {"body": "x" * (limits.NOW_SECTION + 1)}]),
        ("now", [content_now() | {"body": "é" * (limits.NOW_SECTION // 2 + 1)}]),
        ("now", [content_now() | {"section": "../x"}]),
        ("now", [content_now() | {"schema": 0}]),
        ("now", [content_now() | {"section": f"d{i}"} for i in range(limits.SECTIONS + 1)]),
    ],
)
def test_a_report_field_out_of_bounds_is_refused(field: str, value: object) -> None:
    payload = altered(samples.FIRST, **{field: value})
    assert answer(payload) in {"schema", "not_canonical", "too_large"}


def test_findings_of_a_newer_agent_keep_the_digest_that_agent_calls_them_by() -> None:
    content = json.loads(canonical.encode(samples.CONTENT))
    content["results"][0]["args"] = {"seconds": 1800}
    payload = altered(samples.FIRST, content=content, battery=1)
    opened = report.open_report(signed(payload), samples.DEVICE_PUBLIC)
    assert opened == samples.FIRST
    body = canonical.encode(content)
    assert report.content_digest_in(payload, opened) == dsse.digest(body) != opened.content
    assert report.open_content(body, dsse.digest(body)) == samples.CONTENT


def test_the_digest_of_content_is_that_of_the_bytes_signed() -> None:
    whole, short = canonical.encode(samples.FIRST), canonical.encode(samples.UNCHANGED)
    digest = report.content_digest(samples.CONTENT)
    assert report.content_digest_in(whole, samples.FIRST) == digest
    assert report.content_digest_in(short, samples.UNCHANGED) == digest


@pytest.mark.parametrize(
    ("place", "field", "value"),
    [
        ("sections", "sha256", "sha256:" + "0" * 63),
        ("sections", "size", 0),
        ("sections", "size", limits.SECTION + 1),
        ("sections", "schema", 0),
        ("sections", "section", "Locking"),
        ("results", "status", "error"),
        ("results", "status", "exempt"),
        ("results", "severity", "info"),
        ("results", "check", ""),
        ("results", "check", "x" * 65),
        ("results", "says", "x" * 65),
    ],
)
def test_a_finding_out_of_bounds_is_refused(place: str, field: str, value: object) -> None:
    content = json.loads(canonical.encode(samples.CONTENT))
    content[place][0][field] = value
    assert answer(altered(samples.FIRST, content=content)) == "schema"


def test_lists_longer_than_agreed_are_refused() -> None:
    results = [
        Result(check=f"c{i:03}", status="pass", severity="low", says="x")
        for i in range(limits.RESULTS + 1)
    ]
    sections = [
        SectionRef(section=f"s{i:03}", schema=1, sha256=samples.a_digest("x"), size=1)
        for i in range(limits.SECTIONS + 1)
    ]
    for content in (
        msgspec.structs.replace(samples.CONTENT, results=results),
        msgspec.structs.replace(samples.CONTENT, sections=sections),
    ):
        broken = msgspec.structs.replace(samples.FIRST, content=content)
        assert code(lambda: report.sign_report(broken, samples.DEVICE_KEY)) == "schema"  # noqa: B023 - called at once
        assert answer(canonical.encode(broken)) == "schema"


def test_the_largest_agreed_content_travels_by_its_digest() -> None:
    """512 results of the longest names pass 64 KiB: then the report carries only the digest."""
    content = Content(
        policy=samples.a_digest("p"),
        catalogue=samples.a_digest("c"),
        sections=samples.SECTIONS,
        results=[
            Result(check=f"{i:064}", status="not-applicable", severity="critical", says="x" * 64)
            for i in range(limits.RESULTS)
        ],
    )
    inline = msgspec.structs.replace(samples.FIRST, content=content)
    assert code(lambda: report.sign_report(inline, samples.DEVICE_KEY)) == "too_large"
    digest = report.content_digest(content)
    by_name = msgspec.structs.replace(samples.FIRST, content=digest)
    report.sign_report(by_name, samples.DEVICE_KEY)
    body = report.content_bytes(content)
    assert len(body) <= limits.SECTION
    assert report.open_content(body, digest) == content


def test_content_asked_for_by_digest_is_read_only_if_it_fits_that_digest() -> None:
    body = report.content_bytes(samples.CONTENT)
    digest = report.content_digest(samples.CONTENT)
    assert report.open_content(body, digest) == samples.CONTENT
    assert code(lambda: report.open_content(body + b" ", digest)) == "bad_digest"
    spaced = json.dumps(json.loads(body)).encode()
    assert code(lambda: report.open_content(spaced, dsse.digest(spaced))) == "not_canonical"
    assert code(lambda: report.open_content(b"{}", dsse.digest(b"{}"))) == "schema"


def test_nobody_signs_what_the_other_end_would_refuse() -> None:
    for broken in (
        msgspec.structs.replace(samples.FIRST, device="x"),
        msgspec.structs.replace(samples.FIRST, boot="a\x1b[2J"),
        msgspec.structs.replace(samples.FIRST, boot="e\u0301"),
        msgspec.structs.replace(samples.FIRST, created_at=-1),
        msgspec.structs.replace(
            samples.FIRST, now=[NowSection(section="os_now", schema=1, body='"\udc80"')]
        ),
    ):
        refused = code(lambda: report.sign_report(broken, samples.DEVICE_KEY))  # noqa: B023 - called at once
        assert refused in {"schema", "not_canonical"}
    bad_need = msgspec.structs.replace(samples.RECEIPT, need=["x"])
    assert code(lambda: receipt.sign_receipt(bad_need, samples.CONTROLLER_KEY)) == "schema"


def test_a_report_speaks_only_under_the_key_it_is_opened_with() -> None:
    parsed = dsse.parse(samples.FIRST_SIGNED)
    assert code(lambda: report.open_report(parsed, samples.STRANGER_PUBLIC)) == "bad_signature"
    assert code(lambda: receipt.open_receipt(parsed, samples.DEVICE_PUBLIC)) == "bad_type"


def test_a_first_hello_is_believed_only_from_a_controller_the_roots_name() -> None:
    impostor = msgspec.structs.replace(
        samples.HELLO, controller=keys.to_text(samples.STRANGER_PUBLIC)
    )
    parsed = dsse.parse(enrolment.sign_hello(impostor, samples.STRANGER_KEY))
    listed = [samples.CONTROLLER_PUBLIC, samples.NEW_PUBLIC]
    assert code(lambda: enrolment.open_hello(parsed, listed)) == "wrong_controller"
    good = dsse.parse(enrolment.sign_hello(samples.HELLO, samples.CONTROLLER_KEY))
    assert enrolment.open_hello(good, listed) == samples.HELLO
    assert enrolment.open_hello(good, reversed(listed)) == samples.HELLO
    assert code(lambda: enrolment.open_hello(good, listed[1:])) == "wrong_controller"
    assert code(lambda: enrolment.open_hello(good, [])) == "wrong_controller"


def test_another_kind_of_message_is_no_introduction() -> None:
    parsed = dsse.parse(samples.FIRST_SIGNED)
    assert code(lambda: enrolment.open_hello(parsed, [samples.CONTROLLER_PUBLIC])) == "bad_type"
    assert code(lambda: enrolment.open_enrol(parsed)) == "bad_type"


def test_a_hello_naming_the_controller_but_signed_by_another_is_refused() -> None:
    payload = canonical.encode(samples.HELLO)
    parsed = dsse.parse(dsse.sign(payload, types.HELLO, samples.STRANGER_KEY))
    both = [samples.CONTROLLER_PUBLIC, samples.STRANGER_PUBLIC]
    for listed in (both, both[:1], both[1:]):
        assert code(lambda: enrolment.open_hello(parsed, listed)) == "wrong_controller"  # noqa: B023 - called at once


def test_a_hello_or_enrolment_is_signed_only_by_the_key_it_names() -> None:
    stranger = samples.STRANGER_KEY
    assert code(lambda: enrolment.sign_hello(samples.HELLO, stranger)) == "bad_key"
    assert code(lambda: enrolment.sign_enrol(samples.ENROL, stranger)) == "bad_key"


def test_a_key_someone_else_holds_cannot_be_enrolled() -> None:
    payload = canonical.encode(samples.ENROL)
    parsed = dsse.parse(dsse.sign(payload, types.ENROL, samples.STRANGER_KEY))
    assert code(lambda: enrolment.open_enrol(parsed)) == "bad_signature"


@pytest.mark.parametrize("y", sorted(keys.SMALL_ORDER_Y))
def test_a_key_of_small_order_cannot_be_enrolled_with_its_universal_signature(y: int) -> None:
    public = y.to_bytes(32, "little")
    payload = altered(samples.ENROL, public_key=keys.to_text(public))
    forged = dsse.Parsed(payload, types.ENROL, keys.key_id(public), public + bytes(32))
    assert code(lambda: enrolment.open_enrol(forged)) == "bad_key"


def test_a_proof_fits_one_secret_one_nonce_and_one_key() -> None:
    assert code(lambda: enrolment.check_proof(samples.ENROL, samples.SECRET)) == ACCEPTED
    assert code(lambda: enrolment.check_proof(samples.ENROL, bytes(16))) == "bad_token"
    for other in (
        msgspec.structs.replace(samples.ENROL, nonce=samples.HELLO_NONCE + "0"),
        msgspec.structs.replace(samples.ENROL, public_key=keys.to_text(samples.STRANGER_PUBLIC)),
        msgspec.structs.replace(samples.ENROL, proof="0" * 64),
    ):
        refused = code(lambda: enrolment.check_proof(other, samples.SECRET))  # noqa: B023 - called at once
        assert refused == "bad_token"


def test_the_secret_of_a_join_code_is_nowhere_in_what_is_sent() -> None:
    sent = dsse.parse(samples.ENROL_SIGNED).payload
    code_text = str(samples.CODE).split(".")[2].encode()
    for hidden in (samples.SECRET, samples.SECRET.hex().encode(), code_text):
        assert hidden not in sent


@pytest.mark.parametrize(
    "address", ["http://x", "https://", "javascript:alert(1)", "https://a b", "https://é.example"]
)
def test_a_controller_names_only_https_addresses(address: str) -> None:
    hello = msgspec.structs.replace(samples.HELLO, addresses=[address])
    assert code(lambda: enrolment.sign_hello(hello, samples.CONTROLLER_KEY)) == "schema"


def test_an_unchanged_night_differs_only_where_it_must() -> None:
    """Two quiet nights share everything but number, link, times and nonces."""
    moving = {"seq", "prev", "created_at", "nonce", "echo", "uptime_seconds", "boot", "now", "seen"}
    steady = set(Report.__struct_fields__) - moving
    assert steady == {"v", "device", "agent", "binding", "roots", "content"}


def test_the_statuses_and_severities_are_those_the_judges_use() -> None:
    from checks import verdicts

    assert fields.Status.__args__ == verdicts.Status.__args__  # type: ignore[attr-defined]  # Literal
    assert fields.Severity.__args__ == verdicts.Severity.__args__  # type: ignore[attr-defined]  # Literal


def test_a_report_with_all_the_drifting_facts_it_may_hold_always_fits() -> None:
    """Quotes and backslashes double on the way into a string: the worst body is all of them."""
    for worst in ('"' * 12_288, "\\" * 12_288, "\U0001f600" * 3_072):
        now = [NowSection(section=name, schema=1, body=worst) for name in ("a_now", "b_now")]
        by_digest = msgspec.structs.replace(
            samples.FIRST, content=samples.a_digest("x"), now=now, agent="x" * 64, boot="x" * 64
        )
        report.sign_report(by_digest, samples.DEVICE_KEY)
        more = [*now, NowSection(section="c_now", schema=1, body="{}")]
        assert code(lambda: msgspec.structs.replace(by_digest, now=more)) == "too_large"  # noqa: B023 - called at once


def test_drifting_facts_are_counted_in_bytes() -> None:
    assert code(lambda: NowSection(section="os_now", schema=1, body="é" * 9_000)) == "too_large"
    for body in ("é" * (limits.NOW_SECTION // 2), "x" * limits.NOW_SECTION):
        now = [NowSection(section="os_now", schema=1, body=body)]
        largest = msgspec.structs.replace(samples.UNCHANGED, now=now)
        parsed = dsse.parse(report.sign_report(largest, samples.DEVICE_KEY))
        assert report.open_report(parsed, samples.DEVICE_PUBLIC) == largest
