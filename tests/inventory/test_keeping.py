"""Every table says why it exists and how long its rows are kept, and is stored as it should be."""

import pytest
from django.apps import apps
from django.db import connection, models

from inventory.keeping import KeepFor, Kept

OURS = [
    model
    for model in apps.get_models()
    if model.__module__.startswith(("controller.", "inventory."))
]
BY_KEY = [
    "fleet_held",
    "fleet_wanted",
    "fleet_verdict",
    "fleet_pastverdict",
    "fleet_tally",
    "fleet_night",
    "inventory_line",
    "inventory_waypoint",
]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_table_says_why_and_how_long(model: type[models.Model]) -> None:
    assert issubclass(model, Kept)
    assert model.purpose.endswith(".")
    assert isinstance(model.keep_for, KeepFor)
    assert model.keep_for.rule


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_row_belongs_to_a_school(model: type[models.Model]) -> None:
    if model.__name__ in {"Site", "User"}:  # the school itself; a person may have several
        return
    field = model._meta.get_field("site")
    assert isinstance(field, models.Field)
    assert not field.null


@pytest.mark.django_db
@pytest.mark.parametrize("table", BY_KEY)
def test_a_hot_table_is_stored_by_its_key(table: str) -> None:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [table])
        (sql,) = cursor.fetchone()
    assert sql.upper().endswith("WITHOUT ROWID")


@pytest.mark.django_db
def test_open_verdicts_are_found_by_an_index_of_their_own() -> None:
    if connection.vendor != "sqlite":
        return
    question = (
        "EXPLAIN QUERY PLAN SELECT device_id FROM fleet_verdict "
        "WHERE check_id = 'x' AND status = 'fail' AND status IN ('warn', 'fail', 'unknown')"
    )
    with connection.cursor() as cursor:
        cursor.execute(question)
        assert "verdict_open" in str(cursor.fetchall())
