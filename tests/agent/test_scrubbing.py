"""A recording carries no people, wherever their names hide:
a test greps for every secret that went in."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Answer, Recording, load
from agent.hosts.scrubbing import Scrubber, leaks, secrets_of
from agent.hosts.tape import Tape
from checks.formats import nmcli_terse
from checks.host import CannotLook

SECRETS = (
    *(
        "reception-07",
        "maya.patel",
        "f.okonkwo",
        "Maya Patel",
        "5CG1234XYZ",
        "PF0ABCDE",
        "S3Z9NB0K",
    ),
    *("8c:16:45:aa:bb:cc", "8C-16-45-AA-BB-CC", "4c4c4544-0042-3610-8058-c4c04f4e4d32"),
    *("StMarysStaff", "TheSmithsNextDoor", "stmarys.sch.uk", "head@stmarys.sch.uk", "10.20.30.40"),
    *("0123456789abcdef0123456789abcdef", "correct horse"),
)
LSBLK = {"blockdevices": [{"name": "nvme0n1", "serial": "S3Z9NB0K", "wwn": "eui.0025385b71b0aaaa"}]}


@pytest.fixture
def host() -> RecordedHost:
    """A machine full of names, as a reader would meet them."""
    gives: list[tuple[list[str], object]] = [
        (
            ["users"],
            [
                {
                    "name": "maya.patel",
                    "uid": "1000",
                    "home": "/home/maya.patel",
                    "shell": "/bin/bash",
                    "kind": "human",
                },
                {
                    "name": "f.okonkwo",
                    "uid": "1001",
                    "home": "/srv/homes/f.okonkwo",
                    "shell": "/bin/sh",
                    "kind": "human",
                },
            ],
        ),
        (["read", "/proc/sys/kernel/hostname"], "reception-07\n"),
        (["read", "/sys/class/dmi/id/product_serial"], "5CG1234XYZ\n"),
        (["read", "/sys/class/dmi/id/board_serial"], "PF0ABCDE\n"),
        (["read", "/sys/class/dmi/id/product_uuid"], "4c4c4544-0042-3610-8058-c4c04f4e4d32\n"),
        (["run", "nmcli", "-t", "-f", "NAME", "connection", "show"], "StMarysStaff\n"),
        (
            ["run", *nmcli_terse.WIFI_ARGV],
            " :wlan0:8c\\:16\\:45\\:00\\:00\\:01:WPA2:(none):psk:TheSmithsNextDoor\n",
        ),
        (
            ["interfaces"],
            [
                {
                    "name": "wlan0",
                    "mac": "8c:16:45:aa:bb:cc",
                    "permanent": True,
                    "kind": "wireless",
                    "up": True,
                }
            ],
        ),
        (["read", "/home/maya.patel/.config/idle"], "owner=maya.patel on reception-07\n"),
        (["run", "loginctl"], {"code": 0, "out": "maya.patel seat0\n", "err": "for f.okonkwo\n"}),
        (["run", "lsblk", "-J"], {"code": 0, "out": json.dumps(LSBLK)}),
        (
            ["run", "ip", "link"],
            {
                "code": 0,
                "out": [
                    "link/ether 8c:16:45:aa:bb:cc",
                    "8C-16-45-AA-BB-CC",
                    "inet 10.20.30.40/16",
                    "x",
                ],
            },
        ),
        (
            ["read", "/etc/wpa.conf"],
            ['ssid="StMarysStaff"', 'psk="correct horse"', "identity=head@stmarys.sch.uk"],
        ),
        (["read", "/etc/machine-id"], "0123456789abcdef0123456789abcdef\n"),
        (["read", "/blob"], {"hex": b"\xff\x00maya.patel\x00\xff".hex()}),
        (
            ["run_as", "maya.patel", "gsettings", "list"],
            "uuid 4c4c4544-0042-3610-8058-c4c04f4e4d32\n",
        ),
    ]
    recording = Recording(
        schema="caretaker.recording/1",
        provenance="constructed",
        source="made for this test",
        platform="linux",
        os="none",
        build="none",
        date="2026-11-22",
        at=1_795_320_000,
        privileged=True,
        answers=[Answer(ask=asked, gives=given) for asked, given in gives],
    )
    return RecordedHost(recording, strict=False)


def taped(host: RecordedHost, out: Path) -> Recording:
    """Ask everything the machine can answer, through a tape."""
    tape = Tape(host)
    for answer in host.recording.answers:
        method, *words = answer.ask or []
        try:
            if method == "run":
                tape.run(words)
            elif method == "run_as":
                tape.run(words[1:], as_user=words[0])
            else:
                getattr(tape, method)(*words)
        except CannotLook:
            continue
    tape.save(out, "a test")
    return load(out)


def test_no_secret_survives_in_any_answer_or_question(host: RecordedHost, tmp_path: Path) -> None:
    taped(host, tmp_path / "r.json")
    text = (tmp_path / "r.json").read_text()
    assert [secret for secret in SECRETS if secret.lower() in text.lower()] == []
    assert b"maya.patel".hex() not in text


def test_what_belonged_together_still_does(host: RecordedHost, tmp_path: Path) -> None:
    recording = taped(host, tmp_path / "r.json")
    with_names = RecordedHost(recording)
    person, other = with_names.users()
    assert person.name != other.name
    idle = with_names.read(f"{person.home}/.config/idle")
    assert idle == f"owner={person.name} on machine\n".encode()
    (card,) = with_names.interfaces()
    assert card.mac is not None
    assert card.mac.startswith("02:")
    assert card.mac.encode() in with_names.run(["ip", "link"]).out


def test_output_that_was_json_is_still_json(host: RecordedHost, tmp_path: Path) -> None:
    recorded = RecordedHost(taped(host, tmp_path / "r.json"))
    (drive,) = json.loads(recorded.run(["lsblk", "-J"]).out)["blockdevices"]
    assert drive["name"] == "nvme0n1"
    assert drive["serial"].startswith("SERIAL")


def test_binary_keeps_its_length(host: RecordedHost, tmp_path: Path) -> None:
    recorded = RecordedHost(taped(host, tmp_path / "r.json"))
    assert recorded.read("/blob") == b"\xff\x00" + b"x" * 10 + b"\x00\xff"


def test_the_last_look_before_writing_finds_what_was_missed(host: RecordedHost) -> None:
    assert "reception-07" in secrets_of(host)
    assert leaks(host.recording, secrets_of(host))


@given(st.text(max_size=200))
def test_scrubbing_twice_changes_nothing_more(text: str) -> None:
    recording = Recording(
        schema="caretaker.recording/1",
        provenance="constructed",
        source="t",
        platform="linux",
        os="t",
        build="t",
        date="2026-11-22",
        at=1,
        privileged=True,
        answers=[],
    )
    scrubber = Scrubber(RecordedHost(recording, strict=False))
    once = scrubber.text(text)
    assert scrubber.text(once) == once


PAIRED = {
    "SPBluetoothDataType": [
        {
            "controller_properties": {"controller_state": "attrib_on"},
            "device_connected": [
                {"Maya’s AirPods": {"device_serialNumber": "GX1234ABCD", "device_rssi": "-40"}}
            ],
            "device_not_connected": [{"Tom: mouse": {"device_address": "8C:16:45:AA:BB:CC"}}],
        }
    ],
    "SPCameraDataType": [{"_name": "Maya’s iPhone Camera"}],
}


def test_what_is_called_after_its_owner_stays_out_of_a_macs_recording() -> None:
    question = ["run", "/usr/sbin/system_profiler", "-json"]
    question += ["SPBluetoothDataType", "SPCameraDataType"]
    said = {"code": 0, "out": json.dumps(PAIRED, ensure_ascii=False)}
    mac = Recording(
        schema="caretaker.recording/1",
        provenance="constructed",
        source="a test",
        platform="macos",
        os="macOS 26",
        build="26.1",
        date="2026-11-22",
        at=0,
        privileged=True,
        answers=[Answer(ask=question, gives=said)],
    )
    scrubber = Scrubber(RecordedHost(mac, strict=False))
    (answer,) = scrubber.answers(mac.answers)
    kept = json.dumps(answer.gives, ensure_ascii=False)
    for name in ("Maya", "Tom", "GX1234ABCD", "AA:BB:CC"):
        assert name not in kept
    assert "attrib_on" in kept
