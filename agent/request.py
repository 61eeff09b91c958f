"""A request of this computer's that waits for the controller's word: for a new key, or to be known
again.

It is signed once and kept in `key/`, so that the same bytes go out however often; the sender's copy
and the answer lie in `spool/` (O13). What was cut off, or got lost on the way, is asked again.
"""

from typing import Final, NamedTuple

from agent import files
from agent.state import State
from wire import limits


class Request(NamedTuple):
    """Names of its files: `asked` in both folders, `answer` in the sender's."""

    asked: str
    answer: str

    def keep(self, state: State, envelope: bytes) -> None:
        """Keep it as it was signed."""
        files.replace(state.key / self.asked, envelope)

    def kept(self, state: State) -> bytes | None:
        """The signed request; None when none is going on."""
        return files.read_or_none(state.key / self.asked, limits.ENVELOPE)

    def hand_out(self, state: State) -> bool:
        """Lay the sender's copy out; False when there is nothing to ask."""
        envelope = self.kept(state)
        if envelope is not None:
            files.replace(state.spool / self.asked, envelope)
        return envelope is not None

    def waits(self, state: State) -> bool:
        """Whether the sender has a copy that nobody answered yet."""
        return (state.spool / self.asked).exists() and not (state.spool / self.answer).exists()

    def to_send(self, state: State) -> bytes | None:
        """The sender's copy."""
        return files.read_or_none(state.spool / self.asked, limits.ENVELOPE)

    def answered(self, state: State, envelope: bytes) -> None:
        """Lay an answer down for `collect`, which believes it or not."""
        files.replace(state.spool / self.answer, envelope)

    def forget(self, state: State) -> None:
        """It is settled."""
        for path in (
            state.spool / self.asked,
            state.spool / self.answer,
            state.key / self.asked,
        ):
            path.unlink(missing_ok=True)


REKEY: Final = Request("rekey.json", "rekeyed.json")
READMIT: Final = Request("readmit.json", "readmitted.json")
