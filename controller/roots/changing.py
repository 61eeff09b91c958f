"""A new version of the roots for each thing that can be lost, stolen or replaced (O3).

Each change is signed with the recovery key before anything on disk is touched, so a wrong key
changes nothing. A key that goes is still listed behind its successor, so that answers on their way
and a controller brought back from an older backup are believed; unless it was stolen.

Traps: a key of the controller is written beside the old one first, then the roots that name it,
then it takes the old one's name. `settle` finishes that after a crash: a `.new` that the roots name
first is the one in force.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from controller.data import certificate
from controller.data.datafolder import write_private
from controller.roots import files
from controller.roots.first import publish
from controller.roots.recovery import Recovery, RecoveryKeyError
from wire import keys, limits
from wire.errors import WireError
from wire.roots import Roots, heir, sign_roots

Online = Literal["signing", "log"]
_LISTED: Final[dict[Online, str]] = {"signing": "controllers", "log": "logs"}
_KEPT: Final = 2
"""Controller keys and certificates listed: the one in use and the one before."""


def check(data: Path, recovery: Recovery) -> Roots:
    """The roots in force, if `recovery` may follow them. Raises RecoveryKeyError."""
    current = files.current(data)
    if recovery.public != heir(current):
        raise RecoveryKeyError(
            "This is a recovery key, but not the one of this controller; nothing was changed."
        )
    return current


def change(data: Path, recovery: Recovery, at: int, *, version: int = 0, **changes: Any) -> Roots:
    """Sign the next version with `changes` and put it in force.

    `version` may ask for a higher number: after a restore computers may hold newer roots than the
    backup. Raises RecoveryKeyError.
    """
    current = check(data, recovery)
    made = msgspec.structs.replace(
        current, version=max(version, current.version + 1), at=at, **changes
    )
    try:
        return files.put(data, sign_roots(made, recovery.signing))
    except WireError as error:
        raise RecoveryKeyError(error.sentence) from error


def rotate_online(
    data: Path, which: Online, recovery: Recovery, at: int, *, stolen: bool, version: int = 0
) -> Roots:
    """A new controller key or log key. Works also when the old one is lost. Raises
    RecoveryKeyError."""
    settle(data)
    current = check(data, recovery)
    key = Ed25519PrivateKey.generate()
    listed: list[str] = getattr(current, _LISTED[which])
    path = data / "keys" / which
    staged = path.with_name(f"{which}.new")
    staged.unlink(missing_ok=True)
    if which == "log":
        # Old ones stay, but for the one that was stolen: checkpoints of years ago are theirs.
        before = listed[1 if stolen else 0 :][: limits.ROOT_KEYS - 1]
        _keep_for_handover(path, stolen=stolen)
    else:
        before = [] if stolen else listed[: _KEPT - 1]
    write_private(staged, files.pem(key))
    new = [keys.to_text(keys.public_bytes(key)), *before]
    made = change(data, recovery, at, version=version, **{_LISTED[which]: new})
    staged.replace(path)
    return made


def _keep_for_handover(path: Path, *, stolen: bool) -> None:
    """Leave the old log key beside the new one until it has signed for it (`evidence.handover`)."""
    before = path.with_name(files.HANDING_OVER)
    before.unlink(missing_ok=True)
    try:
        usable = not stolen and bool(_public_text(path))
    except (OSError, ValueError, TypeError):
        usable = False  # lost or damaged: the next one signs alone
    if usable:
        write_private(before, path.read_bytes())


def settle(data: Path) -> None:
    """Finish a change that a crash cut off after its roots were in force."""
    current = files.current(data)
    for which, name in _LISTED.items():
        staged = data / "keys" / f"{which}.new"
        if not staged.exists():
            continue
        first = next(iter(getattr(current, name)), "")
        if _public_text(staged) == first:
            staged.replace(data / "keys" / which)


def rotate_certificate(
    data: Path, recovery: Recovery, at: int, *, listen: str, keep: bool, version: int = 0
) -> Roots:
    """Name a new certificate: one made now, or with `keep` the one that lies in `tls/` already."""
    current = check(data, recovery)
    if not keep:
        certificate.stage(data, listen, at)
    new = certificate.spki(data, staged=not keep)
    before = [one for one in current.tls_spki if one != new][: _KEPT - 1]
    made = change(data, recovery, at, version=version, tls_spki=[new, *before])
    if not keep:
        certificate.unstage(data)
    return made


def set_addresses(
    data: Path, recovery: Recovery, at: int, addresses: Sequence[str], *, version: int = 0
) -> Roots:
    """Say where this controller answers, in the order to try. Raises RecoveryKeyError."""
    return change(data, recovery, at, version=version, addresses=list(addresses))


def rotate_recovery(data: Path, recovery: Recovery, at: int, *, version: int = 0) -> Recovery:
    """Hand over to a new recovery key: the old one signs that, then the new one signs the same
    list. Raises RecoveryKeyError. The caller shows the new key, once."""
    new = Recovery.generate()
    change(data, recovery, at, version=version, next_recovery=keys.to_text(new.public))
    _begin(data, new, at)
    return new


def replace_lost_recovery(data: Path, at: int) -> Recovery:
    """Begin again with a new recovery key, the old one being lost.

    Computers that joined before go on reporting, but can follow no change until they join again.
    """
    new = Recovery.generate()
    _begin(data, new, at)
    return new


def _begin(data: Path, new: Recovery, at: int) -> None:
    current = files.current(data)
    made = msgspec.structs.replace(
        current,
        version=current.version + 1,
        at=at,
        recovery=keys.to_text(new.public),
        next_recovery="",
    )
    publish(data, new)
    files.put(data, sign_roots(made, new.signing))


def _public_text(path: Path) -> str:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    return keys.to_text(keys.public_bytes(key)) if isinstance(key, Ed25519PrivateKey) else ""
