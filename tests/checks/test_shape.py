"""Every domain folder has one shape; a folder that departs from it fails here by name."""

import ast
import importlib
import re
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import get_args

import msgspec
import pytest

import checks
from checks.catalogue import DOMAINS, catalogue
from checks.facts import Facts
from checks.host import Platform

ROOT = Path(checks.__file__).parent
FOLDERS = sorted(
    p.name
    for p in ROOT.iterdir()
    if p.is_dir()
    and p.name not in ("formats", "policies", "records", "snmp", "surveys", "__pycache__")
)
PLATFORMS = get_args(Platform)
KEBAB = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)+$")
RETIRED = tomllib.loads((ROOT / "retired.toml").read_text())


def test_every_folder_is_a_domain_of_the_catalogue_and_the_reverse() -> None:
    assert sorted(DOMAINS) == FOLDERS


@pytest.mark.parametrize("domain", FOLDERS)
def test_a_domain_has_the_files_every_domain_has(domain: str) -> None:
    for name in ("__init__.py", "facts.py", "judges.py", "checks.toml"):
        assert (ROOT / domain / name).is_file(), f"{domain}/{name} is missing"


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("domain", FOLDERS)
def test_every_platform_has_a_reader(domain: str, platform: str) -> None:
    assert find_spec(f"checks.{domain}.{platform}"), f"{domain}/{platform}.py is missing"


@pytest.mark.parametrize("domain", FOLDERS)
def test_sections_are_frozen_named_after_their_domain_and_numbered(domain: str) -> None:
    sections: tuple[type[Facts], ...] = importlib.import_module(f"checks.{domain}.facts").SECTIONS
    names = [section.section for section in sections]
    assert names in ([domain], [domain, f"{domain}_now"], [f"{domain}_now"])
    for section in sections:
        assert section.__struct_config__.frozen
        assert section.schema >= 1


@pytest.mark.parametrize("domain", FOLDERS)
def test_a_reader_says_where_it_looks_and_reads_every_section(domain: str) -> None:
    sections = importlib.import_module(f"checks.{domain}.facts").SECTIONS
    for platform in PLATFORMS:
        if find_spec(f"checks.{domain}.{platform}") is None:
            continue
        reader = importlib.import_module(f"checks.{domain}.{platform}")
        assert len(reader.__doc__ or "") > 80
        names = {section.section for section in sections}
        assert hasattr(reader, "read") == (domain in names)
        assert hasattr(reader, "read_now") == (f"{domain}_now" in names)


@pytest.mark.parametrize("domain", FOLDERS)
def test_readers_import_nothing_that_touches_a_machine(domain: str) -> None:
    """They see it only through `Host`, so that every one of them runs anywhere, recorded."""
    banned = {
        "os",
        "subprocess",
        "socket",
        "pathlib",
        "psutil",
        "winreg",
        "ctypes",
        "shutil",
        "time",
    }
    for path in (ROOT / domain).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            roots = {name.partition(".")[0] for name in names}
            assert not roots & banned, f"{path.name} imports {roots & banned}"


def test_check_ids_are_kebab_case_and_never_reused() -> None:
    ids = [check for _, check, _, _ in catalogue().judged()]
    assert all(KEBAB.match(check) for check in ids)
    assert not set(ids) & set(RETIRED)


def test_words_keep_to_their_limits() -> None:
    for _, check_id, check, _ in catalogue().judged():
        assert len(check.title) <= 80, check_id
        assert not check.title.endswith("."), check_id
        assert len(check.why) <= 300, check_id
        assert set(check.remedy) == set(check.platforms), check_id
        for sentence in (*check.sentences.values(), *check.remedy.values(), check.why):
            assert sentence.strip() == sentence, check_id
            assert sentence.endswith((".", ")", "'")), (check_id, sentence)


def test_every_sentence_a_judge_says_exists_and_none_is_left_over() -> None:
    """Judges name sentences as the first argument of `passed`, `failed` and their kin."""
    for domain in catalogue().domains:
        said = set()
        for path in (ROOT / domain.name).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    said.add(node.value)
        written = {key for check in domain.checks.values() for key in check.sentences}
        assert written <= said, f"{domain.name}: nobody says {sorted(written - said)}"


def test_settings_have_no_defaults_of_their_own() -> None:
    for _, check_id, _, judge in catalogue().judged():
        if judge.settings is not None:
            fields = msgspec.structs.fields(judge.settings)
            assert all(field.required for field in fields), check_id
