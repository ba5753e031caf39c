"""The web server process."""

import os
import socket
import threading
import time
import urllib.request
from collections.abc import Callable
from functools import partial
from typing import Any

from vafa.config.supervising import end_with_parent

# Threads that answer requests in one process; more would only wait for Python's lock.
THREADS = 8


def serve_pages(host: str, port: int, workers: int) -> None:
    """Answer requests until told to stop by a signal."""
    from django.db import connections
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    connections.close_all()  # the workers are forks, and must not share a connection
    server = Server(
        "vafa.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.error,
    )
    server.serve(target_loader=_load)


def _load(target: str) -> Callable[..., Any]:
    """Load the application in a worker, which also ends when its server is killed."""
    from granian._internal import load_target

    end_with_parent(partial(os._exit, 1))
    application: Callable[..., Any] = load_target(target)
    return application


def is_up(address: str) -> bool:
    """Whether the server there answers."""
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=2) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except (OSError, ValueError):
        return False


def when_up(address: str, do: Callable[[], None]) -> None:
    """Call `do` once, from another thread, as soon as the server at `address` answers."""

    def watch() -> None:
        while not is_up(address):
            time.sleep(0.1)
        do()

    threading.Thread(target=watch, name="when-up", daemon=True).start()


def get_host_name() -> str:
    """This machine's name, for hints on how others reach it."""
    return socket.gethostname()
