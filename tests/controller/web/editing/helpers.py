"""Entries to change, and forms as a browser sends them."""

import re
from html import unescape
from typing import Any

from django.test import Client

from controller.people.models import User
from inventory.assets import queries, services
from inventory.assets.fields import FIELDS
from inventory.assets.writing import By
from tests.controller.web import school
from tests.controller.web.conftest import Place


def by(user: User, at: int = school.NOW - school.DAY) -> By:
    """A person, yesterday."""
    return By(user.id, at)


def laptop(place: Place, user: User, **values: object) -> str:
    """An entry a person made."""
    told = {"tag": "WB-0001", "kind": "laptop", "make": "HP", "model": "ProBook 440 G9"}
    return services.add(place.site.id, {**told, **values}, by=by(user))


def held(place: Place, asset_id: str) -> dict[str, Any]:
    """An entry as it is now."""
    found = queries.one([place.site.id], asset_id)
    assert found is not None
    return found


def form_of(client: Client, path: str) -> dict[str, str]:
    """What a browser would send of a form that nobody touched."""
    page = client.get(path)
    assert page.status_code == 200, path
    sent = {
        one.name: next((pick.value for pick in one.picks if pick.chosen), one.value)
        for part in page.context["sections"]
        for one in part.inputs
    }
    assert set(sent) == set(FIELDS)
    return sent | {"seq": str(page.context.get("seq", ""))}


def hidden_in(body: str) -> dict[str, str]:
    """What a page sends along that nobody sees."""
    inputs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', body)
    texts = re.findall(
        r'<textarea class="d-none" name="([^"]+)"[^>]*>\n(.*?)</textarea>', body, re.DOTALL
    )
    found = {name: unescape(value) for name, value in [*inputs, *texts]}
    return {name: value for name, value in found.items() if name != "csrfmiddlewaretoken"}
