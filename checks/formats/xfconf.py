"""Xfce's channel files: nested `<property>` elements flattened to `/path` → value and lock.

The files lie in users' homes, so they are hostile: a document type or entity is refused, depth is
bounded.
"""

from typing import TYPE_CHECKING

import msgspec

from checks.formats import secret_values
from checks.formats.errors import ParseError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

DEEPEST = 16


class Property(msgspec.Struct, frozen=True):
    """One property.

    `locked` is true when an administrator's file forbids users to change it.
    """

    value: str
    locked: bool


def parse(data: bytes) -> dict[str, Property]:
    """Flatten one channel file.

    Raises ParseError.
    """
    from xml.etree import ElementTree  # loaded on a machine with Xfce only

    if b"<!" in data.replace(b"<!--", b""):
        raise ParseError("a document type or entity in a settings file")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314  (no document type gets here: no entities)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise ParseError(str(error)) from error
    found: dict[str, Property] = {}
    _flatten(root, "", "locked" in root.attrib, found, 0)
    return found


def _flatten(
    element: "Element", path: str, locked: bool, found: dict[str, Property], depth: int
) -> None:
    if depth > DEEPEST:
        raise ParseError("properties nested too deeply")
    for child in element:
        name = child.get("name")
        if child.tag != "property" or not name:
            continue
        here = f"{path}/{name}"
        fixed = locked or "locked" in child.attrib
        if "value" in child.attrib:
            value = secret_values.without(name, child.attrib["value"])
            found[here] = Property(value, fixed)
        _flatten(child, here, fixed, found, depth + 1)
