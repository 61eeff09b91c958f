"""The command line: finds the one module a command needs,
runs it, and says in one line what went wrong.

Exit codes: 0 done and nothing failed, 2 a check failed, 64 wrong usage, 1 could not run.
"""

import argparse
import gc
import importlib
import sys
from collections.abc import Sequence
from typing import Final, NoReturn, Protocol, cast

from agent.commands.exits import OK, USAGE
from checks import terminal

COMMANDS: Final = {
    "audit": "check this computer now and print what was found",
    "enrol": "introduce this computer to a controller, with a join code",
    "run": "make a round: look, sign, deliver",
    "rekey": "give this computer a new key",
    "status": "say what is looked at here and how the last report fared",
    "spool": "carry reports on a stick where there is no network",
    "schedule": "make the round happen by itself every day",
    "uninstall": "remove services, keys and reports, and say what remains",
    "seal-image": "wipe keys and reports before this computer's disk is copied to others",
    "facts": "print the facts as read, unjudged",
    "record": "record this computer for a test, with every name and number replaced",
    "scan-media": "scan a stick, card or disc with this computer's own antivirus",
    "survey": "make the network round, within a scope that somebody signed",
    "verify-wipe": "read a wiped drive back and say whether anything survived",
    "parse": "print what one parser makes of a file",
}


class Command(Protocol):
    """What each module under `agent.commands` offers."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare options."""

    def main(self, options: argparse.Namespace) -> int:
        """Run; return the exit code."""


class Parser(argparse.ArgumentParser):
    """Wrong usage is exit 64, in one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is."""
        print(f"{self.prog}: {message}. Try: {self.prog} --help", file=sys.stderr)
        raise SystemExit(USAGE)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is returned, wrong usage raises SystemExit(64)."""
    # A command is over before cyclic rubbish adds up; looking for it costs a tenth of an audit.
    gc.set_threshold(100_000, 50, 50)
    words = list(sys.argv[1:] if argv is None else argv)
    return terminal.spoken(lambda: _run(words))


def _run(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        print(_help())
        return OK if words else USAGE
    if words[0] == "--version":
        from agent.release import RELEASE

        print(f"caretaker-agent {RELEASE}")
        return OK
    if words[0] not in COMMANDS:
        known = f"no such command: {words[0][:40]!r}. Try: caretaker-agent --help"
        print(f"caretaker-agent: {known}", file=sys.stderr)
        return USAGE
    command = cast("Command", importlib.import_module(_module(words[0])))
    options = parser_of(words[0], command).parse_args(words[1:])
    from agent.commands.shared import guarded

    return guarded(command.main, options)


def parser_of(name: str, command: Command) -> Parser:
    """All that one command understands."""
    parser = Parser(prog=f"caretaker-agent {name}", description=command.__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--log-format", choices=("text", "json"), default="text")
    parser.add_argument("--verbose", action="store_true", help="log what is being done")
    command.arguments(parser)
    return parser


def _module(command: str) -> str:
    return f"agent.commands.{command.replace('-', '_')}"


def _help() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:{width}}  {what}" for name, what in COMMANDS.items()]
    return "\n".join(
        ["usage: caretaker-agent COMMAND [options]", "", *lines, "", "COMMAND --help says more."]
    )


if __name__ == "__main__":
    sys.exit(main())
