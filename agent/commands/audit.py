"""Check this computer now and print what was found. Needs no enrolment and stores nothing.

Exit 0 when nothing failed, 2 when a check failed.
"""

import argparse
import sys
from pathlib import Path

from agent import settings
from agent.commands import shared
from agent.commands.exits import FAILED, OK
from checks.host import Host
from checks.judging import Device
from checks.policy import PROFILES, Profile


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_data(parser)
    shared.add_format(parser)
    parser.add_argument(
        "--check", metavar="ID", action="append", default=[], help="only this check"
    )
    parser.add_argument("--policy", metavar="FILE", help="judge by this policy")
    parser.add_argument("--profile", choices=PROFILES, help="what this computer is for")
    parser.add_argument("--replay", metavar="FILE", help="audit a recording instead")


def main(options: argparse.Namespace) -> int:
    """Look, judge, print."""
    from agent.collect.looking import look
    from agent.commands import audit_json, audit_table
    from checks.catalogue import catalogue

    policy = shared.policy_from(options.policy)
    host = _host(options)
    known = catalogue()
    unknown = [check for check in options.check if known.check(check) is None]
    if unknown:
        raise shared.UsageError(f"There is no check {unknown[0]!r}.")
    seen = look(host, policy, _device(host, options.profile), domains=_needed(options.check))
    shown = [v for v in seen.verdicts if not options.check or v.check in options.check]
    if options.format == "json":
        shared.print_json(audit_json.document(host, seen, shown))
    else:
        colours = sys.stdout.isatty() and settings.colours_wanted()
        print(audit_table.table(host, seen, shown, colours=colours))
    return FAILED if any(verdict.status == "fail" for verdict in shown) else OK


def _host(options: argparse.Namespace) -> Host:
    if options.replay is None:
        return shared.this_machine(shared.state_of(options, prepare=False))
    from agent.hosts.recorded import RecordedHost
    from agent.hosts.recording import RecordingError

    try:
        return RecordedHost.open(Path(options.replay), strict=False)
    except RecordingError as error:
        raise shared.UsageError(str(error)) from error


def _device(host: Host, profile: Profile | None) -> Device:
    return Device(host.platform) if profile is None else Device(host.platform, profile)


def _needed(wanted: list[str]) -> tuple[str, ...]:
    """The domains whose sections the wanted checks' judges ask for; all when none is named."""
    from checks.catalogue import catalogue

    asked = {
        section
        for _, check, _, judge in catalogue().judged()
        if check in wanted
        for section in judge.sections
    }
    return tuple(d.name for d in catalogue().domains if asked & set(d.sections))
