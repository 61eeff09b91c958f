"""One fixed message of every payload type, under fixed keys and a fixed clock.

Ed25519 signs deterministically, so these messages have the same bytes on every machine for ever;
`golden.py` writes them down and `test_golden.py` compares. Change nothing here: add a sample
instead.
"""

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.wire import survey_samples as surveys
from tests.wire.sample import Sample, by, by_roots, scoped_by
from wire import (
    credentials,
    dsse,
    enrolment,
    itself,
    keys,
    merkle,
    note,
    policy,
    problem,
    readmit,
    receipt,
    rekey,
    report,
    roots,
    scope,
    sshsig,
    succession,
    types,
)
from wire.join_code import JoinCode

DEVICE_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CONTROLLER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64)))
STRANGER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(64, 96)))
DEVICE_PUBLIC = keys.public_bytes(DEVICE_KEY)
CONTROLLER_PUBLIC = keys.public_bytes(CONTROLLER_KEY)
STRANGER_PUBLIC = keys.public_bytes(STRANGER_KEY)
RECOVERY_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(96, 128)))
HEIR_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(128, 160)))
NEW_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(160, 192)))
RECOVERY_PUBLIC = keys.public_bytes(RECOVERY_KEY)
SIGNER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(224, 256)))
"""A person's, who signs policy with ssh-keygen."""
SIGNER_PUBLIC = keys.public_bytes(SIGNER_KEY)
HEIR_PUBLIC = keys.public_bytes(HEIR_KEY)
NEW_PUBLIC = keys.public_bytes(NEW_KEY)

DEVICE = "dev_01JD9Z3K4M5N6P7Q8R9S0T1V2W"
AT = 1_795_310_100  # 2026-11-22T01:15:00Z
SECRET = bytes.fromhex("00112233445566778899aabbccddeeff")
CODE = JoinCode("tok_01JD9YBXRZ8QK2M4N6P8R0S2T4", SECRET, keys.pin(CONTROLLER_PUBLIC))
HELLO_NONCE = "1795310100.8f3c2b1a09d8e7f6a5b4c3d2e1f00918"


def a_digest(of: str) -> str:
    """Name some words by their hash: a digest that stands for nothing."""
    return dsse.digest(of.encode())


