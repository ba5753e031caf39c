"""How often somebody may do something: counted in the records, so that it holds over all processes and restarts."""

import hashlib
from datetime import datetime, timedelta

from django.db import connection

from vafa.kit.models import RateWindow

KEEP = timedelta(days=1)


def take(what: str, who: str, *, limit: int, window: timedelta, now: datetime) -> timedelta | None:
    """Count one time; None while there were at most `limit` in this window, else how long it still lasts.

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
        count = int(cursor.fetchone()[0])
    return None if count <= limit else timedelta(seconds=began + length - moment)


def forget_old(now: datetime) -> None:
    """Forget who did nothing for a day."""
    RateWindow.objects.filter(began__lt=int((now - KEEP).timestamp())).delete()
