"""What is on the school's network, and what people say of it.

  caretaker network list                     what nobody knows
  caretaker network list equipment           switches, access points, printers; also: known, guest,
                                             ignored, wireless, servers, rounds
  caretaker network show THING               an address, a serial number, a name or an id
  caretaker network acknowledge THING known  --reason "the photographer's" (guest and ignored need
                                             --until 2026-12-18)
  caretaker network acknowledge THING nothing    take back what was said
  caretaker network enter THING              make an entry of it, number and place filled in
  caretaker network undo THING               take that entry back

Of a guest's or an ignored thing the address is forgotten at once; only a digest stays.
"""

import argparse
from typing import TYPE_CHECKING, Any, Final

from controller import clock
from controller.commands import network_text, shared
from controller.commands.exits import OK

if TYPE_CHECKING:
    from inventory.assets.writing import By

VIEWS: Final = (
    *("unknown", "known", "guest", "ignored", "equipment", "wireless", "servers", "rounds"),
)
_ACTOR: Final = "system"
_TAKEN: Final = ("name", "tag", "kind", "room", "serial")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_format(parser)
    parser.add_argument("--site", metavar="NAME", help="the school's id, where there are several")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    listed = verbs.add_parser("list", help="what is there")
    listed.add_argument("view", nargs="?", choices=VIEWS, default=VIEWS[0], metavar="VIEW")
    for name, what in (
        ("show", "one of them: what it is, where it hangs, since when"),
        ("acknowledge", "say what it is, or take that back"),
        ("enter", "make an entry of it in the register"),
        ("undo", "take an entry back that was made so"),
    ):
        verb = verbs.add_parser(name, help=what)
        verb.add_argument("thing", metavar="THING", help="address, serial number, name or id")
        if name == "acknowledge":
            verb.add_argument("trust", choices=("known", "guest", "ignored", "nothing"))
            verb.add_argument("--reason", default="", help="why, in a few words")
            verb.add_argument("--until", default="", metavar="DAY", help="the last day it holds")
        if name == "enter":
            for field in _TAKEN:
                verb.add_argument(f"--{field}", metavar=field.upper())


def main(options: argparse.Namespace) -> int:
    """Do one of them."""
    shared.ready(options)
    from controller.commands.sites import one_site
    from inventory.assets.errors import RegisterError

    site = one_site(options.site)
    verbs = {"list": _list, "show": _show, "acknowledge": _say, "enter": _enter, "undo": _undo}
    try:
        return verbs[options.verb](site, options)
    except RegisterError as error:
        raise shared.CannotError(error.sentence) from error


def _list(site: str, options: argparse.Namespace) -> int:
    rows = network_text.rows(site, options.view, _today(site))
    if options.format == "json":
        document = {"schema": "caretaker.network/1", "view": options.view, "rows": rows}
        shared.print_json(document)
    else:
        print(network_text.listed(options.view, rows))
    return OK


def _show(site: str, options: argparse.Namespace) -> int:
    row = network_text.one(site, _found(site, options.thing))
    if options.format == "json":
        shared.print_json({"schema": "caretaker.network-thing/1", **row})
    else:
        print(network_text.shown(row))
    return OK


def _say(site: str, options: argparse.Namespace) -> int:
    from inventory.network import acknowledging

    thing = _found(site, options.thing)
    if thing.startswith("dhcp_"):
        known = options.trust == "known"
        if known:
            acknowledging.server_known(site, thing, reason=options.reason, by=_by())
        else:
            acknowledging.server_unknown(site, thing, by=_by())
    elif thing.startswith("net_"):
        acknowledging.key_explained(site, thing, reason=options.reason, by=_by())
    elif options.trust == "nothing":
        acknowledging.take_back(site, thing, by=_by())
    else:
        said: dict[str, Any] = {"reason": options.reason, "until": options.until}
        day = _today(site)
        acknowledging.acknowledge(site, thing, options.trust, **said, by=_by(), today=day)
    return _told(options, thing, "Noted.")


def _enter(site: str, options: argparse.Namespace) -> int:
    from inventory.network import entering

    thing = _found(site, options.thing)
    values = {name: said for name in _TAKEN if (said := getattr(options, name)) is not None}
    make = entering.enter_device if thing.startswith("net_") else entering.enter_thing
    made = make(site, thing, values, by=_by())
    undo = f"To take it back: caretaker network undo {thing}"
    return _told(options, made, f"It has an entry now: {made}. {undo}")


def _undo(site: str, options: argparse.Namespace) -> int:
    from inventory.network import entering

    thing = _found(site, options.thing)
    entering.undo(site, thing, by=_by())
    return _told(options, thing, "Taken back.")


def _told(options: argparse.Namespace, thing: str, sentence: str) -> int:
    if options.format == "json":
        shared.print_json({"schema": "caretaker.network-done/1", "id": thing})
    else:
        print(sentence)
    return OK


def _found(site: str, asked: str) -> str:
    """The id of what was asked for. Raises CannotError where it is none, or more than one."""
    from inventory.network import finding

    found = finding.things(site, asked)
    if len(found) == 1:
        return found[0]
    name = asked[:60]
    if not found:
        raise shared.CannotError(f"Nothing here is called {name}. Try: caretaker network list")
    some = ", ".join(found[:5])
    raise shared.CannotError(f"Several things are called {name}; say which by its id: {some}")


def _by() -> "By":
    from inventory.assets.writing import By

    return By(_ACTOR, clock.now())


def _today(site: str) -> str:
    from controller.wording import moments
    from inventory import queries as register

    return moments.local(clock.now(), register.zone_of(site)).date().isoformat()