SECTIONS = [
    report.SectionRef(section=name, schema=1, sha256=a_digest(name), size=500 + 137 * place)
    for place, name in enumerate(
        (
            "antivirus",
            "hardware",
            "identity",
            "locking",
            "os",
            "removable_media",
            "software",
            "wireless",
        )
    )
]
RESULTS = [
    report.Result(check="av-installed", status="pass", severity="critical", says="running"),
    report.Result(check="av-signatures-fresh", status="warn", severity="high", says="ageing"),
    report.Result(check="lock-idle-timeout", status="fail", severity="high", says="too-long"),
    report.Result(
        check="media-autorun-off", status="unknown", severity="medium", says="could-not-look"
    ),
    report.Result(
        check="wifi-no-open-networks", status="not-applicable", severity="medium", says="no-radio"
    ),
]
CONTENT = report.Content(
    policy=a_digest("policy"),
    catalogue=a_digest("catalogue"),
    sections=SECTIONS,
    results=RESULTS,
)
NOW = [
    report.NowSection(
        section="locking_now",
        schema=1,
        body='{"idle_seconds":1260,"sessions":[{"locked":true,"user":"u1"}]}',
    ),
    report.NowSection(
        section="os_now", schema=1, body='{"free_bytes":181234567168,"updates_waiting":3}'
    ),
]
FIRST = report.Report(
    device=DEVICE,
    agent="0.1.0",
    seq=1,
    prev="",
    boot="3f1b5c0a-9c3e-4f0e-8a57-0d9a6c1b2e4f",
    uptime_seconds=8_123,
    created_at=AT,
    nonce="00112233445566778899aabbccddeeff",
    echo="",
    binding=a_digest("factors"),
    content=CONTENT,
    now=NOW,
)
FIRST_SIGNED = report.sign_report(FIRST, DEVICE_KEY)
UNCHANGED = msgspec.structs.replace(
    FIRST,
    seq=417,
    prev=dsse.digest(FIRST_SIGNED),
    created_at=AT + 86_400,
    nonce="8f3c2b1a09d8e7f6a5b4c3d2e1f00918",
    echo="0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    content=report.content_digest(CONTENT),
)
SEEN = msgspec.structs.replace(
    UNCHANGED,
    seen=report.Seen(size=110_000, root=a_digest("root")),
    roots=a_digest("roots"),
    now=[],
)
LAST = msgspec.structs.replace(
    SEEN,
    seq=418,
    now=[
        itself.say(itself.Cost(cpu_ms=412, wall_ms=2_210, peak_mb=41)),
        itself.say(itself.Leaving(how="uninstalled")),
    ],
)
RECEIPT = receipt.Receipt(
    device=DEVICE,
    request=dsse.digest(FIRST_SIGNED),
    seq=1,
    status="accepted",
    received_at=AT + 2,
    need=[one.sha256 for one in SECTIONS],
    policy=a_digest("policy"),
    nonce="0f1e2d3c4b5a69788796a5b4c3d2e1f0",
)
LOGGED = msgspec.structs.replace(
    RECEIPT,
    status="duplicate",
    need=[],
    index=110_000,
    size=110_001,
    root="r+i2" + "A" * 39 + "=",
    next_after_seconds=900,
)
NAMING = msgspec.structs.replace(LOGGED, site="site_01JD9YBXRZ8QK2M4N6P8R0S2T4", profile="pupil")
FRAMING = msgspec.structs.replace(NAMING, frames=2)
JUDGED = msgspec.structs.replace(
    FIRST, content=msgspec.structs.replace(CONTENT, profile="pupil", ruled="expired")
)
PROBLEM = problem.Problem(
    code="gap",
    request=dsse.digest(FIRST_SIGNED),
    sentence="Reports 400 to 416 are missing; they are sent again.",
    at=AT + 2,
    head=problem.Head(seq=399, hash=a_digest("head")),
    retry_after_seconds=60,
)
HELLO = enrolment.Hello(
    controller=keys.to_text(CONTROLLER_PUBLIC),
    nonce=HELLO_NONCE,
    at=AT,
    addresses=["https://caretaker.school.example:8443"],
    tls_spki=[a_digest("spki")],
)
ENROL = enrolment.Enrol(
    token=CODE.token,
    public_key=keys.to_text(DEVICE_PUBLIC),
    nonce=HELLO_NONCE,
    proof=enrolment.enrol_proof(SECRET, HELLO_NONCE, DEVICE_PUBLIC),
    created_at=AT,
    agent="0.1.0",
    host_name="lib-12-łódź",
    platform="linux",
    factors=[
        enrolment.Factor(kind="board_serial", value="PF2ABC12"),
        enrolment.Factor(kind="uuid", value="4c4c4544-0051-3510-8052-b4c04f4b4e32"),
    ],
    was="dev_01JC0000000000000000000000",
)
ENROL_SIGNED = enrolment.sign_enrol(ENROL, DEVICE_KEY)
VOUCHED = msgspec.structs.replace(
    ENROL,
    token=ENROL.was,
    public_key=keys.to_text(NEW_PUBLIC),
    nonce="0123456789abcdef" * 2,
    proof=succession.prove(DEVICE_KEY, ENROL.was, "0123456789abcdef" * 2, NEW_PUBLIC),
)
ROOTS = roots.Roots(
    version=1,
    at=AT,
    recovery=keys.to_text(RECOVERY_PUBLIC),
    controllers=[keys.to_text(CONTROLLER_PUBLIC)],
    logs=[keys.to_text(STRANGER_PUBLIC)],
    policy_signers=[],
    scope_signers=[],
    delegated=True,
    tls_spki=[a_digest("spki")],
    addresses=["https://caretaker.school.example:8443"],
)
HANDED_OVER = msgspec.structs.replace(
    ROOTS, version=7, next_recovery=keys.to_text(HEIR_PUBLIC), addresses=[], delegated=False
)
RULES = policy.Rules(
    site="site_01JD9YBXRZ8QK2M4N6P8R0S2T4",
    version=3,
    issued_at=AT,
    expires_at=AT + 400 * 86_400,
    policy='{"name":"Our school","v":1,"version":3}',
)
RULED = msgspec.structs.replace(
    ROOTS, version=8, policy_signers=[keys.to_text(SIGNER_PUBLIC)], delegated=False
)
RULES_PAYLOAD = policy.payload_of(RULES)
RULES_SIGNED = policy.join(
    RULES_PAYLOAD, sshsig.sign(RULES_PAYLOAD, policy.NAMESPACE, SIGNER_KEY), [SIGNER_PUBLIC]
)
SCOPE = surveys.scope_of(DEVICE, AT)
SMALL_SCOPE = surveys.small(SCOPE)
SEALING = credentials.public_of(bytes(range(32)))
HELD = surveys.held(SCOPE, AT)
SCOPED = msgspec.structs.replace(
    ROOTS, version=9, scope_signers=[keys.to_text(SIGNER_PUBLIC)], delegated=False
)
SCOPE_PAYLOAD = scope.payload_of(SCOPE)
SCOPE_SIGNED = scope.join(
    SCOPE_PAYLOAD, sshsig.sign(SCOPE_PAYLOAD, scope.NAMESPACE, SIGNER_KEY), [SIGNER_PUBLIC]
)
SCANNING = msgspec.structs.replace(
    SEEN,
    seq=419,
    now=[itself.say(itself.Scanner(sealing=SEALING, scope=dsse.digest(SCOPE_SIGNED)))],
)
SURVEYING = msgspec.structs.replace(
    FRAMING,
    scope=dsse.digest(SCOPE_SIGNED),
    credentials=dsse.digest(credentials.sign_credentials(HELD, CONTROLLER_KEY)),
)
REKEY_SIGNED = rekey.sign_rekey(
    DEVICE, 418, "00112233445566778899aabbccddeeff", DEVICE_KEY, NEW_KEY
)
REKEY = rekey.open_rekey(dsse.parse(REKEY_SIGNED))


