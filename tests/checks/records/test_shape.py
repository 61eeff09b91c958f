"""The checks of the controller's own records have the shape of all others."""

import ast
import tomllib
from pathlib import Path

import checks
from checks.catalogue import catalogue
from checks.explained import asked
from checks.policy import Ask, Policy
from checks.records.catalogue import DOMAINS, every, records

ROOT = Path(checks.__file__).parent


def test_every_folder_is_a_domain_and_has_its_files() -> None:
    folders = {p.parent.relative_to(ROOT).as_posix() for p in ROOT.glob("records/*/checks.toml")}
    assert folders == set(DOMAINS)
    for name in DOMAINS:
        for file in ("__init__.py", "facts.py", "judges.py"):
            assert (ROOT / name / file).is_file()


def test_words_keep_to_their_limits() -> None:
    for _, check_id, check, _ in records().judged():
        assert len(check.title) <= 80, check_id
        assert not check.title.endswith("."), check_id
        assert len(check.why) <= 300, check_id
        assert not check.platforms, check_id
        assert not check.remedy, check_id
        for sentence in (*check.sentences.values(), check.fix, check.why):
            assert sentence.strip() == sentence, check_id
            assert sentence.endswith((".", ")", "'")), (check_id, sentence)


def test_every_sentence_is_said_and_every_one_said_is_written() -> None:
    for name, domain in zip(DOMAINS, records().domains, strict=True):
        files = sorted((ROOT / name).glob("*.py"))
        tree = ast.parse("\n".join(file.read_text(encoding="utf-8") for file in files))
        said = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert {key for check in domain.checks.values() for key in check.sentences} <= said
        told = {
            node.args[0].value
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("passed", "warned", "failed", "not_applicable")
            and isinstance(node.args[0], ast.Constant)
        }
        assert told <= {key for check in domain.checks.values() for key in check.sentences}


def test_every_check_says_who_asks_for_it() -> None:
    assert all(asked(check_id) for _, check_id, _, _ in records().judged())


def test_no_id_is_one_that_was_retired() -> None:
    retired = tomllib.loads((ROOT / "retired.toml").read_text())
    assert not {check_id for _, check_id, _, _ in records().judged()} & set(retired)


def test_a_setting_in_both_catalogues_is_one_setting() -> None:
    """A school's decision about it holds for laptops and for tablets alike."""
    ours = {(d.name, c): d.thresholds[c] for d in records().domains for c in d.checks}
    for (_, check), settings in ours.items():
        theirs = catalogue().domain_of(check)
        if theirs is None:
            continue
        known = {one.name: one for one in theirs.thresholds[check]}
        for one in settings:
            assert (one.min, one.max, one.unit) == (
                known[one.name].min,
                known[one.name].max,
                known[one.name].unit,
            ), check


def test_a_school_can_ask_for_what_is_only_in_the_records() -> None:
    assert every().domain_of("asset-last-seen") is records().domain_of("asset-last-seen")
    assert every().domain_of("mdm-enrolled") is catalogue().domain_of("mdm-enrolled")
    from controller.policy.trying import faults

    def asks(value: int) -> Policy:
        wish = Ask("asset-last-seen", "warn_seconds", value, "head teacher")
        return Policy(name="Ours", version=1, decisions=[wish])

    assert faults(asks(30 * 86_400)) == []
    assert faults(asks(1)) != []
