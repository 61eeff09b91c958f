"""Signs the events of disposals with the controller's key, and knows every key there ever was.

Django's setting `DISPOSAL_SIGNER` names `sign`: the register signs what it records and knows no
key. The same key signs receipts; the payload type inside what is signed tells them apart.
"""

from pathlib import Path

from controller.config import current
from controller.data.datafolder import DataFolderError
from controller.keyfiles import signing_key
from controller.roots import files
from inventory.disposal.chain import Signed
from wire import keys
from wire.errors import WireError


def sign(message: bytes) -> Signed:
    """Sign with the key in use. Raises DataFolderError without one."""
    key = signing_key(current().folder)
    return Signed(keys.key_id(keys.public_bytes(key)), key.sign(message))


def publics(data: Path) -> dict[str, bytes]:
    """The controller's public keys, old ones included, by name. Raises DataFolderError.

    Trap: a key that was stolen stays here; what it signed later is told by the ledger alone.
    """
    found = [keys.public_bytes(signing_key(data))]
    for version in files.archived(data):
        try:
            found += [keys.from_text(one) for one in files.of_version(data, version).controllers]
        except (OSError, WireError) as error:
            raise DataFolderError(f"The keys of version {version} cannot be read.") from error
    return {keys.key_id(public): public for public in found}
