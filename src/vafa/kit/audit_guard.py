"""What keeps the audit trail from being changed: triggers of the database, put there after each migration.

They refuse every UPDATE and DELETE (and on PostgreSQL TRUNCATE), also by hand, while the table of the door is empty.
`audit.opened` puts a row there inside its own transaction, so the door is open to nobody else, and is shut again before
anybody could see it open.
"""

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

REFUSAL = "the audit trail is never changed"
_TABLE, DOOR = "kit_auditentry", "kit_auditdoor"
_ACTS = ("UPDATE", "DELETE")
# Only PostgreSQL knows it, and it meets no row, so no trigger of rows.
_EMPTYING = "TRUNCATE"


def install(using: str = "default", **_signal: Any) -> None:
    """Put the triggers there where they are missing."""
    connection = connections[using]
    tables = connection.introspection.table_names()
    if _TABLE in tables and DOOR in tables:
        with connection.cursor() as cursor:
            for statement in _write_statements(connection):
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take them away; only for tests, which empty all tables."""
    with connection.cursor() as cursor:
        for act in (*_ACTS, _EMPTYING):
            on = f" ON {_TABLE}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {_TABLE}_no_{act.lower()}{on}")


def _write_statements(connection: BaseDatabaseWrapper) -> list[str]:
    if connection.vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {_TABLE}_no_{act.lower()} BEFORE {act} ON {_TABLE} "
            f"WHEN NOT EXISTS (SELECT 1 FROM {DOOR}) BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for act in _ACTS
        ]
    function = (
        "CREATE OR REPLACE FUNCTION kit_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NOT EXISTS (SELECT 1 FROM {DOOR}) THEN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = '23514'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; IF TG_OP = 'TRUNCATE' THEN RETURN NULL; END IF; "
        "RETURN NEW; END $$"
    )
    return [
        function,
        *(
            f"CREATE OR REPLACE TRIGGER {_TABLE}_no_{act.lower()} BEFORE {act} ON {_TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION kit_audit_refuse()"
            for act in _ACTS
        ),
        (
            f"CREATE OR REPLACE TRIGGER {_TABLE}_no_{_EMPTYING.lower()} BEFORE {_EMPTYING} ON {_TABLE} "
            "FOR EACH STATEMENT EXECUTE FUNCTION kit_audit_refuse()"
        ),
    ]
