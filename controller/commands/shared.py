"""What all verbs share: settings into force, Django set up, errors as one line, logs, safe
printing."""

import argparse
import datetime
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from checks.words import clean
from controller import logs
from controller.commands.exits import COULD_NOT, USAGE
from controller.config import Config, ConfigError, load, use
from controller.data.datafolder import DataFolderError

log = logging.getLogger("caretaker")
LONGEST_CELL: Final = 60
_BAR: Final = 30


class UsageError(Exception):
    """The person asked for something that cannot be; the sentence says what to do instead."""


class CannotError(Exception):
    """It cannot be done now; the sentence says why and what to do."""


def guarded(command: Callable[[argparse.Namespace], int], options: argparse.Namespace) -> int:
    """Run a verb; anything that stops it becomes one clear line on stderr and exit 1 or 64."""
    level = logging.DEBUG if options.verbose else logging.WARNING
    logs.to_stderr(json_lines=options.log_format == "json", level=level)
    try:
        return command(options)
    except UsageError as error:
        return _say(str(error), USAGE)
    except (CannotError, ConfigError, DataFolderError) as error:
        return _say(str(error), COULD_NOT)
    except BrokenPipeError:
        sys.stderr.close()
        return COULD_NOT
    except KeyboardInterrupt:
        return _say("stopped", COULD_NOT)
    except OSError as error:
        if isinstance(error, IsADirectoryError) and error.filename:
            return _say(f"{error.filename} is a folder. Name a file.", COULD_NOT)
        where = f" ({error.filename})" if error.filename else ""
        return _say(f"{error.strerror or error}{where}", COULD_NOT)
    except Exception as error:  # the command loop: a person gets one line, the log gets the rest
        log.debug("unexpected", exc_info=True)
        return _say(f"unexpected {type(error).__name__}: {error} (--verbose says more)", COULD_NOT)


def settle(options: argparse.Namespace, **flags: Any) -> Config:
    """Put the settings in force for this process and for those it starts."""
    os.umask(0o077)  # whatever is made from here on is its owner's alone (O23)
    config = load({"data": options.data, "log_format": options.log_format, **flags})
    use(config)
    for field in ("data", "database", "listen", "port", "log_format", "https_name"):
        os.environ[f"CARETAKER_{field.upper()}"] = str(getattr(config, field))
    return config


def django() -> None:
    """Set Django up; `settle` comes first."""
    from django import setup
    from django.conf import settings

    if not settings.configured:
        # Not a default: a shell used for another Django project must not change what this is.
        os.environ["DJANGO_SETTINGS_MODULE"] = "controller.settings"
    setup()


def ready(options: argparse.Namespace) -> Config:
    """Settings, a sound data folder, Django, and a database of this version. Raises CannotError."""
    from controller import clockdoubt, keyfiles
    from controller.data import datafolder
    from controller.data.demo import drive_clock

    config = settle(options)
    datafolder.check(config.folder)
    if keyfiles.are_older(config.folder):
        raise CannotError(f"This data folder is of an earlier version. Run: {_migrate(config)}")
    drive_clock(config.folder)
    clockdoubt.load(config.folder)
    django()
    if waiting := unapplied():
        raise CannotError(
            f"The database is older than this version (migrations it lacks: {waiting}). "
            f"Stop the server, then run: {_migrate(config)}"
        )
    return config


def _migrate(config: Config) -> str:
    """The command as it works from here, whatever folder is the default."""
    return f"caretaker migrate --data {config.folder}"


def unapplied() -> int:
    """How many migrations the database lacks."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def known_migrations() -> set[str]:
    """`app.name` of every migration this version has."""
    from django.db.migrations.loader import MigrationLoader

    return {f"{app}.{name}" for app, name in MigrationLoader(None).graph.nodes}


def add_format(parser: argparse.ArgumentParser) -> None:
    """`--format`: for people or for programs."""
    parser.add_argument("--format", choices=("table", "json"), default="table")


def print_json(document: object) -> None:
    """One JSON document, indented; device strings in it are escaped, so no terminal obeys them."""
    print(json.dumps(msgspec.to_builtins(document), indent=2, ensure_ascii=True))


def table(
    head: Sequence[str], rows: Sequence[Sequence[object]], longest: int = LONGEST_CELL
) -> str:
    """Columns as wide as needed; every cell cleaned and cut (O36)."""
    cells = [[clean(str(cell), longest) for cell in row] for row in rows]
    widths = [max([len(title), *(len(row[at]) for row in cells)]) for at, title in enumerate(head)]
    lines = [head, *cells]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def bar(what: str, done: int, of: int) -> None:
    """A bar on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        return
    filled = _BAR * done // max(1, of)
    end = "\n" if done == of else ""
    line = "█" * filled + "·" * (_BAR - filled)
    print(f"\r{what:12} {line} {done}/{of}", end=end, file=sys.stderr, flush=True)


def moment(at: int) -> str:
    """A moment for people, UTC."""
    return f"{datetime.datetime.fromtimestamp(at, datetime.UTC):%-d %b %Y %H:%M} UTC"


def colours_wanted() -> bool:
    """Whether a person is watching who allows colours (https://no-color.org)."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def _say(sentence: str, code: int) -> int:
    print(f"caretaker: {clean(sentence, logs.LONGEST_LINE)}", file=sys.stderr)
    return code
