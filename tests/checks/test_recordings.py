"""Every recording replays strictly to the verdicts it promises, and every reader has enough of
them.

A recording is `tests/checks/recordings/<domain>/<platform>-<case>.json`; `tests/checks/draft.py`
helps to write one. Nothing here knows any domain: adding a case is adding a file.
"""

import datetime
import re
from pathlib import Path

import pytest

from agent.collect.places import placed
from agent.collect.reading import read_domain, reader_of
from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Answer, Recording, load
from checks.catalogue import DOMAINS, Domain, catalogue
from checks.device import judge_device
from checks.facts import Facts, decode_section, encode_section
from checks.host import Platform
from checks.judging import Body, Device, Moment
from checks.policy import DEFAULT_POLICY
from checks.unseen import Unseen
from checks.verdicts import Verdict

RECORDINGS = Path(__file__).parent / "recordings"
FILES = sorted(RECORDINGS.glob("*/*.json"))
PLATFORMS: tuple[Platform, ...] = ("linux", "macos", "windows")


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def domain_called(wanted: str) -> Domain:
    return next(domain for domain in catalogue().domains if domain.name == wanted)


def sections_of(path: Path) -> dict[type[Facts], Body]:
    with RecordedHost.open(path) as host:
        asks = host.recording.policy or DEFAULT_POLICY
        read = read_domain(host, domain_called(path.parent.name), asks)
        return placed(host, read, asks.gateways)


def verdicts_of(path: Path, recording: Recording) -> dict[str, Verdict]:
    """The verdicts of this domain's checks that need nothing but this domain's sections."""
    domain = domain_called(path.parent.name)
    own = {
        check
        for check, judge in domain.judges.items()
        if all(section in domain.sections for section in judge.sections)
    }
    about = recording.device
    device = Device(
        recording.platform,
        Unseen("unsupported") if about.profile is None else about.profile,
        Unseen("unsupported") if about.portable is None else about.portable,
        about.investigation,
    )
    moment = Moment.at(recording.at, datetime.date.fromisoformat(recording.date))
    asks = recording.policy or DEFAULT_POLICY
    judged = judge_device(catalogue(), sections_of(path), asks, device, moment)
    return {verdict.check: verdict for verdict in judged if verdict.check in own}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_recording_replays_strictly_to_the_verdicts_it_promises(path: Path) -> None:
    recording = load(path)
    verdicts = verdicts_of(path, recording)
    seen = {check: (verdict.status, verdict.says) for check, verdict in verdicts.items()}
    promised = {check: (wanted.status, wanted.says) for check, wanted in recording.expect.items()}
    assert seen == promised, "draft.py writes what is seen into the file"
    for check, wanted in recording.expect.items():
        if wanted.severity is not None:
            assert verdicts[check].severity == wanted.severity


@pytest.mark.parametrize("path", FILES, ids=name)
def test_what_a_recording_reads_to_survives_the_wire(path: Path) -> None:
    for section, body in sections_of(path).items():
        data = encode_section(body)
        assert encode_section(decode_section(data, section.schema, section)) == data


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_recording_says_where_it_came_from_and_shows_the_case_it_claims(path: Path) -> None:
    recording = load(path)
    statuses = {wanted.status for wanted in recording.expect.values()}
    assert recording.case, "case is good, bad or blind"
    assert path.stem.startswith(f"{recording.platform}-")
    assert all((recording.source, recording.os, recording.build))
    if recording.case == "good":
        assert "fail" not in statuses
    if recording.case == "bad" and recording.expect:
        assert statuses & {"fail", "warn"}
    if recording.case == "blind":
        assert any(answer.cannot or _tool_missing(answer) for answer in recording.answers)
        assert "unknown" in statuses or not recording.expect


def _tool_missing(answer: Answer) -> bool:
    return answer.absent and any(asked[0] in ("run", "run_as") for asked in answer.questions())


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("domain", DOMAINS)
def test_every_reader_has_a_good_a_bad_and_a_blind_recording(
    domain: str, platform: Platform
) -> None:
    asked = any(platform in check.platforms for check in domain_called(domain).checks.values())
    if reader_of(domain, platform) is None or not asked:
        return
    files = (RECORDINGS / domain).glob(f"{platform}-*.json")
    assert {load(path).case for path in files} >= {"good", "bad", "blind"}


MAC = re.compile(r"\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b", re.IGNORECASE)
UUID = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE
)
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
# Names of systemd's look like addresses; a distribution's lists are what its packages are known by.
HARMLESS_MAIL = (
    *("example.org", ".service", ".socket", ".timer", ".journal"),
    *("@lists.debian.org", "@lists.ubuntu.com"),
)
HARMLESS_MACS = ("02:", "00:00:5e:00:53:", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff")


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_recording_carries_no_address_or_identity_of_a_real_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for mac in MAC.findall(text):
        assert mac.lower().startswith(HARMLESS_MACS), mac
    for mail in MAIL.findall(text):
        assert mail.endswith(HARMLESS_MAIL), mail
    if load(path).provenance == "recorded":
        for uuid in UUID.findall(text):
            assert uuid.startswith("00000000-0000-4000-8000-"), uuid
