"""Who may have the school's network looked at, where and when, and with what.

  caretaker survey scope new           write a scope out, to be signed
  caretaker survey scope sign FILE     sign it, or join what ssh-keygen wrote beside it (FILE.sig)
  caretaker survey scope use FILE      give the signed scope to its scanner
  caretaker survey scope show [FILE]   what is in use, or what a file says
  caretaker survey scope list | end    what was in use; end what is
  caretaker survey credential add | list | remove    secrets, sealed for the scanner

A scanner asks nothing of any network without a signed scope that is in date and names it. A secret
is typed once, at a prompt, and only the scanner can open it. docs/surveys.md says more.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from controller import clock
from controller.commands import policy_text, shared, survey_credential, survey_text
from controller.commands.exits import OK
from controller.config import Config

if TYPE_CHECKING:
    from wire.scope import Scope

_LONGEST: Final = 256 * 1024
_TEXTS: Final = ("scanner", "authorised_by", "role", "contact", "hours", "air")
_LISTS: Final = ("subnets", "exclude", "services", "credentials", "equipment_of_others")
_FLAGS: Final = ("dhcp", "listens", "default_communities")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parts = parser.add_subparsers(dest="part", required=True, metavar="scope|credential")
    _scope(parts.add_parser("scope", help="what a scanner may ask, signed"))
    survey_credential.arguments(parts.add_parser("credential", help="what it asks with, sealed"))


def _scope(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="new|sign|use|show|list|end")
    _new_arguments(verbs.add_parser("new", help="write a scope out, to be signed"))
    sign = verbs.add_parser("sign", help="sign it, or join a signature of ssh-keygen")
    sign.add_argument("file", type=Path, metavar="FILE")
    sign.add_argument("--signature", type=Path, help="what ssh-keygen wrote (FILE.sig)")
    sign.add_argument("--out", type=Path, help="where the signed scope goes (FILE.signed)")
    use = verbs.add_parser("use", help="give a signed scope to its scanner")
    use.add_argument("file", type=Path, metavar="FILE")
    show = verbs.add_parser("show", help="what is in use, or what a file says")
    show.add_argument("file", type=Path, metavar="FILE", nargs="?")
    listed = verbs.add_parser("list", help="what was in use, newest first")
    end = verbs.add_parser("end", help="take a scope back before its day")
    end.add_argument("version", type=int, metavar="VERSION")
    for one in (show, listed, end):
        one.add_argument("--site", help="the school's id, where there are several")
    for one in (show, listed):
        shared.add_format(one)


def _new_arguments(new: argparse.ArgumentParser) -> None:
    new.add_argument("--from", dest="source", type=Path, metavar="FILE", help="a TOML file")
    new.add_argument("--scanner", metavar="DEVICE", help="the computer that asks, by its id")
    new.add_argument("--authorised-by", metavar="NAME", help="who says so for the school")
    new.add_argument("--role", help="what they are at the school")
    new.add_argument("--contact", help="whom to call, and how")
    new.add_argument("--hours", metavar="18:00-06:00", help="when it may ask, or: always")
    new.add_argument("--air", metavar="INTERFACE", help="look round with this radio, too")
    for flag, name, example in (
        ("--subnet", "subnets", "10.20.0.0/24"),
        ("--exclude", "exclude", "ADDRESS|SUBNET|MAC"),
        ("--service", "services", "NAME:PORT"),
        ("--credential", "credentials", "'NAME KIND WHERE'"),
        ("--others", "equipment_of_others", "'WHAT|BY|DAY|WHERE'"),
    ):
        new.add_argument(flag, dest=name, action="append", metavar=example, help="may be repeated")
    for flag, name, what in (
        ("--dhcp", "dhcp", "ask who hands out addresses"),
        ("--listen", "listens", "ask what announces itself (mDNS, SSDP)"),
        ("--default-communities", "default_communities", "try the passwords everybody knows"),
    ):
        new.add_argument(flag, dest=name, action="store_true", default=None, help=what)
    new.add_argument("--arp-per-second", type=int, metavar="N", help="addresses a second (100)")
    new.add_argument("--days", type=int, default=0, metavar="N", help="good for (300)")
    new.add_argument("--out", type=Path, help="where it goes (scope-N.json)")
    new.add_argument("--site", help="the school's id, where there are several")


def main(options: argparse.Namespace) -> int:
    """Do one of the nine."""
    config = shared.ready(options)
    from controller.surveys.publishing import ScopeError

    verbs = {"new": _new, "sign": _sign, "use": _use, "show": _show, "list": _list, "end": _end}
    try:
        if options.part == "credential":
            return survey_credential.main(options, config)
        return verbs[options.verb](options, config)
    except ScopeError as error:
        raise shared.CannotError(survey_text.line(str(error))) from error


def _new(options: argparse.Namespace, config: Config) -> int:
    from controller.commands.sites import one_site
    from controller.roots import files
    from controller.surveys import drafting, publishing
    from inventory import queries
    from wire import scope as signed

    site = one_site(options.site)
    typed = drafting.from_toml(_bytes(options.source)) if options.source else {}
    typed |= {name: value for name, value in _typed(options).items() if value is not None}
    made = drafting.scope(site, queries.zone_of(site), typed)
    made = publishing.numbered(made, clock.now(), days=options.days or publishing.DAYS)
    path = options.out or Path(f"scope-{made.version}.json")
    path.write_bytes(signed.payload_of(made))
    roots = files.current(config.folder)
    people = publishing.signers(config.folder)
    if not people and not roots.delegated:
        print("Nobody is named who may sign: caretaker key signer add PUBKEY --for scope")
    print("\n".join(survey_text.to_sign(path, people, delegated=roots.delegated)))
    return OK


def _typed(options: argparse.Namespace) -> dict[str, Any]:
    """What was said by options, as `drafting.scope` takes it."""
    from controller.surveys import drafting

    readers: dict[str, Callable[[str], Any]] = {
        "subnets": drafting.place,
        "exclude": drafting.place,
        "services": lambda text: drafting.builtins([drafting.service(text)])[0],
        "credentials": lambda text: drafting.builtins([drafting.credential(text)])[0],
        "equipment_of_others": lambda text: drafting.builtins([drafting.others(text)])[0],
    }
    found: dict[str, Any] = {name: getattr(options, name) for name in (*_TEXTS, *_FLAGS)}
    found["arp_per_second"] = options.arp_per_second
    for name in _LISTS:
        texts = getattr(options, name)
        found[name] = None if texts is None else [readers[name](text) for text in texts]
    return found


def _sign(options: argparse.Namespace, config: Config) -> int:
    from controller.surveys import publishing

    payload = _bytes(options.file)
    scope = _read_payload(payload)
    beside = options.signature or options.file.with_name(f"{options.file.name}.sig")
    if options.signature or beside.exists():
        envelope = publishing.join(config.folder, payload, _bytes(beside))
    else:
        envelope = publishing.sign(config.folder, scope)
    out = options.out or options.file.with_name(f"{options.file.name}.signed")
    out.write_bytes(envelope)
    print(f"Signed: {out}. Give it to the scanner: caretaker survey scope use {out}")
    print(f"or carry it there: caretaker-agent survey --scope {out.name}")
    return OK


def _use(options: argparse.Namespace, config: Config) -> int:
    from controller.surveys import publishing

    row = publishing.take(config.folder, _bytes(options.file), actor="system", at=clock.now())
    print(
        f"Version {row.version} is in use until {policy_text.day(row.expires_at)}. Its scanner "
        "takes it with its next report."
    )
    return OK


def _show(options: argparse.Namespace, config: Config) -> int:
    from controller.commands.sites import one_site
    from controller.surveys.standing import standings
    from controller.surveys.wording import said
    from wire import dsse
    from wire.errors import WireError

    if options.file is not None:
        data = _bytes(options.file)
        try:
            payload = dsse.parse(data).payload
        except WireError:
            payload = data  # not signed yet
        scope = _read_payload(payload)
        if options.format == "json":
            shared.print_json({"schema": "caretaker.scope/1", "scope": scope})
        else:
            print("\n".join(survey_text.said(scope, said(scope))))
        return OK
    found = standings(one_site(options.site), config.folder, clock.now())
    if options.format == "json":
        shared.print_json({"schema": "caretaker.scopes/1", "scopes": found})
    elif found:
        print("\n\n".join("\n".join(survey_text.standing(one)) for one in found))
    else:
        print("No scope is in use: nothing is asked of any network.")
    return OK


def _list(options: argparse.Namespace, config: Config) -> int:
    from controller.commands.sites import one_site
    from controller.surveys.standing import versions

    rows = versions(one_site(options.site))
    if options.format == "json":
        listed = [
            {"version": row.version, "scanner": row.device_id, "since": row.set_at,
             "expires_at": row.expires_at, "ended_at": row.ended_at, "signer": row.signer,
             "separate": row.separate}
            for row in rows
        ]  # fmt: skip
        shared.print_json({"schema": "caretaker.scope_versions/1", "versions": listed})
    elif rows:
        print(survey_text.versions(rows))
    else:
        print("No scope was ever in use.")
    return OK


def _end(options: argparse.Namespace, config: Config) -> int:
    from controller.commands.sites import one_site
    from controller.surveys import publishing
    from controller.surveys.standing import versions

    found = [row for row in versions(one_site(options.site)) if row.version == options.version]
    if not found:
        raise shared.CannotError("There is no such version: caretaker survey scope list")
    publishing.end(found[0], actor="system", at=clock.now())
    print("Ended. Its scanner asks nothing any more from its next report on.")
    return OK


def _read_payload(data: bytes) -> "Scope":
    from controller.surveys.publishing import ScopeError
    from wire import scope as signed
    from wire.errors import WireError

    try:
        return signed.read_payload(data)
    except WireError as error:
        raise ScopeError(f"This file is no scope: {error.sentence}") from error


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LONGEST)
