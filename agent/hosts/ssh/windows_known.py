"""What was asked of one Windows machine over SSH, each thing once, and the PowerShell to ask more.

Many questions are sent together and answered in their order, so that they cost one round trip.
`Guessed` stands in for it while `ahead` finds out what readers will want to know.
"""

from collections.abc import Sequence
from typing import Any, Final

from agent.hosts.ssh.ahead import Guess
from agent.hosts.ssh.talking import Words
from agent.hosts.windows import answers, powershell
from checks.host import CannotLook, WmiRows

MOST_AT_ONCE: Final = 400
"""Questions sent before their answers are read: their answers lie in memory meanwhile."""
_NOTHING: Final[dict[str, Any]] = {"read": {"way": "none"}, "list": {"way": "none"}}
"""How `far.ps1` says that there is nothing; of all else it says null."""

Said = tuple[int, bytes] | CannotLook


class Known:
    """Questions and answers of one round."""

    def __init__(self, shell: powershell.PowerShell) -> None:
        """Nothing is asked yet."""
        self._shell = shell
        self._said: dict[Words, Said] = {}
        self.open: dict[Words, None] = {}
        """Questions nobody has sent yet, in the order they came up."""
        self.lost = ""
        """Why nothing more can be asked; "" while PowerShell answers."""

    def wmi(self, cls: str, namespace: str, properties: Sequence[str]) -> WmiRows:
        """Instances of a class. Raises CannotLook."""
        asked = answers.question(0, cls, namespace, properties)
        number, line = self.answer((b"wmi", asked))
        return answers.rows(line, number, properties)

    def far(self, ask: str, **words: object) -> Any:
        """Any other question; its answer as JSON. Raises CannotLook."""
        number, line = self.answer((b"far", answers.far_question(0, ask, words)))
        return answers.given(line, number)

    def answer(self, question: Words) -> tuple[int, bytes]:
        """The line that answers a question and its number. Raises CannotLook."""
        if question not in self._said:
            self.fetch([question])
        said = self._said.get(question, CannotLook("timeout", "PowerShell"))
        if isinstance(said, CannotLook):
            raise said
        return said

    def knows(self, question: Words) -> bool:
        """Whether it was asked already."""
        return question in self._said

    def fetch(self, questions: Sequence[Words]) -> None:
        """Ask. What one question costs its answer costs no other: the rest is asked again."""
        self.open = {}
        left = [*questions]
        while left and not self.lost:
            batch, left = left[:MOST_AT_ONCE], left[MOST_AT_ONCE:]
            said = self._shell.many([line for _, line in batch])
            for question, one in zip(batch, said, strict=False):
                self._said[question] = one
            if not said:  # it cannot even be started
                self.lost = "PowerShell does not answer"
            left = [*batch[len(said) :], *left]
        if self.lost:
            self._said |= dict.fromkeys(left, CannotLook("timeout", self.lost))


class Guessed:
    """The same questions for one run of one reader: it sends nothing."""

    def __init__(self, known: Known, guess: Guess) -> None:
        """`guess` stands for every answer that is not known yet."""
        self._known, self._guess = known, guess
        self.noted: dict[Words, None] = {}

    def wmi(self, cls: str, namespace: str, properties: Sequence[str]) -> WmiRows:
        """As `Known`, or the guess."""
        question = (b"wmi", answers.question(0, cls, namespace, properties))
        if self._known.knows(question):
            return self._known.wmi(cls, namespace, properties)
        self._note(question)
        return []

    def far(self, ask: str, **words: object) -> Any:
        """As `Known`, or the guess."""
        question = (b"far", answers.far_question(0, ask, words))
        if self._known.knows(question):
            return self._known.far(ask, **words)
        self._note(question)
        return _NOTHING.get(ask)

    def _note(self, question: Words) -> None:
        self.noted[question] = None
        if self._guess == "blind":
            raise CannotLook("deferred", "not asked yet")
