"""Finds out what readers will ask before anything is asked, so that few round trips answer it all.

Readers run against a view that answers what is known, notes what is not, and guesses: once that
nobody could look, once that nothing is there, because a reader goes on in other places after each.
Then all that was noted is asked at once, and the readers that noted something run again. When none
notes anything, every question of a true run has its answer. What guesses lead a reader to say is
thrown away; a question that only a wrong guess led to costs its answer, no more, since readers only
look. A program is worth more than that: it is asked for when both guesses lead to it, and not in
the first round trip, where nearly all is guessed.
"""

from collections.abc import Callable, Sequence
from typing import Final, Literal, Protocol

from agent.hosts.ssh.posix import Known, PosixHost, Word, framed
from agent.hosts.ssh.talking import Pieces, Words
from checks.host import CannotLook, Host

Guess = Literal["blind", "nothing"]
ROUNDS: Final = 24
"""Round trips after which the rest is asked one by one: a reader that walks down a long path."""
_MAY_BE_NOTHING: Final = (b"read", b"stat", b"list", b"link", b"ask")

Look = Callable[[Host], object]


class Guessing(PosixHost):
    """A view for one run of one reader: it sends nothing."""

    def __init__(self, known: Known, guess: Guess) -> None:
        """`guess` stands for every answer that is not known yet."""
        super().__init__(known)
        self._guess = guess
        self.noted: dict[Words, None] = {}

    def ask_for(self, *words: Word) -> Pieces | None:
        """What is known, or the guess."""
        question = framed(*words)
        answer = self.known.answer(question)
        if answer is not None:
            return answer.given()
        self.noted[question] = None
        if self._guess == "nothing" and question[0] in _MAY_BE_NOTHING:
            return None
        raise CannotLook("deferred", "not asked yet")


class Asked(Protocol):
    """What was asked of one machine so far."""

    open: dict[Words, None]
    lost: str

    def fetch(self, questions: Sequence[Words]) -> None:
        """Ask all of these at once."""


View = Callable[[Guess], tuple[Host, dict[Words, None]]]
"""A door that sends nothing, and what is asked of it that nobody knows yet."""


def ask_ahead(known: Known, looks: Sequence[Look]) -> int:
    """Ask all that these will want to know of a machine with a shell; how many round trips."""

    def view(guess: Guess) -> tuple[Host, dict[Words, None]]:
        made = Guessing(known, guess)
        return made, made.noted

    return ask_for(known, view, looks)


def ask_for(known: Asked, view: View, looks: Sequence[Look]) -> int:
    """Ask all that these will want to know; the number of round trips it took."""
    left = [*looks]
    for trip in range(ROUNDS):
        left = [look for look in left if _notes(known, view, look)]
        if not known.open or known.lost:
            return trip
        quick = [question for question in known.open if question[0] != b"run"]
        programs = [question for question in known.open if question[0] == b"run"]
        # Programs last: what is quick is known even if the line breaks off meanwhile.
        known.fetch(quick if quick and trip == 0 else [*quick, *programs])
    return ROUNDS


def _notes(known: Asked, view: View, look: Look) -> bool:
    """Whether a reader wanted to know something that is not known yet; it is noted as open."""
    blind = _noted(view, look, "blind")
    # With nothing unknown but what programs say, both guesses are one.
    guessed = any(question[0] != b"run" for question in blind)
    nothing = _noted(view, look, "nothing") if guessed else blind
    found = {
        question: None
        for question in {**blind, **nothing}
        if question[0] != b"run" or (question in blind and question in nothing)
    }
    known.open |= found
    return bool(found)


def _noted(view: View, look: Look, guess: Guess) -> dict[Words, None]:
    host, noted = view(guess)
    try:
        look(host)
    except Exception:  # noqa: BLE001, S110  (led by guesses a reader may fail anyhow; the true run counts)
        pass
    return noted
