"""Making the columnar copy follow the records."""

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy.typing as npt
from django.utils.translation import gettext as _

from vafa.data.business.queries import get_business
from vafa.warehouse import published
from vafa.warehouse.base import build_base
from vafa.warehouse.day_sets import DaySets
from vafa.warehouse.delta import DeltaTooLarge, build_delta
from vafa.warehouse.engine import READ_MEMORY, connect, get_version
from vafa.warehouse.feeds import build_feeds, read_feeds
from vafa.warehouse.layout import (
    GRACE_SECONDS,
    Manifest,
    clean,
    get_warehouse_folder,
    lock,
    make_folder,
    publish,
    read_manifest,
    settle,
)
from vafa.warehouse.records import Records, open_records
from vafa.warehouse.tables import CUSTOMERS, FACTS
from vafa.warehouse.types import RefreshResult
from vafa.warehouse.views import create_whole_views

Say = Callable[[str], None]

# Deltas that are together larger than this are folded into a new base.
FOLD_SHARE = 0.1
LEAST_FOLD_ROWS, MOST_FOLD_ROWS = 5_000, 1_000_000
# A delta larger than this stays as it is, and what changes from then on makes another one.
FREEZE_ROWS = 100_000
# Up to so many rows of a table, starting another process costs more than it saves.
FEW_ROWS = 50_000

_FOLLOWED = (*(table.source for table in (CUSTOMERS, *FACTS)), "log_removal")


def refresh(
    *, now: datetime, rebuild: bool = False, say: Callable[[str], None] | None = None
) -> RefreshResult:
    """Bring the copy up to date with the records, or build it anew from nothing.

    One refresh at a time: another one waits, and then finds nothing left to do. Readers see the old copy
    until the new one is whole.
    """
    begun = time.monotonic()
    folder = get_warehouse_folder()
    with lock(folder):
        manifest = read_manifest(folder)
        clean(folder, manifest)

        def follow(*, in_bulk: bool) -> tuple[Manifest, int, bool]:
            with open_records(in_bulk=in_bulk) as records:
                return _Following(folder, records, manifest, now, say or _say_nothing).follow(rebuild)

        try:
            published, changed, rebuilt = follow(in_bulk=False)
        except _BulkNeeded:
            published, changed, rebuilt = follow(in_bulk=True)
    return RefreshResult(
        seq=published.seq,
        orders=published.orders,
        customers=published.customers,
        changed=changed,
        rebuilt=rebuilt,
        seconds=time.monotonic() - begun,
    )


def forget_before(seq: int, now: datetime, hurry: bool) -> bool:
    """Forget people in the copy: have a base that knows the records at least up to `seq`, and nothing older beside
    it; whether it is so. A page may be reading the old one for a moment longer: unless in a hurry, it goes when called
    again after that."""
    folder = get_warehouse_folder()
    manifest = read_manifest(folder)
    if manifest is not None and manifest.base_seq < seq:
        refresh(now=now, rebuild=True)
    with lock(folder):
        manifest = read_manifest(folder)
        named = set(manifest.folders) if manifest else set()
        left = False
        for path in [path for path in folder.iterdir() if path.is_dir() and path.name not in named]:
            if hurry or now.timestamp() - path.stat().st_mtime > GRACE_SECONDS:
                shutil.rmtree(path)
            else:
                left = True
        if manifest is not None and manifest.previous and not left:
            publish(folder, replace(manifest, previous=[]))
    return not left


def publish_column(
    name: str, ids: npt.ArrayLike, values: npt.ArrayLike, as_of: date, *, made_by: str = ""
) -> None:
    """Publish one value for each of these customers, as of a day: what `Snapshot.published` gives from now on, in every
    process. `made_by` says what made them, where columns of other makers can't be compared with these.

    Raises ValueError for another number of values than of ids, or an id that stands twice.
    """
    publish_columns({name: (ids, values)}, as_of, made_by=made_by)


def publish_columns(
    columns: Mapping[str, tuple[npt.ArrayLike, npt.ArrayLike] | None], as_of: date, *, made_by: str = ""
) -> None:
    """As `publish_column` of several that belong together: whoever is killed in between, nobody sees some of the new
    ones beside some of the old. None: publish nothing under that name any more."""
    published.write_columns(get_warehouse_folder(), columns, as_of, made_by)


def withdraw_column(name: str) -> None:
    """Publish nothing under that name any more."""
    published.remove_column(get_warehouse_folder(), name)


def forget_in_columns(ids: npt.ArrayLike) -> None:
    """Leave these customers out of every published column."""
    published.leave_out(get_warehouse_folder(), ids)


class _BulkNeeded(Exception):
    """There is more to read than the slow way is for."""


def _say_nothing(_text: str) -> None:
    pass


