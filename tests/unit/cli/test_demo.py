"""`bluelamp demo` as a newcomer runs it: a process of its own, until pages with charts answer."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

PATIENCE = 240


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetched(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return str(answer.read().decode())


@pytest.mark.slow
def test_the_demo_builds_serves_and_draws(tmp_path: Path) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "bluelamp.cli", "demo", "--home", str(tmp_path)]
    with subprocess.Popen(
        [*command, "--port", str(port)], env=dict(os.environ), stderr=subprocess.PIPE
    ) as demo:
        try:
            home = ""
            began = time.monotonic()
            while not home and time.monotonic() - began < PATIENCE and demo.poll() is None:
                try:
                    home = fetched(f"{base}/")
                except (urllib.error.URLError, ConnectionError):
                    time.sleep(1)
            assert "made up" in home.casefold() or "made-up" in home.casefold()
            # A chart is drawn here: a server forked from the process that built would hang.
            assert "<svg" in fetched(f"{base}/measures/burglary/E09000008/")
        finally:
            demo.terminate()
