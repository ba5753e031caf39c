"""Recording calls, visits, messages and notes."""

from vafa.data.log.recording import FactRow, record_facts
from vafa.data.log.types import FactTable, Recorded

INTERACTIONS = FactTable(
    name="interaction",
    table="interactions_interaction",
    columns=(
        "customer_id",
        "kind",
        "at",
        "day",
        "subject",
        "text",
        "staff_name",
        "outcome",
        "minutes",
        "custom",
    ),
    moments=frozenset({"at"}),
    days=frozenset({"day"}),
)


def record_interactions(
    rows: list[FactRow], *, source_id: int, import_id: int | None, fresh: bool
) -> Recorded:
    """Record interactions (key, *INTERACTIONS.columns) of one source; see `log.recording`."""
    return record_facts(INTERACTIONS, rows, source_id=source_id, import_id=import_id, fresh=fresh)
