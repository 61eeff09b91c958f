"""The verb `caretaker key signer`: whose signatures under policy and scope count."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from controller import clock
from controller.commands import recovery_key, shared
from controller.commands.exits import OK

if TYPE_CHECKING:
    from controller.config import Config
    from wire.roots import Roots

_LONGEST: Final = 4096


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("verb", choices=("add", "remove"), metavar="add|remove")
    parser.add_argument("pubkey", metavar="PUBKEY", help="a .pub file of ssh-keygen, or its line")
    parser.add_argument(
        "--for", dest="duty", choices=("policy", "scope"), required=True, help="what it may sign"
    )
    own = parser.add_mutually_exclusive_group()
    own.add_argument(
        "--separate",
        action="store_true",
        help="from now on the controller itself may not sign policy any more",
    )
    own.add_argument(
        "--delegate", action="store_true", help="from now on the controller may sign policy again"
    )


def main(config: "Config", options: argparse.Namespace) -> int:
    """Add or remove one signer. Raises CannotError, UsageError and RecoveryKeyError."""
    from controller.roots import files, signers

    before = files.current(config.folder)
    delegated = True if options.delegate else False if options.separate else None
    try:
        public = signers.read_public(_line(options.pubkey))
        recovery = recovery_key.asked(options)
        made = signers.change(
            config.folder,
            recovery,
            clock.now(),
            duty=options.duty,
            **{options.verb: public},
            delegated=delegated,
            version=options.version,
        )
    except signers.SignerError as error:
        raise shared.CannotError(str(error)) from error
    if made == before:
        print("That is so already; nothing was changed.")
        return OK
    record("key.signer", clock.now(), before=_who(before), after=_who(made))
    _say(made)
    _say_unsigned(config)
    return OK


def record(
    verb: str,
    at: int,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """A line in every school's log: they all rest on these keys (O6)."""
    from django.db import transaction

    from inventory import queries
    from inventory.ledger import services as ledger

    with transaction.atomic():
        for site in queries.site_ids():
            ledger.append(
                site_id=site,
                at=at,
                actor=ledger.SYSTEM,
                verb=verb,
                subject=site,
                before=before,
                after=after,
            )


def _line(given: str) -> str:
    """The key's line, given as it is or in a file."""
    if given.startswith("ssh-"):
        return given
    with Path(given).open(encoding="utf-8", errors="replace") as file:
        return file.read(_LONGEST)


def _who(roots: "Roots") -> dict[str, Any]:
    return {
        "version": roots.version,
        "policy": roots.policy_signers,
        "scope": roots.scope_signers,
        "delegated": int(roots.delegated),
    }


def _say_unsigned(config: "Config") -> None:
    """Which schools' policies nobody believes from now on."""
    from controller.policy import publishing
    from inventory import queries

    for site in queries.site_ids():
        row = publishing.newest(site)
        if row is not None and not publishing.believed(row, config.folder):
            print(
                f"The policy of {site} was signed with a key that may no longer sign, so computers "
                f"do not take it: caretaker policy use --again --site {site}"
            )


def _say(roots: "Roots") -> None:
    from wire import keys

    print(f"The list of keys is version {roots.version}; computers take it by themselves.")
    for what, listed in (("policy", roots.policy_signers), ("scope", roots.scope_signers)):
        for key in listed:
            print(f"May sign {what}: {keys.key_id(keys.from_text(key))}")
    if roots.delegated:
        print("May sign policy: the controller itself (not separated; --separate ends that).")
