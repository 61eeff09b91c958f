"""The network as the command line prints it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from controller.commands import shared

Row = Mapping[str, Any]
_HEADS: Final[Mapping[str, tuple[str, ...]]] = {
    "things": ("id", "address", "maker", "looks_like", "hangs_off", "first_seen", "last_seen"),
    "equipment": ("id", "kind", "name", "model", "serial", "address", "entry", "last_seen"),
    "wireless": ("network", "access_point", "protection", "of_ours", "last_seen"),
    "servers": ("id", "address", "subnet", "mac", "said", "last_seen"),
    "rounds": ("id", "began", "scanner", "hosts", "devices", "whole", "refused"),
}
_TIMES: Final = frozenset({"first_seen", "last_seen", "began"})
_NOTHING: Final = {
    "things": "Nothing of the kind was seen.",
    "rounds": "No round was ever made; docs/surveys.md says how to begin.",
}


def rows(site: str, view: str, today: str) -> list[Row]:
    """One mapping a line; times in epoch seconds."""
    from inventory.network import queries

    if view == "equipment":
        return [_gear(row) for row in queries.whole_map([site]).devices]
    if view == "wireless":
        return [_bss(row) for row in queries.air([site]).heard]
    if view == "servers":
        return [_server(row) for row in queries.servers([site])]
    if view == "rounds":
        return [_round(row) for row in queries.surveys([site])]
    named: Any = "" if view == "unknown" else view
    return [_thing(one) for one in queries.things([site], named, today)]


def listed(view: str, found: Sequence[Row]) -> str:
    """The table, or one sentence."""
    kind = view if view in _HEADS else "things"
    if not found:
        return _NOTHING.get(kind, _NOTHING["things"])
    heads = _HEADS[kind]
    lines = [[_cell(head, row[head]) for head in heads] for row in found]
    return shared.table([head.replace("_", " ") for head in heads], lines)


def one(site: str, thing: str) -> dict[str, Any]:
    """All of one thing. Raises CannotError."""
    from inventory.network import queries

    if thing.startswith("net_"):
        row = queries.device([site], thing)
        found = dict(_gear(row)) if row else {}
        found["ports"] = len(queries.ports([site], thing))
        found["not_seen"] = row["unseen"] if row else {}
        return found
    if thing.startswith("dhcp_"):
        return next(dict(_server(row)) for row in queries.servers([site]) if row["id"] == thing)
    told = queries.thing([site], thing)
    if told is None:
        raise shared.CannotError("No such thing was seen at this school, or not lately.")
    said = {name: told.row[name] for name in ("trust", "until", "reason", "rounds", "because")}
    return {**_thing(told), **said, "ports_open": list(told.doors)}


def shown(row: Row) -> str:
    """One line for each thing to say."""
    return shared.table(
        ("", ""), [(name.replace("_", " "), _cell(name, row[name])) for name in row]
    )


def _thing(one: Any) -> Row:
    row, place = one.row, one.place
    where = f"{place.device_name or place.device_location} port {place.port}" if place else ""
    return {
        "id": row["id"],
        "address": row["address"],
        "maker": row["vendor"],
        "looks_like": row["likely"],
        "hangs_off": where.strip(),
        "first_seen": row["first_at"],
        "last_seen": row["last_at"],
    }


def _gear(row: Row) -> Row:
    return {
        "id": row["id"],
        "kind": row["kind"],
        "name": row["name"],
        "model": row["model"],
        "serial": ", ".join(row["serials"]),
        "address": row["address"],
        "entry": row["asset__tag"] or row["asset_id"] or "",
        "last_seen": row["last_at"],
    }


def _bss(row: Row) -> Row:
    return {
        "network": row["ssid"],
        "access_point": row["bssid"],
        "protection": row["security"],
        "of_ours": row["point__name"] or "",
        "last_seen": row["last_at"],
    }


def _server(row: Row) -> Row:
    return {
        "id": row["id"],
        "address": row["server"],
        "subnet": row["subnet"],
        "mac": row["mac"],
        "said": row["trust"],
        "last_seen": row["last_at"],
    }


def _round(row: Row) -> Row:
    return {
        "id": row["id"],
        "began": row["began_at"],
        "scanner": row["scanner"],
        "hosts": row["counts"].get("hosts", 0),
        "devices": row["counts"].get("devices", 0),
        "whole": "no" if row["partial"] else "yes",
        "refused": row["refused"],
    }


def _cell(name: str, value: Any) -> str:
    if name in _TIMES:
        return shared.moment(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {why}" for key, why in sorted(value.items()))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
