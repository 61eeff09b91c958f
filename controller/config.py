"""The controller's settings: one struct, resolved flag > `CARETAKER_*` > `caretaker.toml` >
default (DESIGN §10).

`caretaker.toml` lies in the data folder, so the folder itself can only come from a flag, from
`CARETAKER_DATA` or from the default. Django's own settings module reads `current()`, therefore the
command line calls `use(load(flags))` before `django.setup()`.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

ENV_PREFIX = "CARETAKER_"
FILE_NAME = "caretaker.toml"


_NAME = re.compile(r"\A[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\Z")


class ConfigError(Exception):
    """A setting cannot be used; the message is one sentence for the person who set it."""


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of one controller."""

    data: str = ""
    """Data folder (layout O23); empty means the default of `default_data()`."""
    database: str = ""
    """Empty: SQLite in the data folder. Or `postgresql://user:password@host:port/name`."""
    listen: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 8443
    hosts: list[str] = []
    """Further names and addresses people may reach this controller by."""
    https_name: str = ""
    """DNS name whose certificate browsers trust. While empty: no HSTS, no passkeys (O30)."""
    tls_minimum: Literal["1.3", "1.2"] = "1.3"
    """The oldest TLS spoken; 1.2 for systems that know no better (O29)."""
    trusted_proxies: int = 0
    """How many reverse proxies of our own stand in front (O28); their headers are believed, no
    others.
    """
    serving: bool = False
    """Set by `caretaker serve`: intake starts with the process, not with a request."""
    log_format: Literal["text", "json"] = "text"

    @property
    def folder(self) -> Path:
        """The data folder as a path."""
        return Path(self.data)


_current: Config | None = None


def current() -> Config:
    """The settings in force; loaded from the environment when nobody called `use`."""
    return _current if _current is not None else load({})


def use(config: Config) -> None:
    """Put settings in force for this process."""
    global _current  # noqa: PLW0603  Django's settings module can only read a module-level value
    _current = config


def default_data() -> str:
    """Folder for state: the system's for root, else the user's XDG data folder."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return "/var/lib/caretaker"
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return str(Path(home) / "caretaker")


def load(flags: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> Config:
    """Resolve settings; `flags` holds what the command line was given (absent or None = not given).

    Raises `ConfigError` when a value cannot be used.
    """
    env = _from_environment(os.environ if environ is None else environ)
    given = {name: value for name, value in flags.items() if value is not None}
    data = str(given.get("data") or env.get("data") or default_data())
    merged = {
        **_from_file(Path(data) / FILE_NAME),
        **env,
        **given,
        "data": str(Path(data).absolute()),
    }
    if isinstance(merged.get("hosts"), str):
        merged["hosts"] = [host.strip() for host in merged["hosts"].split(",") if host.strip()]
    try:
        made = msgspec.convert(merged, Config, strict=False)
    except msgspec.ValidationError as error:
        message = (
            f"A setting cannot be used: {error}. See the list of settings in docs/settings.md."
        )
        raise ConfigError(message) from error
    if made.https_name and not _NAME.match(made.https_name):
        message = (
            f"https_name must be a DNS name and nothing else, not {made.https_name[:80]!r}: "
            "Caretaker needs a name of its own, without a path behind it."
        )
        raise ConfigError(message)
    return made


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    names = {field.name for field in msgspec.structs.fields(Config)}
    found = {
        key.removeprefix(ENV_PREFIX).lower(): value
        for key, value in environ.items()
        if key.startswith(ENV_PREFIX)
    }
    return {name: value for name, value in found.items() if name in names and value != ""}


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except PermissionError as error:
        message = f"{path.parent} is closed to you{_whose(path.parent)}."
        raise ConfigError(message) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"The settings file {path} cannot be read: {error}."
        raise ConfigError(message) from error


def _whose(folder: Path) -> str:
    """Whose a folder is, as advice; nothing where even that cannot be seen."""
    try:
        return f"; it belongs to {folder.owner()}: run this as {folder.owner()}"
    except (OSError, KeyError, NotImplementedError):
        return "; run this as whoever runs the controller"