def vouched(parsed: dsse.Parsed) -> enrolment.Enrol:
    """As a controller reads what a former key vouches for."""
    found = enrolment.open_enrol(parsed)
    succession.check(found, [DEVICE_PUBLIC])
    return found


def handover(parsed: dsse.Parsed) -> rekey.Rekey:
    """As a controller reads it."""
    found = rekey.open_rekey(parsed)
    rekey.check_handover(found, DEVICE_PUBLIC)
    return found


ENROLMENT = enrolment.Enrolment(
    request=dsse.digest(ENROL_SIGNED),
    device=DEVICE,
    status="pending",
    at=AT + 1,
    words=keys.words(DEVICE_PUBLIC),
)


LET_IN = msgspec.structs.replace(ENROLMENT, status="active", at=AT + 60)
READMIT = readmit.Readmit(
    device=DEVICE,
    public_key=keys.to_text(NEW_PUBLIC),
    nonce="8f3c2b1a09d8e7f6a5b4c3d2e1f00918",
    enrol=ENROL_SIGNED.decode(),
    enrolment=enrolment.sign_enrolment(LET_IN, CONTROLLER_KEY).decode(),
    handover=REKEY_SIGNED.decode(),
    receipt=receipt.sign_receipt(LOGGED, CONTROLLER_KEY).decode(),
    roots=roots.sign_roots(ROOTS, RECOVERY_KEY).decode(),
)


def known_again(parsed: dsse.Parsed) -> readmit.Readmit:
    """As a controller reads it."""
    found = readmit.open_readmit(parsed)
    readmit.prove(found, [CONTROLLER_PUBLIC])
    return found


