"""Each process loads only what its licence goes with, and the page says so (§E)."""

import ast
import importlib.metadata
import json
import subprocess
import sys

import pytest
from packaging.utils import canonicalize_name

from deploy import licences
from deploy.licences import PROCESSES, Process
from tests.project.repository import PACKAGES, ROOT, files

MINE = {"caretaker"}
# What runs in a process: imported in an interpreter of its own, which then tells what it loaded.
LOADED = """
import importlib, json, os, pkgutil, sys, tempfile
sys.path.insert(0, sys.argv[1])
os.environ["CARETAKER_DATA"] = tempfile.gettempdir() + "/no-such-folder"
os.environ["DJANGO_SETTINGS_MODULE"] = "controller.settings"
packages = sys.argv[2].split(",")
if "controller" in packages:
    import django
    django.setup()
for name in packages:
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, name + "."):
        if not module.name.endswith(("__main__", ".rsgi")) and ".survey" not in module.name:
            importlib.import_module(module.name)
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""


APART = ["cryptography", "paramiko", "nacl", "bcrypt", "msgspec", "psutil"]


def loaded(packages: str) -> set[str]:
    """The distributions that end up in a process which imports all of these packages."""
    done = subprocess.run(
        [sys.executable, "-I", "-W", "ignore", "-c", LOADED, str(ROOT), packages],
        capture_output=True,
        text=True,
        check=True,
    )
    brought = importlib.metadata.packages_distributions()
    found = {dist for module in json.loads(done.stdout) for dist in brought.get(module, [])}
    return {str(canonicalize_name(name)) for name in found} - MINE


def foreign(source: str) -> set[str]:
    """Top names that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def mixing(name: str, source: str) -> str:
    """Say what a module mixes that licences keep apart; "" when nothing."""
    imports = foreign(source)
    if "scapy" in imports:
        more = imports - {"scapy"} - set(sys.stdlib_module_names)
        if not name.startswith("agent/survey/"):
            return "scapy outside the survey worker"
        if more:
            return f"scapy beside {', '.join(sorted(more))}"
    if "paramiko" in imports and not name.startswith("agent/"):
        return "paramiko outside the agent"
    return ""


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_every_licence_in_a_process_is_one_that_goes_with_it(process: Process) -> None:
    unfit = {
        name: licences.licence(name)
        for name in licences.loads(process)
        if not licences.fits(licences.licence(name), process.allowed)
    }
    assert unfit == {}


@pytest.mark.parametrize(
    ("packages", "process"),
    [("wire,checks,agent", "agent"), ("wire,checks,inventory,controller", "controller")],
    ids=["agent", "controller"],
)
def test_all_that_a_process_really_loads_goes_with_it(packages: str, process: str) -> None:
    """Also what a package takes along only because it happens to be there, as bcrypt."""
    (listed,) = [one for one in PROCESSES if one.name == process]
    names = loaded(packages)
    assert {"cryptography", "msgspec"} <= names
    assert {n for n in names if not licences.fits(licences.licence(n), listed.allowed)} == set()


def test_scapy_runs_where_what_it_must_not_share_a_process_with_is_shut_out() -> None:
    """scapy takes `cryptography` along where it finds it, so its worker must shut that out."""
    probe = (
        "import sys, logging; logging.disable()\n"
        f"apart = {APART}\n"
        "sys.modules.update(dict.fromkeys(apart))\n"
        "from scapy.layers import dhcp, dot11, l2\n"
        "assert len(bytes(l2.Ether() / l2.ARP(pdst='192.0.2.1'))) == 42\n"
        "assert bytes(dot11.RadioTap() / dot11.Dot11())\n"
        "print([name for name in apart if sys.modules[name]])"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-W", "ignore", "-c", probe],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_no_module_mixes_what_licences_keep_apart() -> None:
    python = [path for path in files(*PACKAGES) if path.suffix == ".py"]
    names = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in python}
    found = {name: fault for name, source in names.items() if (fault := mixing(name, source))}
    assert found == {}


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("agent/hosts/planted.py", "import scapy.all"),
        ("agent/survey/worker.py", "def f():\n    from scapy.layers import l2\nimport msgspec"),
        ("agent/survey/worker.py", "import scapy\nimport cryptography.x509"),
        ("controller/planted.py", "import paramiko"),
    ],
    ids=["scapy-elsewhere", "scapy-beside-msgspec", "scapy-beside-cryptography", "paramiko"],
)
def test_a_planted_mix_is_found(name: str, source: str) -> None:
    assert mixing(name, source)


def test_a_licence_that_is_not_on_the_list_is_refused() -> None:
    assert not licences.fits("GPL-2.0-only", licences.UNDER_3)
    assert not licences.fits("Apache-2.0", licences.BESIDE_SCAPY)
    assert not licences.fits("", licences.UNDER_3)
    assert licences.fits("Apache-2.0 OR BSD-3-Clause", licences.FREE)


def test_each_package_on_the_page_has_a_version_that_is_locked() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    names = {name for process in PROCESSES for name in licences.loads(process)}
    wrong = [n for n in names if f"{n}=={importlib.metadata.version(n)} " not in lock]
    assert wrong == []
