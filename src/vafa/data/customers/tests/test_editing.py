"""Changing customers by hand, with what was there before and after, and undoing it; fields of the business's own."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from vafa.data.customers.actions import (
    add_point,
    archive_field,
    change_customer,
    change_many,
    change_point,
    define_field,
    move_field,
    prefer_point,
    remove_point,
    set_photo,
    undo_batch,
    undo_field_change,
)
from vafa.data.customers.models import ContactPoint, Customer, FieldChange, Profile
from vafa.data.customers.queries import get_photo_path, list_definitions, list_people_of_company, read_value
from vafa.data.customers.types import ChangedSince, FieldUnusable, PhotoRefused, PointUnusable, ValueUnusable
from vafa.kit.erasing import collect_person, erase_person
from vafa.kit.models import AuditEntry

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
TOLD: dict[str, Any] = {"by": None, "now": NOW}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAFA_HOME", str(tmp_path))


def add(**fields: Any) -> int:
    return Customer.objects.create(**({"name": "Reza", "seq": 0} | fields)).pk


def test_a_change_is_kept_with_before_and_after_and_the_audit_has_no_values():
    customer = add(tags=["old"])
    changed = change_customer(
        customer,
        {
            "name": "آقای رضا کریمی", "birthday": date(1990, 3, 21), "tags": [" vip ", "vip", ""],
            "interests": ["tea"], "company": "", "custom:Size": "42",
        },
        **TOLD,
    )  # fmt: skip
    assert changed == ["birthday", "custom:Size", "interests", "name", "tags", "title"]
    row = Customer.objects.get(pk=customer)
    assert (row.name, row.title, row.tags, row.custom) == ("رضا کریمی", "آقای", ["vip"], {"Size": "42"})
    assert row.seq > 0
    assert row.name_folded
    kept = {change.field: (change.before, change.after) for change in FieldChange.objects.all()}
    assert kept["birthday"] == (None, "1990-03-21")
    assert kept["tags"] == (["old"], ["vip"])
    entry = AuditEntry.objects.get(action="customer.changed")
    assert entry.details == {"fields": changed}
    assert change_customer(customer, {"tags": ["vip"], "title": "آقای"}, **TOLD) == []


def test_a_change_is_undone_unless_something_came_later():
    customer = add(company="Old")
    change_customer(customer, {"company": "New", "custom:Size": "42", "language": "fa"}, **TOLD)
    changes = {change.field: change.pk for change in FieldChange.objects.all()}
    for change in changes.values():
        undo_field_change(change, **TOLD)
    row = Customer.objects.get(pk=customer)
    assert (row.company, row.custom, Profile.objects.get().language) == ("Old", {}, "")
    with pytest.raises(ChangedSince):
        undo_field_change(changes["company"], **TOLD)
    change_customer(customer, {"company": "Newer"}, **TOLD)
    first = FieldChange.objects.latest("pk").pk
    change_customer(customer, {"company": "Newest"}, **TOLD)
    with pytest.raises(ChangedSince):
        undo_field_change(first, **TOLD)


def test_points_are_added_changed_preferred_and_removed_and_each_is_undone():
    customer = add()
    here: dict[str, Any] = {"region": "IR"} | TOLD
    phone = add_point(customer, "phone", "۰۹۱۲ ۱۲۳ ۴۵۶۷", **here)
    assert phone.value == "+989121234567"
    other = add_point(customer, "phone", "09127654321", **here)
    with pytest.raises(PointUnusable):
        add_point(customer, "phone", "+98 912 123 4567", **here)
    for kind, typed in (("phone", "12"), ("email", "nobody"), ("fax", "1")):
        with pytest.raises(PointUnusable):
            add_point(customer, kind, typed, **here)
    prefer_point(other.pk, **TOLD)
    prefer_point(phone.pk, **TOLD)
    assert list(ContactPoint.objects.filter(preferred=True)) == [phone]
    change_point(other.pk, "09120000000", **here)
    remove_point(phone.pk, **TOLD)
    for change in FieldChange.objects.order_by("-pk")[:2]:
        undo_field_change(change.pk, **TOLD)
    assert set(ContactPoint.objects.values_list("value", flat=True)) == {"+989121234567", "+989127654321"}
    assert not FieldChange.objects.exclude(customer=customer).exists()


def test_many_are_changed_in_batches_and_undone_together(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("vafa.data.customers.editing.BATCH", 2)
    ids = [add(tags=["a"]) for _ in range(5)] + [add(tags=["a", "new"])]
    changed, batch = change_many(ids, lambda row: {"tags": [*row.tags, "new"]}, "customers.tagged", **TOLD)
    assert changed == 5
    assert all("new" in tags for tags in Customer.objects.values_list("tags", flat=True))
    change_customer(ids[0], {"tags": ["other"]}, **TOLD)
    assert undo_batch(batch, **TOLD) == 4
    assert Customer.objects.get(pk=ids[0]).tags == ["other"]
    assert Customer.objects.get(pk=ids[1]).tags == ["a"]
    assert Customer.objects.get(pk=ids[5]).tags == ["a", "new"]


@pytest.mark.parametrize(
    ("kind", "text", "kept"),
    [
        ("number", "۱٬۲۳۴٫۵۰", "1234.5"), ("money", "-12", "-12"), ("yes_no", "بله", "yes"), ("yes_no", "No", "no"),
        ("email", "A@Example.com", "a@example.com"), ("link", "example.com/x", "https://example.com/x"),
        ("phone", "0912 123 4567", "+989121234567"), ("choice", "كافه", "کافه"), ("choices", "کافه، Bar", "کافه; Bar"),
        ("date", "2026-01-02", "2026-01-02"), ("text", " x ", "x"), ("number", "  ", ""),
    ],
)  # fmt: skip
def test_values_are_read_as_people_write_them(kind: str, text: str, kept: str):
    assert (
        read_value(
            kind,
            text,
            ["کافه", "Bar"],
            region="IR",
            read_day=lambda said: date.fromisoformat(said).isoformat(),
        )
        == kept
    )


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("number", "many"), ("number", "NaN"), ("yes_no", "perhaps"), ("email", "x"), ("link", "javascript:alert(1)"),
        ("link", "ftp://x.com"), ("phone", "12"), ("choice", "Pub"), ("choices", "Bar; Pub"), ("date", "2026-13-01"),
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused_with_the_remedy(kind: str, text: str):
    with pytest.raises(ValueUnusable) as told:
        read_value(
            kind,
            text,
            ["کافه", "Bar"],
            region="IR",
            read_day=lambda said: date.fromisoformat(said).isoformat(),
        )
    assert told.value.remedy


def test_fields_are_defined_ordered_and_archived():
    size = define_field("Size", "number", **TOLD)
    kind = define_field("Kind", "choice", ["A", "B", "A"], **TOLD)
    assert kind.choices == ["A", "B"]
    for name, of, choices in (
        ("size", "text", []),
        ("", "text", []),
        ("X", "poem", []),
        ("X", "choice", ["A"]),
    ):
        with pytest.raises(FieldUnusable):
            define_field(name, of, choices, **TOLD)
    move_field(kind.pk, up=True, **TOLD)
    assert [row.name for row in list_definitions()] == ["Kind", "Size"]
    add(custom={"Size": "42"})
    with pytest.raises(FieldUnusable):
        define_field("Size", "text", field_id=size.pk, **TOLD)
    define_field("Kind", "choices", ["A", "B"], field_id=kind.pk, **TOLD)
    archive_field(size.pk, archived=True, **TOLD)
    assert [row.name for row in list_definitions()] == ["Kind"]
    assert [row.name for row in list_definitions(archived=True)] == ["Kind", "Size"]


def test_a_photo_is_a_picture_or_refused(django_capture_on_commit_callbacks: Any):
    customer = add()
    for content in (b"<svg onload=alert(1)>", b"\xff\xd8\xff" + b"0" * (2 * 1024 * 1024)):
        with pytest.raises(PhotoRefused):
            set_photo(customer, content, **TOLD)
    set_photo(customer, PNG, **TOLD)
    path = get_photo_path(Profile.objects.get().photo)
    assert path.read_bytes() == PNG
    change_customer(customer, {"company": "New"}, **TOLD)
    assert collect_person([customer])["field_changes"][0]["after"] == "New"
    with django_capture_on_commit_callbacks(execute=True):
        erase_person([customer])
    assert not path.exists()
    assert not FieldChange.objects.exists()


def test_the_people_of_a_company_are_those_of_its_name():
    boss, clerk = add(company="Sahand", title="Dr"), add(company="Sahand")
    add(company="Sahand2")
    add()
    assert [person.id for person in list_people_of_company("Sahand")] == [boss, clerk]
    assert [person.id for person in list_people_of_company("Sahand", after=boss)] == [clerk]
    assert list_people_of_company("") == []
