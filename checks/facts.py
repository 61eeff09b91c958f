"""What every fact section is: a frozen struct with a name, a schema number and canonical bytes.

A domain has one steady section and, where facts drift each night (idle seconds, free bytes), a
second small one named `<domain>_now`, or the unchanged night never happens (A4). What of that one
changes on few nights only (the list of updates that wait) travels apart, by its hash, named
`<domain>_seldom`, and is put back before anybody reads it: a reader and a judge know one struct.
"""

from typing import Any, ClassVar, Final, TypeVar

import msgspec

from checks.unseen import NotHere, Unseen

NUL = b"\\u0000"
"""How JSON spells the one character that PostgreSQL cannot store: honest agents never send it
(`wire.sections.pack`), and verdicts made of it could not be written down. A backslash followed by
u0000 in a text is refused with it."""

F = TypeVar("F", bound="Facts")

UNSUPPORTED = Unseen("unsupported")
"""The default of every field added after a section's first schema (A4)."""


class MalformedSectionError(Exception):
    """A section body that does not follow its own schema; the device needs a person (`malformed-
    section`)."""


class Facts(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of every section.

    `frozen=True` must be repeated on each subclass (A1).
    """

    section: ClassVar[str]
    schema: ClassVar[int]
    seldom: ClassVar[frozenset[str]] = frozenset()
    """Fields of a drifting section that change on few nights only."""
    resting: ClassVar[bytes] = b""
    """The body of a drifting section that has nothing to tell, and then does not drift."""
    by_policy: ClassVar[bool] = False
    """Whether its reader looks for what the school's policy names: `read(host, policy)`."""


_PARTS: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_MARKERS: Final = (b'{"unseen":', b'{"not_here":')


def seldom_name(section: str) -> str:
    """What the part of a drifting section that changes seldom is called on the way."""
    return section.removesuffix("_now") + "_seldom"


def parted(body: bytes, kind: type[Facts]) -> tuple[bytes, bytes]:
    """The part of a canonical body that drifts and the part that changes seldom; all of it and
    nothing where `kind` has no such fields or the body is only a reason."""
    if not kind.seldom or body.startswith(_MARKERS):
        return body, b""
    drifts: dict[str, msgspec.Raw] = {}
    seldom: dict[str, msgspec.Raw] = {}
    for field, value in _PARTS.decode(body).items():
        (seldom if field in kind.seldom else drifts)[field] = value
    return _spelled(drifts), _spelled(seldom)


def joined(drifts: bytes, seldom: bytes) -> bytes:
    """The whole body of two parts. Raises MalformedSectionError for what are no parts of one."""
    try:
        one, other = _PARTS.decode(drifts), _PARTS.decode(seldom)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise MalformedSectionError(str(error)) from error
    if one.keys() & other.keys() or drifts.startswith(_MARKERS):
        raise MalformedSectionError("two parts that do not belong together")
    return _spelled({**one, **other})


def _spelled(fields: dict[str, msgspec.Raw]) -> bytes:
    return msgspec.json.encode(fields, order="sorted")


def encode_section(body: Facts | Unseen | NotHere) -> bytes:
    """The canonical bytes of a section: facts, or why nobody could look, or that there is no such
    thing."""
    return msgspec.json.encode(body, order="sorted")


def decode_section(data: bytes, schema: int, kind: type[F]) -> F | Unseen | NotHere:
    """Read a stored section body as `kind`.

    A body of our schema or older must be canonical, else MalformedSectionError. A newer body is
    read tolerantly, and what cannot be read is `Unseen("unsupported")` until we are upgraded (A4).
    A body with a NUL in it is malformed whatever its schema.
    """
    if NUL in data:
        raise MalformedSectionError("holds a NUL character")
    whole: type[Any]
    for whole in (Unseen, NotHere):
        marker = b'{"unseen":' if whole is Unseen else b'{"not_here":'
        if data.startswith(marker):
            return _strict(data, whole)
    if schema <= kind.schema:
        return _strict(data, kind)
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return UNSUPPORTED


S = TypeVar("S", bound=msgspec.Struct)


def _strict(data: bytes, kind: type[S]) -> S:
    try:
        value = msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise MalformedSectionError(str(error)) from error
    if msgspec.json.encode(value, order="sorted") != data:
        raise MalformedSectionError("not canonical")
    return value
