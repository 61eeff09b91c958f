"""The recovery key on its way between the safe and here: asked for, or shown once; kept nowhere."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from controller.commands import shared
from controller.config import Config

if TYPE_CHECKING:
    from controller.roots.recovery import Recovery

_LONGEST_FILE: Final = 4096


def add(parser: argparse.ArgumentParser) -> None:
    """`--recovery-key`, and the number of the list that is signed with it."""
    parser.add_argument(
        "--recovery-key", metavar="FILE", help="read the recovery key from a file, - for input"
    )
    parser.add_argument(
        "--version",
        type=int,
        default=0,
        metavar="N",
        help="number the new list at least N: after a restore, one more than on the last print",
    )


def asked(options: argparse.Namespace) -> "Recovery":
    """What was given, read. Raises UsageError and RecoveryKeyError."""
    from controller.roots.recovery import Recovery

    return Recovery.parse(text(options))


def text(options: argparse.Namespace) -> str:
    """What was given, as it was typed. Raises UsageError where there is nobody to ask."""
    if options.recovery_key == "-":
        return sys.stdin.read(_LONGEST_FILE)
    if options.recovery_key is not None:
        with Path(options.recovery_key).open(encoding="utf-8", errors="replace") as file:
            return file.read(_LONGEST_FILE)
    if sys.stdin.isatty():
        return getpass.getpass("Recovery key (CR1 …, from the safe; it is not shown): ")
    raise shared.UsageError(
        "The recovery key is asked for on a terminal; elsewhere give --recovery-key FILE or -."
    )


def for_the_safe(key: str) -> list[str]:
    """The recovery key as it is written down: it is shown once and lies on no disk (O3)."""
    mark, *groups = key.split("-")
    return [
        "Recovery key, shown this once. Print or write it down twice and put it in the safe:",
        "",
        f"    {mark}  {' '.join(groups[:6])}",
        f"         {' '.join(groups[6:])}",
        "",
        "It is on no disk. With it a lost or stolen controller key, a new address or a backup can",
        "be dealt with from here; without it every computer has to be visited. See docs/keys.md.",
    ]


def listed_addresses(config: Config) -> list[str]:
    """What the roots tell computers: only a name that will still be ours tomorrow."""
    return [f"https://{config.https_name}:{config.port}"] if config.https_name else []
