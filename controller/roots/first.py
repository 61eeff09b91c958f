"""The first roots, made together with the recovery key when a data folder is set up (O3)."""

from collections.abc import Sequence
from pathlib import Path

from controller.roots import files
from controller.roots.recovery import Recovery
from wire import keys
from wire.roots import Roots, sign_roots


def establish(
    data: Path,
    *,
    signing: bytes,
    log: bytes,
    tls_spki: Sequence[str],
    addresses: Sequence[str],
    at: int,
) -> Recovery:
    """Make a recovery key and sign version 1 with it; the caller shows the key, once.

    The public halves are written first and the roots last: only they say that it is done.
    """
    recovery = Recovery.generate()
    publish(data, recovery)
    files.put(
        data,
        sign_roots(
            Roots(
                version=1,
                at=at,
                recovery=keys.to_text(recovery.public),
                controllers=[keys.to_text(signing)],
                logs=[keys.to_text(log)],
                policy_signers=[],
                scope_signers=[],
                # One machine, one person: the controller may sign policy, and says so (O21).
                delegated=True,
                tls_spki=list(tls_spki),
                addresses=list(addresses),
            ),
            recovery.signing,
        ),
    )
    return recovery


def publish(data: Path, recovery: Recovery) -> None:
    """Write the public halves: what roots are checked against, what back-ups are sealed to."""
    text = keys.to_text(recovery.public)
    files.replace(data / "keys" / files.RECOVERY, f"{text}\n".encode())
    sealed_to = keys.to_text(recovery.backup_public)
    files.replace(data / "keys" / files.BACKUP, f"{sealed_to}\n".encode())
