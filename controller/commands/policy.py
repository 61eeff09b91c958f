"""What the school asks of its computers: show it, try it out, put it in force.

  caretaker policy show | list
  caretaker policy check FILE          is it a policy, and what does it ask
  caretaker policy use FILE            sign it and put it in force; or write it out for a signer
  caretaker policy export FILE         write it out for a signer, whoever else may sign
  caretaker policy import PAYLOAD      put in force what was signed with ssh-keygen
  caretaker policy proof --out DIR     what a stranger needs to check who signed it

FILE is written by hand (TOML; docs/policy.md has one to begin with) or JSON. Every computer is
judged again at once, and takes the policy at its next report.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from controller import clock
from controller.commands import policy_text, shared
from controller.commands.exits import FAILED, OK
from controller.config import Config

if TYPE_CHECKING:
    from checks.policy import Policy
    from wire.policy import Rules

_LONGEST: Final = 256 * 1024


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    verbs = parser.add_subparsers(
        dest="verb", required=True, metavar="show|list|check|use|export|import|proof"
    )
    show = verbs.add_parser("show", help="the policy in force")
    listed = verbs.add_parser("list", help="what was in force, and when")
    check = verbs.add_parser("check", help="try a policy out; exit 2 when it cannot be used")
    use = verbs.add_parser("use", help="put a policy in force")
    export = verbs.add_parser("export", help="write a policy out, to be signed with ssh-keygen")
    bring = verbs.add_parser("import", help="put in force what was signed")
    proof = verbs.add_parser("proof", help="write what shows who signed it")
    proof.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")
    proof.add_argument(
        "--version", type=int, default=0, metavar="N", help="of that version (in force)"
    )
    for one in (check, use, export):
        optional = None if one is check else "?"
        one.add_argument("file", type=Path, metavar="FILE", nargs=optional)
    for one in (use, export):
        one.add_argument("--again", action="store_true", help="the one in force, instead of FILE")
        one.add_argument("--expires-days", type=int, default=0, metavar="N", help="good for (400)")
        one.add_argument("--version", type=int, default=0, metavar="N", help="number it at least N")
        one.add_argument("--out", type=Path, help="where the file to sign goes (policy-N.json)")
    bring.add_argument("payload", type=Path, metavar="PAYLOAD")
    bring.add_argument("--signature", type=Path, help="what ssh-keygen wrote (PAYLOAD.sig)")
    for one in (show, listed, use, export, proof):
        one.add_argument("--site", help="the school's id, where there are several")
    for one in (show, listed):
        shared.add_format(one)


def main(options: argparse.Namespace) -> int:
    """Do one of the seven."""
    from controller.policy.written import WrittenError

    try:
        return _check(options) if options.verb == "check" else _with_data(options)
    except WrittenError as error:
        raise shared.CannotError(str(error)) from error


def _with_data(options: argparse.Namespace) -> int:
    config = shared.ready(options)
    from controller.policy.publishing import PublishError

    verbs = {
        "show": _show,
        "list": _list,
        "use": _use,
        "export": _export,
        "import": _import,
        "proof": _proof,
    }
    try:
        return verbs[options.verb](options, config)
    except PublishError as error:
        raise shared.CannotError(str(error)) from error


def _show(options: argparse.Namespace, config: Config) -> int:
    from controller.commands.sites import one_site
    from controller.policy.standing import standing

    found = standing(one_site(options.site), config.folder, clock.now())
    if options.format == "json":
        shared.print_json({"schema": "caretaker.policy/1", "policy": found})
    else:
        print("\n".join(policy_text.standing(found)))
    return OK


def _list(options: argparse.Namespace, config: Config) -> int:
    from controller.commands.sites import one_site
    from controller.policy.standing import versions

    found = versions(one_site(options.site))
    if options.format == "json":
        shared.print_json({"schema": "caretaker.policies/1", "versions": found})
    elif found:
        print(policy_text.history(found))
    else:
        print("No policy was ever put in force; the defaults of the checks are.")
    return OK


def _check(options: argparse.Namespace) -> int:
    """Needs no data folder: whoever signs tries it out on another computer."""
    from controller.policy.trying import faults
    from controller.policy.wording import said
    from controller.policy.written import WrittenError

    try:
        policy, rules = _read(options.file, "Europe/London")
    except WrittenError as error:  # that it is none is what was asked (docs/policy.md)
        print(policy_text.line(str(error)))
        return FAILED
    found = faults(policy)
    for one in found:
        print(policy_text.line(one))
    if found:
        return FAILED
    if rules is not None:
        print(policy_text.payload(rules))
    print("\n".join(policy_text.said(said(policy))))
    print("It can be used.")
    return OK


def _use(options: argparse.Namespace, config: Config) -> int:
    from controller.policy import publishing
    from controller.roots import files

    rules = _draft(options)
    if not files.current(config.folder).delegated:
        return _hand_over(rules, options, config)
    row = publishing.use(config.folder, rules, actor="system", at=clock.now())
    print(policy_text.in_force(row.version, row.expires_at))
    return OK


def _export(options: argparse.Namespace, config: Config) -> int:
    return _hand_over(_draft(options), options, config)


def _import(options: argparse.Namespace, config: Config) -> int:
    from controller.policy import publishing

    beside = options.payload.with_name(f"{options.payload.name}.sig")
    payload = _bytes(options.payload)
    signature = _bytes(options.signature or beside)
    envelope = publishing.join(config.folder, payload, signature)
    row = publishing.take(config.folder, envelope, actor="system", at=clock.now())
    print(policy_text.in_force(row.version, row.expires_at))
    return OK


def _proof(options: argparse.Namespace, config: Config) -> int:
    from controller.commands.sites import one_site
    from controller.policy import proof

    found = proof.of(one_site(options.site), options.version, config.folder)
    options.out.mkdir(parents=True)
    for name, content in found.items():
        (options.out / name).write_bytes(content)
    print("\n".join(policy_text.to_check(options.out, list(found))))
    return OK


def _draft(options: argparse.Namespace) -> "Rules":
    from controller.commands.sites import one_site
    from controller.policy import publishing
    from inventory import queries

    if (options.file is None) != options.again:
        raise shared.UsageError("Say which policy: a FILE, or --again for the one in force.")
    site = one_site(options.site)
    if options.again:
        policy = publishing.in_force(site)
    else:
        policy, _ = _read(options.file, queries.zone_of(site))
    return publishing.draft(
        site,
        policy,
        clock.now(),
        days=options.expires_days or publishing.DAYS,
        version=options.version,
    )


def _hand_over(rules: "Rules", options: argparse.Namespace, config: Config) -> int:
    """Write what is to be signed and say how."""
    from controller.policy.standing import signers
    from wire import policy as signed

    people = signers(config.folder)
    if not people:
        raise shared.CannotError(
            "Nobody is named who may sign: caretaker key signer add PUBKEY --for policy"
        )
    path = options.out or Path(f"policy-{rules.version}.json")
    path.write_bytes(signed.payload_of(rules))
    print("\n".join(policy_text.to_sign(path, people)))
    return OK


def _read(path: Path, timezone: str) -> "tuple[Policy, Rules | None]":
    """A policy as somebody wrote it, or one written out to be signed. Raises WrittenError."""
    from controller.policy.written import read, read_payload

    data = _bytes(path)
    if (rules := read_payload(data)) is not None:
        return rules
    return read(path, timezone), None


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LONGEST)
