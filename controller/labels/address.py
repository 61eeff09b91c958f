"""By which name a label's code is opened: on paper for years, so it should be one that stays."""

from dataclasses import dataclass

from controller.config import Config

_HTTPS_PORT = 443


@dataclass(frozen=True, slots=True)
class Address:
    """What codes begin with. `lasting`: it is the name that browsers trust; anything else may
    change, and phones warn before they open it."""

    base: str
    lasting: bool


def address(config: Config, reached_by: str) -> Address:
    """The trusted name of the settings, else what the browser reached us by (name and port)."""
    if not config.https_name:
        return Address(f"https://{reached_by}", lasting=False)
    # Whoever stands in front answers on the usual port.
    port = _HTTPS_PORT if config.trusted_proxies else config.port
    shown = "" if port == _HTTPS_PORT else f":{port}"
    return Address(f"https://{config.https_name.lower()}{shown}", lasting=True)
