"""What became of one request, before it is signed."""

from typing import Literal

import msgspec

from wire.problem import Head


class Taken(msgspec.Struct, frozen=True):
    """A report is durably stored, now or earlier. `need`: digests the device has yet to send.

    `index` is its line in the school's log (None: it is older than the log), `size` and `root`
    (base64) are what the log was after the group it came with.
    """

    device: str
    seq: int
    status: Literal["accepted", "duplicate"]
    received_at: int
    need: list[str]
    policy: str
    site: str
    profile: str
    scope: str = ""
    credentials: str = ""
    index: int | None = None
    size: int | None = None
    root: str = ""


class Standing(msgspec.Struct, frozen=True):
    """Where an enrolment stands. `request` is the digest of the enrol envelope."""

    request: str
    device: str
    status: Literal["pending", "active", "refused"]
    words: str
    new: bool = False


class Stored(msgspec.Struct, frozen=True):
    """A section is durably stored."""


class Offered(msgspec.Struct, frozen=True):
    """A school's policy, a scope or sealed credentials as signed, and its digest; b"" where there
    is none."""

    envelope: bytes
    digest: str


class Noted(msgspec.Struct, frozen=True):
    """The newest checkpoint of a school's log, as the log's key signed it; "" where there is
    none."""

    note: str


class Refused(msgspec.Struct, frozen=True):
    """No, and why. `sentence` "" takes the code's own words."""

    code: str
    sentence: str = ""
    head: Head | None = None
    retry_after_seconds: int | None = None


Outcome = Taken | Standing | Stored | Offered | Noted | Refused


class RefusedError(Exception):
    """Carries a `Refused` out of a function that otherwise returns something else."""

    def __init__(
        self, code: str, sentence: str = "", *, retry_after_seconds: int | None = None
    ) -> None:
        """See `Refused`."""
        super().__init__(code)
        self.refused = Refused(code, sentence, retry_after_seconds=retry_after_seconds)
