"""How often somebody may do something: counted in the records, so that it holds over all processes and restarts."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from vafa.kit.models import RateWindow

KEEP = timedelta(days=1)


@dataclass(frozen=True)
class Taken:
    """One time that was counted: how many are left in this window, how long it still lasts, and whether that was too
    many."""

    limit: int
    left: int
    lasts: timedelta
    refused: bool


def take(what: str, who: str, *, limit: int, window: timedelta, now: datetime) -> timedelta | None:
    """Count one time; None while there were at most `limit` in this window, else how long it still lasts."""
    taken = count(what, who, limit=limit, window=window, now=now)
    return taken.lasts if taken.refused else None


def count(what: str, who: str, *, limit: int, window: timedelta, now: datetime) -> Taken:
    """Count one time, and tell how many are left.

    Windows stand on a grid (each minute, for example). `who` is kept as a digest only.
    """
    length = int(window.total_seconds())
    moment = int(now.timestamp())
    began = moment - moment % length
    key = f"{what}:{hashlib.sha256(who.encode()).hexdigest()[:40]}"
    table = RateWindow._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" (key, began, count) VALUES (%s, %s, 1) ON CONFLICT (key) DO UPDATE SET '
            f'count = CASE WHEN "{table}".began = excluded.began THEN "{table}".count + 1 ELSE 1 END, '
            "began = excluded.began RETURNING count",
            [key, began],
        )
        times = int(cursor.fetchone()[0])
    return Taken(limit, max(0, limit - times), timedelta(seconds=began + length - moment), times > limit)


def forget_old(now: datetime) -> None:
    """Forget who did nothing for a day."""
    RateWindow.objects.filter(began__lt=int((now - KEEP).timestamp())).delete()
