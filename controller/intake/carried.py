"""Takes a carried report in by the same way as one that came over the network: Job, writer, signer.

Who carried it proves nothing and changes nothing: the signature is the device's, the answers are
the controller's, and both ends keep by them.
"""

from typing import Final

import msgspec

from controller import clock
from controller.intake import stick
from controller.intake.answers import Signer
from controller.intake.jobs import Job
from controller.intake.outcomes import Offered, Outcome, Refused, Stored, Taken
from controller.intake.stick import Folder, RefusedFileError
from controller.intake.writer import BUSY, QueueFullError, Writer
from wire import dsse, limits, problem
from wire import stick as names
from wire.errors import WireError
from wire.packing import gunzip_limited

_ROUNDS: Final = 4
"""Report, content, sections, once more: as an agent does it."""
_WAIT_SECONDS: Final = 60.0
_ANSWERED: Final = ("keep", "wait", "send_sections")
"""What only asks for patience needs no answer on the stick."""


class Carried(msgspec.Struct, frozen=True):
    """What became of one report: "accepted" now, or a "duplicate" of one that was here before, or
    "refused". `code` is "" when it is stored; `lacking` counts bodies that the
    controller still needs and the stick does not hold."""

    outcome: str
    code: str = ""
    sentence: str = ""
    bodies: int = 0
    lacking: int = 0


class Carrier:
    """Works through the reports of a stick."""

    def __init__(self, writer: Writer, signer: Signer) -> None:
        """The writer is running."""
        self._writer = writer
        self._signer = signer

    def take(self, folder: Folder) -> Carried:
        """Take one report in and lay the answer beside it. Raises RefusedFileError, OSError."""
        raw = stick.envelope(folder)
        digest = dsse.digest(raw)
        try:
            parsed = dsse.parse(raw)
        except WireError as error:
            return self._refused(folder, Refused(problem.code_for(error), error.sentence), digest)
        supplied = 0
        outcome = first = self._ask(Job("report", parsed=parsed, digest=digest))
        for _ in range(_ROUNDS):
            stored = self._supply(folder, outcome) if isinstance(outcome, Taken) else 0
            if not stored:
                break
            supplied += stored
            outcome = self._ask(Job("report", parsed=parsed, digest=digest))
        if not isinstance(outcome, Taken):
            refused = outcome if isinstance(outcome, Refused) else BUSY
            return self._refused(folder, refused, digest)
        self._lay(folder, "receipt.json", outcome, digest)
        self._lay_policy(folder, outcome)
        status = first.status if isinstance(first, Taken) else outcome.status
        return Carried(status, bodies=supplied, lacking=len(outcome.need))

    def _supply(self, folder: Folder, taken: Taken) -> int:
        """Hand over what is needed; how many bodies were stored."""
        stored = 0
        for digest in taken.need:
            try:
                packed = stick.body(folder, digest)
                plain = b"" if packed is None else gunzip_limited(packed, limits.SECTION)
            except (RefusedFileError, WireError):
                continue
            if plain:
                job = Job("section", body=plain, digest=digest, name=taken.device)
                stored += isinstance(self._ask(job), Stored)
        return stored

    def _refused(self, folder: Folder, refused: Refused, digest: str) -> Carried:
        if problem.action_for(refused.code) not in _ANSWERED:
            self._lay(folder, "problem.json", refused, digest)
        sentence = refused.sentence or problem.SENTENCES.get(refused.code, "")
        return Carried("refused", refused.code, sentence)

    def _lay(self, folder: Folder, name: str, outcome: Outcome, digest: str) -> None:
        """Write the signed answer; the other kind, from an earlier time, is no longer true."""
        answer = self._signer.answer(outcome, request=digest, at=clock.now())
        folder.write(name, answer.body)
        folder.remove("problem.json" if name == "receipt.json" else "receipt.json")

    def _lay_policy(self, folder: Folder, taken: Taken) -> None:
        """The policy that the receipt names: a computer without a network cannot ask for it."""
        found = self._ask(Job("policy", name=taken.site)) if taken.policy else None
        if isinstance(found, Offered) and found.digest == taken.policy:
            folder.write(names.POLICY, found.envelope)

    def _ask(self, job: Job) -> Outcome:
        try:
            self._writer.submit(job)
        except QueueFullError:
            return BUSY
        return job.wait(_WAIT_SECONDS)
