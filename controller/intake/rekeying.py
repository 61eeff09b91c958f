"""A device takes a new key: the old one goes into its history, and counts no more (trust §4.3).

The same request again gets the same answer, because the first answer may have been lost on the way.
Whoever cannot sign with the old key learns nothing: an unknown device and a wrong signature look
alike.
"""

from controller.fleet import packed
from controller.fleet.models import Device, PastKey
from controller.intake.jobs import Job
from controller.intake.keybook import KeyBook
from controller.intake.outcomes import Outcome, Refused, RefusedError, Standing
from controller.intake.rates import Rates
from inventory.ledger import services as ledger
from wire import keys
from wire.errors import WireError
from wire.problem import Head, code_for
from wire.rekey import check_handover, open_rekey


class Rekeying:
    """Answers handovers. Runs in the writer thread, inside its transaction."""

    def __init__(self, book: KeyBook, rates: Rates) -> None:
        """`book` is told which key is no device's any more; `rates` bounds how often that is."""
        self._book = book
        self._rates = rates

    def rekey(self, job: Job, at: int) -> Outcome:
        """Give a device its new key, once. Raises RefusedError."""
        try:
            return self._rekey(job, at)
        except WireError as error:
            code = code_for(error)
            raise RefusedError(code, "" if code == "unknown_key" else error.sentence) from None

    def _rekey(self, job: Job, at: int) -> Outcome:
        if job.parsed is None:
            raise RefusedError("malformed")
        rekey = open_rekey(job.parsed)
        device = Device.objects.select_for_update().filter(id=rekey.device).first()
        if device is None:
            raise RefusedError("unknown_key")
        if PastKey.objects.filter(device=device, digest=job.digest).exists():
            return _answer(device, job.digest)
        check_handover(rekey, bytes(device.public_key))
        # From here on it is the device itself that asks.
        if device.state != "active":
            raise RefusedError(device.state)
        new = keys.from_text(rekey.public_key)
        new_id = keys.key_id(new)
        if _is_taken(new_id):
            raise RefusedError("bad_key")
        if rekey.seq > device.head_seq + 1:
            head = Head(seq=device.head_seq, hash=device.head_hash)
            return Refused("gap", head=head)
        if (wait := self._rates.rekey(device.id, at)) is not None:
            return Refused("slow_down", retry_after_seconds=wait)
        self._hand_over(job, device, new, at)
        return _answer(device, job.digest)

    def _hand_over(self, job: Job, device: Device, new: bytes, at: int) -> None:
        assert job.parsed is not None  # noqa: S101  looked at by the caller
        old_id, new_id = device.key_id, keys.key_id(new)
        before = PastKey.objects.filter(device=device).order_by("-until_seq").first()
        PastKey.objects.create(
            key_id=old_id,
            site_id=device.site_id,
            device=device,
            public_key=bytes(device.public_key),
            from_seq=before.until_seq + 1 if before else 1,
            until_seq=device.head_seq,
            until_at=at,
            next_key_id=new_id,
            digest=job.digest,
            envelope=packed.pack(job.parsed),
        )
        device.public_key, device.key_id, device.words = new, new_id, keys.words(new)
        device.save(update_fields=["public_key", "key_id", "words"])
        ledger.append(
            site_id=device.site_id,
            at=at,
            actor=device.id,
            verb="device.rekey",
            subject=device.id,
            before={"key": old_id},
            after={"key": new_id, "from_seq": device.head_seq + 1},
        )
        self._book.forget(old_id)


def _is_taken(key_id: str) -> bool:
    """Whether the key is, or was, any device's: a key is used once."""
    return (
        Device.objects.filter(key_id=key_id).exists()
        or PastKey.objects.filter(key_id=key_id).exists()
    )


def _answer(device: Device, request: str) -> Standing:
    return Standing(request, device.id, "active", device.words)
