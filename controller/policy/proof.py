"""What a stranger needs to check who signed a policy: with ssh-keygen where a person did.

A key that was struck off the list since is still found: the lists of then are kept.
"""

from pathlib import Path
from typing import Final

from controller.fleet.models import SitePolicy
from controller.policy.publishing import PublishError
from controller.roots import files
from wire import keys, sshsig
from wire import policy as signed

WHO: Final = "signer"
"""What the signer is called in the file that ssh-keygen reads."""
SIGNERS: Final = "allowed_signers"


def of(site: str, version: int, data: Path) -> dict[str, bytes]:
    """File name → content; `version` 0 is the one in force. Raises PublishError."""
    rows = SitePolicy.objects.filter(site_id=site).order_by("-version")
    row = (rows.filter(version=version) if version else rows).first()
    if row is None:
        raise PublishError("There is no such policy; see: caretaker policy list")
    name, envelope = f"policy-{row.version}", bytes(row.envelope)
    if not row.separate:
        return {f"{name}.dsse.json": envelope}
    public = _public(row.signer, data)
    payload, signature = signed.for_keygen(envelope, public)
    line = sshsig.allowed_signer(WHO, signed.NAMESPACE, public)
    return {f"{name}.json": payload, f"{name}.json.sig": signature, SIGNERS: line.encode()}


def _public(key_id: str, data: Path) -> bytes:
    """The key of that name, in the list of today or one before."""
    for version in reversed(files.archived(data)):
        for text in files.of_version(data, version).policy_signers:
            if keys.key_id(keys.from_text(text)) == key_id:
                return keys.from_text(text)
    raise PublishError("No list of keys that is kept here names the signer of this policy.")
