"""No table escapes: each says why it is there and how long, and what has days is let go."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from controller.fleet import retention as fleet
from controller.fleet.models import Device
from controller.personal import others
from controller.personal.columns import free_text, naming
from inventory.keeping import Kept

ALL = apps.get_models()
PRUNERS = (
    "controller/fleet/retention.py",
    "controller/personal/retention.py",
    "controller/records/judging.py",
)
ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("model", ALL, ids=lambda model: model._meta.label)
def test_a_table_says_why_it_is_there_and_how_long(model: type[models.Model]) -> None:
    kept = model if issubclass(model, Kept) else others.OTHERS[model._meta.label]
    assert kept.purpose.endswith(".")
    assert kept.keep_for.rule


def test_the_list_of_libraries_tables_names_no_table_that_is_not_there() -> None:
    theirs = {model._meta.label for model in ALL if not issubclass(model, Kept)}
    assert set(others.OTHERS) == theirs


def test_what_is_kept_for_a_number_of_days_is_let_go_by_the_night() -> None:
    """By its name in the code that does it: a promise nobody keeps would be worse than none."""
    code = "".join((ROOT / name).read_text("utf-8") for name in PRUNERS)
    code += (ROOT / "inventory/ledger/services.py").read_text("utf-8")
    for path in sorted(ROOT.glob("inventory/*/letting_go.py")):
        code += path.read_text("utf-8")
    promised = {m.__name__ for m in ALL if issubclass(m, Kept) and m.keep_for.days}
    assert promised >= {"Report", "PastVerdict", "JoinCode", "EventNote", "User", "Device"}
    forms = ("_edge({}", "{}.keep_for", "({}, ")  # the last: a table of what goes by age
    forgotten = {name for name in promised if not any(form.format(name) in code for form in forms)}
    assert forgotten == set()


def test_columns_that_name_a_person_are_found_by_what_they_are() -> None:
    found = {model._meta.label: set(columns) for model, columns in naming()}
    assert found["inventory.Event"] == {"actor", "subject"}
    assert found["fleet.JoinCode"] == {"created_by"}
    assert found["people.Membership"] == {"user_id"}
    for label, column in free_text():
        assert apps.get_model(label)._meta.get_field(column)


def test_all_that_hangs_on_a_computer_goes_when_it_is_forgotten() -> None:
    hanging = {relation.related_model for relation in Device._meta.related_objects}
    assert hanging == {*fleet._HANGING, *fleet.STAYS}


WORDLESS = frozenset(
    {
        *("inventory.Line.text", "inventory.Checkpoint.note", "inventory.Site.name"),
        *("inventory.Asset.make", "inventory.Asset.model", "inventory.Asset.serial"),
        *("inventory.Asset.funding", "inventory.Asset.supplier", "inventory.AssetMark.value"),
        *("inventory.Allocation.conditions", "inventory.Conditions.text"),
        *("inventory.SoftwareTitle.maker", "inventory.SoftwareTitle.watch"),
        *("inventory.SoftwareName.maker", "inventory.SoftwareName.app_id"),
        *("fleet.Device.os_name", "fleet.Device.model", "fleet.Device.words"),
        *("fleet.Standing.results", "inventory.AssetText.text"),
        *("inventory.Medium.key", "inventory.Medium.serial"),
        "inventory.CollectionLine.serial",
        *("inventory.DisposalMedium.serial", "inventory.DisposalMedium.make"),
        *("inventory.DisposalMedium.model", "inventory.DisposalMedium.wwn"),
        *("inventory.WatchedMark.value", "fleet.ReadBack.body", "fleet.SealedCredential.sealed"),
        *("inventory.NetworkDevice.make", "inventory.NetworkDevice.model"),
        *("inventory.NetworkDevice.firmware", "inventory.NetworkDevice.object_id"),
        *("inventory.NetworkMac.vendor", "inventory.NetworkMac.because"),
        *("inventory.Bss.ssid", "inventory.Wlan.ssid", "inventory.AwayDrive.mark"),
    }
)
"""Long texts that are no person's words, or another column's again."""


def test_a_long_text_is_searched_for_names_or_said_to_hold_none() -> None:
    long = {
        f"{model._meta.label}.{field.name}"
        for model in ALL
        if issubclass(model, Kept) and model._meta.app_label in ("inventory", "fleet", "api")
        for field in model._meta.concrete_fields
        if isinstance(field, models.TextField)
        or (isinstance(field, models.CharField) and (field.max_length or 0) >= 100)
    }
    assert long - {f"{label}.{column}" for label, column in free_text()} == WORDLESS
