"""Recording subscriptions."""

from vafa.data.log.recording import FactRow, record_facts
from vafa.data.log.types import FactTable, Recorded

SUBSCRIPTIONS = FactTable(
    name="subscription",
    table="subscriptions_subscription",
    columns=(
        "customer_id", "plan", "amount", "currency", "interval", "started_on", "ended_on", "cancel_reason",
        "frozen_from", "frozen_until", "sessions", "sessions_used", "last_visit_on", "custom",
    ),
    days=frozenset({"started_on", "ended_on", "frozen_from", "frozen_until", "last_visit_on"}),
)  # fmt: skip


def record_subscriptions(
    rows: list[FactRow], *, source_id: int, import_id: int | None, fresh: bool
) -> Recorded:
    """Record subscriptions (key, *SUBSCRIPTIONS.columns) of one source; see `log.recording`."""
    return record_facts(SUBSCRIPTIONS, rows, source_id=source_id, import_id=import_id, fresh=fresh)
