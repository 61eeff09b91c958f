"""`caretaker disposal rules`: what the school asks of its disposals, shown and decided about."""

import argparse
import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from controller.commands import acting, shared
from controller.commands.exits import OK
from controller.people.roles import Ability, Role

if TYPE_CHECKING:
    from inventory.disposal.rules import Rules

_LARGEST: Final = 64 * 1024
_KEY: Final = "rules"


def arguments(verbs: Any) -> None:
    """Declare options."""
    parser = verbs.add_parser("rules", help="what the school asks of its disposals")
    parser.add_argument("then", choices=("show", "set"), metavar="show|set")
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        help="set: the whole rules, as `rules show --format json` writes them, or as .toml",
    )
    parser.add_argument("--reason", default="", help="why, in a sentence")
    acting.arguments(parser, required=False)


def rules(site: str, options: argparse.Namespace) -> int:
    """Show or set them."""
    if options.then == "set":
        _set(site, options)
    return _show(site, options)


def _set(site: str, options: argparse.Namespace) -> None:
    import msgspec

    from inventory.disposal import rulings
    from inventory.disposal.rules import encode

    if options.file is None or not options.person:
        raise shared.UsageError("Say which FILE to set, and --as whom.")
    wanted = _read(options.file)
    by, _ = acting.acting(options, site, (Ability.APPROVE_DISPOSAL,))
    said = msgspec.structs.replace(by, reason=options.reason)
    rulings.decide(site, encode(wanted), by=said)


def _show(site: str, options: argparse.Namespace) -> int:
    import msgspec

    from inventory.disposal import rulings

    found = rulings.current(site)
    told: dict[str, Any] = msgspec.to_builtins(found)
    if options.format == "json":
        document = {"schema": "caretaker.disposal-rules/1", "version": found.version, _KEY: told}
        shared.print_json(document)
        return OK
    print(found.version, end="\n\n")
    print(shared.table(("rule", "value"), _flat(told), 300))
    return OK


def _flat(told: Any, above: str = "") -> list[tuple[str, str]]:
    """Every value with its path."""
    if isinstance(told, list) and any(isinstance(one, dict) for one in told):
        told = {str(number): one for number, one in enumerate(told, 1)}
    if isinstance(told, dict):
        return [row for name, one in told.items() for row in _flat(one, f"{above}{name}.")]
    text = ", ".join(told) if isinstance(told, list) else json.dumps(told).strip('"')
    return [(above.rstrip("."), text)]


def _read(path: Path) -> "Rules":
    """A whole version from a file. Raises UsageError with what is wrong in it."""
    import msgspec

    from inventory.disposal import rules as texts
    from wire.errors import WireError

    with path.open("rb") as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise shared.UsageError("These rules are larger than 64 KB.")
    try:
        text = data.decode("utf-8-sig")
        told = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
        found = msgspec.convert(told.get(_KEY, told), texts.Rules)
        texts.check(found)
    except WireError as error:
        raise shared.UsageError(error.sentence) from error
    except msgspec.ValidationError as error:
        raise shared.UsageError(f"In these rules something is wrong: {error}.") from error
    except (ValueError, AttributeError, RecursionError) as error:
        raise shared.UsageError(
            "This file holds no rules. Begin with: caretaker disposal rules show --format json"
        ) from error
    _check_roles(found)
    return found


def _check_roles(found: "Rules") -> None:
    """A role that nobody can have would let nobody decide. Raises UsageError."""
    known = {role.value for role in Role} | {"governors"}
    named = {role for band in found.bands for role in band.roles}
    named |= {*found.approving.release_holds, *found.approving.by_minute}
    if strange := sorted(named - known):
        there = ", ".join(sorted(known))
        raise shared.UsageError(f"There is no role {strange[0][:40]!r}; there is: {there}.")
