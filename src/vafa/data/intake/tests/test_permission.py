"""Permission that a customers file brings: with its source, idempotent, undone whole, never over one's own no."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from vafa.data.consent.actions import detach_point, set_consent, stop_contact
from vafa.data.consent.queries import may_contact
from vafa.data.consent.types import Channel, Proof, Purpose, Reason, StopKind, Told, Way
from vafa.data.customers.models import ContactPoint, Customer
from vafa.data.intake.actions import undo_import
from vafa.data.intake.models import Import
from vafa.data.intake.tests.helpers import NOW, bring, counts, query, write

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = """Customer ID,Customer name,Email,Phone,News
a,Ann,ann@example.com,+989121234567,yes
b,Bob,bob@example.com,,no
"""
MAPPING = {
    "customer": "Customer ID",
    "name": "Customer name",
    "email": "Email",
    "phone": "Phone",
    "consent_email": "News",
}
LATER = datetime(2026, 2, 1, tzinfo=UTC)


def bring_told(tmp_path: Path, **options: Any) -> Any:
    return bring(write(tmp_path, TEXT), "customers", mapping=MAPPING, **options)


def why(name: str, purpose: Purpose = Purpose.MARKETING, channel: Channel = Channel.EMAIL) -> Reason:
    pk = Customer.objects.get(name=name).pk
    return may_contact([pk], channel, purpose, LATER)[pk].reason


def test_without_a_source_only_service_messages_are_allowed(tmp_path: Path) -> None:
    bring_told(tmp_path)
    assert (why("Ann"), why("Ann", Purpose.SERVICE), why("Bob")) == (
        Reason.NO_SOURCE,
        Reason.SERVICE,
        Reason.REFUSED,
    )
    # The answer may come later, with the same file.
    assert counts(bring_told(tmp_path, permission_source="order form")) == (2, 0, 1, 1, 0)
    assert (why("Ann"), why("Bob")) == (Reason.PERMITTED, Reason.REFUSED)


def test_the_same_file_again_says_nothing_new_and_undoing_takes_its_words_back(tmp_path: Path) -> None:
    first = bring_told(tmp_path, permission_source="order form", permission_wording="Yes, write to me.")
    assert counts(first) == (2, 2, 0, 0, 0)
    told = query("SELECT source, wording, way FROM consent_consententry WHERE allowed")
    assert told == [("order form", "Yes, write to me.", "import")]
    assert counts(bring_told(tmp_path, permission_source="order form")) == (2, 0, 0, 2, 0)
    changed = bring_told(tmp_path, permission_source="paper form")
    assert counts(changed) == (2, 0, 1, 1, 0)
    undo_import(Import.objects.get(pk=changed.import_id), by=None, clock=lambda: NOW)
    assert query("SELECT source FROM consent_consententry WHERE allowed") == [("order form",)]


def test_all_of_a_file_may_have_permitted_channels(tmp_path: Path) -> None:
    bring_told(
        tmp_path,
        permission_source="membership contract",
        permission_channels=("sms", "email"),
        permission_purposes=("marketing", "survey"),
    )
    assert why("Ann", Purpose.SURVEY, Channel.SMS) == why("Ann", Purpose.SURVEY) == Reason.PERMITTED
    # Where a column tells it for each, the column holds.
    assert why("Bob") == Reason.REFUSED


def test_an_old_file_never_undoes_that_somebody_unsubscribed(tmp_path: Path) -> None:
    bring_told(tmp_path, permission_source="order form")
    ann = Customer.objects.get(name="Ann").pk
    no = Told(ann, Channel.EMAIL, Purpose.MARKETING, False)
    set_consent(no, Proof("preference page"), Way.PAGE, by=None, now=LATER)
    bring_told(tmp_path, permission_source="order form", permission_on=date(2026, 1, 10))
    bring_told(tmp_path, permission_source="order form")
    assert why("Ann") == Reason.REFUSED


def test_the_dead_and_lost_numbers_stay_so_when_the_file_is_undone_and_comes_again(tmp_path: Path) -> None:
    first = bring_told(tmp_path)
    ann = Customer.objects.get(name="Ann").pk
    stop_contact(ann, StopKind.DECEASED, by=None, now=NOW)
    bob = Customer.objects.get(name="Bob").pk
    detach_point(bob, StopKind.CHANGED_HANDS, "email", "bob@example.com", by=None, now=NOW)
    undo_import(Import.objects.get(pk=first.import_id), by=None, clock=lambda: NOW)
    bring_told(tmp_path, permission_source="order form", permission_channels=("email",))
    assert (why("Ann", Purpose.SERVICE), why("Bob", Purpose.SERVICE)) == (Reason.DECEASED, Reason.NOT_THEIRS)
    assert ContactPoint.objects.get(value="bob@example.com").detached == "changed_hands"


def test_who_has_the_number_now_is_somebody_else(tmp_path: Path) -> None:
    bring_told(tmp_path)
    ann = Customer.objects.get(name="Ann").pk
    detach_point(ann, StopKind.CHANGED_HANDS, "phone", "+989121234567", by=None, now=NOW)
    bring(write(tmp_path, "Date,Amount,Phone\n2026-01-02,10,+989121234567\n", "orders.csv"), "orders")
    assert query("SELECT customer_id FROM orders_orderline") != [(ann,)]
    assert query("SELECT COUNT(*) FROM customers_customer") == [(3,)]
