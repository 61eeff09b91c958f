"""A made-up school for tests of pages: people, computers in every state, results, history, a queue.

Rows are written straight into the tables, because these tests are about reading; intake and judging
have tests of their own. Everything is seeded, so a picture of a page is the same twice.
"""

import functools
import hashlib
import json
import random
import re
import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import Model

from checks.catalogue import catalogue
from controller.fleet import standings
from controller.fleet.models import (
    SEVERITY_RANK,
    Device,
    Held,
    JoinCode,
    PastVerdict,
    Section,
    Tally,
    Verdict,
)
from controller.people.models import Membership, User
from controller.people.roles import Role
from inventory.assets.beside import recount
from inventory.ids import new_id
from inventory.models import Asset, Site

NOW: Final = 1_795_332_720
"""Sunday 22 November 2026, 07:12 in London."""
DAY: Final = 86_400
PASSWORD: Final = "brass-otter-lantern"

WORDS: Final = ("amber", "brook", "cedar", "daisy", "ember", "fern", "grove", "heron", "ivory")
MODELS: Final = {
    "windows": ("HP ProBook 440 G9", "Dell Latitude 3340", "Lenovo ThinkCentre M70q"),
    "linux": ("Lenovo ThinkPad L14", "Dell OptiPlex 3090"),
    "macos": ("MacBook Air (M2, 2022)", "iMac (24-inch, 2021)"),
}
SYSTEMS: Final = {
    "windows": ("Windows 11 Education 24H2", "Windows 10 Pro 22H2"),
    "linux": ("Debian GNU/Linux 12 (bookworm)", "Ubuntu 24.04.3 LTS"),
    "macos": ("macOS 15.7", "macOS 14.8"),
}
PLACES: Final = (
    ("Y4-TROLLEY", "pupil", "windows", 30),
    ("Y6-TROLLEY", "pupil", "windows", 30),
    ("SUITE", "pupil", "linux", 24),
    ("STAFF", "staff", "windows", 18),
    ("OFFICE", "office", "windows", 4),
    ("BOARD", "board", "windows", 12),
    ("ART-MAC", "pupil", "macos", 6),
    ("LOAN", "loan", "windows", 8),
    ("SERVER", "server", "linux", 1),
)
_SAID: Final = re.compile(r'(passed|warned|failed|not_applicable)\(\s*"([a-z0-9-]+)"')
_STATUS: Final = {
    "passed": "pass",
    "warned": "warn",
    "failed": "fail",
    "not_applicable": "not-applicable",
}
_ARGS: Final[dict[str, Any]] = {
    "seconds": 1800,
    "limit": 900,
    "days": 12,
    "hours": 76,
    "count": 3,
    "number": 3,
    "reason": "denied",
    "why": "this computer has no Wi-Fi card",
    "at": NOW - 9 * DAY,
    "bytes": 12_000_000_000,
}


@dataclass(frozen=True, slots=True)
class Made:
    """What a test needs to name."""

    site: Site
    people: dict[Role, User]
    devices: list[Device]


def make_site(name: str = "Willowbrook Primary School") -> Site:
    """An empty school."""
    return Site.objects.create(id=new_id("site", NOW), name=name, created_at=NOW - 90 * DAY)


def make_person(site: Site, role: Role, username: str | None = None) -> User:
    """Somebody with one role, past their first password."""
    names = {Role.SLT: "Helen Marsh", Role.TECHNICIAN: "Tariq Aziz", Role.GOVERNOR: "Ann Peel"}
    user = User.objects.create(
        username=username or f"{role.value}-{site.id.lower()}",
        password=_hashed(),
        name=names.get(role, role.value.title()),
    )
    add_role(user, site, role)
    return user


def add_role(user: User, site: Site, role: Role) -> None:
    """One more role, perhaps at one more school."""
    Membership.objects.create(user=user, site=site, role=role.value)


@functools.cache
def _hashed() -> str:
    """Argon2 is slow on purpose, so the one password of all tests is hashed once."""
    return make_password(PASSWORD)


