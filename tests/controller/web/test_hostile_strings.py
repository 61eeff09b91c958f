"""A computer may call itself anything; pages and files show it as harmless text (T12, T13, O36)."""

import csv
import io
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.fleet.csv_out import defused
from controller.fleet.models import Device, PastVerdict, Verdict
from controller.people.models import User
from controller.wording.shown import shown
from inventory.models import Asset
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": "\"><img src=x onerror=alert(1)> ' onmouseover='alert(1)",
    "ansi": "\x1b[31mred\x1b]52;c;ZXZpbA==\x07",
    "bidi": "\u202egnp.exe\u2066x\u2069",
    "control": "a\x00b\x08\x7f\u0085c",
    "invisible": "A\u200bB\u00adC\ufeffD\u2060",
    "long": "W" * 10_240,
    "formula": "=cmd|' /C calc'!A0",
    "plus": "+1+1",
    "full-width": "\uff1d1+1",
    "template": "{{ 7|add:7 }}{% load static %}",
    "lines": "one\r\ntwo\u2028three",
    "markup-end": "</title></textarea></select>",
}
FORBIDDEN = {chr(code) for code in (*range(9), 11, 12, *range(14, 32), *range(127, 160))} | set(
    "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad"
)
ALLOWED_SCRIPTS = {"/static/caretaker/app.js"}


class Shape(HTMLParser):
    """Collects what a hostile string would have to add: elements, attributes, script addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.handlers: set[str] = set()
        self.scripts: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.handlers |= {name for name, _ in attrs if name.startswith("on") or name == "style"}
        if tag == "script":
            self.scripts.add((dict(attrs).get("src") or "inline").split("?")[0])


def called(place: Place, text: str) -> Device:
    """A computer that says `text` wherever it may say anything."""
    asset = Asset.objects.create(
        id="asset_" + "A" * 26,
        site=place.site,
        tag=text[:60].replace("\0", ""),
        serial=text[:120].replace("\0", ""),
        created_at=school.NOW,
    )
    device = place.device
    plain = text.replace("\0", "")
    device.name, device.model, device.os_name = plain[:255], plain[:128], plain[:128]
    device.agent_version, device.asset = plain[:32], asset
    device.factors = {plain[:40]: [plain], "serial": [plain]}
    device.n_fail, device.worst = 1, 4
    device.save()
    waiting = place.waiting
    waiting.name, waiting.model, waiting.os_name = plain[:255], plain[:128], plain[:128]
    waiting.factors, waiting.was = {"serial": [plain], plain[:30]: plain}, device.id
    waiting.save()
    place.code.label = plain[:120]
    place.code.save()
    says = {"says": "stays-open", "args": {"seconds": plain, "limit": plain, "name": plain}}
    Verdict.objects.create(
        site=place.site,
        device=device,
        check_id="lock-idle-timeout",
        status="fail",
        severity="high",
        since=school.NOW - 9,
        **{**says, "says": "too-late"},
    )
    PastVerdict.objects.create(
        site=place.site,
        device=device,
        check_id=plain[:64],
        status=plain[:16],
        severity=plain[:16],
        since=1,
        until=2,
        **says,
    )
    school.stand()
    school.hold_facts(device, "locking", {plain[:500]: plain, "list": [plain] * 60, "at": 2**70})
    return device


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_no_page_gains_an_element_or_shows_what_cannot_be_seen(
    kind: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    device = called(place, HOSTILE[kind])
    client = signed_in(technician)
    paths = ["/", "/computers/", f"/computers/{device.id}/", "/waiting/", "/join-codes/"]
    paths += ["/areas/locking/", "/areas/software/"]
    for path in [*paths, f"/join-codes/{place.code.id}/", "/computers/?q=" + HOSTILE[kind][:200]]:
        answer = client.get(path)
        assert answer.status_code == 200, path
        body = answer.content.decode()
        shape = Shape()
        shape.feed(body)
        assert shape.scripts == ALLOWED_SCRIPTS
        assert not shape.handlers
        assert shape.elements.isdisjoint({"img", "iframe", "object", "embed", "base", "style"})
        assert not FORBIDDEN & set(body), path
        assert "W" * 401 not in body


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_no_cell_of_the_file_starts_like_a_formula(
    kind: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    called(place, HOSTILE[kind])
    text = signed_in(technician).get("/computers.csv").getvalue().decode()
    assert not FORBIDDEN - {"\ufeff"} & set(text)
    head, *rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(rows) == 1
    assert len(rows[0]) == len(head)
    for cell in rows[0]:
        assert not cell.startswith(("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"))


@given(st.text(max_size=300))
def test_whatever_comes_is_shown_without_what_cannot_be_seen(text: str) -> None:
    seen = shown(text, 60)
    assert len(seen) <= 60
    assert not FORBIDDEN & set(seen)
    assert "\n" not in seen


@given(st.text(max_size=50))
def test_a_defused_cell_is_never_a_formula_and_loses_nothing(text: str) -> None:
    cell = defused(text)
    assert cell.removeprefix("'") == text or cell == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\0"))


def test_our_own_numbers_stay_numbers(place: Place, technician: User, signed_in: SignedIn) -> None:
    place.device.n_fail = 3
    place.device.save()
    text = signed_in(technician).get("/computers.csv").getvalue().decode()
    assert ",3," in text.splitlines()[1]
