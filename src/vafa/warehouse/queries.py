"""DOOR: asking the warehouse."""

import threading
from pathlib import Path

from vafa.warehouse.company_view import let_go_of_views
from vafa.warehouse.layout import MANIFEST, Manifest, get_warehouse_folder, read_manifest
from vafa.warehouse.snapshot import Snapshot
from vafa.warehouse.types import Query, State

__all__ = ["Query", "Snapshot", "has_copy", "open_snapshot", "open_state"]

_Stamp = tuple[int, int, int]

_lock = threading.Lock()
_opened: dict[Path, tuple[_Stamp | None, Snapshot]] = {}
_reopened: dict[Path, Snapshot] = {}


def open_snapshot() -> Snapshot:
    """The newest published state; one without rows where nothing has been published yet.

    Cheap to call (one look at the manifest's file); keep the result for one page or command, not longer,
    because the files behind it are removed some time after newer ones have taken their place.
    """
    folder = get_warehouse_folder()
    stamp = _read_stamp(folder)
    with _lock:
        known = _opened.get(folder)
        if known is None or known[0] != stamp:
            let_go_of_views()
            before = None if known is None else known[1]
            known = (stamp, Snapshot(folder, read_manifest(folder), before))
            # A process serves one home. Of the thousands that tests open, each would keep a DuckDB with its threads.
            _opened.clear()
            _opened[folder] = known
        return known[1]


def open_state(state: State) -> Snapshot:
    """The very state that a snapshot of another process shows, also when a newer one has been published since.

    The last one is kept, so that a process which is asked several things of it loads its sets once.
    """
    manifest = None if state.document is None else Manifest(**state.document)
    with _lock:
        kept = _reopened.get(state.folder)
        if kept is None or kept.manifest != manifest:
            kept = Snapshot(state.folder, manifest)
            _reopened.clear()
            _reopened[state.folder] = kept
    return kept.by_company(state.only) if state.entity == "company" else kept


def has_copy() -> bool:
    """Whether a state has been published that this version can read."""
    return read_manifest(get_warehouse_folder()) is not None


def _read_stamp(folder: Path) -> _Stamp | None:
    try:
        found = (folder / MANIFEST).stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
