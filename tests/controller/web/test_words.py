"""Words: everybody but technicians is spared the trade's terms, and nothing is left unnamed
(S38).
"""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import controller
from checks.catalogue import catalogue
from checks.policy import PROFILES
from controller.fleet.conditions import CONDITIONS
from controller.people.roles import TECHNICAL, Role
from controller.wording.words import words
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.policies import put_policy
from wire.policy import RULED

pytestmark = pytest.mark.looks

TEMPLATES = sorted(Path(controller.__file__).parent.rglob("*.html"))
EVERYONE = sorted(set(Role) - TECHNICAL)


class Text(HTMLParser):
    """What a person reads or hears: text, and the attributes that are read out or shown."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        shown = {"alt", "title", "placeholder", "aria-label"}
        self.said.extend(value or "" for name, value in attrs if name in shown)


def read_aloud(body: str) -> str:
    """The words of a page."""
    text = Text()
    text.feed(body)
    return " ".join(text.said)


@pytest.mark.parametrize("role", EVERYONE)
def test_no_page_for_everyone_has_a_term_of_the_trade(
    role: Role, place: Place, signed_in: SignedIn
) -> None:
    devices = school.fill(place.site)
    client = signed_in(school.make_person(place.site, role))
    worst = max(devices, key=lambda device: device.n_fail)
    areas = [f"/areas/{domain.name}/" for domain in catalogue().domains if domain.checks]
    put_policy(place.site)
    paths = ["/", "/computers/", f"/computers/{worst.id}/", "/account/password/", *areas]
    paths += ["/policy/", "/register/", f"/register/{worst.asset_id}/"]
    terms = words().not_for_everyone["terms"]
    any_term = "|".join(map(re.escape, terms))
    pattern = re.compile(rf"(?<![\w-])({any_term})(?![\w-])", re.IGNORECASE)
    found: dict[str, set[str]] = {}
    for path in paths:
        answer = client.get(path)
        if answer.status_code == 200:
            seen = {match.lower() for match in pattern.findall(read_aloud(answer.content.decode()))}
            found |= {path: seen} if seen else {}
    assert found == {}


def test_every_area_of_the_catalogue_has_words_of_its_own() -> None:
    unnamed = {domain.name for domain in catalogue().domains} - set(words().areas)
    assert unnamed == set()


def test_every_state_profile_role_and_urgency_has_a_word() -> None:
    known = words()
    assert set(known.conditions) == set(CONDITIONS)
    assert set(known.profiles) == {"", *PROFILES}
    assert set(known.roles) == set(Role)
    assert set(known.ruled) == {"behind", *RULED, "other"}
    assert set(known.urgency) == {"critical", "high", "medium", "low"}
    assert set(known.statuses) == {"pass", "warn", "fail", "unknown", "not-applicable"}


def test_only_what_was_seen_and_is_good_has_the_good_tone() -> None:
    good = {name for name, label in words().statuses.items() if label.tone == "good"}
    assert good == {"pass"}
    assert {name for name, label in words().conditions.items() if label.tone == "good"} == {"order"}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_template_has_no_inline_script_or_style_and_trusts_no_string(template: Path) -> None:
    text = template.read_text("utf-8")
    assert not re.search(r"\son\w+\s*=", text)
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<(style|iframe|object|embed)\b", text)
    assert not re.search(r"<script(?! src=)", text)
    assert not re.search(r"\|\s*(safe|safeseq)\b|autoescape off|\|\s*linebreaks", text)
    assert not re.search(r"(href|src|action)=\"(https?:)?//", text)


def test_no_code_of_the_pages_marks_a_string_as_safe() -> None:
    for file in Path(controller.__file__).parent.rglob("*.py"):
        text = file.read_text("utf-8")
        assert "mark_safe(" not in text, file
        assert "SafeString(" not in text, file
