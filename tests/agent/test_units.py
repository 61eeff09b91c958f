"""What each service may do, directive by directive, and that none of it grows (O14)."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agent.schedule import systemd
from tests import needs

DOCS = Path(__file__).parents[2] / "docs/agent.md"
FIGURE = re.compile(r"^\| \*\*caretaker-(\w+)\*\* \| ([\d.]+) \|", re.MULTILINE)

EVERYWHERE = {
    "NoNewPrivileges=true",
    "ProtectSystem=strict",
    "PrivateTmp=true",
    "PrivateMounts=true",
    "ProtectHostname=true",
    "ProtectKernelTunables=true",
    "ProtectControlGroups=true",
    "ProtectKernelLogs=true",
    "LockPersonality=true",
    "RestrictRealtime=true",
    "RestrictSUIDSGID=true",
    "RestrictNamespaces=true",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
    "MemoryMax=200M",
}
POLITE = {"Nice=19", "CPUWeight=idle", "IOSchedulingClass=idle"}
MUST = {
    "collect": POLITE
    | {
        "IPAddressDeny=any",
        "RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_INET AF_INET6",
        "ProtectHome=read-only",
        "StateDirectory=caretaker",
        "StateDirectoryMode=0700",
        "UMask=0077",
        "TasksMax=64",
        "OOMPolicy=continue",
    },
    "deliver": POLITE
    | {
        "User=caretaker-agent",
        "CapabilityBoundingSet=",
        "PrivateDevices=true",
        "PrivateUsers=true",
        "MemoryDenyWriteExecute=true",
        "ProtectHome=true",
        "ProtectProc=invisible",
        "ProtectKernelModules=true",
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
        "SystemCallFilter=~@privileged @resources",
        "TasksMax=16",
    },
    "enrol": POLITE
    | {
        "CapabilityBoundingSet=CAP_DAC_READ_SEARCH CAP_CHOWN CAP_FOWNER",
        "MemoryDenyWriteExecute=true",
        "ProtectHome=true",
        "ProtectKernelModules=true",
        "RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_INET AF_INET6",
        "UMask=0077",
        "TasksMax=16",
    },
    "survey": POLITE
    | {
        "CapabilityBoundingSet=CAP_NET_RAW CAP_SETUID CAP_SETGID CAP_KILL",
        "RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_INET AF_INET6 AF_PACKET",
        "PrivateDevices=true",
        "ProtectHome=true",
        "ProtectKernelModules=true",
        "StateDirectoryMode=0700",
        "UMask=0077",
        "TasksMax=64",
    },
    "presence": {
        "CapabilityBoundingSet=",
        "IPAddressDeny=any",
        "PrivateDevices=true",
        "ProtectHome=read-only",
        "RestrictAddressFamilies=AF_UNIX",
        "UMask=0077",
        "TasksMax=16",
    },
}
MUST_NOT = {
    "collect": (
        *("PrivateNetwork", "PrivateDevices", "ProtectKernelModules", "ProtectProc"),
        *("ProtectClock", "DeviceAllow", "DevicePolicy", "AmbientCapabilities", "User"),
    ),
    "deliver": ("PrivateNetwork", "IPAddressDeny", "ReadWritePaths=/", "AmbientCapabilities"),
    "presence": ("PrivateNetwork", "AmbientCapabilities"),
    "enrol": ("PrivateNetwork", "PrivateDevices", "IPAddressDeny", "AmbientCapabilities"),
    "survey": ("PrivateNetwork", "IPAddressDeny", "PrivateUsers", "AmbientCapabilities"),
}
SERVICES = sorted(MUST)


@pytest.fixture
def units(tmp_path: Path) -> Path:
    systemd.install(systemd.plan(tmp_path), systemd.STATE)
    return tmp_path / "etc/systemd/system"


def directives(units: Path, service: str) -> list[str]:
    text = (units / f"caretaker-{service}.service").read_text()
    return [line for line in text.partition("[Service]")[2].splitlines() if "=" in line]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_shut_in_as_its_list_says(units: Path, service: str) -> None:
    said = {line for line in directives(units, service) if not line.startswith("#")}
    assert (EVERYWHERE | MUST[service]) - said == set()


@pytest.mark.parametrize("service", SERVICES)
def test_nothing_is_set_that_would_blind_a_service_or_free_it(units: Path, service: str) -> None:
    said = directives(units, service)
    assert [line for line in said if line.startswith(MUST_NOT[service])] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_starts_python_apart_from_everybodys_settings(units: Path, service: str) -> None:
    started = [line for line in directives(units, service) if line.startswith("Exec")]
    (line,) = started
    others = {"enrol": "enrol --from-file", "survey": "survey --scheduled "}
    what = others.get(service, "run --scheduled --part ")
    assert f"={sys.executable} -I -P -m agent.commands.main {what}" in line


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_no_more_exposed_than_the_manual_says(units: Path, service: str) -> None:
    analyse = needs.program("systemd-analyze", package="systemd")
    ran = subprocess.run(
        [analyse, "security", "--offline=true", units / f"caretaker-{service}.service"],
        capture_output=True,
        text=True,
        check=False,
    )
    figures = {name: float(figure) for name, figure in FIGURE.findall(DOCS.read_text())}
    assert set(figures) == set(SERVICES)
    assert float(ran.stdout.rpartition("service:")[2].split()[0]) <= figures[service]


def test_a_folder_of_ones_own_choice_is_left_as_it_is(tmp_path: Path) -> None:
    text = systemd.unit("caretaker-collect.service", Path("/srv/caretaker"))
    assert "\nReadWritePaths=/srv/caretaker\nStateDirectory=\n" in text
    assert "@" not in text.replace("@system-service", "")


def rights(units: Path) -> str:
    """The reader's capabilities as setpriv takes them."""
    lines = [d for d in directives(units, "collect") if d.startswith("CapabilityBoundingSet=")]
    names = " ".join(line.partition("=")[2] for line in lines).split()
    return ",".join(["-all", *(f"+{name.removeprefix('CAP_').lower()}" for name in names)])


ALIAS = re.compile(r'("(?:user|gateway)": )"[0-9a-f]{16}"')


def facts(*before: str) -> dict[str, Any]:
    words = [*before, sys.executable, "-m", "agent.commands.main", "facts", "--format", "json"]
    ran = subprocess.run(words, capture_output=True, text=True, check=True)
    # An agent that did not join has no key to keep, so aliases differ from one start to the next.
    return dict(json.loads(ALIAS.sub(r'\1""', ran.stdout))["facts"])


@pytest.mark.root
def test_the_readers_rights_are_enough_to_see_what_root_sees(units: Path) -> None:
    needs.root()
    setpriv = needs.program("setpriv", package="util-linux")
    seen = facts(setpriv, f"--bounding-set={rights(units)}", "--inh-caps=-all", "--no-new-privs")
    whole = facts()
    assert {name for name in whole if not name.endswith("_now")} > {"hardware", "software"}
    for name in whole:
        if not name.endswith("_now"):  # those drift between the two looks
            assert seen[name] == whole[name]
