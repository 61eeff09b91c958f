"""Sheets of Snipe-IT and GLPI, and inventories as GLPI's agents write them."""

import pytest

from inventory.imports.columns import guess
from inventory.imports.planning import Register, plan
from inventory.imports.sheets import SheetError, read
from tests.checks import corpus

EMPTY = Register([], {}, {})
SNIPE = """Company,Name,Asset Tag,Category,Supplier,Manufacturer,Location,Order Number,Model,\
Model Notes,Model Number,Asset Notes,Purchase Date,Purchase Cost,Checked Out To: Username
,Oak 1,HS-1,Laptop,Misco,HP,Oak,PO-7,ProBook 440,,4B2,scratched,2023-01-23,449.99,maya
"""
GLPI = """Name;Status;Manufacturers;Serial number;Types;Model;Operating System - Name;Locations;\
Last update;Inventory number
OAK-1;In use;HP;5CD0000001;Laptop;ProBook 440;Windows 11;Oak;2026-11-01 08:00;HS-1
"""


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (SNIPE, ["Model Notes", "Model Number", "Checked Out To: Username"]),
        (GLPI, ["Operating System - Name", "Last update"]),
    ],
    ids=["Snipe-IT", "GLPI"],
)
def test_a_sheet_of_another_register_goes_in_and_what_does_not_is_named(
    text: str, left: list[str]
) -> None:
    sheet = read(text.encode())
    columns = guess(sheet.headers)
    assert [name for at, name in enumerate(sheet.headers) if at not in columns] == left
    found = plan(sheet, columns, "tag", EMPTY)
    assert (len(found.new), found.refused) == (1, [])
    values = found.new[0].values
    assert (values["tag"], values["kind"], values["make"]) == ("HS-1", "laptop", "HP")
    assert found.rooms == ["Oak"]


INVENTORY = b"""{"itemtype": "Computer", "deviceid": "a", "content": {
 "bios": {"ssn": "5CD0000001", "smodel": "ProBook 440", "smanufacturer": "HP", "assettag": 7},
 "hardware": {"name": "OAK-1", "chassis_type": "Notebook"}, "cpus": [{"name": "i5"}]}}"""


def test_an_inventory_of_glpi_is_a_row_by_its_serial_number() -> None:
    for data in (INVENTORY, b"\xef\xbb\xbf" + INVENTORY, b"[" + INVENTORY + b"]"):
        sheet = read(data)
        columns = guess(sheet.headers)
        (one,) = plan(sheet, columns, "serial", EMPTY).new
        assert one.values == {
            "name": "OAK-1",
            "kind": "laptop",
            "make": "HP",
            "model": "ProBook 440",
            "serial": "5CD0000001",
        }
        left = [name for at, name in enumerate(sheet.headers) if at not in columns]
        assert left == ["Asset tag of the BIOS", "Also told"]
        assert sheet.rows[0].cells[-1] == "cpus"


@pytest.mark.parametrize(
    "data",
    [
        b'{"a": 1}',
        b'{"content": 5}',
        b'{"content": {"bios": []}}',
        b'[{"content": {}}, {"x"',
        b'{"content": {"a":' + b"[" * 200_000,
    ],
)
def test_json_that_is_no_inventory_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(SheetError, match="JSON"):
        read(data)


def test_every_example_of_glpi_goes_in() -> None:
    for path in corpus.need("glpi-inventory-format/examples").glob("*.json"):
        sheet = read(path.read_bytes())
        found = plan(sheet, guess(sheet.headers), "serial", EMPTY)
        assert (len(found.new) + len(found.refused)) == 1, path.name
        if found.new:
            assert found.new[0].values["make"], path.name
