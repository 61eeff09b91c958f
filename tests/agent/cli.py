"""`caretaker-agent` as people and services call it: a subprocess of its own."""

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from agent.commands.main import main
from tests.agent.simulator import Controller


def agent(*words: str, data: Path | None = None, **env: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-I", "-P", "-m", "agent.commands.main", *words]
    if data is not None:
        command += ["--data", str(data)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **env},
    )


def agent_here(*words: str, data: Path) -> "subprocess.CompletedProcess[str]":
    """The same without a process of its own: for what depends on neither user nor environment."""
    out, err = io.StringIO(), io.StringIO()
    before, sys.stdin = sys.stdin, io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([*words, "--data", str(data)])
    finally:
        sys.stdin = before
    return subprocess.CompletedProcess(list(words), code, out.getvalue(), err.getvalue())


def printed(ran: "subprocess.CompletedProcess[str]") -> Any:
    return json.loads(ran.stdout)


def enrol(controller: Controller, data: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    code = str(controller.code())
    return agent("enrol", "--controller", controller.url, "--code", code, *more, data=data)


def one_line(ran: "subprocess.CompletedProcess[str]") -> str:
    lines = ran.stderr.strip().splitlines()
    assert len(lines) == 1, ran.stderr
    assert "Traceback" not in ran.stderr
    return lines[0]
