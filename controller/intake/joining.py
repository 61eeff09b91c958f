"""Enrolment: a new key joins the queue; a person lets it in (O28, O31).

The same request sent again gets the same answer, whatever became of the join code since: an agent
that lost the answer must not end up as two computers. What a code's secret protects is only the
queue; approval is a person's.
"""

from collections import defaultdict
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from controller.fleet import packed, purposes, services
from controller.fleet.forks.proof import publics_of
from controller.fleet.models import Device, Enrolment, JoinCode, PastKey
from controller.intake import ghosts, hellos, sightings
from controller.intake.hardware import bound_by
from controller.intake.jobs import Job
from controller.intake.outcomes import Outcome, RefusedError, Standing
from controller.intake.rates import HOUR, Rates
from controller.keyfiles import derive, join_secret
from inventory.ghosts.services import Proof
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.marks import normalise
from wire import keys, succession
from wire.enrolment import Enrol, Factor, check_proof, open_enrol
from wire.errors import WireError
from wire.problem import code_for

ENOUGH_FACTORS: Final = 2
"""Fewer usable hardware factors than this and a copy cannot be told from the original."""


MOST_COPIES: Final = 100
"""Copies of one computer that may wait at once: three class sets, and no flood."""
MOST_WAITING: Final = 1_000
"""Computers that may wait at once with one join code. Codes are read by pupils, and at the rate
that one allows, a night would put 40,000 in the queue, among which nobody finds the real ones."""
FULL: Final = (
    "As many computers as a join code may bring wait to be let in already; somebody has to look "
    "first."
)


class Door(NamedTuple):
    """Where a new key comes in, and what it is for."""

    site: str
    profile: str
    profile_source: str
    code: JoinCode | None


class Joining:
    """Answers enrolments. Runs in the writer thread, inside its transaction."""

    def __init__(self, data: Path, rates: Rates) -> None:
        """`data` holds the key that join-code secrets and hello nonces are derived from."""
        self._data = data
        self._rates = rates
        self._hello_secret = derive(data, "hello", "")

    def nonce(self, at: int) -> str:
        """A nonce for a hello."""
        return hellos.make(self._hello_secret, at)

    def enrol(self, job: Job, at: int) -> Outcome:
        """Put a new key in the queue, once."""
        try:
            return self._enrol(job, at)
        except WireError as error:
            self._rates.failed(job.address, at)
            raise RefusedError(code_for(error), error.sentence) from None

    def _enrol(self, job: Job, at: int) -> Outcome:
        if (wait := self._rates.blocked(job.address, at)) is not None:
            raise RefusedError("slow_down", retry_after_seconds=wait)
        if job.parsed is None:
            raise RefusedError("malformed")
        parsed = job.parsed
        enrol = open_enrol(parsed)
        public = keys.from_text(enrol.public_key)
        known = (
            Device.objects.filter(key_id=keys.key_id(public)).select_related("enrolment").first()
        )
        if known is not None:
            return _again(known, job.digest)
        if PastKey.objects.filter(key_id=keys.key_id(public)).exists():
            raise RefusedError("already_enrolled")  # given up for another, and used once only
        device = new_device(enrol, public, self._door(enrol, job, at), at)
        Enrolment.objects.create(
            site_id=device.site_id,
            device=device,
            digest=job.digest,
            envelope=packed.pack(parsed),
            received_at=at,
        )
        ledger.append(
            site_id=device.site_id,
            at=at,
            actor=device.id,
            verb="device.enrol",
            subject=device.id,
            after={
                "key": device.key_id,
                "join_code": device.join_code_id or "",
                "was": device.was,
                "was_signed": int(device.was_signed),
            },
        )
        ghosts.joined(device, Proof(0, job.digest, packed.pack(parsed)), at)
        return Standing(job.digest, device.id, "pending", device.words, new=True)

    def _door(self, enrol: Enrol, job: Job, at: int) -> Door:
        """By what a new key comes into the queue: a join code, or the key it gave up."""
        if succession.is_vouched(enrol):
            return self._succeed(enrol, job, at)
        if not hellos.is_fresh(self._hello_secret, enrol.nonce, at):
            raise RefusedError("bad_nonce")
        code = self._spend(enrol, at)
        return Door(code.site_id, code.profile, "join_code" if code.profile else "", code)

    def _succeed(self, enrol: Enrol, job: Job, at: int) -> Door:
        """A copy of a computer asks to be one of its own (trust §4.3). What the former key vouches
        for is the queue, as with a join code, so it is bounded like one."""
        former = Device.objects.filter(id=enrol.token).first()
        if former is None or former.state == "refused":
            raise WireError("bad_token", "This computer is not known here; ask for a join code.")
        succession.check(enrol, publics_of(former))
        if former.state == "revoked" and job.parsed is not None:
            proof = Proof(0, job.digest, packed.pack(job.parsed))
            sightings.keep(former.id, proof, bound_by(enrol), at)
            raise RefusedError("revoked", retry_after_seconds=86_400)
        if (wait := self._rates.join(former.id, at)) is not None:
            raise RefusedError("slow_down", retry_after_seconds=wait)
        waiting = Device.objects.filter(was=former.id, was_signed=True, state="pending")
        if waiting.count() >= MOST_COPIES:
            raise RefusedError("slow_down", retry_after_seconds=86_400)
        # By hand somebody spoke of that computer; its code speaks of all that joined with it.
        profile = former.joined_profile if former.profile_source != purposes.HAND else ""
        return Door(former.site_id, profile, "join_code" if profile else "", None)

    def _spend(self, enrol: Enrol, at: int) -> JoinCode:
        """The code the enrolment proves to hold, with one use counted."""
        check_proof(enrol, join_secret(self._data, enrol.token))
        # From here on whoever asks holds a code that we made, so it may know what became of it.
        code = JoinCode.objects.filter(id=enrol.token).first()
        if code is None:
            raise WireError("bad_token", "This join code is not valid here; ask for a new one.")
        if (wait := self._rates.join(code.id, at)) is not None:
            raise RefusedError("slow_down", retry_after_seconds=wait)
        if Device.objects.filter(join_code=code, state="pending").count() >= MOST_WAITING:
            raise RefusedError("slow_down", FULL, retry_after_seconds=HOUR)
        if not services.spend_join_code(code.id, at):
            raise WireError("bad_token", _ended(code, at))
        return code

    def standing(self, job: Job, at: int) -> Outcome:
        """Where the enrolment of a device stands; unknown ids and withdrawn keys look alike."""
        device = Device.objects.filter(id=job.name).select_related("enrolment").first()
        if device is None or device.state == "revoked":
            raise RefusedError("not_found")
        return standing_of(device)


