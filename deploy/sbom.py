"""The software bill of materials of a release, CycloneDX 1.6 JSON, from requirements.lock alone.

The same lock gives the same bytes: no time, no random serial number. Every package of the lock is
in it: what the agent always loads as `required`, what an extra brings as `optional`, what only
builds and tests use as `excluded`. The lock holds one hash per file that a version was published
as; they stand as properties, because a CycloneDX hash is of one file.

`python -m deploy.sbom` prints it.
"""

import importlib.metadata
import json
import re
import sys
import uuid
from pathlib import Path
from typing import Any, Final

from deploy import licences
from deploy.bootstrap import subset

ROOT: Final = Path(__file__).parents[1]
ME: Final = "caretaker"
_NAMESPACE: Final = uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")  # RFC 4122's for names


def document(lock: str) -> dict[str, Any]:
    """The whole bill, for the text of a lock."""
    blocks = subset.blocks(lock)
    versions = {name: _version(text) for name, (text, _) in blocks.items()}
    scopes = _scopes(lock)
    components = [
        _component(name, versions[name], _hashes(text), scopes.get(name, "excluded"))
        for name, (text, _) in sorted(blocks.items())
    ]
    web = [_web(file, part) for file, part in sorted(licences.vendored().items())]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_NAMESPACE, lock)}",
        "version": 1,
        "metadata": {"component": _ours()},
        "components": [*components, *web],
        "dependencies": _dependencies(blocks, versions, [part["bom-ref"] for part in web]),
    }


def text(lock: str) -> str:
    """The bill as it is published."""
    return json.dumps(document(lock), indent=1, sort_keys=True, ensure_ascii=True) + "\n"


def _ours() -> dict[str, Any]:
    project = licences.pyproject()["project"]
    return {
        "type": "application",
        "bom-ref": ME,
        "name": ME,
        "version": project["version"],
        "description": project["description"],
        "licenses": [{"expression": project["license"]}],
    }


def _component(name: str, version: str, hashes: list[str], scope: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "library",
        "bom-ref": f"{name}@{version}",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
        "scope": scope,
        "properties": [{"name": "caretaker:file:sha256", "value": one} for one in hashes],
    }
    if scope != "excluded" and (licence := _licence(name)):
        made["licenses"] = [{"expression": licence}]
    return made


def _web(file: str, part: dict[str, str]) -> dict[str, Any]:
    package = part["package"].replace("@", "%40")
    return {
        "type": "file",
        "bom-ref": f"{file}@{part['version']}",
        "name": file,
        "version": part["version"],
        "purl": f"pkg:npm/{package}@{part['version']}",
        "scope": "optional",
        "hashes": [{"alg": "SHA-512", "content": part["sha512"]}],
        "licenses": [{"expression": part["licence"]}],
    }


def _dependencies(
    blocks: dict[str, tuple[str, set[str]]], versions: dict[str, str], web: list[str]
) -> list[dict[str, Any]]:
    """Who needs whom, from the lock's own comments."""
    needs: dict[str, list[str]] = {name: [] for name in [ME, *blocks]}
    for name, (_, askers) in sorted(blocks.items()):
        for asker in askers & needs.keys():
            needs[asker].append(f"{name}@{versions[name]}")
    needs[ME] += web
    return [
        {"ref": ME if name == ME else f"{name}@{versions[name]}", "dependsOn": sorted(wanted)}
        for name, wanted in sorted(needs.items())
    ]


def _scopes(lock: str) -> dict[str, str]:
    """What each package that ships is for; the rest only builds and tests."""
    project = licences.pyproject()
    shipped = subset.subset(lock, project, ["base", *project["project"]["optional-dependencies"]])
    base = subset.subset(lock, project, ["base"])
    return dict.fromkeys(subset.blocks(shipped), "optional") | dict.fromkeys(
        subset.blocks(base), "required"
    )


def _licence(name: str) -> str:
    """From what is installed; a package for another system is not here to be asked."""
    try:
        return licences.licence(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _version(block: str) -> str:
    found = re.match(r"\S+?==(\S+)", block)
    assert found
    return found[1]


def _hashes(block: str) -> list[str]:
    return sorted(re.findall(r"--hash=sha256:([0-9a-f]{64})", block))


if __name__ == "__main__":
    sys.stdout.write(text((ROOT / "requirements.lock").read_text(encoding="utf-8")))
