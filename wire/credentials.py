"""What lets a scanner ask switches and printers, sealed so that only that scanner can read it.

The scanner makes a key of its own and tells the public half in its signed reports; whoever types a
secret at the controller has it sealed to that key at once, and the controller keeps sealed bytes
that it cannot read again. They travel in a message that a controller key signs and a receipt names,
so whoever stands between can neither read a secret nor put back an older one.

A seal is X25519 (a key for once, RFC 7748), HKDF-SHA256 over what both ends then share, and
ChaCha20-Poly1305; what is sealed for one scanner under one name does not open for another or under
another name. What is inside is a short JSON text of `SnmpV2`, `SnmpV3` or `Login`.

Trap: msgspec quotes what it finds wrong, so nothing here repeats what it says of an opened text.
"""

import base64
import re
from typing import Annotated, Final, Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Meta

from wire import canonical, dsse, fields, sealed, types
from wire.errors import WireError
from wire.scope import Name
from wire.secret import Secret

Kind = Literal["snmp-v2c", "snmp-v3", "ssh"]
Authentication = Literal["md5", "sha1", "sha224", "sha256", "sha384", "sha512"]
Privacy = Literal["des", "aes128", "aes192", "aes256"]

LONGEST: Final = 4_096
"""Characters of one secret: a private key for SSH has up to 3,400."""
SEALED: Final = 8_192
"""Characters of one as it travels."""
MOST: Final = 32
PASSPHRASE: Final = 8
"""Fewest characters of an SNMP v3 password (RFC 3414 §11.2)."""

_LABEL: Final = b"caretaker-seal v1\0"
_ONCE: Final = bytes(12)  # each key seals one text, so the number may be the same
_KEY_BYTES: Final = 32
_TAG_BYTES: Final = 16
_USER: Final = re.compile(r"[^\s\x00-\x1f-][^\x00-\x1f]{0,63}")
_SHOWN: Final = re.compile(r"[^\x00-\x1f\x7f]+")


class SnmpV2(msgspec.Struct, frozen=True):
    """SNMP v2c: one word for everybody."""

    community: Secret


class SnmpV3(msgspec.Struct, frozen=True):
    """SNMP v3 with authentication and privacy."""

    user: str
    authentication: Authentication
    authentication_password: Secret
    privacy: Privacy
    privacy_password: Secret


class Login(msgspec.Struct, frozen=True):
    """SSH: a password or a private key in OpenSSH's text form; the other is empty."""

    user: str
    password: Secret
    key: Secret


Opened = SnmpV2 | SnmpV3 | Login


class SealedSecret(msgspec.Struct, frozen=True, kw_only=True):
    """One of them under the name that a scope gives it; `sealed` is base64."""

    id: Name
    kind: Kind
    sealed: Annotated[str, Meta(pattern=r"\A[0-9A-Za-z+/]+={0,2}\Z", max_length=SEALED)]


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """All that one scanner shall hold; what is left out of it goes."""

    v: fields.Version = 1
    site: fields.Identifier
    device: fields.Identifier
    at: fields.Seconds
    sealed: Annotated[list[SealedSecret], Meta(max_length=MOST)]


def sign_credentials(message: Credentials, key: Ed25519PrivateKey) -> bytes:
    """Sign with a controller key. Raises WireError `schema`, `too_large` where the secrets together
    are too long for one message."""
    return sealed.seal(message, types.CREDENTIALS, key, longest=SEALED)


def open_credentials(parsed: dsse.Parsed, public: bytes) -> Credentials:
    """Verify and read by the pinned controller key; raises WireError."""
    return sealed.unseal(parsed, types.CREDENTIALS, Credentials, public, longest=SEALED)


def new_key() -> bytes:
    """Make a scanner's own key: 32 bytes, from the operating system's random numbers."""
    return X25519PrivateKey.generate().private_bytes_raw()


def public_of(key: bytes) -> str:
    """Its public half as reports tell it: base64."""
    public = X25519PrivateKey.from_private_bytes(key).public_key()
    return base64.b64encode(_raw(public)).decode()


def kind_of(opened: Opened) -> Kind:
    """As a scope calls it."""
    if isinstance(opened, SnmpV2):
        return "snmp-v2c"
    return "snmp-v3" if isinstance(opened, SnmpV3) else "ssh"


def seal(opened: Opened, to: str, device: str, name: str) -> SealedSecret:
    """Seal for one scanner: `to` is its public key in base64, `name` the scope's word.

    Raises WireError `bad_key`, and `schema` with a sentence for whoever typed it.
    """
    check_name(name)
    check(opened)
    public = _public(to)
    once = X25519PrivateKey.generate()
    mine = _raw(once.public_key())
    kind = kind_of(opened)
    cipher = _cipher(once, public, mine + _raw(public))
    text = cipher.encrypt(_ONCE, _plain(opened), _named(device, name, kind))
    return SealedSecret(id=name, kind=kind, sealed=base64.b64encode(mine + text).decode())


