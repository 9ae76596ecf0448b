"""Serves one release to browsers: `bluelamp serve`."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bluelamp.releases.release import Release


def serve(
    release: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    threads: int = 4,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve a release until interrupted. `ready` is told the address once it answers.

    Raises NotARelease for a folder that is none, and OSError where the port is taken.
    """
    Release(release)  # a folder that is no release is refused before a port is opened
    os.environ["BLUELAMP_RELEASE"] = str(release.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bluelamp.web.settings")
    check_free(host, port)
    _server(host, port, threads, ready).run()


def check_free(host: str, port: int) -> None:
    """Raises OSError, saying what to do, where another program holds the port."""
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise OSError(
                error.errno,
                f"port {port} of {host} cannot be used ({error.strerror}); choose one with --port",
            ) from error


def _server(host: str, port: int, threads: int, ready: Callable[[str], None] | None) -> Any:
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):
        """Gunicorn with one process: pages are kept in memory, and threads share them."""

        def load_config(self) -> None:
            settings = {
                "bind": f"{host}:{port}",
                "workers": 1,
                "worker_class": "gthread",
                "threads": threads,
                "loglevel": "warning",
                "control_socket_disable": True,
                "when_ready": lambda _: ready and ready(f"http://{host}:{port}/"),
            }
            for name, value in settings.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            from bluelamp.web.wsgi import application

            return application

    return Server()
