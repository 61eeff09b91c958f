"""Make, list and end join codes.

A computer joins with a code (`caretaker-agent enrol --code …`); a person then lets it in. A code is
shown once, when it is made.
"""

import argparse
from typing import Any

from checks.policy import PROFILES
from controller import clock
from controller.commands import shared
from controller.commands.exits import OK
from controller.config import Config


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_format(parser)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="create|list|revoke")
    create = verbs.add_parser("create", help="make a code and print it")
    create.add_argument("--label", default="", help="what it is for, e.g. a room")
    create.add_argument(
        "--profile", choices=PROFILES, default="", help="what the computers are for"
    )
    create.add_argument("--uses", type=int, default=None, help="for how many computers (no bound)")
    create.add_argument("--days", type=int, default=30, help="for how many days (30)")
    create.add_argument("--site", help="the school's id, where there are several")
    verbs.add_parser("list", help="what codes there are")
    revoke = verbs.add_parser("revoke", help="end a code")
    revoke.add_argument("code", help="its id, tok_…")


def main(options: argparse.Namespace) -> int:
    """Do one of the three."""
    config = shared.ready(options)
    from controller.fleet.services import FleetError

    verbs = {"create": _create, "list": _list, "revoke": _revoke}
    try:
        return verbs[options.verb](options, config)
    except FleetError as error:
        raise shared.CannotError(str(error)) from error


def _create(options: argparse.Namespace, config: Config) -> int:
    from controller.commands.sites import one_site
    from controller.fleet import services

    code = services.create_join_code(
        site_id=one_site(options.site),
        actor="system",
        at=clock.now(),
        label=options.label,
        profile=options.profile,
        max_uses=options.uses,
        days=options.days,
    )
    text = services.code_text(code.id, config.folder)
    if options.format == "json":
        shared.print_json({"schema": "caretaker.token/1", "id": code.id, "code": text})
    else:
        print(text)
    return OK


def _list(options: argparse.Namespace, config: Config) -> int:
    from controller.fleet.models import JoinCode

    rows = [_seen(code) for code in JoinCode.objects.order_by("-created_at", "-id")]
    if options.format == "json":
        shared.print_json({"schema": "caretaker.tokens/1", "codes": rows})
    elif rows:
        print(shared.table(list(rows[0]), [list(row.values()) for row in rows]))
    else:
        print("There are no join codes. Make one: caretaker token create")
    return OK


def _seen(code: Any) -> dict[str, object]:
    at = clock.now()
    good = "good"
    if code.revoked_at is not None:
        good = "withdrawn"
    elif code.expires_at is not None and code.expires_at <= at:
        good = "expired"
    elif code.max_uses is not None and code.uses >= code.max_uses:
        good = "used up"
    return {
        "id": code.id,
        "label": code.label,
        "profile": code.profile,
        "uses": code.uses,
        "max_uses": code.max_uses if code.max_uses is not None else "no bound",
        "state": good,
    }


def _revoke(options: argparse.Namespace, config: Config) -> int:
    from controller.fleet import services

    services.revoke_join_code(options.code, actor="system", at=clock.now())
    print(f"{options.code} is no longer good.")
    return OK
