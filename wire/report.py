"""The nightly report: what one device found, small, signed and linked to the one before it.

Facts do not travel in it. `Content` names each section by its hash, and on a night when nothing
changed the report carries only the hash of `Content`. What drifts every night (free space, idle
time) is inlined in `now`, so that it never makes a changed section.

`prev` is the digest of this device's previous envelope: a cloned key forks the chain in the open.
`echo` repeats the nonce of the last receipt, so facts cannot be signed before that receipt existed.
`seen` makes each device a witness of the evidence log; `roots` says which key list it holds.
"""

import base64
from typing import Annotated

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Meta

from wire import canonical, dsse, fields, keys, limits, sealed, types
from wire.errors import WireError

_LONGEST = limits.NOW_SECTION
_NowBody = Annotated[str, Meta(min_length=2, max_length=limits.NOW_SECTION)]


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """The newest state of the evidence log this device holds from a receipt: lines, and root.

    The root is spelled as a digest, unlike in a receipt: next to four others that packs into 38
    bytes, and as base64 into 55, which an unchanged night has not to spare.
    """

    size: fields.Natural
    root: fields.Digest


def seen_of(size: int | None, root: str) -> Seen | None:
    """Spell what a receipt says of the log (`root` in base64) as reports do; None for a receipt of
    a controller without one."""
    if size is None or not root:
        return None
    return Seen(size=size, root=f"sha256:{base64.b64decode(root).hex()}")


class SectionRef(msgspec.Struct, frozen=True, kw_only=True):
    """One section by name: `locking`, or `locking_now` for drifting facts; `size` in bytes."""

    section: fields.SectionName
    schema: fields.Schema
    sha256: fields.Digest
    size: fields.SectionSize


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One verdict. `says` is the key of a sentence; its numbers stay out, or no night were
    unchanged.
    """

    check: fields.CheckId
    status: fields.Status
    severity: fields.Severity
    says: fields.Says


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What was found, and by which policy and catalogue (digests).

    `profile` is what the computer was judged as, `ruled` why its policy is not simply the one in
    force (`policy.RULED`). Either is left out when there is nothing to say, and has no empty form.

    Both lists are put in order of their names when the struct is made, so one finding has one
    digest; bytes in another order are thereby not canonical. A name twice raises WireError
    `schema`.
    """

    policy: fields.Digest
    catalogue: fields.Digest
    sections: Annotated[list[SectionRef], Meta(max_length=limits.SECTIONS)]
    results: Annotated[list[Result], Meta(max_length=limits.RESULTS)]
    profile: fields.Profile | msgspec.UnsetType = msgspec.UNSET
    ruled: fields.Code | msgspec.UnsetType = msgspec.UNSET

    def __post_init__(self) -> None:
        ordered = sorted(self.sections, key=lambda ref: ref.section)
        _refuse_twice([ref.section for ref in ordered])
        msgspec.structs.force_setattr(self, "sections", ordered)
        results = sorted(self.results, key=lambda result: result.check)
        _refuse_twice([result.check for result in results])
        msgspec.structs.force_setattr(self, "results", results)


class NowSection(msgspec.Struct, frozen=True, kw_only=True):
    """Drifting facts as JSON text; read, like any section, only when it is judged."""

    section: fields.SectionName
    schema: fields.Schema
    body: _NowBody

    def __post_init__(self) -> None:
        if _bytes_of(self.body) > limits.NOW_SECTION:
            raise WireError("too_large", f"Drifting facts may hold {limits.NOW_SECTION} bytes.")


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One link of a device's chain. Times are epoch seconds UTC, lengths of time are seconds."""

    v: fields.Version = 1
    device: fields.Identifier
    agent: fields.Release
    seq: fields.Seq
    prev: fields.DigestOrNone
    boot: fields.Boot
    uptime_seconds: fields.Seconds
    created_at: fields.Seconds
    nonce: fields.Nonce
    echo: fields.NonceOrNone
    seen: Seen | None = None
    binding: fields.DigestOrNone
    roots: fields.DigestOrNone = ""
    content: Content | fields.Digest
    now: Annotated[list[NowSection], Meta(max_length=limits.SECTIONS)]

    def __post_init__(self) -> None:
        if (self.seq == 1) != (self.prev == ""):
            raise WireError("schema", "The first report has no earlier one, and every other has.")
        now = sorted(self.now, key=lambda one: one.section)
        _refuse_twice([one.section for one in now])
        if sum(_bytes_of(one.body) for one in now) > limits.NOW_TOTAL:
            raise WireError(
                "too_large", f"Drifting facts may hold {limits.NOW_TOTAL} bytes in all."
            )
        msgspec.structs.force_setattr(self, "now", now)


class _WithContent(msgspec.Struct):
    """A report of which only this is looked at."""

    content: msgspec.Raw


_WITH_CONTENT = msgspec.json.Decoder(_WithContent)


def content_digest(content: Content) -> str:
    """Name `content` by its hash: what an unchanged report carries in its place."""
    return dsse.digest(canonical.encode(content))


def content_digest_in(payload: bytes, report: Report) -> str:
    """Name the content of a report that was opened from `payload`, or give the digest that stands
    in its place.

    Of the bytes as signed: a newer agent's content may hold fields that this reader's `Content`
    lacks, and what the agent calls it by is the digest of all of them.
    """
    if isinstance(report.content, str):
        return report.content
    return dsse.digest(bytes(_WITH_CONTENT.decode(payload).content))


def content_bytes(content: Content) -> bytes:
    """Write `content` as it travels when the controller asks for it by its digest."""
    return canonical.encode(content)


def open_content(data: bytes, digest: str) -> Content:
    """Read content that was asked for by `digest`; raises WireError, `bad_digest` before reading.

    It may be longer than a signed payload: that is one reason to send it this way.
    """
    if dsse.digest(data) != digest:
        raise WireError("bad_digest", "The content is not the one its report names.")
    return canonical.decode(data, Content, limit=limits.SECTION)


def sign_report(report: Report, key: Ed25519PrivateKey) -> bytes:
    """Sign `report` into an envelope.

    Raises WireError `too_large` if the payload passes 64 KiB: then send the content by its digest.
    Raises `schema` or `not_canonical` for what the controller would refuse.
    """
    return sealed.seal(report, types.REPORT, key, longest=_LONGEST)


def open_report(parsed: dsse.Parsed, public: bytes, *, fits: keys.Fits = keys.fits) -> Report:
    """Verify and read a report by the key in the device's own record.

    `fits` is as in `dsse.verify`. The caller still compares `report.device` with the owner of that
    key, and `seq` and `prev` with the head it holds. Raises WireError.
    """
    return sealed.unseal(parsed, types.REPORT, Report, public, longest=_LONGEST, fits=fits)


def _bytes_of(text: str) -> int:
    """Count UTF-8 bytes; a lone surrogate counts too, and is refused when it is encoded."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _refuse_twice(names: list[str]) -> None:
    if len(set(names)) != len(names):
        raise WireError("schema", "A section or check stands twice in one report.")
