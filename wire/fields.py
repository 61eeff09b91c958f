"""The few shapes that every string and number in a signed payload has, as msgspec constraints.

msgspec checks these while decoding, not while a struct is built: whoever signs runs the same
decoder over the bytes before signing (`sealed.seal`). Traps: `$` in a pattern would also match
before a final newline, hence `\\Z`; a pattern costs about 0.5 µs, so `Result`, of which there are
hundreds, has lengths only where a wrong value is looked up and not found anyway.
"""

from typing import Annotated, Literal

from msgspec import Meta

from wire import limits

Version = Annotated[int, Meta(ge=1, le=1)]
Natural = Annotated[int, Meta(ge=0, le=limits.INTEGER)]
Seq = Annotated[int, Meta(ge=1, le=limits.INTEGER)]
Seconds = Annotated[int, Meta(ge=0, le=limits.LATEST)]  # epoch seconds UTC, or a length of time
Schema = Annotated[int, Meta(ge=1, le=1_000_000)]
SectionSize = Annotated[int, Meta(ge=1, le=limits.SECTION)]

Digest = Annotated[str, Meta(pattern=r"\Asha256:[0-9a-f]{64}\Z", max_length=71)]
DigestOrNone = Annotated[str, Meta(pattern=r"\A(sha256:[0-9a-f]{64})?\Z", max_length=71)]
Identifier = Annotated[str, Meta(pattern=r"\A[a-z]{1,16}_[0-9A-Za-z]{1,32}\Z", max_length=49)]
IdentifierOrNone = Annotated[
    str, Meta(pattern=r"\A([a-z]{1,16}_[0-9A-Za-z]{1,32})?\Z", max_length=49)
]
SectionName = Annotated[str, Meta(pattern=r"\A[a-z][a-z0-9_]{0,47}\Z", max_length=48)]
CheckId = Annotated[str, Meta(min_length=1, max_length=64)]
Says = Annotated[str, Meta(max_length=64)]
Nonce = Annotated[str, Meta(pattern=r"\A[0-9a-f]{32}\Z", max_length=32)]
NonceOrNone = Annotated[str, Meta(pattern=r"\A([0-9a-f]{32})?\Z", max_length=32)]
HelloNonce = Annotated[str, Meta(pattern=r"\A[0-9A-Za-z_.-]{16,160}\Z", max_length=160)]
Token = Annotated[str, Meta(pattern=r"\A[0-9A-Za-z_]{1,64}\Z", max_length=64)]
PublicKey = Annotated[str, Meta(pattern=r"\A[0-9A-Za-z+/]{43}=\Z", max_length=44)]
PublicKeyOrNone = Annotated[str, Meta(pattern=r"\A([0-9A-Za-z+/]{43}=)?\Z", max_length=44)]
SignatureText = Annotated[str, Meta(pattern=r"\A[0-9A-Za-z+/]{86}==\Z", max_length=88)]
Proof = Annotated[str, Meta(pattern=r"\A([0-9a-f]{64}|[0-9a-f]{128})\Z", max_length=128)]
Root = Annotated[str, Meta(pattern=r"\A([0-9A-Za-z+/]{43}=)?\Z", max_length=44)]
Address = Annotated[str, Meta(pattern=r"\Ahttps://[!-~]{1,192}\Z", max_length=200)]
Boot = Annotated[str, Meta(max_length=64)]
Release = Annotated[str, Meta(min_length=1, max_length=64)]
Code = Annotated[str, Meta(pattern=r"\A[a-z][a-z_]{0,31}\Z", max_length=32)]
Sentence = Annotated[str, Meta(max_length=300)]
Profile = Annotated[str, Meta(pattern=r"\A[a-z][a-z0-9_-]{0,31}\Z", max_length=32)]
ProfileOrNone = Annotated[str, Meta(pattern=r"\A([a-z][a-z0-9_-]{0,31})?\Z", max_length=32)]
HostName = Annotated[str, Meta(max_length=255)]
Platform = Annotated[str, Meta(pattern=r"\A[a-z][a-z0-9_-]{0,31}\Z", max_length=32)]
FactorValue = Annotated[str, Meta(min_length=1, max_length=128)]
Words = Annotated[str, Meta(max_length=64)]

Status = Literal["pass", "warn", "fail", "unknown", "not-applicable"]
Severity = Literal["low", "medium", "high", "critical"]
