"""What all commands share: where state lies, how errors
become one line, how logs look, who this host is."""

import argparse
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import msgspec

from agent import settings
from agent.commands.exits import COULD_NOT, USAGE
from agent.hosts import NoDoorError
from agent.hosts.local import LocalHost
from agent.state import State, StateError
from checks.catalogue import CatalogueError
from checks.policy import DEFAULT_POLICY, Policy, PolicyError
from checks.words import clean
from wire.errors import WireError

if TYPE_CHECKING:
    from agent.farewell import Farewell

LONGEST_LINE: Final = 500


class UsageError(Exception):
    """The person asked for something that cannot be; the sentence says what to do instead."""


def guarded(command: Callable[[argparse.Namespace], int], options: argparse.Namespace) -> int:
    """Run a command; anything that stops it becomes one clear line on stderr and exit 1 or 64."""
    if options.verbose or options.log_format == "json":  # else Python's own way is what we want
        from agent.commands import logs

        logs.set_up(options.log_format, options.verbose)
    try:
        return command(options)
    except UsageError as error:
        return _say(str(error), USAGE)
    except (StateError, PolicyError, CatalogueError, WireError, NoDoorError) as error:
        return _say(str(error), COULD_NOT)
    except BrokenPipeError:
        sys.stderr.close()
        return COULD_NOT
    except KeyboardInterrupt:
        return _say("stopped", COULD_NOT)
    except OSError as error:
        return _say(_system(error), COULD_NOT)
    except Exception as error:  # the command loop: a person gets one line, the log gets the rest
        import logging

        logging.getLogger("agent").debug("unexpected", exc_info=True)
        return _say(f"unexpected {type(error).__name__}: {error} (--verbose says more)", COULD_NOT)


def add_data(parser: argparse.ArgumentParser) -> None:
    """`--data`: where state lies."""
    parser.add_argument("--data", metavar="DIR", help="folder for keys and reports")


def add_format(parser: argparse.ArgumentParser) -> None:
    """`--format`: for people or for programs."""
    parser.add_argument("--format", choices=("table", "json"), default="table")


def add_far_keys(parser: argparse.ArgumentParser) -> None:
    """`--identity` and `--known-hosts`, beside a `--host`."""
    parser.add_argument("--identity", metavar="KEY", help="with --host: our private key")
    parser.add_argument(
        "--known-hosts",
        metavar="FILE",
        default="~/.ssh/known_hosts",
        help="with --host: the keys it may show (default: ~/.ssh/known_hosts)",
    )


def check_far_keys(options: argparse.Namespace) -> None:
    """A key without a computer to show it to looks here, which is not what was meant.

    Raises UsageError.
    """
    if options.identity is not None and options.host is None:
        raise UsageError("--identity is for another computer: name it with --host.")


def state_of(options: argparse.Namespace, *, prepare: bool = True) -> State:
    """The state folder in force, made if missing. Raises StateError."""
    state = State(settings.data_folder(options.data))
    if prepare:
        state.prepare()
    return state


def this_machine(state: State | None = None) -> LocalHost:
    """The local door. Without usable state, aliases hold for this one run only.

    Nor does a computer that is not enrolled keep any: it may yet be copied (`seal-image`).
    """
    if state is None or not state.key.is_dir():
        return _door(os.urandom(32), None)
    if not (state.root / "identity.json").is_file():
        return _door(os.urandom(32), state)
    from agent.keyfile import alias_key

    return _door(alias_key(state.key), state)


def _door(alias_key: bytes, state: State | None) -> LocalHost:
    if os.name != "nt":
        return LocalHost(alias_key, state)
    from agent.hosts.windows.host import WindowsHost

    return WindowsHost(alias_key, state)


def unpublish(state: State) -> None:
    """Take away what everybody could read about this computer."""
    from agent import public

    folder = settings.public_folder(state.root.parent)
    if folder is not None:
        public.withdraw(folder)


def policy_from(path: str | None) -> Policy:
    """The policy in a file (JSON as a controller sends it), or the catalogue's defaults."""
    if path is None:
        return DEFAULT_POLICY
    try:
        with open(path, "rb") as file:  # noqa: PTH123  (a name the person typed, `-` excluded)
            text = file.read(1 << 20)
        if not text.strip():
            raise UsageError(f"{path} is empty. A policy is JSON; docs/policy.md says how.")
        return msgspec.json.decode(text, type=Policy)
    except FileNotFoundError as error:
        raise UsageError(f"There is no file {path}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not a policy: {clean(str(error), 200)}") from error


def farewell_said(told: "Farewell | None") -> dict[str, object]:
    """For programs: whether the controller was told that this computer leaves, null for nobody."""
    return {"told": told and told.told, "why": told.sentence if told else ""}


def farewell_line(told: "Farewell | None") -> str:
    """For people; nothing for a computer that had nobody to tell."""
    if told is None:
        return ""
    if told.told:
        return "The controller was told, and shows it.\n"
    return f"The controller could not be told: {cleaned(told.sentence)}\n"


def print_json(value: object) -> None:
    """One JSON document, indented on a terminal only."""
    indent = 2 if sys.stdout.isatty() else 0  # 0: one line
    print(msgspec.json.format(msgspec.json.encode(value), indent=indent).decode())


def cleaned(sentence: str) -> str:
    """A sentence that came from somewhere else, fit for a terminal."""
    return clean(sentence, LONGEST_LINE)


def _system(error: OSError) -> str:
    what = error.strerror or str(error)
    where = f": {error.filename}" if error.filename else ""
    if isinstance(error, IsADirectoryError) and error.filename:
        return f"{error.filename} is a folder. Name a file."
    if error.errno == 28:  # ENOSPC
        return f"The disk is full{where}. Nothing was lost; make room and run this again."
    return f"{what}{where}"


def _say(sentence: str, code: int) -> int:
    print(f"caretaker-agent: {cleaned(sentence)}", file=sys.stderr)
    return code
