"""A controller that is really served, with a token and somebody who is signed in."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.controller.commands.served import environment, free_port, serving

_MAKE = """
import json, sys
from controller import clock
from controller.config import load, use
use(load({"data": sys.argv[1]}))
from controller.commands.shared import django
django()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from controller.api import tokens
from controller.api.scopes import Scope
from controller.people.models import Membership, User
from inventory.assets import services
from inventory.assets.writing import By
from inventory.queries import site_ids
(site,) = site_ids()
user = User.objects.create_user("ada", "a long passphrase")
Membership.objects.create(user=user, site_id=site, role="admin")
made = tokens.make(site, tokens.Wanted("MIS", list(Scope), 30), actor=user.id, at=clock.now())
entry = services.add(site, {"tag": "HS-1", "kind": "laptop"}, by=By(user.id, clock.now()))
session = SessionStore()
session[SESSION_KEY] = user.id
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.create()
print(json.dumps([made.secret, entry, session.session_key]))
"""


@dataclass(frozen=True)
class Served:
    """Where it listens, and what opens it."""

    folder: Path
    port: int
    secret: str
    entry: str
    session: str


@contextmanager
def served(template: Path, folder: Path) -> Iterator[Served]:
    """Serve a copy of the template."""
    shutil.copytree(template, folder)
    command = [sys.executable, "-P", "-c", _MAKE, str(folder)]
    done = subprocess.run(
        command, check=True, env=environment(), timeout=120, stdout=subprocess.PIPE, text=True
    )
    port = free_port()
    with serving(folder, port):
        yield Served(folder, port, *json.loads(done.stdout))
