"""Strategies made from the structs themselves: a new field is tested on the day it is added."""

from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from tests.wire.test_canonical import calm_text
from wire.errors import WireError
from wire.report import Report


def messages(struct: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    """Give valid instances of a struct: every field anywhere within its bounds."""
    return _of(inspect.type_info(struct)).filter(lambda made: made is not None)


def _of(kind: inspect.Type) -> st.SearchStrategy[Any]:
    """Give values of one msgspec type; a type without a branch here fails the test."""
    match kind:
        case inspect.StructType():
            return _struct(kind)
        case inspect.IntType(ge=ge, le=le):
            return st.integers(ge, le) | st.sampled_from([ge, le])
        case inspect.StrType(pattern=str(pattern)):
            return st.from_regex(pattern, fullmatch=True)
        case inspect.StrType(min_length=shortest, max_length=longest):
            return calm_text.map(lambda text: text[:longest].ljust(shortest or 0, "x"))
        case inspect.LiteralType(values=values):
            return st.sampled_from(values)
        case inspect.NoneType():
            return st.none()
        case inspect.UnionType(types=kinds):
            return st.one_of([_of(one) for one in kinds])
        case inspect.ListType(item_type=item, min_length=shortest):
            return st.lists(_of(item), min_size=shortest or 0, max_size=4)
        case _:
            raise AssertionError(f"no strategy for {kind}")


def _struct(kind: inspect.StructType) -> st.SearchStrategy[Any]:
    fields = {field.name: _of(field.type) for field in kind.fields if not _may_lack(field)}
    optional = {field.name: _of(field.type) for field in kind.fields if _may_lack(field)}

    def build(values: dict[str, Any]) -> msgspec.Struct | None:
        if kind.cls is Report and values["seq"] == 1:
            values["prev"] = ""
        elif kind.cls is Report:
            values["prev"] = values["prev"] or "sha256:" + "0" * 64
        try:
            return kind.cls(**values)
        except WireError:  # the same name twice: a rule that no single field can know
            return None

    drawn = st.fixed_dictionaries(fields, optional=optional)
    return drawn.map(build).filter(lambda made: made is not None)


def _may_lack(field: inspect.Field) -> bool:
    """Whether a field is left out when there is nothing to say."""
    return not field.required and field.default is field.default_factory is msgspec.NODEFAULT
