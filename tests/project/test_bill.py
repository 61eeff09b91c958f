"""The bill of materials follows the published schema of its format, CycloneDX 1.6.

The schemas are files of another project, as `vendor/manifest.json` says; what reads them comes with
schemathesis.
"""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from deploy import sbom
from tests.project.repository import ROOT

SCHEMAS = Path(__file__).parent / "vendor"
LOCK = (ROOT / "requirements.lock").read_text("utf-8")


def schema(address: str) -> Any:
    """One of the three schemas, by the end of its address."""
    return json.loads((SCHEMAS / address.rpartition("/")[2]).read_text("utf-8"))


@pytest.fixture(scope="module")
def faults() -> Any:
    """Says what the schema finds wrong."""
    judge = jsonschema_rs.validator_for(schema("bom-1.6.SNAPSHOT.schema.json"), retriever=schema)
    return lambda bill: [(list(f.instance_path), f.message) for f in judge.iter_errors(bill)]


def test_the_bill_follows_the_schema_of_its_format(faults: Any) -> None:
    assert faults(json.loads(sbom.text(LOCK))) == []


@pytest.mark.parametrize(
    ("field", "value"), [("type", "nonsense"), ("licenses", [{"license": {"id": "Nobody-1.0"}}])]
)
def test_a_bill_that_does_not_is_noticed(faults: Any, field: str, value: object) -> None:
    bill = json.loads(sbom.text(LOCK))
    bill["components"][0][field] = value
    assert faults(bill)
