"""A disposal as it stands: what its events fold to (I1). Nothing here is ever stored as the truth;
rows are copies of it for lists."""

from collections.abc import Mapping
from typing import Final

import msgspec

from inventory.disposal.states import (
    BACK,
    CLASS_OF,
    OUT,
    TERMINAL,
    DestroyMethod,
    ExceptionKind,
    HoldKind,
    Level,
    LossKind,
    MediumClass,
    MediumKind,
    MediumState,
    PersonalData,
    Place,
    Route,
    State,
    Technique,
    VerifyMethod,
)
from inventory.disposal.values import CertifiedLine, MediumEncryption

BREACH_SECONDS: Final = 72 * 3_600
"""UK GDPR art. 33: the ICO hears within 72 hours of the discovery (I14)."""


class Wipe(msgspec.Struct, frozen=True, kw_only=True):
    """The last wipe of a medium, entered by `by` as event `seq`."""

    seq: int
    level: Level
    technique: Technique
    performer: str
    by: str
    finished_at: int
    offsite: bool = False


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """A clean reading after the last wipe, recorded as event `seq`."""

    seq: int
    method: VerifyMethod
    verifier: str
    finished_at: int
    bound_ppb: int = 0


class Destruction(msgspec.Struct, frozen=True, kw_only=True):
    """A medium's end, by the school (`method`) or by a contractor's certificate (no method)."""

    seq: int
    by: str
    witness: str
    place: Place
    method: DestroyMethod | None = None


class Medium(msgspec.Struct, frozen=True, kw_only=True):
    """One medium of the set. `at_least`: a validation asked for no less than this level."""

    serial: str
    kind: MediumKind
    serial_raw: str = ""
    wwn: str = ""
    make: str = ""
    model: str = ""
    size_bytes: int = 0
    encrypted_since: int | None = None
    failed: bool = False
    wipe: Wipe | None = None
    check: Check | None = None
    validated_by: str = ""
    at_least: Level = "clear"
    doubted_at: int = 0
    """When something last spoke against it: data was found, a wipe was not accepted, or it was out
    of sight. No wipe that ended by then counts."""
    destroyed: Destruction | None = None
    unconfirmed: Destruction | None = None
    """A destruction that its witness has yet to say they saw; until then it proves nothing (I2)."""
    certified: CertifiedLine | None = None
    kept_as: str = ""
    """The entry that a retained medium lives on as."""
    missing: bool = False
    late: bool = False
    """It turned up after the collection, so no manifest lists it."""
    gone: bool = False
    """Accounted for outside this disposal by a closed exception."""
    lost: bool = False
    """`gone` because it was given up as lost."""
    never_there: bool = False
    """`gone` because the report that named it was wrong."""
    handled: bool = False
    """Somebody had it in their hands: an inspection listed it, it was found, or worked on."""

    @property
    def family(self) -> MediumClass:
        """The class that decides what a technique reaches."""
        return CLASS_OF[self.kind]

    @property
    def leaves(self) -> bool:
        """Whether it goes where the thing goes: not destroyed, kept or missing; nor said to be
        destroyed, while its witness is silent."""
        destroyed = self.destroyed or self.unconfirmed
        return not (destroyed or self.kept_as or self.missing or self.gone)

    @property
    def state(self) -> MediumState:
        """Where it stands, in one word for people; `guards.proven` is what decides."""
        by_paper = self.certified is not None and self.certified.level == "destroy"
        ends: tuple[tuple[object, MediumState], ...] = (
            (self.lost, "lost"),
            (self.never_there, "never_there"),
            (self.gone, "gone"),
            (self.missing, "missing"),
            (self.destroyed, "destroyed"),
            (self.unconfirmed, "unconfirmed"),
            (self.kept_as, "retained"),
            (self.validated_by and not self.failed, "done"),
            (by_paper, "certified"),
            (self.failed, "failed"),
            (self.certified, "certified"),
            (self.check, "verified"),
            (self.wipe, "wiped"),
        )
        return next((word for is_so, word in ends if is_so), "untouched")


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """A hold that nobody released (I13)."""

    id: str
    kind: HoldKind
    by: str
    at: int


class OpenException(msgspec.Struct, frozen=True, kw_only=True):
    """Something that does not fit and is not closed (I10)."""

    id: str
    kind: ExceptionKind
    medium: str
    by: str
    at: int
    owner: str
    due: int


class Loss(msgspec.Struct, frozen=True, kw_only=True):
    """A breach assessment that runs (I14)."""

    kind: LossKind
    discovered_at: int
    reported_by: str
    encryption: tuple[MediumEncryption, ...]

    @property
    def due_at(self) -> int:
        """The last second in which the ICO can be told in time."""
        return self.discovered_at + BREACH_SECONDS


class Now(msgspec.Struct, frozen=True, kw_only=True):
    """One disposal after `seq` events; `NOTHING` is before the first.

    `media` by serial as `serials.key` makes it. `frozen` are the serials of the approval (I3).
    `certificate_due_at`: from when the contractor's certificate is late (I9). `seen_again` counts
    sightings after it left (I11).
    """

    seq: int = 0
    at: int = 0
    rules: str = ""
    state: State | None = None
    asset: str = ""
    tag: str = ""
    personal_data: PersonalData = "unknown"
    withdrawn_by: str = ""
    withdrawn_at: int = 0
    media: Mapping[str, Medium] = {}
    inspected: bool = False
    none_confirmed: bool = False
    route: Route | None = None
    requester: str = ""
    value_pence: int = 0
    offers: int = 0
    approvers: tuple[str, ...] = ()
    approved_at: int | None = None
    frozen: tuple[str, ...] = ()
    holds: Mapping[str, Hold] = {}
    exceptions: Mapping[str, OpenException] = {}
    collection: str = ""
    contractor: str = ""
    collected_at: int | None = None
    manifest: tuple[str, ...] = ()
    receipt: tuple[str, ...] = ()
    received_at: int | None = None
    receiver: str = ""
    certificate_due_at: int | None = None
    loss: Loss | None = None
    ended_at: int | None = None
    seen_again: int = 0

    @property
    def ended(self) -> bool:
        """Whether nothing but `Seen` and `Corrected` may follow."""
        return self.state in TERMINAL

    @property
    def left(self) -> bool:
        """Whether it is out of the school for good."""
        return self.state in OUT

    @property
    def back(self) -> bool:
        """Whether it is the school's again."""
        return self.state in BACK


NOTHING: Final = Now()
