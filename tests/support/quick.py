"""What makes the tests quick without letting them prove less: weak passwords, and copies of what was built before.

Most tests of pages stand on the same small shop. Its records are written anew for each test, but the columnar copy that
follows from them is the same: from the third time on it is taken over. A copy is known by all rows that it is made of.
"""

import hashlib
import pickle
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

from vafa.kit import audit_guard
from vafa.warehouse import actions, layout, loading, tables

WEAK = "django.contrib.auth.hashers.MD5PasswordHasher"


def weaken_passwords() -> None:
    """Hash passwords in a microsecond instead of a sixth of a second; `vafa.data.staff` tests the real way."""
    settings.PASSWORD_HASHERS = [WEAK, *settings.PASSWORD_HASHERS]


def let_tables_be_emptied() -> None:
    """After a test with transactions of its own all tables are emptied; the audit trail would refuse to be."""
    own = type(connection.ops)
    plain = own.execute_sql_flush

    def flush(self: BaseDatabaseOperations, sql_list: Any) -> None:
        audit_guard.remove(self.connection)
        plain(self, sql_list)
        audit_guard.install(self.connection.alias)

    own.execute_sql_flush = flush  # type: ignore[method-assign]


@dataclass
class _Built:
    """A copy that was built: its manifest, and where its folder is kept."""

    manifest: layout.Manifest
    folder: Path


class Copies:
    """The columnar copies that this test process has built, each once it is wanted again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.met: set[bytes] = set()
        self.kept: dict[bytes, _Built] = {}
        self.build = actions._Following._rebuild

    def rebuild(self, following: Any) -> layout.Manifest:
        """In place of `_Following._rebuild`: the same from a copy, where these very rows have been met twice before."""
        if following.say is not actions._say_nothing:
            return self.build(following)
        key = build_key(following)
        if built := self.kept.get(key):
            return put(built, following)
        manifest = self.build(following)
        if key in self.met:
            kept = self.folder / str(len(self.kept))
            shutil.copytree(following.folder / manifest.base, kept)
            self.kept[key] = _Built(manifest, kept)
        self.met.add(key)
        return manifest


def build_key(following: Any) -> bytes:
    """A digest of everything that a copy is made of."""
    records = following.records
    told: list[Any] = [records.fingerprint, following.seq, following.told, following.zone]
    for table in (tables.CUSTOMERS, *tables.FACTS):
        select = tables.build_select(table, records.vendor, "")
        told.append(records.list_rows(select, tables.build_travel_schema(table, records.vendor)))
    named = pa.schema([("id", pa.int64()), ("code", pa.string()), ("name", pa.string())])
    for source, code, label in loading.NAMES.values():
        told.append(records.list_rows(f"SELECT id, {code}, {label} FROM {source}", named))
    return hashlib.sha256(pickle.dumps(told)).digest()


def put(built: _Built, following: Any) -> layout.Manifest:
    """Publish a copy that was built before, as if it had been built now."""
    with layout.make_folder(following.folder, "base") as building:
        shutil.copytree(built.folder, building, dirs_exist_ok=True)
        name = layout.settle(building)
    previous = following.manifest.folders if following.manifest else []
    manifest = replace(built.manifest, base=name, previous=previous, refreshed_at=following.now.isoformat())
    layout.publish(following.folder, manifest)
    return manifest


@contextmanager
def keep_copies() -> Iterator[None]:
    """Let what was built be copied while the block runs."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="vafa-copies-") as folder:
        copies = Copies(Path(folder))

        def rebuild(following: Any) -> layout.Manifest:
            return copies.rebuild(following)

        patch.setattr(actions._Following, "_rebuild", rebuild)
        yield
