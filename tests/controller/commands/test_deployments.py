"""The shapes a controller is run in (O29): behind a proxy, in a container, as a service of its own
user; each as far as it can be tried without the thing itself."""

import asyncio
import re
import subprocess
from pathlib import Path

import pytest

from controller import rsgi
from controller.config import load
from controller.serving import prefix
from tests import needs
from tests.controller.clients import Client, Head

DEPLOY = Path(__file__).parents[3] / "deploy"


def _unit(name: str) -> dict[str, list[str]]:
    """The settings of a unit file; a setting may stand there more than once."""
    found: dict[str, list[str]] = {}
    for line in (DEPLOY / "systemd" / name).read_text("utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


@pytest.mark.parametrize("name", ["caretaker.service", "caretaker-backup.service"])
def test_a_service_runs_as_its_own_user_and_may_do_nothing_else(name: str) -> None:
    unit = _unit(name)
    assert unit["User"] == ["caretaker"]
    for key, value in [
        ("NoNewPrivileges", "true"),
        ("CapabilityBoundingSet", ""),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "true"),
        ("PrivateDevices", "true"),
        ("UMask", "0077"),
        ("RestrictAddressFamilies", "AF_UNIX AF_INET AF_INET6"),
    ]:
        assert unit[key] == [value], key
    assert "--allow-root" not in unit["ExecStart"][0]


@pytest.mark.parametrize(
    "name", ["caretaker.service", "caretaker-backup.service", "caretaker-backup.timer"]
)
def test_systemd_understands_every_line(name: str, tmp_path: Path) -> None:
    program = needs.program("systemd-analyze", package="systemd")
    for path in (DEPLOY / "systemd").iterdir():
        text = path.read_text("utf-8").replace("/usr/local/bin/caretaker", "/bin/true")
        (tmp_path / path.name).write_text(text)
    command = [program, "verify", "--man=no", str(tmp_path / name)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    said = [line for line in done.stderr.splitlines() if name in line]
    assert (done.returncode, said) == (0, [])


def test_a_container_is_not_root_and_keeps_all_it_knows_in_one_volume() -> None:
    text = (DEPLOY / "container" / "Containerfile").read_text("utf-8")
    settings = dict(re.findall(r"(CARETAKER_[A-Z_]+)=(\S+)", text))
    config = load({}, settings)
    assert (config.data, config.listen) == ("/var/lib/caretaker", "0.0.0.0")  # noqa: S104  compared
    assert f'VOLUME ["{config.data}"]' in text
    assert f"EXPOSE {config.port}" in text
    user = re.findall(r"^USER (\S+)$", text, re.MULTILINE)
    assert user == ["10001:10001"]
    assert "install -d -m 0700 -o caretaker" in text, "the folder's mode is the volume's"
    assert "--require-hashes" in text
    for copied in re.findall(r"^COPY ((?:(?!/tmp)\S+ )+)/tmp", text, re.MULTILINE):
        for name in copied.split():
            assert name.startswith("dist/") or (DEPLOY.parent / name).exists(), name


def test_a_composed_container_can_write_nowhere_else_and_gain_nothing() -> None:
    text = (DEPLOY / "container" / "compose.yaml").read_text("utf-8")
    for line in (
        'user: "10001:10001"',
        "read_only: true",
        "cap_drop: [ALL]",
        'security_opt: ["no-new-privileges:true"]',
        "- caretaker-data:/var/lib/caretaker",
        '- "8443:8443"',
        "dockerfile: deploy/container/Containerfile",
    ):
        assert line in text, line


HEADERS: list[tuple[dict[str, str], bool]] = [
    ({}, False),
    ({"x-forwarded-prefix": "/"}, False),
    ({"x-forwarded-prefix": "/caretaker"}, True),
    ({"x-script-name": "/caretaker"}, True),
    ({"x-forwarded-for": "/caretaker"}, False),
]


@pytest.mark.parametrize(("headers", "refused"), HEADERS)
def test_a_path_cut_off_by_a_proxy_is_noticed(headers: dict[str, str], refused: bool) -> None:
    assert prefix.is_behind_one(headers.items()) is refused


def test_behind_a_path_everything_is_refused_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rsgi, "_proxied", True)
    for path in ("/", "/v1/hello"):
        client = Client()
        head = Head(path=path, headers={"x-forwarded-prefix": "/caretaker"})
        asyncio.run(rsgi.application(head, client))
        assert client.answer is not None
        status, headers, sentence = client.answer
        assert (status, headers["connection"]) == (421, "close")
        assert b"a name of its own" in sentence
