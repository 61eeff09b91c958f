"""Finish a recording: fill in what its reader asks and nobody answered, and the verdicts it leads
to.

    .venv/bin/python tests/checks/draft.py tests/checks/recordings/locking/linux-gnome-good.json

Unanswered questions become `absent` (a file or program that is not there), unasked answers are
removed, and `expect` becomes what is seen: read the difference before you commit it, it is the
test.
"""

import argparse
import importlib.util
from pathlib import Path

from agent.collect.reading import read_domain
from agent.hosts.recorded import NotRecordedError, RecordedHost
from agent.hosts.recording import Answer, Expected, Recording, key, load, save
from checks.catalogue import catalogue
from checks.policy import DEFAULT_POLICY


def fill(path: Path) -> list[str]:
    """Answer every unanswered question with `absent`; return the questions that were added."""
    added: list[str] = []
    domain = next(d for d in catalogue().domains if d.name == path.parent.name)
    while True:
        host = RecordedHost.open(path)
        asked: list[list[str]] = []
        find = host._find

        def noting(question, shape, asked=asked, find=find):  # type: ignore[no-untyped-def]  # wraps a private method
            asked.append(question)
            return find(question, shape)

        host._find = noting  # type: ignore[method-assign]  # listens in
        try:
            read_domain(host, domain, host.recording.policy or DEFAULT_POLICY)
        except NotRecordedError:
            host.recording.answers.append(Answer(ask=asked[-1], absent=True))
            added.append(key(asked[-1]))
            save(host.recording, path)
            continue
        wanted = {key(question) for question in asked}
        for answer in host.recording.answers:
            answer.asks = [question for question in answer.asks if key(question) in wanted]
            if answer.ask is not None and key(answer.ask) not in wanted:
                answer.ask = None
        host.recording.answers = [a for a in host.recording.answers if a.questions()]
        save(_grouped(host.recording), path)
        return added


def _grouped(recording: Recording) -> Recording:
    """Put everything that is simply not there into one answer, last."""
    absent = [q for a in recording.answers if a.absent for q in a.questions()]
    recording.answers = [a for a in recording.answers if not a.absent]
    if absent:
        recording.answers.append(Answer(asks=sorted(absent), absent=True))
    return recording


def expect(path: Path) -> None:
    """Write the verdicts that are seen into the file."""
    spec = importlib.util.spec_from_file_location(
        "runner", Path(__file__).with_name("test_recordings.py")
    )
    assert spec
    assert spec.loader
    runner = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(runner)
    recording = load(path)
    recording.expect = {
        check: Expected(verdict.status, verdict.says)
        for check, verdict in runner.verdicts_of(path, recording).items()
    }
    save(recording, path)
    for check, wanted in recording.expect.items():
        print(f"{wanted.status:15} {check:40} {wanted.says}")


def main() -> None:
    """Draft each file named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    for path in parser.parse_args().files:
        for question in fill(path):
            print(f"added as absent: {question}")
        expect(path)


if __name__ == "__main__":
    main()
