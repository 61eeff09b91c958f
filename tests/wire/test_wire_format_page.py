"""The page on the wire format says what the code does: every field, type, code and limit."""

import re
from pathlib import Path

import pytest

from tests.wire.test_shapes import structs
from wire import limits, problem, types

PAGE = (Path(__file__).parents[2] / "docs" / "wire-format.md").read_text(encoding="utf-8")
SECTION_OF = {
    "Envelope": "Envelope",
    "Signature": "Envelope",
    "Hello": "Hello",
    "Roots": "Roots",
    "Rekey": "Rekey",
    "Readmit": "Readmit",
    "Rules": "Policy",
    "Scope": "Scope",
    "Hours": "Scope",
    "Service": "Scope",
    "Credential": "Scope",
    "Credentials": "Credentials",
    "SealedSecret": "Credentials",
    "Others": "Scope",
    "Enrol": "Enrol",
    "Factor": "Enrol",
    "Enrolment": "Enrolment",
    "Report": "Report",
    "Seen": "Report",
    "Content": "Report",
    "SectionRef": "Report",
    "Result": "Report",
    "NowSection": "Report",
    "Receipt": "Receipt",
    "Problem": "Problem",
    "Head": "Problem",
}


def section(title: str) -> str:
    """Give the text under one heading."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def rows(title: str) -> set[str]:
    """Give every name that stands in a row of a section's tables."""
    cells = re.findall(r"^\| (.*)$", section(title), re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


@pytest.mark.parametrize("name", structs())
def test_every_field_of_every_message_stands_in_its_table(name: str) -> None:
    fields = {field.encode_name for field in structs()[name].fields}
    assert fields <= rows(SECTION_OF[name])


def test_no_table_names_a_field_that_is_gone() -> None:
    for title in set(SECTION_OF.values()):
        known = {
            field.encode_name
            for name, kind in structs().items()
            if SECTION_OF[name] == title
            for field in kind.fields
        }
        first_cells = re.findall(
            r"^\| ((?:`[a-zA-Z_0-9]+`(?:, )?)+) \| ", section(title), re.MULTILINE
        )
        listed = {one for cell in first_cells for one in re.findall(r"`([^`]+)`", cell)}
        assert listed - known - problem.CODES.keys() == set(), title


@pytest.mark.parametrize("code", problem.CODES)
def test_every_code_stands_there_with_its_status_and_action(code: str) -> None:
    status, action = problem.CODES[code]
    assert f"| `{code}` | {status} | {action} | " in section("Problem")


@pytest.mark.parametrize("action", sorted({one.action for one in problem.CODES.values()}))
def test_every_action_is_explained(action: str) -> None:
    assert f"**{action}**: " in section("Problem")


def test_every_payload_type_stands_there() -> None:
    text = section("Payload types")
    for name, value in vars(types).items():
        if isinstance(value, str) and value.startswith(types.PREFIX) and name != "PREFIX":
            assert value.removeprefix(types.PREFIX) in text + section("Envelope"), name


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("compressed body", limits.BODY_COMPRESSED),
        ("body when inflated", limits.BODY_INFLATED),
        ("envelope", limits.ENVELOPE),
        ("payload", limits.PAYLOAD),
        ("section", limits.SECTION),
        ("drifting section", limits.NOW_SECTION),
        ("all drifting sections", limits.NOW_TOTAL),
        ("sections in a report", limits.SECTIONS),
        ("results in a report", limits.RESULTS),
        ("items in one list of a section", limits.ROWS),
        ("nesting", limits.DEPTH),
        ("characters in a string", limits.STRING),
        ("an envelope inside another message", limits.CARRIED),
        ("addresses in a hello or in roots", limits.ADDRESSES),
        ("keys of one kind in roots", limits.ROOT_KEYS),
        ("factors in an enrol", limits.FACTORS),
        ("checkpoint or proof, all signatures included", limits.NOTE),
        ("signatures on a checkpoint", limits.NOTE_SIGNATURES),
    ],
)
def test_every_limit_stands_there(what: str, value: int) -> None:
    assert re.search(rf"^\| {what} \| {value:,}( bytes)? \|$", section("Limits"), re.MULTILINE)


def test_the_sizes_on_the_page_are_about_those_measured() -> None:
    """About, because another build of zlib may find a few bytes more or less."""
    from tests.wire.test_sizes import QUIET_NOW, sizes

    bare, quiet = sizes([]), sizes(QUIET_NOW)
    figures = re.search(
        r"night is about (\d+) bytes so, about (\d+) with (\d+) bytes of drifting facts "
        r"\(about (\d+) and ([\d,]+) as gzip\)",
        " ".join(section("Envelope").split()),
    )
    assert figures is not None
    said = [int(figure.replace(",", "")) for figure in figures.groups()]
    measured = [bare["frame"], quiet["frame"], quiet["drifting facts"]]
    measured += [bare["envelope, gzip"], quiet["envelope, gzip"]]
    assert said == pytest.approx(measured, rel=0.03)
