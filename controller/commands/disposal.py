"""What leaves the school, and how its data is accounted for. Every step as on the pages.

  caretaker disposal withdraw HS-17 HS-18 --reason "Too old" --as anna
  caretaker disposal request HS-17 --route waste --value 40 --licences-checked --as anna
  caretaker disposal approve HS-17 --role slt --as helen
  caretaker disposal book HS-17 HS-18 --contractor "Green IT Ltd" --day 30/11/2026 --as anna
  caretaker disposal reconcile COLLECTION
  caretaker disposal show HS-17
  caretaker disposal check

A thing is named by its asset tag, its serial number, or the id of its disposal. Steps are taken as
a person, with that person's password: nobody approves what they asked for. docs/disposal.md says
what follows what; a step that cannot be is refused with what is missing, and nothing is changed.
"""

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from checks.words import clean
from controller.commands import (
    acting,
    disposal_collections,
    disposal_papers,
    disposal_reconciled,
    disposal_rules,
    disposal_steps,
    shared,
)
from controller.commands.disposal_told import Told
from controller.commands.exits import FAILED, OK

if TYPE_CHECKING:
    from inventory.disposal.lists import Whole
    from inventory.disposal.now import Now

_LONGEST: Final = 300
_COLLECTED: Final = {**disposal_collections.VERBS, **disposal_papers.VERBS}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_format(parser)
    parser.add_argument("--site", metavar="NAME", help="the school's id, where there are several")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    listed = verbs.add_parser("list", help="what is on its way out")
    listed.add_argument("--all", action="store_true", help="also what is gone or back")
    shown = verbs.add_parser("show", help="one disposal: its media and every step")
    shown.add_argument("thing", metavar="THING", help="tag, serial number or id")
    check = verbs.add_parser("check", help="hold signed steps against their hashes, keys and rows")
    check.add_argument("thing", metavar="THING", nargs="*", help="these only; else all")
    disposal_steps.arguments(verbs)
    disposal_collections.arguments(verbs, _COLLECTED)
    disposal_reconciled.arguments(verbs)
    disposal_rules.arguments(verbs)


def main(options: argparse.Namespace) -> int:
    """Do one of them."""
    shared.ready(options)
    from controller.commands.sites import one_site
    from inventory.assets.errors import RegisterError

    site = one_site(options.site)
    verbs = {
        "list": _list,
        "show": _show,
        "check": _check,
        "collections": disposal_reconciled.listed,
        "collection": disposal_reconciled.shown,
        "reconcile": disposal_reconciled.reconcile,
        "rules": disposal_rules.rules,
        **dict.fromkeys(_COLLECTED, _collected),
    }
    try:
        if options.verb in verbs:
            return verbs[options.verb](site, options)
        return _took(options, disposal_steps.take(site, options))
    except RegisterError as error:
        raise shared.CannotError(error.sentence) from error


def _list(site: str, options: argparse.Namespace) -> int:
    from controller import clock
    from inventory.disposal import lists

    now = clock.now()
    rows = lists.listed([site], lists.Asked(ended=options.all), now)
    found = [
        {
            "id": row["id"],
            "tag": row["tag"],
            "name": row["name"] or row["model"],
            "state": row["state"],
            "route": row["route"],
            "days": max(0, now - row["since"]) // 86_400,
            "media_left": row["n_media_left"],
            "exceptions": row["n_exceptions"],
            "holds": row["holds"],
        }
        for row in rows
    ]
    if options.format == "json":
        shared.print_json({"schema": "caretaker.disposals/1", "disposals": found})
        return OK
    head = ("id", "tag", "name", "state", "route", "days", "media left", "exceptions", "holds")
    print(shared.table(head, [[*list(r.values())[:-1], ", ".join(r["holds"])] for r in found]))
    return OK


