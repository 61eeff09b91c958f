"""What every release said can be read for ever (O2)."""

from pathlib import Path

import pytest

from agent.release import RELEASE
from checks.catalogue import catalogue
from checks.facts import decode_section, joined, seldom_name
from checks.unseen import NotHere, Unseen
from tests.wire import released, samples
from wire import dsse, report

MESSAGES = [path for folder in released.RELEASES for path in sorted(folder.glob("*.dsse.json"))]
BODIES = [path for folder in released.RELEASES for path in sorted(folder.glob("sections/*.json"))]
SPLIT = [one for domain in catalogue().domains for one in domain.sections if one.seldom]


def name(path: Path) -> str:
    return str(path.relative_to(released.FOLDER.parent))


def test_the_releases_are_here_and_this_one_among_them() -> None:
    assert [folder.name for folder in released.RELEASES] == ["0.1.0"]
    assert released.FOLDER.name == RELEASE
    assert len(MESSAGES) > len(samples.SAMPLES)
    known = {section.section for domain in catalogue().domains for section in domain.sections}
    known |= {seldom_name(section.section) for section in SPLIT}
    assert {path.name.split(".")[0] for path in BODIES} == known


@pytest.mark.parametrize("path", MESSAGES, ids=name)
def test_a_message_of_every_release_opens_to_what_it_said(path: Path) -> None:
    parsed = dsse.parse(path.read_bytes())
    if path.name == released.NIGHT:
        assert report.open_report(parsed, samples.DEVICE_PUBLIC).agent == path.parent.name
    else:
        sample = samples.SAMPLES[path.name.removesuffix(".dsse.json")]
        assert sample.open(parsed) == sample.message


@pytest.mark.parametrize("path", [one for one in BODIES if "_seldom." not in one.name], ids=name)
def test_a_section_of_every_release_is_read_strictly_and_says_what_it_said(path: Path) -> None:
    section, schema, case, _ = path.name.split(".")
    seldom = path.with_name(path.name.replace("_now.", "_seldom.", 1))
    data = path.read_bytes()
    if seldom != path and seldom.exists():
        data = joined(data, seldom.read_bytes())
    kind = catalogue().section(section)
    assert kind is not None
    body = decode_section(data, int(schema), kind)
    if case.endswith("good"):
        assert isinstance(body, kind | NotHere)
    else:
        assert isinstance(body, kind | NotHere | Unseen)
