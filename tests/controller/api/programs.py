"""Another program of the school, as the tests have it."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.test import Client

from controller.api import tokens
from controller.api.scopes import Scope
from controller.api.tokens import Wanted
from controller.people.models import User
from tests.controller.web import school
from tests.controller.web.conftest import Place

EVERY = list(Scope)
ENTRIES = "/api/v1/entries"


class Program:
    """Another program of the school."""

    def __init__(self, secret: str) -> None:
        """With its token."""
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {secret}"}

    def ask(
        self, method: str, path: str, sent: Any = None, headers: Mapping[str, str] | None = None
    ) -> HttpResponse:
        """One request."""
        body = "" if sent is None else json.dumps(sent)
        told: Any = self.client.generic(
            method, path, body, "application/json", headers={**self.headers, **(headers or {})}
        )
        return told  # type: ignore[no-any-return]  # Django's client makes what a view returned

    def get(self, path: str, status: int = 200) -> Any:
        """What is read there."""
        answer = self.ask("GET", path)
        assert answer.status_code == status, answer.content
        return json.loads(answer.content)


def let_in(place: Place, user: User, scopes: list[Scope] = EVERY, days: int = 30) -> Program:
    """A program with a new token."""
    made = tokens.make(place.site.id, Wanted("MIS", scopes, days), actor=user.id, at=school.NOW)
    return Program(made.secret)


def said(answer: HttpResponse) -> tuple[int, str]:
    """Status and code of a problem, whose sentence is one."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = json.loads(answer.content)
    assert problem["status"] == answer.status_code
    assert problem["detail"].endswith(".")
    return answer.status_code, problem["code"]
