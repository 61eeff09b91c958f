"""Set everything up in one go, look after this very computer, and serve.

Makes the data folder with its keys and certificate, the database, an administrator and a join code;
starts the server; enrols this computer over HTTPS like any other, lets it in, and shows what its
first report says. Safe to run again: what is there is kept. With --once it ends after the summary.
"""

import argparse
import socket
import sys
from typing import Final

import msgspec

from controller import clock, keyfiles
from controller.commands import shared
from controller.commands.exits import OK
from controller.commands.recovery_key import for_the_safe, listed_addresses
from controller.commands.serve import LOCK, probe
from controller.commands.server_process import ServerProcess
from controller.commands.this_machine import look_after_this_machine
from controller.config import Config
from controller.data import certificate, datafolder, folderlock
from controller.serving import hosts

ADMIN: Final = "admin"


class SetUp(msgspec.Struct):
    """What was there or was made."""

    site: str
    admin: str
    password: str = ""
    """Only when it was made just now."""
    join_code: str = ""
    recovery: str = ""
    """The recovery key, only when it was made just now; it is on no disk."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("--listen", metavar="ADDR", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (8443)")
    parser.add_argument("--once", action="store_true", help="leave after the summary")


def main(options: argparse.Namespace) -> int:
    """Set up, serve, look after this computer."""
    config = shared.settle(options, listen=options.listen, port=options.port)
    datafolder.prepare(config.folder)
    datafolder.check(config.folder)
    with folderlock.take(config.folder, LOCK) as lock:
        probe(config)
        made = set_up(config)
        try:
            _serve(config, lock.fileno(), made, once=options.once)
        except BaseException:
            # What was made just now is shown whatever went wrong, or nobody would ever know it.
            if made.password or made.recovery:
                print(summary("(not serving)", made))
            raise
    return OK


def _serve(config: Config, lock: int, made: SetUp, *, once: bool) -> None:
    with ServerProcess(config, lock) as server:
        _step(f"Serving at {server.url}")
        page = look_after_this_machine(config, server, made.site, _step)
        try:
            print(page)
            print(summary(server.url, made, elsewhere(config)), flush=True)
            made.password = made.recovery = ""
            if not once:
                server.wait()
        except KeyboardInterrupt:
            _step("Stopping")


def elsewhere(config: Config) -> str:
    """Where other computers reach this controller; "" when it listens to this machine only."""
    if config.https_name:
        return f"https://{config.https_name}:{config.port}"
    if config.listen not in hosts.EVERYWHERE:
        return ""
    found = hosts.own_address(socket.AF_INET) or hosts.own_address(socket.AF_INET6)
    return f"https://{hosts.bracketed(found)}:{config.port}" if found else ""


def set_up(config: Config, school: str = "Our school") -> SetUp:
    """Keys, certificate, database, school and administrator, where there are none yet."""
    _step(f"Data folder {config.folder}")
    certificate.make(config.folder, config.listen, clock.now())
    recovery = keyfiles.make_keys(config.folder, listed_addresses(config))
    shared.django()
    if shared.unapplied():
        _step("Making the database")
        from controller.commands.migrate import apply

        apply()
    made = _first_people(config, school)
    made.recovery = "" if recovery is None else str(recovery)
    return made


def _first_people(config: Config, school: str) -> SetUp:
    """The school, its first administrator and a join code, unless there are some."""
    from controller.fleet import services
    from controller.people.models import User
    from controller.people.roles import Role
    from controller.people.services import create_account, first_password
    from inventory import queries
    from inventory.places.services import create_site

    at = clock.now()
    sites = queries.site_ids()
    site = sites[0] if sites else create_site(name=school, at=at)
    if User.objects.exists():
        return SetUp(site=site, admin=ADMIN)
    password = first_password()
    account = create_account(
        username=ADMIN, password=password, site_id=site, roles=[Role.ADMIN], name="Administrator"
    )
    code = services.create_join_code(site_id=site, actor=account.id, at=at, label="First computers")
    text = services.code_text(code.id, config.folder)
    return SetUp(site=site, admin=ADMIN, password=password, join_code=text)


def summary(url: str, made: SetUp, others: str = "") -> str:
    """Where the pages are and who may sign in; `others` is where other computers find them."""
    lines = ["", f"Pages:      {url}"]
    if others:
        lines.append(f"            {others} from other computers")
    if made.password:
        lines += [
            f"Sign in as: {made.admin}",
            f"Password:   {made.password}",
            "            (shown this once; you choose your own when you sign in)",
            f"Join code:  {made.join_code}",
            f"            caretaker-agent enrol --controller {others or url} --code CODE",
        ]
    else:
        lines.append(f"Sign in as: {made.admin}, with the password you chose")
    if made.recovery:
        lines += ["", *for_the_safe(made.recovery)]
    return "\n".join(lines)


def _step(words: str) -> None:
    """Progress, for a person who watches; a pipe gets the result only."""
    if sys.stderr.isatty():
        print(f"· {words}", file=sys.stderr, flush=True)
