"""A register of 50,000 entries: what its import and its pages cost (goals: 60 s and 100 ms).

Runs in one process of its own, on a database of its own: SQLite in a temporary folder, or the
PostgreSQL that `--database` names. Counted is CPU time, ours and (Linux) that of PostgreSQL's own
processes, because other work may share the machine; and the questions a page asks.
"""

import argparse
import os
import random
import resource
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, Final

import msgspec

from bench.measure import children_of, tree_cpu_seconds

ENTRIES: Final = 50_000
RUNS: Final = 7
MODELS: Final = ("HP ProBook 440 G9", "Dell Latitude 3340", "Lenovo ThinkCentre M70q", "iPad 9")
PAGES: Final = {
    "list, first page": "/register/",
    "list, far down": "",
    "one state": "/register/?state=stored",
    "one kind, by tag": "/register/?kind=laptop&sort=tag",
    "one room": "/register/?room={room}",
    "what has no room": "/register/?gap=no_room",
    "warranty over": "/register/?due=warranty_over",
    "search: part of a serial number": "/register/?q=04217",
    "search: a whole tag": "/register/?q=HS-031234",
    "search: two letters": "/register/?q=hp",
    "search: a word half of them have": "/register/?q=latitude",
    "search: two words": "/register/?q=latitude%20maple",
    "search: nothing has it": "/register/?q=zebra",
    "one entry": "{entry}",
}


class Cost(msgspec.Struct, frozen=True):
    """CPU seconds of one thing, ours and the database's; questions, 0 where nobody counted."""

    name: str
    ours: float
    database: float
    queries: int = 0


def run(database: str = "", entries: int = ENTRIES) -> Iterator[Cost]:
    """Import, then each page."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DJANGO_SETTINGS_MODULE"] = "controller.settings"
        _ready(Path(folder), database)
        spent = _Clock(_processes(database))
        site = _school()
        yield _import(site, entries, spent)
        yield from _pages(site, spent)


class _Clock:
    """CPU seconds since the last look."""

    def __init__(self, server: Callable[[], list[int]]) -> None:
        self._server = server
        self._last = (0.0, 0.0)
        self()

    def __call__(self) -> tuple[float, float]:
        used = resource.getrusage(resource.RUSAGE_SELF)
        now = used.ru_utime + used.ru_stime, tree_cpu_seconds(self._server())
        spent = now[0] - self._last[0], now[1] - self._last[1]
        self._last = now
        return spent


def _processes(database: str) -> Callable[[], list[int]]:
    """PostgreSQL's own, found by the backend we talk to; its parent is the server."""
    if not database:
        return list
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = int(cursor.fetchone()[0])
    stat = Path(f"/proc/{backend}/stat").read_text(encoding="utf-8")
    parent = int(stat.rpartition(")")[2].split()[1])
    return lambda: children_of(parent)


def _ready(folder: Path, database: str) -> None:
    import django
    from django.core.management import call_command

    from controller import config
    from controller.data.datafolder import prepare
    from controller.keyfiles import make_keys

    config.use(config.Config(data=str(folder), database=database))
    prepare(folder)
    make_keys(folder)
    django.setup()
    call_command("migrate", verbosity=0)


def _school() -> str:
    from inventory.places.services import create_site

    return create_site(name="Hill School", at=1_795_400_000)


def sheet(entries: int) -> bytes:
    """A believable school's list, several times over, always the same."""
    chosen = random.Random(7)  # noqa: S311  the same sheet each time
    rooms = [f"Room {n}" for n in range(60)]
    lines = ["Asset Tag,Type,Name,Make,Model,Serial No,Location,Status,Cost,Bought,Warranty,Notes"]
    for n in range(entries):
        model = chosen.choice(MODELS)
        bought = f"{chosen.randint(2015, 2026)}-{chosen.randint(1, 12):02}-01"
        status = chosen.choice(("In use", "In use", "In use", "Spare"))
        room = chosen.choice(rooms) if chosen.random() < 0.9 else ""
        kind = "tablet" if model.startswith("iPad") else "laptop"
        note = chosen.choice(("", "", "maple trolley", "lid scratched", "was in the old suite"))
        lines.append(
            f"HS-{n:06},{kind},PC-{n:05},{model.split()[0]},{model},5CD{n:05}X{n % 97},{room},"
            f"{status},{chosen.randint(200, 900)}.00,{bought},{bought[:3]}9{bought[4:]},{note}"
        )
    return "\r\n".join(lines).encode()


def _import(site: str, entries: int, spent: _Clock) -> Cost:
    from inventory.assets.writing import By
    from inventory.imports import applying, columns
    from inventory.imports.sheets import read

    data = sheet(entries)
    spent()
    table = read(data)
    meant = columns.mapping(table.headers, {})
    applying.take(site, table, meant, "tag", by=By("system", 1_795_400_100))
    return Cost(f"import of {entries:,} rows", *spent())


def _pages(site: str, spent: _Clock) -> Iterator[Cost]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, setup_test_environment

    from controller.people.models import Membership, User

    setup_test_environment()
    user = User.objects.create(username="bench", name="Bench")
    Membership.objects.create(user=user, site_id=site, role="technician")
    client = Client()
    client.force_login(user)
    told = _told(client)
    for name, path in PAGES.items():
        address = path.format_map(told) or told["far"]
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            answer = client.get(address)
        assert answer.status_code == 200, (name, answer.status_code)
        costs = []
        for _ in range(RUNS):
            spent()
            client.get(address)
            costs.append(spent())
        ours, database = (median(one[part] for one in costs) for part in (0, 1))
        yield Cost(name, ours, database, len(caught))


def _told(client: Any) -> dict[str, str]:
    """What addresses name."""
    page = client.get("/register/").context["page"]
    after = page.next
    for _ in range(20):
        after = client.get("/register/", {"after": after}).context["page"].next
    room = page.rooms[0][0]
    entry = f"/register/{page.rows[0].id}/"
    return {"far": f"/register/?after={after}", "room": room, "entry": entry}


def main() -> None:
    """Print each figure as it comes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="")
    parser.add_argument("--entries", type=int, default=ENTRIES)
    asked = parser.parse_args()
    for cost in run(asked.database, asked.entries):
        print(
            f"{cost.name:36}{cost.ours * 1000:9.0f} ms{cost.database * 1000:9.0f} ms"
            f"{cost.queries:5}",
            flush=True,
        )


if __name__ == "__main__":
    main()
