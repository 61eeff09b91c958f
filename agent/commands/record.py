"""Record what Caretaker's readers ask of this computer and
are told, with names and numbers replaced.

Look the file through before you give it away: it is plain JSON, made to be read.
"""

import argparse
import sys
from pathlib import Path

from agent.commands import shared
from agent.commands.exits import COULD_NOT, OK


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_data(parser)
    parser.add_argument("domain", nargs="*", help="such as locking; all when left out")
    parser.add_argument("--out", metavar="FILE", required=True, type=Path)
    parser.add_argument(
        "--source", default="caretaker-agent record", help="where this was recorded"
    )


def main(options: argparse.Namespace) -> int:
    """Look once through a tape, save it scrubbed, and check that nothing known got through."""
    from agent.collect.budget import read_within_budget
    from agent.hosts.recording import load
    from agent.hosts.scrubbing import leaks, secrets_of
    from agent.hosts.tape import Tape
    from checks.catalogue import catalogue

    domains = {domain.name: domain for domain in catalogue().domains}
    unknown = [name for name in options.domain if name not in domains]
    if unknown:
        raise shared.UsageError(
            f"There is no domain {unknown[0]!r}. There are: {', '.join(domains)}."
        )
    host = shared.this_machine(shared.state_of(options, prepare=False))
    tape = Tape(host)
    for name in options.domain or domains:
        read_within_budget(tape, domains[name])
    tape.save(options.out, options.source, *_system())
    leaked = leaks(load(options.out), secrets_of(host))
    if leaked:
        options.out.unlink()
        print(
            f"caretaker-agent: {len(leaked)} names of this computer could not be replaced; "
            "nothing was written. Please report this.",
            file=sys.stderr,
        )
        return COULD_NOT
    print(f"Recorded to {options.out}. Look it through before you give it away.")
    return OK


def _system() -> tuple[str, str]:
    """Name and kernel of the system, for the recording's head."""
    import platform

    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return platform.system(), platform.release()
    return release.get("PRETTY_NAME", "Linux"), platform.release()
