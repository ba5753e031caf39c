"""Commands tell what the records hold now: the copy follows first, which takes milliseconds where nothing changed."""

from vafa.kit import clock
from vafa.kit.terminal import say
from vafa.warehouse.actions import refresh
from vafa.warehouse.queries import Snapshot, open_snapshot


def open_newest_snapshot() -> Snapshot:
    """The state of the records at this moment, copied first where the copy is behind."""
    refresh(now=clock.now(), say=say)
    return open_snapshot()
