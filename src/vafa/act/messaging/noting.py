"""Writing into the ledger what became of rows that a worker holds: many in few statements, each only while it is still
the worker's."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from vafa.act.messaging.models import Sending

logger = logging.getLogger(__name__)

_TABLE = Sending._meta.db_table
_OURS = "WHERE id = %s AND worker = %s AND state = 'claimed'"
_MARK = f"""UPDATE {_TABLE} SET handed_at = %s, lease_until = %s, account_id = %s, point = %s, mail_id = %s {_OURS}"""
_BACK = f"""UPDATE {_TABLE} SET state = 'pending', worker = '', lease_until = NULL, handed_at = NULL, spent_at = NULL,
    not_before = %s, why = %s, answer = %s, attempts = %s {_OURS}"""
_END = f"""UPDATE {_TABLE} SET state = %s, worker = '', lease_until = NULL, ended_at = %s, why = %s, answer = %s,
    attempts = %s, provider_id = %s, parts = %s, cost = %s {_OURS}"""
# What never reached anybody takes nothing of the budget.
_END_FREE = _END.replace("lease_until = NULL,", "lease_until = NULL, spent_at = NULL,")
_SPENDS = ("accepted", "unknown")


@dataclass(frozen=True)
class Mark:
    """A row that is about to be handed over."""

    pk: int
    point: int | None
    mail_id: str


@dataclass(frozen=True)
class Back:
    """A row that waits again, until when and why."""

    pk: int
    until: datetime
    why: str
    attempts: int
    answer: str = ""


@dataclass(frozen=True)
class End:
    """A row that is done with: accepted, failed, suppressed or unknown."""

    pk: int
    state: str
    why: str
    attempts: int
    answer: str = ""
    provider_id: str = ""
    parts: int | None = None
    cost: Decimal | None = None


def mark(worker: str, account_id: int, marks: Sequence[Mark], until: datetime, now: datetime) -> None:
    """Note that rows are being handed over from now on, under a new lease: what is found so later may have left."""
    at, lease = _adapt(now), _adapt(until)
    _run(_MARK, [(at, lease, account_id, one.point, one.mail_id, one.pk, worker) for one in marks])


@transaction.atomic
def note(worker: str, noted: Iterable[Back | End], now: datetime) -> None:
    """Write what became of rows."""
    ends: dict[str, list[tuple[Any, ...]]] = {_END: [], _END_FREE: []}
    backs = []
    for one in noted:
        answer = one.answer[:500].replace("\0", "")
        if isinstance(one, Back):
            backs.append((_adapt(one.until), one.why[:20], answer, one.attempts, one.pk, worker))
            continue
        told = (
            one.state, _adapt(now), one.why[:20], answer, one.attempts, one.provider_id[:120], one.parts,
            connection.ops.adapt_decimalfield_value(one.cost, 20, 4), one.pk, worker,
        )  # fmt: skip
        ends[_END if one.state in _SPENDS else _END_FREE].append(told)
    for statement, rows in (*ends.items(), (_BACK, backs)):
        _run(statement, rows)


def _run(statement: str, rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
        if cursor.rowcount != len(rows):
            logger.warning(
                "%s of %s rows were no longer this worker's", len(rows) - cursor.rowcount, len(rows)
            )


def _adapt(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)