def make_device(site: Site, name: str, **fields: Any) -> Device:
    """One computer, let in and heard from an hour ago unless said otherwise; not saved."""
    key = hashlib.sha256(f"{site.id}{name}{fields.get('salt', '')}".encode()).digest()
    fields.pop("salt", None)
    chosen = random.Random(key)
    platform = fields.get("platform", "windows")
    defaults: dict[str, Any] = {
        "id": new_id("dev", NOW),
        "site": site,
        "name": name,
        "platform": platform,
        "os_name": chosen.choice(SYSTEMS[platform]),
        "model": chosen.choice(MODELS[platform]),
        "state": "active",
        "public_key": key,
        "key_id": "SHA256:" + hashlib.sha256(key).hexdigest()[:43],
        "words": " ".join(chosen.sample(WORDS, 4)),
        "factors": {"serial": [_serial(chosen)], "uuid": [_uuid(chosen)]},
        "weak_binding": False,
        "enrolled_at": NOW - 40 * DAY,
        "approved_at": NOW - 40 * DAY + 600,
        "approved_by": "system",
        "head_seq": 41,
        "last_seen_at": NOW - 3600,
        "judged_at": NOW - 3600,
        "agent_version": "0.1.0",
    }
    return Device(**(defaults | fields))


def fill(site: Site, *, copies: int = 1, seed: int = 7) -> list[Device]:
    """A believable school of about 130 computers, `copies` times over."""
    chosen = random.Random(seed)
    devices: list[Device] = []
    verdicts: list[Verdict] = []
    past: list[PastVerdict] = []
    assets: list[Asset] = []
    for copy in range(copies):
        for place, profile, platform, how_many in PLACES:
            for number in range(1, how_many + 1):
                name = f"{place}-{number:02d}" + (f"-{copy}" if copies > 1 else "")
                device = _one(site, name, profile, platform, chosen)
                assets.append(_asset(site, device, len(assets) + 1))
                device.asset = assets[-1]
                mine = _judged(device, chosen)
                verdicts.extend(mine)
                past.extend(_before(device, mine, chosen))
                devices.append(device)
    Asset.objects.bulk_create(assets, batch_size=500)
    recount(assets)
    Device.objects.bulk_create(devices, batch_size=500)
    insert(verdicts)
    insert(past)
    _tally(site, verdicts)
    stand()
    return devices


def stand() -> None:
    """Keep each computer's set of results, as judging does beside the verdicts."""
    results: dict[tuple[str, str], list[standings.Result]] = defaultdict(list)
    for device, site, *result in Verdict.objects.values_list(
        "device_id", "site_id", "check_id", "status", "severity"
    ):
        results[device, site].append((result[0], result[1], result[2]))
    told = {both: standings.told(those) for both, those in results.items()}
    sets = standings.kept({(site, text) for (_, site), text in told.items()}, NOW)
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE fleet_device SET standing = %s WHERE id = %s",
            [(sets[site, text], device) for (device, site), text in told.items()],
        )


def insert(made: Sequence[Model]) -> None:
    """Thousands of rows by one statement, in a tenth of the time that `bulk_create` takes."""
    table = type(made[0])._meta
    columns = ", ".join(connection.ops.quote_name(f.column) for f in table.concrete_fields)
    marks = ", ".join(["%s"] * len(table.concrete_fields))
    rows = [
        [f.get_db_prep_save(getattr(one, f.attname), connection) for f in table.concrete_fields]
        for one in made
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table.db_table} ({columns}) VALUES ({marks})", rows)  # noqa: S608  names of our own


def queue(site: Site, how_many: int = 5) -> list[Device]:
    """Computers that ask to be let in."""
    code = JoinCode.objects.create(
        id=new_id("tok", NOW),
        site=site,
        label="Year 5 trolley",
        profile="pupil",
        max_uses=30,
        uses=how_many,
        expires_at=NOW + 20 * DAY,
        created_by="system",
        created_at=NOW - 2 * DAY,
    )
    waiting = [
        make_device(
            site,
            f"Y5-TROLLEY-{number:02d}",
            state="pending",
            join_code=code,
            profile="pupil",
            profile_source="join_code",
            joined_profile="pupil",
            approved_at=None,
            last_seen_at=None,
            judged_at=None,
            enrolled_at=NOW - 900 - number * 40,
            head_seq=0,
            weak_binding=number == 2,
            was="dev_" + "0" * 26 if number == 3 else "",
        )
        for number in range(1, how_many + 1)
    ]
    return Device.objects.bulk_create(waiting)


def hold_facts(device: Device, name: str, body: object) -> None:
    """Facts as if the computer had sent them."""
    plain = json.dumps(body, sort_keys=True).encode()
    digest = "sha256:" + hashlib.sha256(plain).hexdigest()
    section, _ = Section.objects.get_or_create(
        site_id=device.site_id, digest=digest, defaults={"body": zlib.compress(plain)}
    )
    Held.objects.create(
        site_id=device.site_id,
        device=device,
        name=name,
        schema=1,
        digest=digest,
        section=section,
        report_seq=1,
        since=NOW - 9 * DAY,
    )


