"""Programs of a made-up school, as its computers would have reported them."""

import hashlib
import zlib
from collections.abc import Sequence
from typing import Any

import msgspec

from checks.software.facts import SoftwareFacts
from controller.fleet.models import Device, Held, Section
from controller.software import reading
from inventory.models import Site
from tests.controller.web import school

EMPTY: dict[str, Any] = {
    "cut": 0,
    "blind": [],
    "dns": [],
    "proxies": [],
    "extensions": [],
    "places": [],
    "allow_list": None,
}
PROGRAMS: dict[str, list[tuple[str, str, str]]] = {
    "windows": [
        ("7-Zip 23.01 (x64)", "23.01", "Igor Pavlov"),
        ("Mozilla Firefox (x64 en-GB)", "145.0", "Mozilla"),
        ("VLC media player", "3.0.21", "VideoLAN"),
        ("Microsoft Office Professional Plus 2019 - en-us", "16.0.10416", "Microsoft Corporation"),
        ("Audacity 3.4.2", "3.4.2", "Audacity Team"),
        ("ActivInspire Core Resources v3 (en_GB)", "3.2.0", "Promethean"),
        ("SIMS .net 4 Workstation", "7.208", "ParentPay"),
    ],
    "macos": [
        ("Firefox", "145.0", "Mozilla"),
        ("Logic Pro", "11.1", "Apple"),
        ("VLC", "3.0.21", "VideoLAN"),
    ],
    "linux": [("firefox-esr", "140.5.0esr-1", ""), ("scratch-desktop", "3.30.5", "")],
}
SOURCES = {"windows": "registry", "macos": "application", "linux": "dpkg"}


def has(device: Device, programs: Sequence[tuple[str, str, str]], **facts: Any) -> None:
    """What is on a computer from now on: (name, version, maker)."""
    source = SOURCES[device.platform]
    titles = [
        {"name": name, "version": version, "source": source, "publisher": maker}
        for name, version, maker in programs
    ]
    says(device, {**EMPTY, "titles": titles, **facts})


def says(device: Device, body: Any) -> None:
    """The facts themselves; what is none goes as it is."""
    try:
        body = msgspec.convert(body, SoftwareFacts)
    except msgspec.ValidationError:
        pass
    plain = msgspec.json.encode(body, order="sorted")
    digest = "sha256:" + hashlib.sha256(plain).hexdigest()
    section, _ = Section.objects.get_or_create(
        site_id=device.site_id, digest=digest, defaults={"body": zlib.compress(plain)}
    )
    Held.objects.filter(device=device, name="software").delete()
    Held.objects.create(
        site_id=device.site_id,
        device=device,
        name="software",
        schema=2,
        digest=digest,
        section=section,
        report_seq=1,
        since=school.NOW,
    )


def computers(site: Site, number: int, start: int = 0, platform: str = "windows") -> list[Device]:
    """Computers that report, with the usual programs."""
    made = [
        school.make_device(site, f"PC-{start + n:03d}", platform=platform) for n in range(number)
    ]
    for device in made:
        device.save()
        has(device, PROGRAMS[platform])
    reading.catch_up(school.NOW)
    return made
