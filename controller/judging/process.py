"""Has computers judged in a process of its own; one that kills it takes no other along."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from controller.judging import messages
from controller.judging.messages import Case, Judged, failed
from controller.pipes.child import Child, ChildDiedError

_DIED: Final = "the judging process ended while it looked at this computer"
PATIENCE_SECONDS: Final = 60.0
"""For one answer; an honest one takes a second at most. What one computer sends must not keep all
others from being judged, so a process that takes longer is ended and its cases are judged alone."""
_DECODER = msgspec.msgpack.Decoder(list[Judged])


class JudgingProcess:
    """For one thread."""

    def __init__(self, child: Child | None = None) -> None:
        """`child` is the process, if not the ordinary one."""
        ordinary = Child("controller.judging.child", patience_seconds=PATIENCE_SECONDS)
        self._child = child or ordinary

    def judge(self, cases: Sequence[Case]) -> list[Judged]:
        """Judge each; one that kills the process is answered with `failed` and no verdicts."""
        answers: list[Judged] = []
        for together in _frames(cases):
            try:
                answers += self._ask(together)
            except ChildDiedError:
                answers += [self._alone(case) for case in together]
        return answers

    def _alone(self, case: Case) -> Judged:
        try:
            return self._ask([case])[0]
        except ChildDiedError:
            return failed(case.device, case.turn, case.seq, _DIED)

    def close(self) -> None:
        """End the process."""
        self._child.close()

    def _ask(self, cases: list[Case]) -> list[Judged]:
        self._child.send(cases)
        return _DECODER.decode(self._child.receive())


def _frames(cases: Sequence[Case]) -> Iterator[list[Case]]:
    together: list[Case] = []
    size = 0
    for case in cases:
        more = sum(len(section.body) for section in case.sections)
        if together and size + more > messages.TOGETHER:
            yield together
            together, size = [], 0
        together.append(case)
        size += more
    if together:
        yield together
