"""The audit trail is added to and never changed, whoever tries; only retention and erasure go through its door."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import Error, connection, transaction

from vafa.data.staff.models import Staff
from vafa.kit.audit import forget_entries, opened, record, record_seen
from vafa.kit.models import AuditDoor, AuditEntry
from vafa.kit.origin import Origin, coming_from

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL knows TRUNCATE")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kit_auditentry SET action = 'nothing'",
        "UPDATE kit_auditentry SET staff_id = NULL",
        "DELETE FROM kit_auditentry",
        "DELETE FROM kit_auditentry WHERE id > 0",
        pytest.param("TRUNCATE kit_auditentry", marks=on_postgresql),
        pytest.param("TRUNCATE staff_staff CASCADE", marks=on_postgresql),
    ],
)
def test_the_database_itself_refuses_to_change_a_row(statement: str) -> None:
    record("target.set", by=None, now=NOW, subject="target:1")
    connection.check_constraints()  # or PostgreSQL would not even begin to truncate
    with pytest.raises(Error, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.get().action == "target.set"


def test_the_models_are_refused_too() -> None:
    record("target.set", by=None, now=NOW)
    entry = AuditEntry.objects.get()
    for attempt in (entry.save, entry.delete, AuditEntry.objects.all().delete):
        with pytest.raises(Error, match="never changed"), transaction.atomic():
            attempt()


def test_the_door_is_open_inside_and_shut_again() -> None:
    for days in (400, 10):
        record("target.set", by=None, now=NOW - timedelta(days=days))
    assert forget_entries(NOW - timedelta(days=365), by=None, now=NOW) == 1
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["audit.forgotten", "target.set"]
    assert not AuditDoor.objects.exists()
    with pytest.raises(RuntimeError):
        _break_off()
    assert AuditEntry.objects.count() == 2
    assert not AuditDoor.objects.exists()
    with pytest.raises(Error, match="never changed"), transaction.atomic():
        AuditEntry.objects.all().delete()


def _break_off() -> None:
    with opened() as entries:
        entries.delete()
        raise RuntimeError


def test_seeing_is_one_row_a_person_a_thing_and_an_hour() -> None:
    ann, bob = (Staff.objects.create_user(f"{name}@x.example", created_at=NOW) for name in ("ann", "bob"))
    for minutes in (0, 1, 59, 60):
        record_seen("customer.seen", by=ann, now=NOW + timedelta(minutes=minutes), subject="customer:1")
    record_seen("customer.seen", by=ann, now=NOW, subject="customer:2")
    record_seen("customer.seen", by=bob, now=NOW, subject="customer:1")
    assert AuditEntry.objects.filter(staff=ann, subject="customer:1").count() == 2
    assert AuditEntry.objects.count() == 4


def test_a_row_knows_from_where_it_came() -> None:
    with coming_from(Origin("10.0.0.7", "Firefox, Linux")):
        record("target.set", by=None, now=NOW)
    record("target.set", by=None, now=NOW)
    assert list(AuditEntry.objects.values_list("address", "device").order_by("pk")) == [
        ("10.0.0.7", "Firefox, Linux"),
        (None, ""),
    ]
