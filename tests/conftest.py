"""What every test may ask for, and the doors that are locked while tests run.

A test that drives a browser, a database server or Java asks for the fixture of that name and skips
with a sentence where the machine has none. `BLUELAMP_REQUIRE=all` turns such a skip into a failure;
`.ci/run` sets it after installing them. The real data beside a checkout is asked for with `shared`:
no machine has it by right, so its absence is always a skip.
"""

from __future__ import annotations

import csv
import fcntl
import ipaddress
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

ROOT = Path(__file__).resolve().parent.parent

# As root, in a container, Chromium cannot make its sandbox; the rest keep it from calling home.
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def missing(what: str, remedy: str) -> NoReturn:
    """Skip for want of `what`, or fail where everything was promised to be there."""
    message = f"{what} is missing: {remedy}"
    if os.environ.get("BLUELAMP_REQUIRE") == "all":
        pytest.fail(f"{message} (BLUELAMP_REQUIRE=all)", pytrace=False)
    pytest.skip(message)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """made_once(name, make) -> the folder of that name, which `make(folder)` has filled: once in a
    run, however many processes share its tests (`pytest -n 2`). To be read, not to be written to.
    """
    base = tmp_path_factory.getbasetemp()  # with several processes, each has a folder in the run's
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def of(name: str, make: Callable[[Path], object]) -> Path:
        folder, done = run / f"once-{name}", run / f"once-{name}.done"
        with (run / f"once-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)  # of a process in which it failed
                folder.mkdir()
                make(folder)
                done.touch()
        return folder

    return of


@pytest.fixture(scope="session")
def publishers_files(made_once: Callable[..., Path]) -> Path:
    """The publishers' files of the small made-up London."""
    from bluelamp.definitions import definitions_root, read_gazetteer
    from bluelamp.synthetic import write_london

    def write(folder: Path) -> None:
        definitions = definitions_root()
        with (definitions / "areas/lookups/lsoa21-ward.csv").open(encoding="utf-8") as stream:
            wards = {row["lsoa21_code"]: row["ward24_code"] for row in csv.DictReader(stream)}
        gazetteer = read_gazetteer(definitions)
        write_london(folder, gazetteer=gazetteer, lsoa_to_ward=wards, small=True)

    return made_once("publishers-files", write)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data and reference vectors beside the checkout, which we never ship."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("this test needs the folder ../shared beside the checkout, which is not here")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    return found or missing("Chromium", "on Debian, apt-get install chromium fonts-liberation")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    """A running headless Chromium (a Playwright `Browser`), shared by the whole run.

    Make a fresh page with `browser.new_page(viewport={"width": 320, "height": 640})` and close it.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
        yield running
        running.close()


@pytest.fixture(scope="session")
def node_modules(root: Path) -> Path:
    """The folder of GOV.UK Frontend and axe-core, which `make setup` fills."""
    folder = root / "node_modules"
    return folder if folder.is_dir() else missing("node_modules", "run `make setup`")


@pytest.fixture(scope="session")
def axe(node_modules: Path) -> str:
    """The source of axe-core, to be injected into a page."""
    return (node_modules / "axe-core/axe.min.js").read_text()


@pytest.fixture(scope="session")
def postgres_bin() -> Path:
    """The folder of PostgreSQL's server programs (`initdb`, `postgres`), the newest if several."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    return found[-1].parent if found else missing("PostgreSQL", "apt-get install postgresql")


@pytest.fixture(scope="session")
def java() -> str:
    """The path of a Java runtime (Spark needs one)."""
    return shutil.which("java") or missing("Java", "apt-get install default-jre-headless")


def _is_this_machine(address: object) -> bool:
    """Whether a socket address is a path on disk or loopback. An unresolved name is not."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """A test that reaches for the network fails, whatever the machine would have answered."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        real = getattr(socket.socket, name)

        def guarded(self: socket.socket, address: Any, real: Any = real) -> Any:
            if not _is_this_machine(address):
                raise RuntimeError(f"a test tried to reach {address}: tests use no network")
            return real(self, address)

        patch.setattr(socket.socket, name, guarded)
    yield
    patch.undo()
