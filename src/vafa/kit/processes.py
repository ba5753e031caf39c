"""Several processes of our own at work on one question."""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor


def start_processes(count: int) -> ProcessPoolExecutor:
    """Processes that are ready for work on the business's data: begun anew, not forked, so that they share no
    connection, no lock and no file with this one. Leave them as a `with` block, or call `shutdown`."""
    return ProcessPoolExecutor(
        count, mp_context=multiprocessing.get_context("spawn"), initializer=_make_ready
    )


def _make_ready() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vafa.config.settings")
    import django

    django.setup()
