"""Programs in exports of real Uninstall keys, where they lie beside the project."""

from agent.hosts.dumped import Dump, DumpedHost
from checks.software.facts import Title
from checks.software.windows_titles import everything
from tests.checks import corpus


def titles(name: str) -> list[Title]:
    dump = Dump()
    dump.add_export(corpus.need(f"glpi-agent/win32/registry/{name}").read_bytes())
    places = everything(DumpedHost(dump, at=1_795_336_200))
    return [title for _, found in places if isinstance(found, list) for title in found]


def test_the_programs_of_a_windows_xp_are_told_without_its_updates() -> None:
    found = titles("xp-Uninstall.reg")
    names = {title.name for title in found}
    assert len(found) == 93
    assert {"CCleaner (remove only)", "Adobe Shockwave Player 11"} <= names
    assert not any(name.startswith("Security Update for Windows") for name in names)
    assert sum(title.system for title in found) == 11
    assert sum(title.hidden for title in found) == 31


def test_days_of_installing_and_versions_are_read_where_they_are_told() -> None:
    git = next(title for title in titles("mssql-Uninstall.reg") if title.name.startswith("Git "))
    assert git == Title(
        *(git.name, "2.12.2.2", "registry", "", "The Git Development Community"),
        installed_at=1_493_683_200,
    )