def _again(device: Device, digest: str) -> Outcome:
    if device.enrolment.digest != digest:
        raise RefusedError("already_enrolled")
    if device.state == "revoked":
        raise RefusedError("revoked")
    return standing_of(device)


def standing_of(device: Device) -> Standing:
    """What a computer is told of its enrolment."""
    status = {"pending": "pending", "active": "active"}.get(device.state, "refused")
    return msgspec.convert(
        {
            "request": device.enrolment.digest,
            "device": device.id,
            "status": status,
            "words": device.words,
        },
        Standing,
    )


def _ended(code: JoinCode, at: int) -> str:
    if code.revoked_at is not None:
        return "This join code was withdrawn; ask for a new one."
    if code.expires_at is not None and code.expires_at <= at:
        return "This join code has expired; ask for a new one."
    return "This join code was for a set number of computers and is used up; ask for a new one."


def new_device(enrol: Enrol, public: bytes, door: Door, at: int, *, known_as: str = "") -> Device:
    """The row of a computer that waits; `known_as` is its id where it had one already."""
    factors = _factors(enrol.factors)
    usable = [kind for kind, values in factors.items() if any(normalise(kind, v) for v in values)]
    return Device.objects.create(
        id=known_as or new_id("dev", at),
        site_id=door.site,
        name=enrol.host_name,
        platform=enrol.platform[:16],
        profile=door.profile,
        profile_source=door.profile_source,
        joined_profile=door.profile,
        public_key=public,
        key_id=keys.key_id(public),
        words=keys.words(public),
        factors=factors,
        weak_binding=len(usable) < ENOUGH_FACTORS,
        was=enrol.was[:40],
        was_signed=succession.is_vouched(enrol),
        join_code=door.code,
        enrolled_at=at,
        agent_version=enrol.agent[:32],
    )


def _factors(given: list[Factor]) -> dict[str, list[str]]:
    """By kind; `macs` is one factor of several addresses."""
    factors: dict[str, list[str]] = defaultdict(list)
    for factor in given:
        if factor.kind == "macs":
            factors["mac"].extend(factor.value.split(","))
        else:
            factors[factor.kind].append(factor.value)
    return dict(factors)
