"""By what a command judges that only looks: what the person says, else what the school asks of this
computer, where we may read that, else the catalogue's defaults.

So a technician at the machine is told what the controller's pages will say of it.
"""

from agent.commands import shared
from agent.state import State, StateError
from checks.host import Host
from checks.judging import Device
from checks.policy import DEFAULT_POLICY, Policy, Profile


def asked(
    state: State | None, host: Host, path: str | None, profile: Profile | None = None
) -> tuple[Policy, Device]:
    """The policy and the device; no `state` for a machine that is not this one.

    `path` and `profile` are what the person says. Raises UsageError for a file that is no policy.
    """
    given = None if path is None else shared.policy_from(path)
    school, said = DEFAULT_POLICY, None
    if state is not None and _may_read(state):
        from agent.collect import ruling  # with it comes all of the signing

        said = ruling.profile(state)
        school = ruling.in_force(state, _device(host, profile or said)).policy
    return given or school, _device(host, profile or said)


def _device(host: Host, profile: Profile | None) -> Device:
    return Device(host.platform) if profile is None else Device(host.platform, profile)


def _may_read(state: State) -> bool:
    """Whether this computer has joined a school and we are who may know what it is asked."""
    try:
        if not (state.key / "chain.json").is_file() or state.identity() is None:
            return False
        from agent import chain  # with it comes much of the signing

        chain.load(state.key)
    except (PermissionError, StateError):
        return False
    return True
