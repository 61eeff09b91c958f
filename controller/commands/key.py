"""Show the keys this controller works with, replace one that is lost, stolen or due, and say whose
signatures count.

  caretaker key show
  caretaker key rotate controller|log|tls|address|recovery
  caretaker key signer add|remove PUBKEY --for policy|scope

A change is signed with the recovery key from the safe, which is asked for and kept nowhere. Every
computer follows by itself at its next report, however long it was away. docs/keys.md says what to
do when.
"""

import argparse
import datetime
import re
from typing import TYPE_CHECKING, Final

from controller import clock
from controller.commands import key_signer, recovery_key, shared
from controller.commands.exits import OK
from controller.commands.key_signer import record

if TYPE_CHECKING:
    from controller.config import Config
    from controller.roots.recovery import Recovery

WHAT: Final = ("controller", "log", "tls", "address", "recovery")
_ADDRESS: Final = re.compile(r"https://[A-Za-z0-9.\-\[\]:]{1,192}\Z")
_AGAIN: Final = "Restart the server now: caretaker serve"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    verbs = parser.add_subparsers(dest="action", required=True, metavar="show|rotate|signer")
    show = verbs.add_parser("show", help="the keys in force")
    shared.add_format(show)
    rotate = verbs.add_parser("rotate", help="replace a key, the certificate or the address")
    _rotate_arguments(rotate)
    signer = verbs.add_parser("signer", help="who may sign policy and scope")
    key_signer.arguments(signer)
    for one in (rotate, signer):
        recovery_key.add(one)


def _rotate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", nargs="?", choices=WHAT, help="what to rotate")
    parser.add_argument(
        "--stolen", action="store_true", help="the old key is believed no more, from now on"
    )
    parser.add_argument(
        "--lost", action="store_true", help="recovery: the old one is lost; computers join again"
    )
    parser.add_argument(
        "--keep", action="store_true", help="tls: name the certificate that lies in tls/ already"
    )
    parser.add_argument(
        "--address",
        action="append",
        default=[],
        metavar="URL",
        help="address: where computers find this controller, in the order to try; may be repeated",
    )


def main(options: argparse.Namespace) -> int:
    """Show, rotate, or change who signs."""
    from controller.roots import changing
    from controller.roots.recovery import RecoveryKeyError

    if options.action == "rotate" and options.what is None:
        raise shared.UsageError("Say: caretaker key show, or caretaker key rotate and what.")
    config = shared.ready(options)
    changing.settle(config.folder)
    if options.action == "show":
        return _show(config, options)
    try:
        if options.action == "signer":
            return key_signer.main(config, options)
        rotate(config, options)
        if options.what == "controller":
            _sign_policies_again(config)
    except RecoveryKeyError as error:
        raise shared.CannotError(str(error)) from error
    return OK


def _show(config: "Config", options: argparse.Namespace) -> int:
    from controller.roots.shown import overview

    found = overview(config.folder)
    if options.format == "json":
        shared.print_json({"schema": "caretaker.keys/1", "roots": found})
        return OK
    print(f"List of keys, version {found.version}, signed {_day(found.at)}")
    rows = [(one.what, one.fingerprint, _day(one.since), _use(one.in_use)) for one in found.keys]
    head = ("KEY", "FINGERPRINT", "SINCE", "")
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(4)]
    for row in (head, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())
    for address in found.addresses:
        print(f"Address: {address}")
    if found.delegated:
        print("Policy: the controller itself may sign it (not separated).")
    print("Print this and keep it with the recovery key: the fingerprints and the version.")
    return OK


def _check_addresses(given: list[str]) -> None:
    """Before the recovery key is asked for. Raises UsageError."""
    if not given:
        raise shared.UsageError("Say where computers find this controller: --address https://…")
    if not all(_ADDRESS.match(one) for one in given):
        raise shared.UsageError(
            "An address looks like https://caretaker.school.example:8443, with nothing after it."
        )


def rotate(config: "Config", options: argparse.Namespace) -> None:
    """Change a key, the certificate or the addresses. Raises UsageError and RecoveryKeyError."""
    from controller.evidence import handover
    from controller.roots import changing

    data, at, what = config.folder, clock.now(), options.what
    if what == "recovery" and options.lost:
        _show_new(changing.replace_lost_recovery(data, at))
        record(f"key.{what}", at)
        return
    if what == "address":
        _check_addresses(options.address)
    recovery = recovery_key.asked(options)
    changing.check(data, recovery)
    if handover.waiting(data):  # one that was cut off
        handover.finish(at, data)
    number = options.version
    if what == "recovery":
        _show_new(changing.rotate_recovery(data, recovery, at, version=number))
    elif what == "address":
        changing.set_addresses(data, recovery, at, options.address, version=number)
        print("Computers look there first from their next report on.")
    elif what == "tls":
        changing.rotate_certificate(
            data, recovery, at, listen=config.listen, keep=options.keep, version=number
        )
        print(f"The new certificate is listed. {_AGAIN}")
    else:
        which: changing.Online = "signing" if what == "controller" else "log"
        made = changing.rotate_online(
            data, which, recovery, at, stolen=options.stolen, version=number
        )
        print(f"There is a new {what} key; the list of keys is version {made.version}.")
        if which == "signing":
            print(_AGAIN)
    record(f"key.{what}", at)
    if what == "log":
        who = "Both keys" if handover.waiting(data) else "The new key"
        handover.finish(at, data)
        print(f"{who} signed where the log of each school stands now.")


def _sign_policies_again(config: "Config") -> None:
    """What the old key signed as policy, scope or credentials, the new one signs."""
    from controller.policy import publishing
    from controller.surveys import credentials
    from controller.surveys import publishing as scopes

    again_scopes = scopes.resign(config.folder, actor="system", at=clock.now())
    if again_scopes:
        print(f"It signed the scope of {', '.join(again_scopes)} again.")
    credentials.resign(config.folder, clock.now())

    again = publishing.resign(config.folder, actor="system", at=clock.now())
    if again:
        print(f"It signed the policy of {', '.join(again)} again.")


def _show_new(recovery: "Recovery") -> None:
    print("\n".join(recovery_key.for_the_safe(str(recovery))))
    print("\nThe old recovery key is worth nothing now: destroy it. Join codes shown so far are")
    print("worth nothing either: show them again, or make new ones with caretaker token create.")


def _use(in_use: bool) -> str:
    return "in use" if in_use else "still believed"


def _day(at: int) -> str:
    return f"{datetime.datetime.fromtimestamp(at, datetime.UTC):%-d %b %Y}"
