"""What is known of each volume on the machine's own drives: whether it is encrypted, and whether
its key lies beside it.

What leaves a machine is a class of place and a state; no key, no recovery password, no salt, no
label and no path.
"""

from typing import ClassVar, Literal

import msgspec

from checks.facts import Facts
from checks.unseen import Maybe

Place = Literal["system", "home", "swap", "other"]
State = Literal["on", "open", "converting", "off"]
"""`on`: unreadable without a key that is not on the drive. `open`: encrypted, but the key lies
readable on the same drive (BitLocker suspended or waiting, a key file, an empty cipher).
`converting`: being encrypted at this moment. `off`: everything else, being decrypted too."""


class Volume(msgspec.Struct, frozen=True):
    """One volume that may hold what people wrote; boot and recovery volumes are none."""

    place: Place
    state: Maybe[State]


class EncryptionFacts(Facts, frozen=True):
    """The one section. A volume that is part of two drives stands once."""

    section: ClassVar[str] = "encryption"
    schema: ClassVar[int] = 1

    volumes: Maybe[list[Volume]]
    """By place; an empty list: no drive of its own was found."""


SECTIONS = (EncryptionFacts,)
