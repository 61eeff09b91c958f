"""What the worker says, line by line, as it is believed: typed, every text and list bounded."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from checks.surveys.lan import Way

_Mac = Annotated[str, Meta(pattern=r"\A[0-9a-f]{2}(:[0-9a-f]{2}){5}\Z")]
_Address = Annotated[str, Meta(max_length=45)]
_Text = Annotated[str, Meta(max_length=256)]


class Thing(msgspec.Struct, frozen=True):
    """What the worker says of one thing."""

    mac: _Mac
    addresses: Annotated[list[_Address], Meta(max_length=64)]
    by: Annotated[list[Way], Meta(max_length=8)]
    services: Annotated[list[_Text], Meta(max_length=64)]
    vendor_class: _Text = ""
    asked: Annotated[list[Annotated[int, Meta(ge=0, le=255)]], Meta(max_length=64)] = []
    model: _Text = ""


class Offered(msgspec.Struct, frozen=True):
    """What the worker says of one offer."""

    server: _Address
    mac: _Mac
    relayed: bool
    router: _Address
    resolvers: Annotated[list[_Address], Meta(max_length=8)]


class Done(msgspec.Struct, frozen=True):
    """Its last word."""

    frames: int
    asked: int
    cut: bool
    passed_over: bool


class Walked(msgspec.Struct, frozen=True):
    """All that a walk told."""

    things: list[Thing]
    offers: list[Offered]
    done: Done


class Failed(msgspec.Struct, frozen=True):
    """Why the worker did nothing."""

    code: Literal["refused", "out-of-scope", "tool-missing", "denied", "card"]
    detail: _Text = ""


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the worker's: one of these."""

    heard: Thing | None = None
    offer: Offered | None = None
    progress: dict[str, int] | None = None
    done: Done | None = None
    failed: Failed | None = None
