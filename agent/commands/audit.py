"""Check this computer now and print what was found. Needs no enrolment and stores nothing.
A computer that joined a school is judged by that school's policy, for whoever may read it (root).

With --host another computer is checked over SSH: nothing is installed there. It must show a key
that the file of known hosts holds, and let us in with ours; passwords are never used.

Exit 0 when nothing failed, 2 when a check failed.
"""

import argparse
import sys
from pathlib import Path

from agent import settings
from agent.commands import shared
from agent.commands.asked import asked
from agent.commands.exits import FAILED, OK
from agent.state import State
from checks.host import Host
from checks.policy import PROFILES


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_data(parser)
    shared.add_format(parser)
    parser.add_argument(
        "--check", metavar="ID", action="append", default=[], help="only this check"
    )
    parser.add_argument("--policy", metavar="FILE", help="judge by this policy, not the school's")
    parser.add_argument("--profile", choices=PROFILES, help="what this computer is for")
    parser.add_argument(
        "--try-pages",
        action="store_true",
        help="try the policy's test pages of the web filter now, from here; never as root",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--replay",
        metavar="FILE",
        help="audit a recording instead, or a folder of .reg, .wmi and hives of a Windows computer",
    )
    which.add_argument("--host", metavar="URL", help="audit ssh://USER@HOST:PORT instead")
    shared.add_far_keys(parser)


def main(options: argparse.Namespace) -> int:
    """Look, judge, print."""
    from checks.catalogue import catalogue

    known = catalogue()
    unknown = [check for check in options.check if known.check(check) is None]
    if unknown:
        raise shared.UsageError(f"There is no check {unknown[0]!r}.")
    if options.try_pages and (options.host is not None or options.replay is not None):
        raise shared.UsageError("Test pages are tried from the computer that this runs on.")
    shared.check_far_keys(options)
    if options.host is not None:
        from agent.commands import far

        with far.machine(options, _needed(options.check)) as there:
            return _audit(options, there.host, None, there.name)
    host, state = _host(options)
    name = settings.host_name() if options.replay is None else Path(options.replay).name
    return _audit(options, host, state, name)


def _audit(options: argparse.Namespace, host: Host, state: State | None, name: str) -> int:
    from agent.collect.looking import look
    from agent.commands import audit_json, audit_table

    policy, device = asked(state, host, options.policy, options.profile)
    if options.try_pages:
        from agent.commands.try_pages import try_now

        try_now(host, policy)
    seen = look(host, policy, device, domains=_needed(options.check))
    shown = [v for v in seen.verdicts if not options.check or v.check in options.check]
    if options.format == "json":
        shared.print_json(audit_json.document(host, seen, shown, name))
    else:
        colours = sys.stdout.isatty() and settings.colours_wanted()
        tries = options.try_pages
        print(audit_table.table(host, seen, shown, name, colours=colours, by_choice=tries))
    return FAILED if any(verdict.status == "fail" for verdict in shown) else OK


def _host(options: argparse.Namespace) -> tuple[Host, State | None]:
    """The machine to look at, and the agent's own folder if it is this one."""
    if options.replay is None:
        state = shared.state_of(options, prepare=False)
        return shared.this_machine(state), state
    from agent.hosts.recorded import RecordedHost
    from agent.hosts.recording import RecordingError

    replayed = Path(options.replay)
    if replayed.is_dir():
        from agent.hosts import dumped

        return dumped.DumpedHost(dumped.load(replayed), int(replayed.stat().st_mtime)), None
    try:
        return RecordedHost.open(replayed, strict=False), None
    except RecordingError as error:
        raise shared.UsageError(str(error)) from error


def _needed(wanted: list[str]) -> tuple[str, ...]:
    """The domains whose sections the wanted checks' judges ask for; all when none is named.

    A judge that asks about the device wants to know what the hardware says of it."""
    from checks.catalogue import catalogue
    from checks.facts import Facts
    from checks.hardware.facts import HardwareFacts
    from checks.judging import Device

    asked: set[type[Facts]] = set()
    for _, check, _, judge in catalogue().judged():
        if check in wanted:
            asked |= {*judge.sections, *([HardwareFacts] if Device in judge.needs else [])}
    return tuple(d.name for d in catalogue().domains if asked & set(d.sections))
