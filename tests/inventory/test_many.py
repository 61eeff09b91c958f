"""Things are chosen by the ten thousand, and a database takes only so many values in a question."""

import sqlite3
from collections.abc import Iterator

import msgspec
import pytest
from django.db import connection

from inventory import naming
from inventory.allocation.services import allocate, take_back
from inventory.assets import services
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.identity import recognising
from inventory.many import PART, by_id, parts
from inventory.models import Asset
from inventory.places.services import add_room, create_site

NOW = 1_795_400_000
BY = By("user_1", NOW)
MANY = 1_001

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_questions(db: None) -> Iterator[None]:
    """The least that any SQLite takes; PostgreSQL is as it is."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    kind = sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER
    before = connection.connection.setlimit(kind, 999)
    yield
    connection.connection.setlimit(kind, before)


def test_a_thousand_and_one_things_are_made_changed_given_taken_moved_named_and_undone() -> None:
    site = create_site(name="Hill School", at=NOW)
    rows = [{"tag": f"T{n}", "serial": f"SN{n:05}", "name": f"N{n}"} for n in range(MANY)]
    made = services.add_many(site, rows, by=BY)
    batch = msgspec.structs.replace(BY, batch="batch_1")
    changes = {one: {"serial": f"XN{one}", "tag": f"U-{one}"} for one in made}
    assert services.change_many(site, changes, by=batch) == MANY
    room = add_room(site, "Oak", by=BY)
    assert len(allocate(site, made, room, by=BY)) == MANY
    assert take_back(site, made, by=BY) == MANY
    assert services.move(site, made, "stored", by=BY) == MANY
    assert len(naming.names({site}, made)) == MANY
    assert len(recognising.reported_values(made)) == MANY
    undone = services.undo(site, "batch_1", by=BY)
    assert (undone.done, undone.kept) == (MANY, [])


def test_a_tag_that_is_in_use_is_found_among_a_thousand_and_one() -> None:
    site = create_site(name="Hill School", at=NOW)
    services.add(site, {"tag": "T1000"}, by=BY)
    with pytest.raises(RegisterError, match="T1000"):
        services.add_many(site, [{"tag": f"T{n}"} for n in range(MANY)], by=BY)


@pytest.mark.parametrize("number", [0, 1, PART, PART + 1])
def test_parts_hold_each_id_once_in_order(number: int) -> None:
    ids = [f"asset_{n:05}" for n in reversed(range(number))]
    found = list(parts([*ids, *ids]))
    assert [one for part in found for one in part] == sorted(ids)
    assert all(0 < len(part) <= PART for part in found)
    assert by_id(Asset.objects.all(), ids) == []
