"""Record what Caretaker's readers ask of this computer and
are told, with names and numbers replaced.

With --host another computer is recorded over SSH, as `audit --host` looks at it: nothing is
installed there, and only the file here is written.

Look the file through before you give it away: it is plain JSON, made to be read.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from agent.commands import shared
from agent.commands.exits import COULD_NOT, OK
from checks.catalogue import Domain, catalogue
from checks.host import Host

SOURCE = "caretaker-agent record"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_data(parser)
    parser.add_argument("domain", nargs="*", help="such as locking; all when left out")
    parser.add_argument("--out", metavar="FILE", required=True, type=Path)
    parser.add_argument("--source", help=f"where this was recorded (default: {SOURCE})")
    parser.add_argument("--host", metavar="URL", help="record ssh://USER@HOST:PORT instead")
    shared.add_far_keys(parser)


def main(options: argparse.Namespace) -> int:
    """Look once through a tape, save it scrubbed, and check that nothing known got through."""
    domains = {domain.name: domain for domain in catalogue().domains}
    unknown = [name for name in options.domain if name not in domains]
    if unknown:
        raise shared.UsageError(
            f"There is no domain {unknown[0]!r}. There are: {', '.join(domains)}."
        )
    wanted = [domains[name] for name in options.domain or domains]
    shared.check_far_keys(options)
    if options.host is None:
        host = shared.this_machine(shared.state_of(options, prepare=False))
        return _record(host, wanted, options.out, options.source or SOURCE, [])
    from agent.commands import far

    with far.machine(options, tuple(options.domain)) as there:
        source = options.source or f"{SOURCE} --host"
        names = [] if _is_a_number(there.name) else [there.name]
        return _record(there.host, wanted, options.out, source, names)


def _is_a_number(name: str) -> bool:
    """An address is no name; others like it stand in any recording (127.0.0.1)."""
    import ipaddress

    try:
        ipaddress.ip_address(name)
    except ValueError:
        return len(name) < 4
    return True


def _record(
    host: Host, domains: Sequence[Domain], out: Path, source: str, names: Sequence[str]
) -> int:
    from agent.collect.budget import read_within_budget
    from agent.hosts import called
    from agent.hosts.recording import load
    from agent.hosts.scrubbing import leaks, secrets_of
    from agent.hosts.tape import Tape

    tape = Tape(host)
    for domain in domains:
        read_within_budget(tape, domain)
    tape.save(out, source, *called.system(host))
    leaked = leaks(load(out), [*secrets_of(host), *names])
    if leaked:
        out.unlink()
        print(
            f"caretaker-agent: {len(leaked)} names of that computer could not be replaced; "
            "nothing was written. Please report this.",
            file=sys.stderr,
        )
        return COULD_NOT
    print(f"Recorded to {out}. Look it through before you give it away.")
    return OK
