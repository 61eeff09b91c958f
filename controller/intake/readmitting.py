"""Computers that joined after the backup, known again by what only they can show (O5).

Only after a restore, and only for who was let in after the backup was made: in every other case
this controller would know the computer. Whoever proves nothing learns nothing. What was let in here
by itself is in the ledger as `device.readmit`, and a finding until a person has looked through it:
a computer that was withdrawn after the backup has the same proof as one that was not.
"""

from pathlib import Path
from typing import Final

from controller.backup import restored
from controller.backup.epoch import READMIT
from controller.backup.restored import Restored
from controller.fleet import packed, services
from controller.fleet.models import Device, Enrolment, JoinCode, PastKey
from controller.intake.jobs import Job
from controller.intake.joining import Door, new_device, standing_of
from controller.intake.outcomes import Outcome, RefusedError
from controller.roots import files
from inventory import queries as register
from inventory.ledger import services as ledger
from wire import keys, roots
from wire.errors import WireError
from wire.problem import code_for
from wire.readmit import Proven, Readmit, open_readmit, prove

SLACK_SECONDS: Final = 86_400
"""By which the clocks of the lost machine and of this one may differ."""


class Readmitting:
    """Runs in the writer thread, inside its transaction."""

    def __init__(self, data: Path) -> None:
        """`data` holds the roots, and says whether and when it was brought back."""
        self._data = data

    def readmit(self, job: Job, at: int) -> Outcome:
        """Know a computer again, or not. Raises RefusedError."""
        if job.parsed is None:
            raise RefusedError("malformed")
        try:
            asks = open_readmit(job.parsed)
        except WireError as error:
            raise RefusedError(code_for(error), error.sentence) from None
        try:
            return standing_of(self._known_again(asks, at))
        except WireError:
            raise RefusedError("unknown_key") from None

    def _known_again(self, asks: Readmit, at: int) -> Device:
        proven = prove(asks, self._controllers(asks))
        device = _locked(asks.device)
        if device is not None and device.enrolment.digest != proven.digest:
            raise WireError("unproven", "This computer joined in another way.")
        if device is not None and device.state != "pending":
            return _or_revoked(device)
        self._check_epoch(asks, proven)
        if device is None:
            device = _made_again(asks, proven, at)
        _let_in(device, proven, at)
        return device

    def _controllers(self, asks: Readmit) -> list[bytes]:
        """Keys whose word counts. A backup may hold an older list than computers do; theirs is
        signed by the recovery key too, and says which of ours was stolen since."""
        held = files.envelope(self._data)
        listed = roots.open_held(held)
        try:
            listed = roots.follow(held, asks.roots.encode()) or listed
        except WireError:
            pass
        return [keys.from_text(key) for key in listed.controllers]

    def _check_epoch(self, asks: Readmit, proven: Proven) -> None:
        epoch = restored.load(self._data)
        if epoch is None or asks.device in epoch.withdrawn or not _between(epoch, proven):
            raise WireError("unproven", "This controller knows whom it let in.")


def _between(epoch: Restored, proven: Proven) -> bool:
    """Whether a computer was let in after the backup, and before it was brought back."""
    return epoch.made_at - SLACK_SECONDS <= proven.let_in_at <= epoch.at + SLACK_SECONDS


def _locked(device_id: str) -> Device | None:
    rows = Device.objects.select_for_update(of=("self",)).select_related("enrolment")
    return rows.filter(id=device_id).first()


def _or_revoked(device: Device) -> Device:
    if device.state == "revoked":
        raise RefusedError("revoked", retry_after_seconds=86_400)
    return device


def _made_again(asks: Readmit, proven: Proven, at: int) -> Device:
    """The rows of a computer as they were when it joined."""
    public = keys.from_text(proven.enrol.public_key)
    for key in (public, keys.from_text(asks.public_key)):
        name = keys.key_id(key)
        if (
            Device.objects.filter(key_id=name).exists()
            or PastKey.objects.filter(key_id=name).exists()
        ):
            raise WireError("unproven", "This key is another computer's.")
    device = new_device(proven.enrol, public, _door(proven), at, known_as=asks.device)
    device.enrolment = Enrolment.objects.create(
        site_id=device.site_id,
        device=device,
        digest=proven.digest,
        envelope=packed.pack(proven.parsed),
        received_at=at,
    )
    return device


def _door(proven: Proven) -> Door:
    """By which school and code it came in: the receipt, its code or its former self says so, or
    there is one school only. Raises WireError."""
    code = JoinCode.objects.filter(id=proven.enrol.token).first()
    former = Device.objects.filter(id=proven.enrol.was).first()
    schools = register.site_ids()
    said = [proven.site, code.site_id if code else "", former.site_id if former else ""]
    site = next((one for one in said if one in schools), schools[0] if len(schools) == 1 else "")
    if not site:
        raise WireError("unproven", "Nobody can say to which school this computer belongs.")
    profile = code.profile if code else ""
    return Door(site, profile, "join_code" if profile else "", code)


def _let_in(device: Device, proven: Proven, at: int) -> None:
    before = device.state
    device.state, device.approved_at, device.approved_by = "active", at, ledger.SYSTEM
    services.bind_asset(device, at=at)
    device.save()
    ledger.append(
        site_id=device.site_id,
        at=at,
        actor=device.id,
        verb=READMIT,
        subject=device.id,
        before={"state": before},
        after={
            "state": "active",
            "key": device.key_id,
            "let_in_at": proven.let_in_at,
            "welcome_at": proven.welcome_at,
        },
    )
