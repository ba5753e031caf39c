"""The worker process: tasks that wait in the database, and the timetable."""

import logging
import os
import secrets
import threading
from datetime import datetime

from vafa.config.timetable import TIMETABLE, do_due, wait_for_running
from vafa.kit import clock
from vafa.kit.worker import beat, find_last_beat, forget_beat, is_worker_alive

__all__ = ["beat", "find_last_beat", "is_worker_alive", "work"]

logger = logging.getLogger(__name__)

TICK_SECONDS = 1.0
STOP_PATIENCE_SECONDS = 10.0


def work() -> None:
    """Do tasks and keep the timetable until told to stop by a signal."""
    from django_tasks_db.management.commands.db_worker import Worker

    worker = Worker(
        queue_names=["*"],
        interval=1,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"{os.getpid()}-{secrets.token_hex(8)}",
        excluded_queue_names=[],
    )
    worker.configure_signals()
    # Its one warning at a stop is no news to anybody.
    logging.getLogger("django_tasks_db").setLevel(logging.ERROR)
    stop = threading.Event()
    timetable = threading.Thread(target=_keep_timetable, args=(stop,), name="timetable", daemon=True)
    timetable.start()
    try:
        worker.run()
    finally:
        stop.set()
        timetable.join(STOP_PATIENCE_SECONDS)
        ended = wait_for_running(STOP_PATIENCE_SECONDS) and not timetable.is_alive()
        forget_beat()
        if not ended:
            os._exit(0)  # what it does is safe to cut off; waiting longer is not what was asked


def _keep_timetable(stop: threading.Event) -> None:
    from django.db import close_old_connections

    done_at: dict[str, datetime] = {}
    while not stop.is_set():
        beat(clock.now())
        close_old_connections()
        do_due(TIMETABLE, done_at, clock.now())
        close_old_connections()
        stop.wait(TICK_SECONDS)
