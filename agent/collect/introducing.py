"""Introduces a new key to a controller, without a network:
makes the signed enrolment that travels (O13)."""

import shutil
from typing import Final

import msgspec

from agent import (
    files,
    keyfile,
    newcomer,
    presence,
    room,
    settings,
    spool,
    surveys,
    testpages,
    wipes,
)
from agent.collect import binding, scoping
from agent.release import RELEASE
from agent.state import State
from agent.survey import held
from checks.host import Host
from wire import enrolment, keys
from wire.text import clean

SENDERS_FILES: Final = (
    *("enrolment.json", "backoff.json", "roots.asked", "rekeyed.json"),
    *("readmitted.json", "clock.json"),
    *(testpages.ASKED, testpages.FOUND),
)
"""What the sender keeps in the spool folder about this identity."""


_OURS: Final = (
    *("device.key", "identity.json", "chain.json", "binding.json", "roots.json"),
    *("policy.json", "ruling.json"),
    *(scoping.NAME, scoping.MEMORY, *held.NAMES),
    *("device.key.next", "rekey.json", "former.pub", "handover.json"),
    *("joined.json", "readmit.json", "readmit.asked"),
    presence.NAME,  # a copied disk has the hours of another computer
    room.NAME,  # and its room
    wipes.NAME,  # and drives that were read back on it, for it to sign
    surveys.NAME,  # and what was found on its school's network
)
_UNKNOWN: Final = "unknown"
"""In place of a device id, for a key given up before the controller had named it."""


class Introduction(msgspec.Struct, frozen=True):
    """The signed enrolment, and the words to read out to whoever lets this computer in."""

    envelope: bytes
    words: str


def introduce(
    state: State, host: Host, hello: enrolment.Hello, code: enrolment.JoinCode
) -> Introduction:
    """Sign an enrolment over the hello's nonce with this
    machine's key, making one if there is none."""
    found = binding.factors(host)
    key = keyfile.load(state.key)
    if key is None:
        if (state.key / "chain.json").exists() or state.identity():
            give_up(state, host.clock())  # a power cut fell into the last time
        key = keyfile.create(state.key)
    binding.store(state.key, found)
    public = keys.public_bytes(key)
    enrol = enrolment.Enrol(
        token=code.token,
        public_key=keys.to_text(public),
        nonce=hello.nonce,
        proof=enrolment.enrol_proof(code.secret, hello.nonce, public),
        created_at=host.clock(),
        agent=RELEASE,
        host_name=clean(settings.host_name(), 255),
        platform=host.platform,
        factors=[enrolment.Factor(kind=kind, value=value) for kind, value in sorted(found.items())],
        was=former(state),
    )
    envelope = enrolment.sign_enrol(enrol, key)
    files.replace(state.key / newcomer.JOINED, envelope)
    return Introduction(envelope, keys.words(public))


def former(state: State) -> str:
    """The newest identity this machine gave up, or nothing."""
    given_up = sorted(path.name for path in state.orphan.iterdir() if path.is_dir())
    devices = [name.partition("-")[2] for name in given_up]
    return next((device for device in reversed(devices) if device != _UNKNOWN), "")


def grave_name(device: str, now: int) -> str:
    """The folder in `orphan/` of a device that is given up now."""
    return f"{now:012d}-{device}"


def give_up(state: State, now: int, into: str = "") -> None:
    """Put this identity aside, whole: key, chain, and the reports only it could deliver.

    Nothing is deleted; `orphan/<when>-<device>/` holds all of it. The alias key stays, as it names
    people of this machine, not the machine. `into` names the folder when this goes on with what a
    crash interrupted; what lies there already stays.
    """
    identity = state.identity()
    device = identity.device if identity else _UNKNOWN
    grave = state.orphan / (into or grave_name(device, now))
    files.make_folder(grave)
    for name in (*_OURS, *SENDERS_FILES):
        for folder in (state.key, state.root, state.spool):
            if (folder / name).exists() and not (grave / name).exists():
                files.move(folder / name, grave / name)
    for folder in (state.spool, state.kept, state.dead):
        for path in sorted(folder.iterdir()):
            if path.name.removeprefix(spool.AGAIN).isdigit():
                target = grave / folder.name
                files.make_folder(target)
                shutil.move(path, target / path.name)
