"""What lets this scanner in somewhere, as it lies on the scanner: each secret sealed to the
scanner's own key, typed here or fetched from the controller; and the host keys a person compared.

`sealing.key` opens them and lies beside them, readable by the scanner's own account alone: sealing
keeps a secret out of back-ups, exports and the controller, not from whoever is root here. Names are
the scope's; one typed here goes before one that was fetched under the same name.
"""

import logging
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

import msgspec

from agent import files
from wire import credentials
from wire.credentials import Opened, SealedSecret
from wire.errors import WireError

log = logging.getLogger("agent")

SEALING: Final = "sealing.key"
FETCHED: Final = "credentials.json"
TYPED: Final = "credentials_typed.json"
PINS: Final = "host_keys.json"
NAMES: Final = (SEALING, FETCHED, TYPED, PINS)
"""All of it, for when this computer gives up who it is."""
MOST_PINS: Final = 500
_KEY: Final = 32
_LARGEST: Final = 512 * 1024
_FINGERPRINT: Final = re.compile(r"SHA256:[0-9A-Za-z+/]{43}")


class HeldError(Exception):
    """It cannot be kept; the sentence says what to do."""


class _Sealed(msgspec.Struct, frozen=True):
    v: Literal[1] = 1
    sealed: list[SealedSecret] = []


class _Pins(msgspec.Struct, frozen=True):
    v: Literal[1] = 1
    pins: dict[str, str] = {}
    """Address → fingerprint, as `ssh-keygen -l` writes it."""


def key(folder: Path) -> bytes:
    """The scanner's own key, made when first asked for. Raises OSError, HeldError."""
    path = folder / SEALING
    found = files.read_or_none(path, _KEY + 1)
    if found is None:
        found = credentials.new_key()
        files.replace(path, found)
    if len(found) != _KEY:
        raise HeldError(f"{path} is damaged: remove it, and type the credentials again.")
    return found


def public(folder: Path) -> str:
    """What others seal to; "" while this computer never had a key. Raises OSError, HeldError."""
    return credentials.public_of(key(folder)) if (folder / SEALING).exists() else ""


def held(folder: Path, device: str) -> dict[str, Opened]:
    """All that opens, by name. What does not is said in the log by its name alone."""
    found: dict[str, Opened] = {}
    sealed = [*_load(folder / FETCHED), *_load(folder / TYPED)]
    if not sealed:
        return found
    mine = key(folder)
    for one in sealed:
        try:
            found[one.id] = credentials.unseal(one, mine, device)
        except WireError as error:
            log.warning("code=credential_closed credential=%s why=%s", one.id, error.code)
    return found


def fetched(folder: Path, sealed: Iterable[SealedSecret]) -> None:
    """All that the controller holds for this scanner; what is left out goes. Raises OSError."""
    _save(folder / FETCHED, sealed)


def typed(folder: Path, device: str, name: str, opened: Opened) -> None:
    """One that a person typed on this computer. Raises WireError, HeldError, OSError."""
    made = credentials.seal(opened, credentials.public_of(key(folder)), device, name)
    others = [one for one in _load(folder / TYPED) if one.id != name]
    if len(others) >= credentials.MOST:
        raise HeldError(f"There are {credentials.MOST} already; remove one first.")
    _save(folder / TYPED, [*others, made])


def removed(folder: Path, name: str) -> bool:
    """Let go of one that was typed here; whether there was one. Raises OSError."""
    before = _load(folder / TYPED)
    left = [one for one in before if one.id != name]
    if len(left) < len(before):
        _save(folder / TYPED, left)
    return len(left) < len(before)


def names(folder: Path) -> list[tuple[str, str, str]]:
    """(name, kind, "typed" or "fetched"), never what is in them."""
    both = [(one, "fetched") for one in _load(folder / FETCHED)]
    both += [(one, "typed") for one in _load(folder / TYPED)]
    return sorted((one.id, one.kind, where) for one, where in both)


def pins(folder: Path) -> dict[str, str]:
    """Address → fingerprint of the host key that a person compared. Raises OSError, HeldError."""
    data = files.read_or_none(folder / PINS, _LARGEST)
    try:
        return {} if data is None else msgspec.json.decode(data, type=_Pins).pins
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise HeldError(
            f"{folder / PINS} is damaged: remove it, and pin the keys again."
        ) from error


def pin(folder: Path, address: str, fingerprint: str) -> None:
    """Believe this host key at this address from now on; "" forgets it. Raises HeldError."""
    if fingerprint and not _FINGERPRINT.fullmatch(fingerprint):
        raise HeldError(
            "A fingerprint looks like SHA256: and 43 characters. On the device or beside it: "
            "ssh-keygen -lf its public key."
        )
    known = {**pins(folder), address: fingerprint}
    known = {where: one for where, one in known.items() if one}
    if len(known) > MOST_PINS:
        raise HeldError(f"More than {MOST_PINS} host keys are pinned here.")
    files.replace(folder / PINS, msgspec.json.encode(_Pins(pins=known), order="sorted"))


def _load(path: Path) -> list[SealedSecret]:
    try:
        data = files.read_or_none(path, _LARGEST)
        return [] if data is None else msgspec.json.decode(data, type=_Sealed).sealed
    except (msgspec.DecodeError, UnicodeDecodeError, OSError):
        log.warning("code=credentials_unreadable file=%s", path.name)
        return []


def _save(path: Path, sealed: Iterable[SealedSecret]) -> None:
    files.replace(path, msgspec.json.encode(_Sealed(sealed=list(sealed)), order="sorted"))
