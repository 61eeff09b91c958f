"""The command line: find the one module a verb needs, run it, and say in one line what went wrong.

Exit codes: 0 done and nothing failed, 2 a check failed, 64 wrong usage, 1 could not run.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Any, Final, NoReturn, Protocol, cast

from checks import terminal
from controller.commands.exits import OK, USAGE

COMMANDS: Final = {
    "quickstart": "set everything up here, look after this computer too, and serve",
    "serve": "serve the pages and take in reports",
    "token": "make, list and end join codes",
    "fleet": "list the computers and how safe they are",
    "device": "show one computer: what fails, why, how to fix it",
    "assets": "what the school owns: take a sheet in, write one out",
    "network": "what is on the school's network: what nobody knows, equipment, wireless, rounds",
    "disposal": "what leaves the school, and how its data is accounted for",
    "nightly": "close the night: judge again, count, say who was not heard from",
    "people": "who may sign in and as what; what is held about a person",
    "setup": "give the pages a certificate that browsers trust",
    "backup": "back everything up while the server goes on",
    "restore": "bring a backup back into a new data folder",
    "key": "show the keys, and replace one that is lost, stolen or due",
    "policy": "what the school asks of its computers, and who signed it",
    "survey": "who may have the network looked at, where, when, and with what",
    "evidence": "sign, export and check the evidence log",
    "import-spool": "take in reports that were carried here on a stick",
    "migrate": "bring the database to this version",
    "doctor": "look at the controller itself",
    "simulate": "fill a demonstration with invented computers",
}


class Command(Protocol):
    """What each module under `controller.commands` offers."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare options."""

    def main(self, options: argparse.Namespace) -> int:
        """Run; return the exit code."""


class Parser(argparse.ArgumentParser):
    """Wrong usage is exit 64, in one line. Options of a verb are understood behind its own verbs
    too, where people write them: `token list --data DIR`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin with no options but `--help`."""
        self.said: dict[str, tuple[Any, dict[str, Any]]] = {}
        self._verbs: dict[str, Any] = {}
        super().__init__(*args, **kwargs)

    def add_argument(self, *args: Any, **kwargs: Any) -> argparse.Action:
        """Declare one, and remember an option."""
        if args and args[0].startswith("--"):
            self.said[args[0]] = (args, kwargs)
        return super().add_argument(*args, **kwargs)

    def add_subparsers(self, **kwargs: Any) -> Any:
        """Declare verbs of the verb."""
        made = super().add_subparsers(**kwargs)
        self._verbs = made.choices
        return made

    @property
    def verbs(self) -> "dict[str, Parser]":
        """Such as `create` of `token`, by name."""
        return self._verbs

    def understand(self, above: "Parser") -> None:
        """Take over the options of the verb above."""
        for name, (args, kwargs) in above.said.items():
            if name not in self.said:
                # Without a default, or it would undo what stood before the verb.
                self.add_argument(*args, **{**kwargs, "default": argparse.SUPPRESS})
        for one in self._verbs.values():
            one.understand(self)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is."""
        print(f"{self.prog}: {message}. Try: {self.prog} --help", file=sys.stderr)
        raise SystemExit(USAGE)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; the exit code is returned, wrong usage raises SystemExit(64)."""
    words = list(sys.argv[1:] if argv is None else argv)
    return terminal.spoken(lambda: _run(words))


def _run(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        print(_help())
        return OK if words else USAGE
    if words[0] == "--version":
        from importlib.metadata import version

        print(f"caretaker {version('caretaker')}")
        return OK
    if words[0] not in COMMANDS:
        print(
            f"caretaker: no such command: {words[0][:40]!r}. Try: caretaker --help", file=sys.stderr
        )
        return USAGE
    command = cast("Command", importlib.import_module(_module(words[0])))
    options = parser_of(words[0], command).parse_args(words[1:])
    from controller.commands.shared import guarded

    return guarded(command.main, options)


def parser_of(name: str, command: Command) -> Parser:
    """All that one verb understands; what holds for every verb also behind its own verbs."""
    parser = Parser(prog=f"caretaker {name}", description=command.__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--data", metavar="DIR", help="the data folder")
    parser.add_argument("--log-format", choices=("text", "json"), default=None)
    parser.add_argument("--verbose", action="store_true", help="log what is being done")
    command.arguments(parser)
    for one in parser.verbs.values():
        one.understand(parser)
    return parser


def _module(command: str) -> str:
    return f"controller.commands.{command.replace('-', '_')}"


def _help() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:{width}}  {what}" for name, what in COMMANDS.items()]
    return "\n".join(
        ["usage: caretaker COMMAND [options]", "", *lines, "", "COMMAND --help says more."]
    )


if __name__ == "__main__":
    sys.exit(main())