def _one(site: Site, name: str, profile: str, platform: str, chosen: random.Random) -> Device:
    silent = chosen.random() < (0.25 if profile == "loan" else 0.03)
    ago = chosen.randint(3, 24) * DAY if silent else chosen.randint(600, 20 * 3600)
    said = chosen.random() >= 0.04
    return make_device(
        site,
        name,
        platform=platform,
        profile=profile if said else "",
        profile_source="join_code" if said else "",
        joined_profile=profile if said else "",
        last_seen_at=NOW - ago,
    )


def _asset(site: Site, device: Device, number: int) -> Asset:
    return Asset(
        id=new_id("asset", NOW),
        site=site,
        tag=f"WB-{number:04d}",
        model=device.model,
        serial=device.factors["serial"][0],
        name=device.name,
        created_at=NOW - 60 * DAY,
    )


def _judged(device: Device, chosen: random.Random) -> list[Verdict]:
    trouble = chosen.choice((0.0, 0.0, 0.01, 0.03, 0.25))
    verdicts = []
    for domain, check_id, check, _judge in catalogue().judged():
        draw = chosen.random()
        status = "pass"
        if device.platform not in check.platforms:
            status = "not-applicable"
        elif draw < trouble:
            status = "fail"
        elif draw < trouble * 1.5:
            status = "warn"
        elif draw < trouble * 1.5 + 0.008:
            status = "unknown"
        says = _says(domain.name, set(check.sentences), status, chosen)
        verdicts.append(
            Verdict(
                site_id=device.site_id,
                device=device,
                check_id=check_id,
                status=status,
                severity=check.severity,
                says=says,
                args=_args(check.sentences.get(says, "")),
                since=NOW - chosen.randint(1, 38) * DAY,
                assurance="self-reported",
            )
        )
        _count(device, status, check.severity)
    return verdicts


def _says(domain: str, keys: set[str], status: str, chosen: random.Random) -> str:
    if status == "unknown":
        return "could-not-look"
    wanted = [key for how, key in _sayings(domain) if _STATUS[how] == status and key in keys]
    default = "not-for-platform" if status == "not-applicable" else min(keys)
    return chosen.choice(wanted) if wanted else default


@functools.cache
def _sayings(domain: str) -> list[tuple[str, str]]:
    """What the judges of a domain say: (how, key)."""
    return _SAID.findall((files("checks") / domain / "judges.py").read_text("utf-8"))


@functools.cache
def _args(sentence: str) -> dict[str, Any]:
    gaps = re.findall(r"\{(\w+)(?::(\w+))?\}", sentence)
    kinds = {"duration": 1800, "size": 12_000_000_000, "date": NOW - 9 * DAY, "reason": "denied"}
    found = {"reason": "denied", "why": _ARGS["why"]}
    for name, kind in gaps:
        found[name] = kinds.get(kind) or _ARGS.get(name, "example")
    return found


def _count(device: Device, status: str, severity: str) -> None:
    if status == "fail":
        device.n_fail += 1
        device.worst = max(device.worst, SEVERITY_RANK[severity])
    elif status == "warn":
        device.n_warn += 1
    elif status == "unknown":
        device.n_unknown += 1
    elif status == "pass":
        device.n_pass += 1


def _before(device: Device, now: list[Verdict], chosen: random.Random) -> list[PastVerdict]:
    changed = [verdict for verdict in now if chosen.random() < 0.08]
    return [
        PastVerdict(
            site_id=device.site_id,
            device=device,
            check_id=verdict.check_id,
            since=verdict.since - chosen.randint(2, 30) * DAY,
            until=verdict.since,
            status="unknown",
            severity=verdict.severity,
            says="could-not-look",
            args={"reason": "tool-missing"},
        )
        for verdict in changed
    ]


def _tally(site: Site, verdicts: list[Verdict]) -> None:
    counts: dict[tuple[str, str], int] = {}
    for verdict in verdicts:
        key = (verdict.check_id, verdict.status)
        counts[key] = counts.get(key, 0) + 1
    Tally.objects.bulk_create(
        Tally(site=site, check_id=check, status=status, n=n)
        for (check, status), n in counts.items()
    )


def _serial(chosen: random.Random) -> str:
    return "5CG" + "".join(chosen.choices("0123456789ABCDEFGHJKLMNPQRSTVWXYZ", k=7))


def _uuid(chosen: random.Random) -> str:
    return "-".join(f"{chosen.getrandbits(bits * 4):0{bits}x}" for bits in (8, 4, 4, 4, 12))
