"""Codes of which each is for one person: taken in, given once, and never again."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from vafa.act.automations.models import Code, Pool, Run
from vafa.act.automations.types import CodesUnusable
from vafa.kit.audit import record
from vafa.kit.bulk import is_postgres, update_rows

PIECE = 1000
MOST = 1_000_000
LONGEST = 100


def create_pool(name: str, *, by: Any, now: datetime) -> Pool:
    """A pool without codes yet. Raises CodesUnusable."""
    if not name.strip():
        raise CodesUnusable(_("Give the codes a name."), field="name")
    with transaction.atomic():
        pool = Pool.objects.create(name=name.strip()[:120], made_by=by, made_at=now)
        record("codes.pool_made", by=by, now=now, subject=f"pool:{pool.pk}")
    return pool


def add_codes(pool_id: int, codes: Iterable[str], *, by: Any, now: datetime) -> tuple[int, int]:
    """Put codes into a pool, each once: how many are new, how many were there already. Raises CodesUnusable."""
    wanted = list(dict.fromkeys(code.strip() for code in codes if code.strip()))
    if not wanted:
        raise CodesUnusable(_("There is no code in what was given."), field="codes")
    if len(wanted) > MOST:
        raise CodesUnusable(_("These are too many codes at once."), field="codes")
    if any(len(code) > LONGEST or "\0" in code for code in wanted):
        raise CodesUnusable(_("A code is longer than 100 characters."), field="codes")
    before = Code.objects.filter(pool=pool_id).count()
    for start in range(0, len(wanted), PIECE):
        with transaction.atomic():
            Code.objects.bulk_create(
                [Code(pool_id=pool_id, code=code) for code in wanted[start : start + PIECE]],
                ignore_conflicts=True,
            )
    added = Code.objects.filter(pool=pool_id).count() - before
    with transaction.atomic():
        record("codes.added", by=by, now=now, subject=f"pool:{pool_id}", count=added)
    return added, len(wanted) - added


def give_codes(pool_id: int, step: str, runs: Sequence[Run], now: datetime) -> dict[int, str]:
    """A code of the pool for each of these runs, as far as there are any, by run; noted on the run as well. One who has
    one by this step keeps it. Call it in a transaction."""
    had = Code.objects.filter(run__in=[run.pk for run in runs], step=step)
    given: dict[int, str] = dict(had.values_list("run_id", "code"))
    waiting = [run for run in runs if run.pk not in given]
    taken: list[tuple[int, str, int]] = []
    for run, (pk, code) in zip(waiting, _take(pool_id, len(waiting), now), strict=False):
        taken.append((run.pk, step, pk))
        given[run.pk] = code
    update_rows(Code._meta.db_table, ("run_id", "step"), taken)
    changed = [run for run in runs if run.pk in given]
    for run in changed:
        run.values = {**run.values, "code": given[run.pk]}
    told = [(json.dumps(run.values, ensure_ascii=False), run.pk) for run in changed]
    update_rows(Run._meta.db_table, ("values",), told)
    return given


def _take(pool_id: int, count: int, now: datetime) -> list[tuple[int, str]]:
    """So many codes that nobody has, now given: one statement decides between two workers."""
    if count <= 0:
        return []
    locking = " FOR UPDATE SKIP LOCKED" if is_postgres() else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE automations_code SET given_at = %s WHERE id IN (SELECT id FROM automations_code"
            f" WHERE pool_id = %s AND given_at IS NULL ORDER BY id LIMIT %s{locking}) RETURNING id, code",
            [now, pool_id, count],
        )
        return sorted((int(pk), str(code)) for pk, code in cursor.fetchall())


def list_pools() -> list[Pool]:
    """The pools in use, each with how many codes it has (`total`) and how many are left (`left`)."""
    pools = Pool.objects.filter(archived_at=None)
    return list(pools.annotate(total=Count("codes"), left=Count("codes", filter=Q(codes__given_at=None))))


def find_pool(pool_id: int) -> Pool | None:
    """One pool, or None."""
    return Pool.objects.filter(pk=pool_id).first()


@transaction.atomic
def archive_pool(pool_id: int, *, archived: bool, by: Any, now: datetime) -> None:
    """Put a pool away, or back; codes that were given stay given."""
    if Pool.objects.filter(pk=pool_id, archived_at__isnull=archived).update(
        archived_at=now if archived else None
    ):
        what = "codes.pool_archived" if archived else "codes.pool_put_back"
        record(what, by=by, now=now, subject=f"pool:{pool_id}")
