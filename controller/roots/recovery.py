"""The recovery key: 32 bytes that exist on paper only, and what follows from them (O3, O25).

It signs the roots (Ed25519, the bytes as they are) and opens back-ups (X25519, by HKDF with the
info `caretaker-backup`). On paper it is `CR1` and thirteen groups of five letters and digits of
Crockford's base32: four carry the key, the fifth finds a slip and says in which group it is. Case,
blanks, dashes and line breaks do not matter; O is read as 0, I and L as 1.

Trap: no sentence here quotes what was typed. It may be all of the key but one letter.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from wire import keys

SEED: Final = 32
GROUPS: Final = 13
_IN_GROUP: Final = 4
_MARK: Final = "CR1"
_LONGEST: Final = 1024
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE: Final = {letter: value for value, letter in enumerate(_ALPHABET)}
_LOOKALIKE: Final = str.maketrans("OIL", "011")
_SPARE_BITS: Final = GROUPS * _IN_GROUP * 5 - SEED * 8
_BACKUP: Final = b"caretaker-backup"


class RecoveryKeyError(Exception):
    """What was typed is not the recovery key; the sentence says what to do, and quotes nothing."""


@dataclass(frozen=True, slots=True, repr=False)
class Recovery:
    """One recovery key; `str()` writes it for the safe."""

    seed: bytes

    @classmethod
    def generate(cls) -> "Recovery":
        """A new one, from the operating system's random numbers."""
        return cls(secrets.token_bytes(SEED))

    @classmethod
    def parse(cls, text: str) -> "Recovery":
        """Read a key as a person typed it from paper; raises RecoveryKeyError."""
        letters = _letters(text)
        number = 0
        for place in range(GROUPS):
            group = letters[place * (_IN_GROUP + 1) :][: _IN_GROUP + 1]
            if not set(group) <= _VALUE.keys() or _check(place, group[:-1]) != group[-1]:
                raise RecoveryKeyError(
                    f"There is a slip in group {place + 1} of the recovery key; "
                    "compare it with the paper."
                )
            for letter in group[:-1]:
                number = number << 5 | _VALUE[letter]
        if number & ((1 << _SPARE_BITS) - 1):
            raise RecoveryKeyError(f"There is a slip in group {GROUPS} of the recovery key.")
        return cls((number >> _SPARE_BITS).to_bytes(SEED, "big"))

    def groups(self) -> list[str]:
        """The thirteen groups of five."""
        number = int.from_bytes(self.seed, "big") << _SPARE_BITS
        count = GROUPS * _IN_GROUP
        letters = [_ALPHABET[number >> 5 * (count - 1 - at) & 31] for at in range(count)]
        found = ["".join(letters[at : at + _IN_GROUP]) for at in range(0, count, _IN_GROUP)]
        return [group + _check(place, group) for place, group in enumerate(found)]

    def __str__(self) -> str:
        return "-".join([_MARK, *self.groups()])

    def __repr__(self) -> str:
        return "Recovery(hidden)"

    @property
    def signing(self) -> Ed25519PrivateKey:
        """What signs the roots."""
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def public(self) -> bytes:
        """What join codes pin."""
        return keys.public_bytes(self.signing)

    @property
    def backup(self) -> X25519PrivateKey:
        """What opens a back-up."""
        raw = HKDF(hashes.SHA256(), SEED, salt=None, info=_BACKUP).derive(self.seed)
        return X25519PrivateKey.from_private_bytes(raw)

    @property
    def backup_public(self) -> bytes:
        """What back-ups are sealed to."""
        return self.backup.public_key().public_bytes_raw()


def _letters(text: str) -> str:
    if len(text) > _LONGEST:
        raise RecoveryKeyError("That is far too long for a recovery key; type only the key.")
    found = re.sub(r"[\W_]+", "", text).upper().translate(_LOOKALIKE)
    if not found:
        raise RecoveryKeyError("No recovery key was given.")
    if found.startswith("CT1"):
        raise RecoveryKeyError("This is a join code; the recovery key starts with CR1.")
    wanted = GROUPS * (_IN_GROUP + 1)
    if len(found) != wanted:  # of a whole key without its mark, a first group may spell it
        found = found.removeprefix(_MARK)
    if len(found) != wanted:
        fault = "cut short" if len(found) < wanted else "too long"
        raise RecoveryKeyError(
            f"The recovery key is {fault}: {_MARK} and {GROUPS} groups of {_IN_GROUP + 1} belong "
            "to it."
        )
    return found


def _check(place: int, group: str) -> str:
    """The fifth letter of a group; it depends on the place, so swapped groups are found too."""
    said = b"caretaker-recovery-key\0" + bytes([place]) + group.encode()
    return _ALPHABET[hashlib.sha256(said).digest()[0] >> 3]
