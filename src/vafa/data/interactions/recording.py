"""Recording calls, visits, messages and notes, answers to surveys, and tickets, as their sources tell them."""

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
ANSWERS = FactTable(
    name="survey_answer",
    table="interactions_surveyanswer",
    columns=(
        "customer_id", "survey", "question", "score", "scale_low", "scale_high", "direction", "method", "channel",
        "comment", "invited_at", "invited_on", "answered_at", "answered_on", "day", "custom",
    ),
    moments=frozenset({"invited_at", "answered_at"}),
    days=frozenset({"invited_on", "answered_on", "day"}),
)  # fmt: skip
TICKETS = FactTable(
    name="ticket",
    table="interactions_ticket",
    columns=(
        "customer_id", "subject", "category", "channel", "priority", "status", "agent_name", "opened_at", "day",
        "first_response_at", "first_response_on", "solved_at", "solved_on", "closed_at", "closed_on", "reopened",
        "satisfaction", "custom",
    ),
    moments=frozenset({"opened_at", "first_response_at", "solved_at", "closed_at"}),
    days=frozenset({"day", "first_response_on", "solved_on", "closed_on"}),
)  # fmt: skip


def record_interactions(
    rows: list[FactRow], *, source_id: int, import_id: int | None, fresh: bool
) -> Recorded:
    """Record interactions (key, *INTERACTIONS.columns) of one source; see `log.recording`."""
    return record_facts(INTERACTIONS, rows, source_id=source_id, import_id=import_id, fresh=fresh)


def record_answers(rows: list[FactRow], *, source_id: int, import_id: int | None, fresh: bool) -> Recorded:
    """Record answers and invitations (key, *ANSWERS.columns) of one source."""
    return record_facts(ANSWERS, rows, source_id=source_id, import_id=import_id, fresh=fresh)


def record_tickets(rows: list[FactRow], *, source_id: int, import_id: int | None, fresh: bool) -> Recorded:
    """Record tickets (key, *TICKETS.columns) of one source."""
    return record_facts(TICKETS, rows, source_id=source_id, import_id=import_id, fresh=fresh)
