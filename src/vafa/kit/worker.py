"""Signs of life of the worker: whether tasks that wait will be done."""

from datetime import datetime, timedelta
from pathlib import Path

from vafa.kit.home import get_home

BEAT_EVERY = timedelta(seconds=5)
# A worker that has not beaten for this long is taken for dead.
DEAD_AFTER = timedelta(seconds=60)


def _get_beat_path() -> Path:
    return get_home() / "worker.beat"


def beat(now: datetime) -> None:
    """Note that the worker of this home is alive; not more often than useful."""
    last = find_last_beat()
    if last is None or now - last >= BEAT_EVERY or last > now:
        _get_beat_path().write_text(now.isoformat())


def find_last_beat() -> datetime | None:
    """When the worker of this home was last seen alive; None if none runs."""
    try:
        return datetime.fromisoformat(_get_beat_path().read_text())
    except (FileNotFoundError, ValueError):
        return None


def is_worker_alive(now: datetime) -> bool:
    """Whether a worker of this home runs."""
    last = find_last_beat()
    return last is not None and now - last < DEAD_AFTER


def forget_beat() -> None:
    """The worker of this home has stopped."""
    _get_beat_path().unlink(missing_ok=True)
