"""The keys in force as a person compares them: fingerprints as `ssh-keygen -l` writes them, and
since when each is listed."""

from pathlib import Path

import msgspec

from controller.roots import files
from wire import keys


class Shown(msgspec.Struct, frozen=True):
    """One key. `fingerprint` is `SHA256:…`, of a certificate's key the digest that agents pin."""

    what: str
    fingerprint: str
    since: int
    in_use: bool


class Overview(msgspec.Struct, frozen=True):
    """The list in force."""

    version: int
    at: int
    delegated: bool
    addresses: list[str]
    keys: list[Shown]


_PLACES = {
    "controllers": "controller",
    "logs": "evidence log",
    "policy_signers": "policy",
    "scope_signers": "scope",
    "tls_spki": "certificate",
}


def overview(data: Path) -> Overview:
    """Read the roots and all that came before them. Raises DataFolderError."""
    current = files.current(data)
    history = [files.of_version(data, version) for version in files.archived(data)] or [current]
    shown = [
        Shown(
            "recovery",
            keys.key_id(keys.from_text(current.recovery)),
            next(one.at for one in history if one.recovery == current.recovery),
            in_use=True,
        )
    ]
    for place, what in _PLACES.items():
        for number, named in enumerate(getattr(current, place)):
            since = next((one.at for one in history if named in getattr(one, place)), current.at)
            print_ = named if place == "tls_spki" else keys.key_id(keys.from_text(named))
            in_use = number == 0 or place.endswith("signers")
            shown.append(Shown(what, print_, since, in_use=in_use))
    return Overview(current.version, current.at, current.delegated, current.addresses, shown)
