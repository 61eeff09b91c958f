"""One task in, lines of JSON out, and the end. It ends too when whoever started it is gone."""

import json
import os
import secrets
import sys
import time
from typing import Any, Final

from agent.survey.worker import confining, dissecting
from agent.survey.worker.card import Card, answering_port
from agent.survey.worker.guard import OutOfScopeError
from agent.survey.worker.task import LONGEST_LINE, BadTaskError, Task, read
from agent.survey.worker.walk import Walk, needs_layers

_IN: Final = 0
_OUT: Final = 1


def main() -> int:
    """0: done. 1: could not, and the last line says why."""
    try:
        task = read(_line())
        confining.limit(task)
        walk, card, held = _prepared(task)
        confining.drop()
        code = _walked(walk, card)
        if held is not None:
            held.close()
        return code
    except BadTaskError as error:
        return _failed("refused", str(error))
    except OutOfScopeError as error:
        return _failed("out-of-scope", str(error))
    except dissecting.MissingError:
        return _failed("tool-missing", "scapy")
    except PermissionError:
        return _failed("denied", "")
    except OSError as error:
        return _failed("card", error.strerror or str(error))


def _prepared(task: Task) -> tuple[Walk, Card, Any]:
    """Everything that needs a right or a file, before both are given away."""
    layers = dissecting.load() if needs_layers(task) else None
    held = answering_port(task.source) if task.names else None
    port = held.getsockname()[1] if held is not None else 0
    walk = Walk(task, layers, number=secrets.randbits(32), port=port)
    return walk, Card(task), held


def _walked(walk: Walk, card: Card) -> int:
    told = time.monotonic()
    while not walk.over(now := time.monotonic()):
        for frame in walk.due(now):
            card.send(frame)
        heard = card.heard(walk.wait(time.monotonic()), _IN)
        if heard is None:
            return 1
        for frame in heard:
            walk.take(frame)
        if now - told > 0.25:
            told = now
            _say({"progress": walk.progress()})
    for line in walk.lines():
        _say(line)
    return 0


def _line() -> bytes:
    """The task: up to the first newline. Raises BadTaskError."""
    held = b""
    while b"\n" not in held:
        piece = os.read(_IN, 65_536)
        held += piece
        if not piece or len(held) > LONGEST_LINE:
            raise BadTaskError("line")
    line, _, more = held.partition(b"\n")
    if more:
        raise BadTaskError("more")
    return line


def _say(value: dict[str, Any]) -> None:
    line = json.dumps(value, separators=(",", ":")).encode() + b"\n"
    while line:
        line = line[os.write(_OUT, line) :]


def _failed(code: str, detail: str) -> int:
    _say({"failed": {"code": code, "detail": detail[:200]}})
    return 1


if __name__ == "__main__":
    sys.exit(main())