_report = by(report.open_report, DEVICE_PUBLIC)
_receipt = by(receipt.open_receipt, CONTROLLER_PUBLIC)
SAMPLES = {
    "report-first": Sample(types.REPORT, FIRST, FIRST_SIGNED, _report),
    "report-unchanged": Sample(
        types.REPORT, UNCHANGED, report.sign_report(UNCHANGED, DEVICE_KEY), _report
    ),
    "report-seen": Sample(types.REPORT, SEEN, report.sign_report(SEEN, DEVICE_KEY), _report),
    "report-last": Sample(types.REPORT, LAST, report.sign_report(LAST, DEVICE_KEY), _report),
    "report-ruled": Sample(types.REPORT, JUDGED, report.sign_report(JUDGED, DEVICE_KEY), _report),
    "receipt-naming": Sample(
        types.RECEIPT, NAMING, receipt.sign_receipt(NAMING, CONTROLLER_KEY), _receipt
    ),
    "receipt-framing": Sample(
        types.RECEIPT, FRAMING, receipt.sign_receipt(FRAMING, CONTROLLER_KEY), _receipt
    ),
    "receipt": Sample(
        types.RECEIPT, RECEIPT, receipt.sign_receipt(RECEIPT, CONTROLLER_KEY), _receipt
    ),
    "receipt-logged": Sample(
        types.RECEIPT, LOGGED, receipt.sign_receipt(LOGGED, CONTROLLER_KEY), _receipt
    ),
    "problem": Sample(
        types.PROBLEM,
        PROBLEM,
        problem.sign_problem(PROBLEM, CONTROLLER_KEY),
        by(problem.open_problem, CONTROLLER_PUBLIC),
    ),
    "hello": Sample(
        types.HELLO,
        HELLO,
        enrolment.sign_hello(HELLO, CONTROLLER_KEY),
        lambda parsed: enrolment.open_hello(parsed, [CONTROLLER_PUBLIC]),
    ),
    "enrol": Sample(types.ENROL, ENROL, ENROL_SIGNED, enrolment.open_enrol),
    "enrol-vouched": Sample(types.ENROL, VOUCHED, enrolment.sign_enrol(VOUCHED, NEW_KEY), vouched),
    "enrolment": Sample(
        types.ENROLMENT,
        ENROLMENT,
        enrolment.sign_enrolment(ENROLMENT, CONTROLLER_KEY),
        by(enrolment.open_enrolment, CONTROLLER_PUBLIC),
    ),
    "roots": Sample(
        types.ROOTS,
        ROOTS,
        roots.sign_roots(ROOTS, RECOVERY_KEY),
        lambda parsed: roots.open_first(parsed, keys.pin(RECOVERY_PUBLIC)),
    ),
    "roots-handed-over": Sample(
        types.ROOTS,
        HANDED_OVER,
        roots.sign_roots(HANDED_OVER, RECOVERY_KEY),
        by(roots.open_roots, RECOVERY_PUBLIC),
    ),
    "rekey": Sample(types.REKEY, REKEY, REKEY_SIGNED, handover),
    "readmit": Sample(types.READMIT, READMIT, readmit.sign_readmit(READMIT, NEW_KEY), known_again),
    "policy": Sample(types.POLICY, RULES, RULES_SIGNED, by_roots(RULED)),
    "policy-delegated": Sample(
        types.POLICY, RULES, policy.sign_rules(RULES, CONTROLLER_KEY), by_roots(ROOTS)
    ),
    "scope": Sample(types.SCOPE, SCOPE, SCOPE_SIGNED, scoped_by(SCOPED)),
    "credentials": Sample(
        types.CREDENTIALS,
        HELD,
        credentials.sign_credentials(HELD, CONTROLLER_KEY),
        by(credentials.open_credentials, CONTROLLER_PUBLIC),
    ),
    "report-scanning": Sample(
        types.REPORT, SCANNING, report.sign_report(SCANNING, DEVICE_KEY), _report
    ),
    "receipt-surveying": Sample(
        types.RECEIPT, SURVEYING, receipt.sign_receipt(SURVEYING, CONTROLLER_KEY), _receipt
    ),
    "scope-delegated": Sample(
        types.SCOPE, SMALL_SCOPE, scope.sign_scope(SMALL_SCOPE, CONTROLLER_KEY), scoped_by(ROOTS)
    ),
}

LOG_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(192, 224)))
LOG_PUBLIC = keys.public_bytes(LOG_KEY)
LOG_LINES = [
    "0 2026-11-22T01:14:58Z site.create site_01JD9YBXRZ8QK2M4N6P8R0S2T4 system - - -",
    f"1 2026-11-22T01:15:00Z report {DEVICE} 1 {dsse.digest(FIRST_SIGNED)}",
    f"2 2026-11-23T01:15:00Z report {DEVICE} 2 {a_digest('the next night')}",
]
LOG_NAME = "caretaker.site_01JD9YBXRZ8QK2M4N6P8R0S2T4/evidence"
CHECKPOINT = note.Checkpoint(
    LOG_NAME, 3, merkle.root([merkle.leaf(one.encode()) for one in LOG_LINES])
)
CHECKPOINT_SIGNED = note.write(CHECKPOINT, LOG_NAME, LOG_KEY)
SSH_NAMESPACE = "evidence@caretaker"
SSH_SIGNED = sshsig.sign(CHECKPOINT_SIGNED, SSH_NAMESPACE, LOG_KEY)