def _show(site: str, options: argparse.Namespace) -> int:
    from inventory.disposal import finding, lists

    (disposal_id,) = finding.disposals(site, [options.thing])
    whole = lists.one([site], disposal_id)
    if whole is None:
        raise shared.CannotError("There is no such disposal here.")
    document = _document(site, whole)
    if options.format == "json":
        shared.print_json({"schema": "caretaker.disposal/1", **document})
        return OK
    print(f"{clean(document['tag'], 60)}: {document['state']}", end="\n\n")
    media = [
        [one[n] for n in ("serial", "kind", "state", "size_bytes", "waits_for")]
        for one in document["media"]
    ]
    if media:
        print(shared.table(("drive", "kind", "state", "bytes", "waits for"), media), end="\n\n")
    steps = [[one[n] for n in ("seq", "at", "type", "who", "hash")] for one in document["steps"]]
    print(shared.table(("step", "when", "what", "who", "hash"), steps, _LONGEST))
    return OK


def _document(site: str, whole: "Whole") -> dict[str, Any]:
    from controller.people.queries import names
    from controller.wording.moments import local
    from inventory import queries
    from inventory.disposal import rulings, spelling
    from inventory.disposal.reducing import replay

    events = [spelling.decode(link.body) for link in whole.links]
    now, zone = replay(events, rulings.book(site)), queries.zone_of(site)
    waits = {one.unconfirmed.witness for one in now.media.values() if one.unconfirmed}
    who = names([*(event.actor for event in events), *waits])
    return {
        "id": whole.row["id"],
        "entry": whole.row["asset_id"],
        "tag": now.tag,
        "state": now.state,
        "route": whole.row["route"],
        "seq": now.seq,
        "media": _media(now, who),
        "holds": [{"id": one.id, "kind": one.kind} for one in now.holds.values()],
        "exceptions": [
            {"id": one.id, "kind": one.kind, "medium": one.medium, "due_at": one.due}
            for one in now.exceptions.values()
        ],
        "steps": [
            {
                "seq": event.seq,
                "at": local(event.at, zone).isoformat(timespec="minutes"),
                "type": spelling.tag_of(event),
                "who": who.get(event.actor, event.actor),
                "hash": link.hash,
            }
            for event, link in zip(events, whole.links, strict=True)
        ],
    }


def _media(now: "Now", who: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "serial": one.serial,
            "kind": one.kind,
            "state": one.state,
            "size_bytes": one.size_bytes,
            "encrypted_since_at": one.encrypted_since,
            "waits_for": who.get(one.unconfirmed.witness, "") if one.unconfirmed else "",
        }
        for one in now.media.values()
    ]


def _check(site: str, options: argparse.Namespace) -> int:
    from controller.config import current
    from controller.disposal.signing import publics
    from inventory.disposal import checking, finding

    only = list(finding.disposals(site, options.thing)) if options.thing else None
    number, wrong = checking.check(site, publics(current().folder), only)
    if options.format == "json":
        document = {"schema": "caretaker.disposal-check/1", "checked": number, "wrong": wrong}
        shared.print_json(document)
    else:
        print(f"{number:,} disposals were checked, {len(wrong):,} things do not fit.")
        if wrong:
            rows = [(one.disposal, one.seq or "", one.sentence) for one in wrong]
            print(shared.table(("disposal", "step", "what does not fit"), rows, _LONGEST))
    return FAILED if wrong else OK


def _collected(site: str, options: argparse.Namespace) -> int:
    verb = _COLLECTED[options.verb]
    by, school = acting.acting(options, site, verb.abilities)
    told = verb.do(Told(site, school.timezone, options, by))
    if options.format == "json":
        shared.print_json({"schema": "caretaker.collection-step/1", **told})
        return OK
    for name in ("receipt", "certificate"):
        if name in told:
            print(f"{told[name]} is kept.")
    print(f"Collection {told['id']} is {told['state']}.")
    for one in told["disposals"]:
        print(f"{clean(str(one['tag']), 60) or one['id']} is now {one['state']}.")
    if "next" in told:
        print(told["next"])
    return OK


def _took(options: argparse.Namespace, found: list[Any]) -> int:
    told = [
        {"id": one.disposal, "tag": one.now.tag, "state": one.now.state, "seq": one.now.seq}
        for one in found
    ]
    if options.format == "json":
        shared.print_json({"schema": "caretaker.disposal-step/1", "disposals": told})
        return OK
    for one in told:
        print(f"{clean(str(one['tag']), 60)} is now {one['state']} ({one['id']}).")
    return OK
