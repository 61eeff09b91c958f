"""The steps of one disposal as events: frozen, tagged, in one spelling (spec §5.1, I1).

Each event holds all that its guards need: what a file or a row said is copied in by the service
when the step is taken, so that a replay needs nothing else. `seq` counts from 1 and has no gaps;
`at` is when the step was recorded; `rules` is the version of the school's rules it was judged by
(`rules.Rules.version`). No names and no free text but `reason`.

`spelling` writes them as the bytes that are hashed and signed.
"""

from inventory.disposal.event import Step
from inventory.disposal.states import (
    Breach,
    Decision,
    DestroyMethod,
    ExceptionKind,
    ExceptionOutcome,
    HoldKind,
    Level,
    LossKind,
    Outcome,
    PersonalData,
    Place,
    Route,
    Strength,
    Technique,
    VerifyMethod,
    VerifyResult,
)
from inventory.disposal.values import (
    Actor,
    At,
    Day,
    Digests,
    FoundMedia,
    FoundMedium,
    Id,
    LastEncryption,
    Lines,
    MaybeActor,
    MaybeDigest,
    MaybeId,
    Offers,
    Papers,
    Pence,
    Reason,
    Role,
    Seq,
    Serial,
    Serials,
    Size,
    Text,
)


class Withdrawn(Step, frozen=True, kw_only=True):
    """A thing is taken out of use; the first event. `tag` is what its label says, its serial where
    it has none; `found` are its media by the last reports and earlier disposals."""

    asset: Id
    tag: Text
    reason: Reason
    personal_data: PersonalData = "unknown"
    found: FoundMedia = ()


class Inspected(Step, frozen=True, kw_only=True):
    """Somebody opened it and looked, before approval. `media` is all that was found;
    `none_confirmed` says that there is none (I4)."""

    media: FoundMedia = ()
    none_confirmed: bool = False


class Requested(Step, frozen=True, kw_only=True):
    """`licences_checked`: what was licensed to it was released or moved (T2)."""

    route: Route
    reason: Reason = ""
    value_pence: Pence
    offers: Offers = ()
    licences_checked: bool


class Approved(Step, frozen=True, kw_only=True):
    """`role` is the one the actor approves in; `media` the serials that the approver saw, which
    freezes the set (I3). `minute` and `evidence` where a committee decided."""

    role: Role
    media: Serials
    minute: Text = ""
    evidence: Digests = ()
    comment: MaybeDigest = ""


class Rejected(Step, frozen=True, kw_only=True):
    """The request is turned down; the thing stays withdrawn."""

    role: Role
    comment: MaybeDigest = ""


class MediumAppeared(Step, frozen=True, kw_only=True):
    """A medium that nobody knew of, by a report or by taking the thing apart (I3)."""

    medium: FoundMedium


class MediumMissing(Step, frozen=True, kw_only=True):
    """A medium of the set is not there; opens `exception` (I3)."""

    medium: Serial
    exception: Id
    owner: MaybeActor = ""
    due: At


class MediumFailed(Step, frozen=True, kw_only=True):
    """A medium cannot be wiped or read; from now on only destroying it will do (I6, T7)."""

    medium: Serial
    evidence: Digests = ()
    reason: Reason = ""


class Sanitised(Step, frozen=True, kw_only=True):
    """A medium was wiped. `keys_destroyed`: every copy of the key, escrow included, is gone, which
    erasing by key needs. `hidden_areas_clear`: HPA and DCO were reset or are absent."""

    medium: Serial
    level: Level
    technique: Technique
    tool: Text
    tool_version: Text = ""
    performer: Actor
    finished_at: At
    offsite: bool = False
    hidden_areas_clear: bool | None = None
    keys_destroyed: bool = False
    evidence: Digests = ()
    reason: Reason = ""


class Verified(Step, frozen=True, kw_only=True):
    """Somebody else, or a machine, read the medium after the wipe recorded as event `wipe`.

    `bound_ppb`: at most this part of it, in parts per thousand million, may survive (a sample's
    upper bound at 99 %); 0 for a full read. `bytes_read` as counted.
    """

    medium: Serial
    wipe: Seq
    method: VerifyMethod
    verifier: Actor
    result: VerifyResult
    bound_ppb: Size = 0
    bytes_read: Size = 0
    finished_at: At
    evidence: Digests = ()


class Validated(Step, frozen=True, kw_only=True):
    """A person accepts the wipe recorded as event `wipe`, or has it repeated, or asks for a
    stronger one (SP 800-88r2 §4.5.2)."""

    medium: Serial
    wipe: Seq
    decision: Decision
    reason: Reason = ""


class Destroyed(Step, frozen=True, kw_only=True):
    """A medium was destroyed by the actor before a witness. `awaits_witness`: it counts once the
    witness has said so themselves (`Witnessed`); false only in histories from before that was
    asked, in which naming somebody was enough."""

    medium: Serial
    method: DestroyMethod
    place: Place
    witness: Actor
    particle_mm: Size = 0
    evidence: Digests = ()
    awaits_witness: bool = False