class _Following:
    """One refresh, from one consistent view of the records."""

    def __init__(
        self, folder: Path, records: Records, manifest: Manifest | None, now: datetime, say: Say
    ) -> None:
        self.folder = folder
        self.records = records
        self.manifest = manifest
        self.now = now
        self.say = say
        self.seq = records.get_number("SELECT value FROM log_sequence WHERE id = 1")
        self.told = read_feeds(records)
        self.zone = get_business().zone

    def follow(self, rebuild: bool) -> tuple[Manifest, int, bool]:
        """The manifest that is published now, how many rows changed since the last, whether it was rebuilt."""
        known = self.manifest
        if known is None or rebuild or not self._is_of_these_records(known):
            changed = self._count_changed(known.seq if known and self._is_of_these_records(known) else 0)
            return self._rebuild(), changed, True
        told = [*self.told, [self.zone]]
        if self.seq == known.seq and told == known.feeds_told:
            return known, 0, False
        changed = self._count_changed(known.seq)
        if self.seq == known.seq:
            return self._publish(known), changed, False
        most = self._count_most_delta_rows(known)
        if self._count_changed(known.base_seq) > most:
            return self._rebuild(), changed, True
        known = self._freeze(known)
        try:
            self._expect_few(known.under_seq)
            return self._add_delta(known, most), changed, False
        except DeltaTooLarge:
            return self._rebuild(), changed, True

    def _freeze(self, known: Manifest) -> Manifest:
        """The manifest to build the next delta upon: with the present one beneath it, if that has grown large."""
        if known.delta is None or known.seq - known.under_seq <= FREEZE_ROWS:
            return known
        return replace(
            known,
            frozen=[*known.frozen, known.delta],
            delta=None,
            under_seq=known.seq,
            under_customers=known.customers_ix,
        )

    def _is_of_these_records(self, known: Manifest) -> bool:
        """Whether the copy was made of this database, by this DuckDB, and is not ahead of it."""
        return (
            known.engine == get_version()
            and known.fingerprint == self.records.fingerprint
            and known.seq <= self.seq
        )

    def _count_most_delta_rows(self, known: Manifest) -> int:
        return max(LEAST_FOLD_ROWS, min(MOST_FOLD_ROWS, int(known.base_lines * FOLD_SHARE)))

    def _count_changed(self, after: int) -> int:
        return sum(
            self.records.get_number(f"SELECT count(*) FROM {table} WHERE seq > {after:d}")
            for table in _FOLLOWED
        )

    def _expect_few(self, after: int) -> None:
        """Raise _BulkNeeded if these records are slow and many rows have to be read."""
        if self.records.is_slow and any(
            self.records.get_number(
                f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE seq > {after:d} LIMIT {FEW_ROWS + 1}) AS few"
            )
            > FEW_ROWS
            for table in _FOLLOWED
        ):
            raise _BulkNeeded

    def _rebuild(self) -> Manifest:
        self._expect_few(0)
        with make_folder(self.folder, "base") as building:
            base = build_base(self.records, building, self.say)
            name = settle(building)
        draft = Manifest(
            seq=self.seq,
            base=name,
            base_seq=self.seq,
            base_lines=base.lines,
            frozen=[],
            delta=None,
            under_seq=self.seq,
            under_customers=base.customers,
            customers_ix=base.customers,
            orders=0,
            customers=0,
            has_subscriptions=False,
            engine=get_version(),
            fingerprint=self.records.fingerprint,
            currencies=base.currencies,
            day_set_dimensions=base.day_set_dimensions,
            feeds=[],
            feeds_told=[],
            first_day=0,
            last_day=0,
            refreshed_at="",
        )
        return self._publish(draft)

    def _add_delta(self, known: Manifest, most_rows: int) -> Manifest:
        self.say(_("Following the changes"))
        with make_folder(self.folder, "delta") as building:
            beneath = [self.folder / name for name in known.under]
            delta = build_delta(self.records, known, beneath, building, most_rows)
            name = settle(building)
        draft = replace(
            known, seq=self.seq, delta=name, customers_ix=delta.customers_ix, currencies=delta.currencies
        )
        return self._publish(draft)

    def _publish(self, draft: Manifest) -> Manifest:
        """Add what is told of the whole, and publish."""
        manifest = replace(
            draft,
            feeds_told=[*self.told, [self.zone]],
            refreshed_at=self.now.isoformat(),
            previous=self.manifest.folders if self.manifest else [],
            **self._describe([self.folder / name for name in draft.folders]),
        )
        publish(self.folder, manifest)
        return manifest

    def _describe(self, folders: list[Path]) -> dict[str, Any]:
        with make_folder(self.folder, "spill") as spill, connect(spill, READ_MEMORY) as connection:
            create_whole_views(connection, folders)
            lines, first, last = connection.execute(
                "SELECT coalesce(sum(rows), 0)::BIGINT, coalesce(min(day_no), 0), coalesce(max(day_no), 0)"
                " FROM days_lines"
            ).fetchall()[0]
            subscriptions = connection.execute(
                "SELECT 1 FROM all_subscriptions WHERE NOT hidden LIMIT 1"
            ).fetchall()
            feeds = build_feeds(connection, self.told, self.zone)
        return {
            "orders": lines,
            "customers": len(DaySets(folders).load_people()),
            "has_subscriptions": bool(subscriptions),
            "first_day": first,
            "last_day": last,
            "feeds": feeds,
        }
