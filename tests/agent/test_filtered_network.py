"""The filter tried over a real name server and real connections, in a network of the test's own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import needs

ROOT = Path(__file__).parents[2]


@pytest.mark.root
def test_what_a_schools_filter_does_is_told_apart_from_what_is_gone(tmp_path: Path) -> None:
    needs.root()
    needs.program("dnsmasq", package="dnsmasq-base")
    needs.program("ip", package="iproute2")
    apart = [needs.program("unshare", package="util-linux"), "--net", "--mount"]
    if subprocess.run([*apart, "true"], check=False, capture_output=True).returncode != 0:
        needs.impossible("this account may make no network of its own")
    ran = subprocess.run(
        [*apart, sys.executable, "-m", "tests.agent.filtered", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    assert json.loads(ran.stdout)["came"] == {
        "www.example.org": "open",
        "games.example.com": "open",
        "adult.example.com": "block-page",
        "sink.example.com": "sinkhole",
        "gone.example.com": "no-name",
        "closed.example.com": "refused",
    }
