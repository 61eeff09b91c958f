"""Enrol the machine the controller runs on, the same way as any other, and wait for its first
verdicts.

The agent is a program of its own (rooms: the controller never imports it), so this talks to it as a
person would: by its commands and their JSON.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any, Final

from checks.words import clean
from controller import clock
from controller.commands.server_process import ServerProcess
from controller.commands.shared import CannotError
from controller.config import Config

JUDGED_SECONDS: Final = 120.0
AGENT_SECONDS: Final = 300.0
LOOK_EVERY_SECONDS: Final = 0.1

Step = Callable[[str], None]


def look_after_this_machine(config: Config, server: ServerProcess, site: str, step: Step) -> str:
    """Enrol it if need be, let it in, make a round; the page with its findings. Raises
    CannotError."""
    from controller.commands.device import lines
    from controller.fleet.models import Device, Verdict

    device_id = _enrolled_as(config) or _enrol(config, server, site, step)
    _let_in(device_id, step)
    step("Looking at this computer")
    done = _agent(config, "run", "--controller", server.url)
    if done.get("code"):
        raise CannotError(
            f"This computer could not report: {clean(str(done.get('sentence')), 300)}"
        )
    step("Waiting for the verdicts")
    _wait_until_judged(device_id, int(done.get("seq", 0)))
    device = Device.objects.get(id=device_id)
    return "\n".join(lines(device, list(Verdict.objects.filter(device_id=device_id))))


def _enrolled_as(config: Config) -> str:
    """The device this machine already is here, or ""."""
    from controller.fleet.models import Device

    device_id = str(_agent(config, "status").get("device", ""))
    known = Device.objects.filter(id=device_id, state__in=("active", "pending")).exists()
    return device_id if known else ""


def _enrol(config: Config, server: ServerProcess, site: str, step: Step) -> str:
    from controller.fleet import services

    step("Enrolling this computer")
    code = services.create_join_code(
        site_id=site, actor="system", at=clock.now(), label="This computer", max_uses=1, days=1
    )
    text = services.code_text(code.id, config.folder)
    arguments = ["--controller", server.url, "--code", "-", "--again"]
    done = _agent(config, "enrol", *arguments, stdin=f"{text}\n")
    return str(done["device"])


def _let_in(device_id: str, step: Step) -> None:
    from controller.fleet import services
    from controller.fleet.models import Device

    if Device.objects.get(id=device_id).state == "pending":
        step("Letting it in")
        services.approve(device_id, actor="system", at=clock.now())


def _wait_until_judged(device_id: str, seq: int) -> None:
    from controller.fleet.models import Device

    deadline = time.monotonic() + JUDGED_SECONDS
    while time.monotonic() < deadline:
        device = Device.objects.get(id=device_id)
        if device.head_seq >= seq and not device.judge_due and device.judged_at is not None:
            return
        time.sleep(LOOK_EVERY_SECONDS)
    raise CannotError(
        "The report came, but was not judged within two minutes; see the lines above."
    )


def _agent(config: Config, verb: str, *arguments: str, stdin: str = "") -> dict[str, Any]:
    """What one command of the agent prints as JSON. Raises CannotError with its own sentence."""
    command = [sys.executable, "-P", "-m", "agent.commands.main", verb, "--data", config.data]
    try:
        done = subprocess.run(
            [*command, "--format", "json", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=AGENT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CannotError(f"caretaker-agent {verb} did not end within five minutes.") from error
    try:
        found = json.loads(done.stdout)
    except ValueError:
        found = None
    if not isinstance(found, dict) or (done.returncode and not found.get("sentence")):
        said = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise CannotError(f"caretaker-agent {verb} failed: {clean(said[0], 300)}")
    return found
