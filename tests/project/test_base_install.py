"""The agent runs where only the base install is: no Django, no scapy, no paramiko, no test tool."""

import importlib.metadata
import json
import subprocess
import sys

from tests.project.repository import ROOT, pyproject
from tests.project.test_lock import installed_closure

# Runs in an interpreter of its own: imports every module of the agent's side and refuses, as if it
# were not installed, every distribution that the base install does not bring.
PROBE = """
import importlib, importlib.abc, json, pkgutil, sys

root, banned = json.loads(sys.argv[1])
sys.path.insert(0, root)

class Refuse(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in banned:
            raise ModuleNotFoundError(f"{name} is not part of the base install", name=name)
        return None

sys.meta_path.insert(0, Refuse())
seen = []
for name in ("wire", "checks", "agent"):
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, name + "."):
        if not module.name.endswith("__main__") and ".survey" not in module.name:
            importlib.import_module(module.name)
            seen.append(module.name)
print(len(seen))
"""


def test_the_agents_side_imports_with_the_base_install_alone() -> None:
    base = installed_closure(pyproject()["project"]["dependencies"])
    banned = sorted(
        module
        for module, names in importlib.metadata.packages_distributions().items()
        if not {name.lower() for name in names} & {*base, "caretaker"}
    )

    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-c",
            PROBE,
            json.dumps([str(ROOT), [*banned, "controller", "inventory"]]),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10
