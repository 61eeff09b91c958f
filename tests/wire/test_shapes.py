"""No field of any message is unbounded or loosely typed, and only the envelope is closed."""

import re
from inspect import Parameter, signature
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from wire import (
    credentials,
    dsse,
    enrolment,
    frame,
    limits,
    policy,
    problem,
    readmit,
    receipt,
    rekey,
    report,
    roots,
    scope,
)

MESSAGES: tuple[type[msgspec.Struct], ...] = (
    dsse.Envelope,
    report.Report,
    receipt.Receipt,
    problem.Problem,
    enrolment.Hello,
    enrolment.Enrol,
    enrolment.Enrolment,
    roots.Roots,
    rekey.Rekey,
    readmit.Readmit,
    policy.Rules,
    scope.Scope,
    credentials.Credentials,
)

CLOSED = {"Envelope", "Signature", "Rekey"}
"""What has one spelling only: digests and a second signature are over the bytes written again."""


def structs() -> dict[str, inspect.StructType]:
    """Give every struct that travels, found by walking from the messages down."""
    found: dict[str, inspect.StructType] = {}

    def walk(kind: inspect.Type) -> None:
        if isinstance(kind, inspect.StructType):
            if kind.cls.__name__ not in found:
                found[kind.cls.__name__] = kind
                for field in kind.fields:
                    walk(field.type)
        elif isinstance(kind, inspect.UnionType):
            for one in kind.types:
                walk(one)
        elif isinstance(kind, inspect.ListType):
            walk(kind.item_type)

    for message in MESSAGES:
        walk(inspect.type_info(message))
    return found


FIELDS = [
    pytest.param(field.type, id=f"{name}.{field.encode_name}")
    for name, kind in structs().items()
    for field in kind.fields
]


@pytest.mark.parametrize("name", structs())
def test_a_struct_is_frozen_keyword_only_and_passes_over_what_is_newer(name: str) -> None:
    kind = structs()[name]
    config: Any = kind.cls.__struct_config__
    assert config.frozen
    assert kind.forbid_unknown_fields == (name in CLOSED)
    assert not config.omit_defaults, "a field left out would be a second spelling"
    assert not config.array_like
    parameters = signature(kind.cls).parameters.values()
    assert all(one.kind is Parameter.KEYWORD_ONLY for one in parameters)


@pytest.mark.parametrize("kind", FIELDS)
def test_a_field_is_bounded(kind: inspect.Type) -> None:
    _check_bounded(kind)


def _check_bounded(kind: inspect.Type) -> None:
    match kind:
        case inspect.StrType(max_length=longest):
            assert longest is not None
            larger = {limits.NOW_SECTION, limits.PAYLOAD, 87384, credentials.SEALED}
            assert longest <= limits.STRING or longest in larger
        case inspect.IntType(ge=ge, le=le):
            assert ge is not None
            assert ge >= 0
            assert le is not None
            assert le <= limits.INTEGER
        case inspect.ListType(item_type=item, max_length=longest):
            assert longest is not None
            _check_bounded(item)
        case inspect.UnionType(types=kinds):
            for one in kinds:
                _check_bounded(one)
        case inspect.LiteralType() | inspect.NoneType() | inspect.StructType() | inspect.BoolType():
            pass
        case _:
            pytest.fail(f"{kind} is neither text, whole number, list, struct nor null")


def test_what_may_be_left_out_has_no_empty_form() -> None:
    """Else the same could be said in two ways."""
    optional = [
        field.type
        for kind in structs().values()
        for field in kind.fields
        if not field.required and field.default is field.default_factory is msgspec.NODEFAULT
    ]
    assert len(optional) >= 2
    for kind in optional:
        if isinstance(kind, inspect.IntType):
            assert kind.ge == frame.FIRST + 1
            continue
        assert isinstance(kind, inspect.StrType)
        assert kind.pattern is not None
        assert re.search(kind.pattern, "") is None


def test_every_message_has_its_version_and_every_field_ascii_snake_case() -> None:
    for name, kind in structs().items():
        names = {field.encode_name for field in kind.fields}
        if name in {
            "Report",
            "Receipt",
            "Problem",
            "Hello",
            "Enrol",
            "Enrolment",
            "Roots",
            "Rekey",
            "Readmit",
            "Rules",
            "Scope",
            "Credentials",
        }:
            assert "v" in names
        assert all(one.isascii() for one in names)
        assert all(one == one.lower() or one == "payloadType" for one in names)


def test_the_places_for_the_evidence_log_and_the_key_list_are_there() -> None:
    assert {"index", "size", "root"} <= set(receipt.Receipt.__struct_fields__)
    assert {"seen", "roots"} <= set(report.Report.__struct_fields__)
    assert "roots" in enrolment.Hello.__struct_fields__