def unseal(one: SealedSecret, key: bytes, device: str) -> Opened:
    """Open what was sealed for this scanner. Raises WireError `bad_signature` for what was not, or
    was changed, and `schema` for what a newer release wrote."""
    try:
        data = base64.b64decode(one.sealed, validate=True)
    except ValueError:  # binascii.Error too
        raise _not_ours() from None
    if len(data) < _KEY_BYTES + _TAG_BYTES or base64.b64encode(data).decode() != one.sealed:
        raise _not_ours()
    private = X25519PrivateKey.from_private_bytes(key)
    theirs = data[:_KEY_BYTES]
    cipher = _cipher(
        private, X25519PublicKey.from_public_bytes(theirs), theirs + _raw(private.public_key())
    )
    try:
        plain = cipher.decrypt(_ONCE, data[_KEY_BYTES:], _named(device, one.id, one.kind))
    except InvalidTag:
        raise _not_ours() from None
    return _read(plain, one.kind)


def check_name(name: str) -> None:
    """Refuse a name that no scope can say; raises WireError `schema`."""
    try:
        msgspec.convert(name, Name)
    except msgspec.ValidationError:
        raise WireError(
            "schema",
            "A credential's name is 1 to 48 letters, digits, - and _, as the scope says it, such "
            "as switches.",
        ) from None


def check(opened: Opened) -> None:
    """Refuse what no device would take; raises WireError `schema`, which never repeats a secret."""
    if isinstance(opened, SnmpV2):
        _check_text(opened.community, "The community", 1, 64)
        return
    if not _USER.fullmatch(opened.user):
        raise WireError("schema", "The user name is 1 to 64 characters and begins with no dash.")
    if isinstance(opened, SnmpV3):
        _check_text(opened.authentication_password, "The authentication password", PASSPHRASE, 128)
        _check_text(opened.privacy_password, "The privacy password", PASSPHRASE, 128)
    elif bool(opened.password) == bool(opened.key):
        raise WireError("schema", "Give a password or a private key, and not both.")
    elif opened.password:
        _check_text(opened.password, "The password", 1, 256)
    else:
        _check_key(opened.key.reveal())


def _check_text(text: Secret, called: str, fewest: int, most: int) -> None:
    if not fewest <= len(text.reveal()) <= most:
        raise WireError("schema", f"{called} has {fewest} to {most} characters.")
    if not _SHOWN.fullmatch(text.reveal()):
        raise WireError("schema", f"{called} has a character that nobody could type.")


def _check_key(text: str) -> None:
    if len(text) > LONGEST:
        raise WireError("schema", f"A private key has at most {LONGEST:,} characters.")
    if not text.startswith("-----BEGIN ") or "PRIVATE KEY-----" not in text:
        raise WireError("schema", "This is no private key in the form that ssh-keygen writes.")
    if "ENCRYPTED" in text:
        raise WireError("schema", "The private key has a passphrase; make one without.")


def _plain(opened: Opened) -> bytes:
    values = {
        name: value.reveal() if isinstance(value, Secret) else value
        for name, value in ((name, getattr(opened, name)) for name in opened.__struct_fields__)
    }
    return msgspec.json.encode(values, order="sorted")


def _read(plain: bytes, kind: Kind) -> Opened:
    shapes: dict[Kind, type[Opened]] = {"snmp-v2c": SnmpV2, "snmp-v3": SnmpV3, "ssh": Login}
    try:
        opened = msgspec.json.decode(plain, type=shapes[kind], dec_hook=_as_secret)
        check(opened)
    except (msgspec.MsgspecError, UnicodeDecodeError, WireError):
        raise WireError("schema", "A newer release sealed this; type it again here.") from None
    return opened


def _as_secret(kind: type, value: object) -> Secret:
    if kind is not Secret or not isinstance(value, str):
        raise ValueError("not a secret")
    return Secret(value)


def _cipher(mine: X25519PrivateKey, theirs: X25519PublicKey, both: bytes) -> ChaCha20Poly1305:
    """The cipher both ends come to; `both` are the two public halves, the sender's first."""
    try:
        shared = mine.exchange(theirs)
    except ValueError:
        raise WireError("bad_key", "This public key would let anybody read the seal.") from None
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=_LABEL + both)
    return ChaCha20Poly1305(derived.derive(shared))


def _named(device: str, name: str, kind: Kind) -> bytes:
    """What a seal is bound to."""
    return canonical.encode({"device": device, "id": name, "kind": kind})


def _public(text: str) -> X25519PublicKey:
    try:
        raw = base64.b64decode(text, validate=True)
        return X25519PublicKey.from_public_bytes(raw)
    except ValueError:
        raise WireError(
            "bad_key", "The scanner's key is not one; wait for its next report."
        ) from None


def _raw(public: X25519PublicKey) -> bytes:
    return public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def _not_ours() -> WireError:
    return WireError("bad_signature", "This was not sealed for this scanner under this name.")
