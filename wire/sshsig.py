"""SSH file signatures: what `ssh-keygen -Y sign` writes and `ssh-keygen -Y verify` checks.

Exports are signed so, because a stranger's laptop has ssh-keygen and not us; and a technician may
sign so, with a key that never comes near the controller. Ed25519 only (OpenSSH PROTOCOL.sshsig).

`bare` and `dressed` take the armour off and put it back on: in the usual form (SHA-512, nothing
reserved) everything but the 64 bytes follows from message, namespace and key, so where all three
are known the 64 bytes are the signature, in one spelling.

Traps: the namespace keeps a signature for one purpose from being used for another; a verifier must
name the one it expects. The public key inside a signature is the signer's claim, so `check` takes
the key from the caller and compares. `reserved` must be ignored by readers, yet it is signed.
"""

import base64
import binascii
import hashlib
import re
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wire import keys, limits
from wire.errors import WireError

_MAGIC: Final = b"SSHSIG"
_VERSION: Final = (1).to_bytes(4, "big")
_ED25519: Final = b"ssh-ed25519"
_USUAL: Final = b"sha512"
"""What ssh-keygen hashes with unless told otherwise."""
_HASHES: Final = {_USUAL: hashlib.sha512, b"sha256": hashlib.sha256}
_BEGIN: Final = "-----BEGIN SSH SIGNATURE-----\n"
_END: Final = "-----END SSH SIGNATURE-----\n"
_PLAIN: Final = re.compile(r"[0-9A-Za-z.@/_-]{1,200}")
_WIDTH: Final = 70  # characters a line, as ssh-keygen folds


def sign(message: bytes, namespace: str, key: Ed25519PrivateKey) -> bytes:
    """Give the text of a detached signature, byte for byte what ssh-keygen would write."""
    raw = key.sign(_signed(message, _check_plain(namespace), b"", _USUAL))
    return dressed(raw, namespace, keys.public_bytes(key))


def dressed(raw: bytes, namespace: str, public: bytes) -> bytes:
    """Give the text that ssh-keygen would have written around 64 bytes of signature."""
    parts = [
        _public(public),
        _check_plain(namespace),
        b"",
        _USUAL,
        _string(_ED25519) + _string(raw),
    ]
    blob = _MAGIC + _VERSION + b"".join(map(_string, parts))
    text = base64.b64encode(blob).decode()
    folded = "".join(f"{text[at : at + _WIDTH]}\n" for at in range(0, len(text), _WIDTH))
    return (_BEGIN + folded + _END).encode()


def check(message: bytes, signature: bytes, namespace: str, public: bytes) -> None:
    """Raise WireError unless the owner of `public` signed `message` for `namespace`.

    Codes: `too_large`, `malformed`, `bad_type` for another namespace, `bad_key`, `bad_signature`.
    """
    signer, space, reserved, hashed_by, sealed = _apart(signature)
    if space != _check_plain(namespace):
        raise WireError("bad_type", "This was signed for another purpose than the one it is for.")
    if signer != _public(public):
        raise WireError("bad_signature", "This was signed with another key.")
    if hashed_by not in _HASHES:
        raise WireError("malformed", "The signature is over a hash of an unknown kind.")
    kind, raw = _strings(sealed, 2)
    signed = _signed(message, space, reserved, hashed_by)
    if kind != _ED25519 or not keys.fits(public, raw, signed):
        raise WireError("bad_signature", "The signature does not fit what it came with.")


def bare(message: bytes, signature: bytes, namespace: str, public: bytes) -> bytes:
    """Check a signature's text and give its 64 bytes; raises as `check` does.

    `malformed` also for an unusual form, which `dressed` could not give back.
    """
    check(message, signature, namespace, public)
    _, _, reserved, hashed_by, sealed = _apart(signature)
    if reserved or hashed_by != _USUAL:
        raise WireError("malformed", "Sign with ssh-keygen's own settings, without -O hashalg.")
    return _strings(sealed, 2)[1]


def fits(message: bytes, raw: bytes, namespace: str, public: bytes) -> bool:
    """Whether 64 bytes are such a signature; raises WireError `bad_key`."""
    return keys.fits(public, raw, _signed(message, _check_plain(namespace), b"", _USUAL))


def allowed_signer(identity: str, namespace: str, public: bytes) -> str:
    """Give one line of the `allowed_signers` file that `ssh-keygen -Y verify` asks for.

    Raises WireError `schema` for an identity or namespace that would read as something else.
    """
    who, space = _check_plain(identity).decode(), _check_plain(namespace).decode()
    line = base64.b64encode(_public(public)).decode()
    return f'{who} namespaces="{space}" {_ED25519.decode()} {line}\n'


def _signed(message: bytes, namespace: bytes, reserved: bytes, hashed_by: bytes) -> bytes:
    """Give the bytes that the key signs."""
    parts = (namespace, reserved, hashed_by, _HASHES[hashed_by](message).digest())
    return _MAGIC + b"".join(map(_string, parts))


def _apart(signature: bytes) -> list[bytes]:
    """Give the five strings in a signature's text, not yet believed."""
    if len(signature) > limits.NOTE:
        raise WireError("too_large", f"A signature may hold {limits.NOTE} bytes.")
    try:
        text = signature.decode("ascii").replace("\r\n", "\n")  # as a mail may have left it
        if not (text.startswith(_BEGIN) and text.endswith(_END)):
            raise WireError("malformed", "This is not an SSH signature.")
        body = text[len(_BEGIN) : -len(_END)].replace("\n", "")
        blob = base64.b64decode(body, validate=True)
    except (UnicodeDecodeError, binascii.Error):
        raise WireError("malformed", "This is not an SSH signature.") from None
    if base64.b64encode(blob).decode() != body:
        raise WireError("malformed", "The SSH signature's base64 is not in its one spelling.")
    head = _MAGIC + _VERSION
    if not blob.startswith(head):
        raise WireError("malformed", "This is not an SSH signature of a known version.")
    return _strings(blob[len(head) :], 5)


def _strings(data: bytes, wanted: int) -> list[bytes]:
    """Take apart exactly so many strings, each behind its length in four bytes."""
    found = []
    for _ in range(wanted):
        end = 4 + int.from_bytes(data[:4], "big")
        if len(data) < end:
            raise WireError("malformed", "The SSH signature is cut.")
        found.append(data[4:end])
        data = data[end:]
    if data:
        raise WireError("malformed", "There is more in the SSH signature than belongs there.")
    return found


def _public(public: bytes) -> bytes:
    return _string(_ED25519) + _string(public)


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def _check_plain(text: str) -> bytes:
    """Refuse what could mean something else to the file of allowed signers."""
    if not _PLAIN.fullmatch(text):
        raise WireError("schema", "An identity or namespace is letters, digits and . @ / _ -.")
    return text.encode()
