"""Facts that a computer made up: whatever fits the schema gets verdicts, never an exception.

A judge that raises ends the judging process, and with it every verdict of that computer.
"""

import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import inspect

from checks.catalogue import catalogue
from checks.device import judge_device
from checks.facts import Facts, MalformedSectionError, decode_section, encode_section
from checks.judging import Body, Device, Moment
from checks.operating_system.facts import OperatingSystemFacts
from checks.policy import DEFAULT_POLICY
from checks.words import sentence
from wire import limits

TODAY = datetime.date(2026, 11, 22)
NUMBERS = st.one_of(
    st.sampled_from(
        [0, 1, -1, 900, 1 << 33, limits.INTEGER, -limits.INTEGER, -(1 << 63), (1 << 63) - 1]
    ),
    st.integers(-(1 << 63), (1 << 63) - 1),
)
TEXTS = st.one_of(
    st.sampled_from(["", "linux", "12", "12.5", "9" * 1_000, "debian", "1:2-3", "*", "<b>"]),
    st.text(max_size=20),
)


def values(kind: inspect.Type) -> st.SearchStrategy[Any]:
    """Plain values that a type of facts accepts, the edges of numbers more often than not."""
    match kind:
        case inspect.UnionType():
            return st.one_of([values(one) for one in kind.types])
        case inspect.LiteralType():
            return st.sampled_from(list(kind.values))
        case inspect.ListType():
            return st.lists(values(kind.item_type), max_size=3)
        case inspect.StructType():
            return st.fixed_dictionaries(
                {field.encode_name: values(field.type) for field in kind.fields}
            )
        case inspect.NoneType():
            return st.none()
        case inspect.BoolType():
            return st.booleans()
        case inspect.IntType():
            return NUMBERS
        case inspect.StrType():
            return TEXTS
        case _:
            raise TypeError(kind)


SECTIONS = [section for domain in catalogue().domains for section in domain.sections]
ALL = st.fixed_dictionaries({section: values(inspect.type_info(section)) for section in SECTIONS})


@given(
    ALL,
    st.sampled_from([0, 1_795_000_000, limits.LATEST]),
    st.sampled_from(["pupil", "staff", "server"]),
)
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
def test_whatever_fits_the_schema_gets_verdicts_and_sentences(
    made_up: dict[type[Facts], Any], seen: int, profile: Any
) -> None:
    sections: dict[type[Facts], Body] = {
        section: msgspec.convert(value, section) for section, value in made_up.items()
    }
    known = catalogue()
    device, moment = Device("linux", profile), Moment.at(seen, TODAY)
    verdicts = judge_device(known, sections, DEFAULT_POLICY, device, moment)
    assert len(verdicts) == len(list(known.judged()))
    for verdict in verdicts:
        assert sentence(known.check(verdict.check), verdict.says, verdict.args)


def _system(**changed: Any) -> OperatingSystemFacts:
    return OperatingSystemFacts(
        **{
            "product": "other",
            "name": "Fedora Linux 43",
            "release": "43",
            "point": None,
            "build": None,
            "edition": None,
            "support_end": None,
            "extended": [],
            "kernel": None,
            "architecture": None,
            "automatic": [],
            "managed_by": None,
        }
        | changed
    )


@pytest.mark.parametrize("ends", [-1, -(1 << 53), 1 << 53])
def test_an_end_of_support_that_is_no_date_is_unknown(ends: int) -> None:
    sections: dict[type[Facts], Body] = {OperatingSystemFacts: _system(support_end=ends)}
    verdicts = judge_device(
        catalogue(), sections, DEFAULT_POLICY, Device("linux"), Moment.at(1_795_000_000, TODAY)
    )
    assert {v.check: v.status for v in verdicts}["os-supported"] == "unknown"


@pytest.mark.parametrize("schema", [1, 2])
def test_a_nul_makes_a_section_malformed_because_postgresql_cannot_store_what_follows(
    schema: int,
) -> None:
    body = encode_section(_system(name="Fedora\0Linux"))
    with pytest.raises(MalformedSectionError):
        decode_section(body, schema, OperatingSystemFacts)
