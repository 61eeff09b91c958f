"""The docs cannot lie: what they list is what the product has, and the reverse."""

import re
from pathlib import Path

import msgspec
import pytest

from controller.config import ENV_PREFIX, Config
from deploy.docs import PAGES, gone, page

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
LINK = re.compile(r"\]\(([^)#:]+)\)")


@pytest.mark.parametrize("name", PAGES)
def test_a_written_page_is_what_the_product_says_today(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == page(name), (
        "run: .venv/bin/python -m deploy.docs"
    )


def test_no_page_of_a_check_stays_when_the_check_is_gone() -> None:
    assert gone() == [], "run: .venv/bin/python -m deploy.docs"


def test_every_setting_stands_in_the_settings_page_with_its_variable() -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)`", text, re.MULTILINE)
    wanted = [
        (field.name, f"{ENV_PREFIX}{field.name.upper()}")
        for field in msgspec.structs.fields(Config)
        if field.name != "serving"  # set by `serve` for its own worker, not by people
    ]
    assert sorted(rows) == sorted(wanted)


@pytest.mark.parametrize(
    "written",
    [
        *sorted(p.relative_to(ROOT).as_posix() for p in ROOT.glob("*.md")),
        "docs/settings.md",
        *(f"docs/{one}" for one in PAGES),
    ],
)
def test_a_page_links_only_to_files_that_exist(written: str) -> None:
    text = (ROOT / written).read_text(encoding="utf-8")
    for target in LINK.findall(text):
        assert ((ROOT / written).parent / target).exists(), f"{written} links to {target}"
