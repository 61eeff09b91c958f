"""The pages as `caretaker serve` gives them, over real HTTPS: sign-in, style sheets, the list as a
file."""

import http.cookiejar
import re
import ssl
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.controller.commands.served import environment, free_port, serving

_PASSWORD = "a long one for Monday mornings"
_MAKE = """
import sys
from pathlib import Path
from controller.config import load, use
use(load({"data": sys.argv[1]}))
from controller.commands.shared import django
django()
from controller.people.models import Membership, User
from inventory.models import Site
user = User.objects.create_user(username="head", password=sys.argv[2])
Membership.objects.create(user=user, site=Site.objects.get(), role="technician")
"""


class Browser:
    """Cookies and forms, without a picture."""

    def __init__(self, port: int) -> None:
        self.base = f"https://127.0.0.1:{port}"
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(
            jar, urllib.request.HTTPSHandler(context=context)
        )

    def get(self, path: str) -> "tuple[str, dict[str, str], bytes]":
        """Where it led, headers in lower case, body."""
        return self._open(urllib.request.Request(self.base + path))  # noqa: S310  our server

    def submit(self, path: str, **fields: str) -> "tuple[str, dict[str, str], bytes]":
        """Fill the form of a page in and send it."""
        _, _, page = self.get(path)
        (token, *_) = re.findall(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token.decode(), **fields}).encode()
        head = {"Referer": self.base + path}
        return self._open(urllib.request.Request(self.base + path, data, head))  # noqa: S310  as above

    def _open(self, request: urllib.request.Request) -> "tuple[str, dict[str, str], bytes]":
        with self._opener.open(request, timeout=60) as answer:
            head = {name.lower(): value for name, value in answer.headers.items()}
            return answer.geturl(), head, answer.read()


@pytest.fixture
def browser(folder: Path) -> Iterator[Browser]:
    """A browser before a running server in which a technician has an account."""
    subprocess.run(
        [sys.executable, "-P", "-c", _MAKE, str(folder), _PASSWORD],
        check=True,
        env=environment(),
        timeout=120,
    )
    port = free_port()
    with serving(folder, port):
        yield Browser(port)


def test_a_technician_signs_in_and_takes_the_list_home(browser: Browser) -> None:
    where, _, page = browser.get("/computers/")
    assert "/sign-in/" in where
    (sheet, *_) = re.findall(rb'href="(/static/[^"]+\.css[^"]*)"', page)
    _, head, style = browser.get(sheet.decode())
    assert head["content-type"].startswith("text/css")
    assert head["x-content-type-options"] == "nosniff"
    assert len(style) == int(head["content-length"])

    where, _, _ = browser.submit("/sign-in/", login="head", password=_PASSWORD)
    assert where == browser.base + "/"
    where, head, page = browser.get("/computers/")
    assert where.endswith("/computers/")
    assert head["cache-control"] == "no-store"
    _, head, rows = browser.get("/computers.csv")
    assert head["content-type"] == "text/csv; charset=utf-8"
    assert rows.startswith(b'\xef\xbb\xbf"Name"')
