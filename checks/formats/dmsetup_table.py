"""`dmsetup table --target crypt`: the cipher of each opened volume.

`name: START LENGTH crypt CIPHER KEY …`; the key is printed as zeros or as the name of a key of the
kernel's, and is left out here all the same. Without any such volume it prints `No devices found`.
Trap: a name may hold anything but a slash, a colon too; the numbers behind it are what ends it.
"""

import re
from typing import Final

ARGV: Final = ("dmsetup", "table", "--target", "crypt")
_LINE: Final = re.compile(r"^(?P<name>.+): \d+ \d+ crypt (?P<cipher>\S{1,200}) ")


def parse(data: bytes) -> dict[str, str]:
    """Cipher by the volume's name, such as `aes-xts-plain64` or `cipher_null-ecb`."""
    lines = data.decode("utf-8", "replace").splitlines()
    matches = (_LINE.match(line) for line in lines)
    return {match["name"]: match["cipher"] for match in matches if match}
