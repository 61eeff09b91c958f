"""What goes out with every answer: headers, errors that help, static files that are ours."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import override_settings

import controller
from controller import frame
from controller.people.models import User
from controller.serving import error_pages
from controller.serving.middleware import SecurityHeadersMiddleware
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.school import PASSWORD

STATIC = Path(controller.__file__).parent / "static"
PROJECT = Path(controller.__file__).parents[1]
MANIFESTS = [
    STATIC / "vendor" / "manifest.json",
    PROJECT / "tests" / "e2e" / "vendor" / "manifest.json",
    PROJECT / "tests" / "project" / "vendor" / "manifest.json",
]


@pytest.mark.parametrize("path", ["/sign-in/", "/", "/nowhere/", "/static/caretaker/app.css"])
def test_every_answer_carries_the_headers(path: str, db: None) -> None:
    answer = Client().get(path)
    answer.close()
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_about_computers_are_kept_by_no_cache(technician: User, signed_in: SignedIn) -> None:
    assert "no-store" in signed_in(technician).get("/computers/").headers["Cache-Control"]


def test_a_browser_is_bound_to_https_only_under_a_name_it_trusts() -> None:
    request = RequestFactory().get("/", secure=True)

    def answer() -> str:
        made = SecurityHeadersMiddleware(lambda _: HttpResponse())
        return str(made(request).headers.get("Strict-Transport-Security", ""))

    assert answer() == ""
    with override_settings(SECURE_HSTS_NAME="caretaker.willowbrook.sch.uk"):
        assert answer() == "max-age=31536000"


def test_cookies_are_for_this_host_over_tls_and_out_of_reach_of_scripts(technician: User) -> None:
    client = Client()
    client.get("/sign-in/")
    client.post("/sign-in/", {"login": technician.username, "password": PASSWORD})
    assert set(client.cookies) == {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    assert settings.SESSION_COOKIE_NAME.startswith("__Host-")
    for cookie in client.cookies.values():
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]


def test_errors_say_what_to_do_and_nothing_about_us(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    body = signed_in(technician).get("/nowhere/").content.decode()
    assert "There is nothing here" in body
    assert place.site.name not in body
    assert "Traceback" not in body


def test_an_error_of_ours_is_said_without_its_insides(db: None) -> None:
    answer = error_pages.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "on our side" in answer.content.decode()


def test_a_form_left_open_over_night_is_explained(technician: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(technician)
    answer = client.post("/waiting/let-in/", {"device": "x"})
    assert answer.status_code == 403
    assert "This page was open too long" in answer.content.decode()


def test_a_name_that_is_not_ours_is_refused(db: None) -> None:
    answer = Client(raise_request_exception=False).get(
        "/sign-in/", headers={"host": "evil.example"}
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.parent.parent.name)
def test_vendored_files_are_the_ones_that_were_published(manifest: Path) -> None:
    listed = json.loads(manifest.read_text("utf-8"))
    for name, entry in listed.items():
        content = (manifest.parent / name).read_bytes()
        assert hashlib.sha512(content).hexdigest() == entry["sha512"], name
        # Ours goes with each of these: with Apache-2.0 under version 3 of the GPL.
        assert entry["licence"] in {"MIT", "MPL-2.0", "Apache-2.0"}
    there = {path.name for path in manifest.parent.iterdir()} - {manifest.name}
    assert there == set(listed)


def test_the_lock_of_vendored_packages_has_hashes_and_no_addresses() -> None:
    text = (PROJECT / "deploy" / "web" / "package-lock.json").read_text("utf-8")
    packages = json.loads(text)["packages"]
    assert all(entry["integrity"].startswith("sha512-") for name, entry in packages.items() if name)
    assert "resolved" not in text


def test_every_icon_a_page_asks_for_is_in_the_sprite() -> None:
    sprite = (STATIC / "vendor" / "icons.svg").read_text("utf-8")
    here = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    asked = set()
    root = Path(controller.__file__).parent
    for template in root.rglob("*.html"):
        asked |= set(re.findall(r'{% icon "([\w-]+)"', template.read_text("utf-8")))
    asked |= set(
        re.findall(r'icon = "([\w-]+)"', (root / "wording" / "words.toml").read_text("utf-8"))
    )
    assert asked <= here


def test_the_style_sheet_is_sent_packed(db: None) -> None:
    answer = Client().get("/static/vendor/tabler.min.css", headers={"accept-encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert int(answer.headers["Content-Length"]) < 100_000
    answer.close()


@pytest.mark.parametrize("path", ["/sign-in/", "/", "/computers/", "/nowhere/"])
def test_a_demonstration_says_so_on_every_page(
    path: str, technician: User, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frame, "_demo", lambda: True)
    client = Client() if path == "/sign-in/" else signed_in(technician)
    assert "made up" in client.get(path).content.decode()