class Witnessed(Step, frozen=True, kw_only=True):
    """The witness of the destruction recorded as event `destruction` says whether they saw it; not
    seen, it counts as never recorded."""

    medium: Serial
    destruction: Seq
    seen: bool
    reason: Reason = ""


class Retained(Step, frozen=True, kw_only=True):
    """A medium was taken out and is kept; it lives on as an entry of its own (I16). `role` is the
    one the actor keeps it in once it was approved to go; `minute` and `evidence` where a committee
    decided."""

    medium: Serial
    entry: Id
    role: Role = ""
    minute: Text = ""
    evidence: Digests = ()


class Held(Step, frozen=True, kw_only=True):
    """Nothing may be wiped, destroyed or let go (I13)."""

    hold: Id
    kind: HoldKind
    reason: Reason


class HoldReleased(Step, frozen=True, kw_only=True):
    """`role` is the one the actor releases it in."""

    hold: Id
    role: Role
    reason: Reason


class ExceptionOpened(Step, frozen=True, kw_only=True):
    """Something does not fit, with an owner and a day (I10). `medium` "" where it is about none."""

    exception: Id
    kind: ExceptionKind
    medium: MaybeId = ""
    owner: MaybeActor = ""
    due: At
    reason: Reason = ""


class ExceptionClosed(Step, frozen=True, kw_only=True):
    """Closed by somebody else than who opened it. `entry`: where a missing medium lives now; `role`
    and `minute` as for what is kept, where one is given up after the approval."""

    exception: Id
    outcome: ExceptionOutcome
    entry: MaybeId = ""
    evidence: Digests = ()
    reason: Reason
    role: Role = ""
    minute: Text = ""


class Collected(Step, frozen=True, kw_only=True):
    """The contractor drove away with it. `papers` are the contractor's as they stood on `day`
    (I7); `manifest` the serials that went along (I10)."""

    collection: Id
    contractor: Id
    day: Day
    papers: Papers
    manifest: Serials
    evidence: Digests = ()


class Received(Step, frozen=True, kw_only=True):
    """The contractor's receipt, taken in at the school by `receiver` (I8, T4, T5)."""

    collection: Id
    contractor: Id
    accepts_responsibility: bool
    tag: Text
    serials: Serials
    receiver: Actor
    evidence: Digests


class Certified(Step, frozen=True, kw_only=True):
    """The contractor's certificate: `entered_by` typed or uploaded it, `confirmed_by` compared it
    with the paper."""

    contractor: Id
    number: Text = ""
    lines: Lines
    entered_by: Actor
    confirmed_by: Actor
    evidence: Digests


class Disposed(Step, frozen=True, kw_only=True):
    """The end by way of waste. What manifest, receipt and certificates say of this entry as the
    rows have it, each serial as often as it stands there; `elsewhere` are serials that a paper
    also names under another entry (I10)."""

    manifest: Serials
    receipt: Serials
    certificate: Serials
    elsewhere: Serials = ()


class HandedOver(Step, frozen=True, kw_only=True):
    """The end by any other way out, with the recipient's receipt. `recipient` is an account's,
    person's or room's id, or a digest that stands for a stranger; of such a one the actor says as
    `outsider` that they neither asked for this nor approved it (I2)."""

    outcome: Outcome
    recipient: Id
    evidence: Digests
    price_pence: Pence = 0
    outsider: bool = False


class Reinstated(Step, frozen=True, kw_only=True):
    """The school keeps it after all; what was proven of its media is worth nothing any more."""

    reason: Reason


class Missing(Step, frozen=True, kw_only=True):
    """It is lost or stolen; a breach assessment begins at `discovered_at` (I14)."""

    kind: LossKind
    discovered_at: At
    encryption: LastEncryption = ()
    reason: Reason = ""


class Found(Step, frozen=True, kw_only=True):
    """It is here again, and begins anew: it was out of our sight."""

    reason: Reason


class WrittenOff(Step, frozen=True, kw_only=True):
    """What is missing is given up, approved in `role`, with what its assessment came to (I14)."""

    role: Role
    value_pence: Pence
    breach: Breach
    minute: Text = ""
    evidence: Digests = ()
    reason: Reason


class Seen(Step, frozen=True, kw_only=True):
    """Something that left was seen: changes nothing, tells everybody (I11). `what` is the id of
    the alarm."""

    what: Id
    strength: Strength


class Corrected(Step, frozen=True, kw_only=True):
    """A remark on event `corrects` by two people; what happened stands as it was (I12)."""

    corrects: Seq
    second: Actor
    reason: Reason
    evidence: Digests = ()


Event = (
    Withdrawn
    | Inspected
    | Requested
    | Approved
    | Rejected
    | MediumAppeared
    | MediumMissing
    | MediumFailed
    | Sanitised
    | Verified
    | Validated
    | Destroyed
    | Witnessed
    | Retained
    | Held
    | HoldReleased
    | ExceptionOpened
    | ExceptionClosed
    | Collected
    | Received
    | Certified
    | Disposed
    | HandedOver
    | Reinstated
    | Missing
    | Found
    | WrittenOff
    | Seen
    | Corrected
)
