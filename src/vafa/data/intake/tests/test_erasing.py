"""Erasing a person takes the person away, and nothing else: money, orders and cancellations stay as they were."""

import csv
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from vafa.data.customers.actions import apply_exclusions
from vafa.data.customers.models import Customer, CustomerKey
from vafa.data.intake.actions import import_file, undo_import
from vafa.data.intake.erasing import erase_customer
from vafa.data.intake.models import BeforeImage, Import
from vafa.data.intake.types import ImportOptions
from vafa.data.interactions.models import Interaction, SurveyAnswer, Ticket
from vafa.data.orders.models import OrderLine, ReturnLine
from vafa.data.subscriptions.models import Subscription

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ORDER = {"order": "o1", "customer": "c1", "at": "2024-03-01", "product": "P1", "quantity": 1, "amount": 10}

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(tmp_path, monkeypatch):
    monkeypatch.setenv("VAFA_HOME", str(tmp_path))

    def bring_in(kind: Any, *rows: dict[str, Any], **options: Any) -> Import:
        path = tmp_path / f"{kind}-{Import.objects.count()}.csv"
        with path.open("w", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        asked = ImportOptions(
            kind=kind, mapping={name: name for name in rows[0] if name != "note"}, keep_other=True, **options
        )
        import_file(path, asked, by=None, clock=lambda: NOW)
        return Import.objects.latest("pk")

    return bring_in


def find(key: str) -> int:
    return CustomerKey.objects.get(key=key).customer_id


def erase(key: str) -> dict[str, int]:
    counts = erase_customer(find(key), by=None, now=NOW)
    connection.check_constraints()
    return counts


def undo(imported: Import) -> None:
    undo_import(imported, by=None, clock=lambda: NOW)
    connection.check_constraints()


def test_the_lines_of_an_order_stay_one_order_and_their_money_stays(bring):
    bring("orders", ORDER, ORDER | {"product": "P2", "amount": 5}, ORDER | {"order": "o2"})
    assert erase("c1") == {"sales": 3, "voice": 0, "facts": 0}
    lines = OrderLine.objects.order_by("pk")
    assert [(line.customer_id, int(line.amount)) for line in lines] == [(None, 10), (None, 5), (None, 10)]
    assert lines[0].order_key == lines[1].order_key != lines[2].order_key
    assert not Customer.objects.exists()


@pytest.mark.parametrize("customer", ["c1", ""])
def test_what_was_taken_back_stays_taken_back(bring, customer):
    bring("orders", ORDER)
    bring("returns", {"return": "r1", "order": "o1", "customer": customer, "at": "2024-03-02", "amount": 10})
    erase("c1")
    assert ReturnLine.objects.get().order_key == OrderLine.objects.get().order_key != "o1"
    assert ReturnLine.objects.get().customer_id is None


def test_nothing_tells_any_more_whose_the_rows_were(bring):
    bring("orders", {name: ORDER[name] for name in ("customer", "at", "amount")} | {"note": "for Zahra"})
    bring("orders", {"customer": "c1", "at": "2024-03-01", "amount": 12, "note": "for Zahra again"})
    bring(
        "returns",
        {"order": "", "customer": "c1", "at": "2024-03-02", "amount": 1, "reason": "Zahra moved away"},
    )
    bring("subscriptions", {"subscription": "s1", "customer": "c1", "plan": "x", "started_at": "2024-01-01"})
    assert erase("c1") == {"sales": 2, "voice": 0, "facts": 1}
    rows = [*OrderLine.objects.values(), *ReturnLine.objects.values(), *BeforeImage.objects.values("values")]
    told = json.dumps(rows, default=str)
    assert "Zahra" not in told
    assert "c1" not in told
    assert not Subscription.objects.exists()


def test_an_undo_brings_no_erased_person_back(bring):
    subscription = {"subscription": "s1", "customer": "c1", "plan": "x", "started_at": "2024-01-01"}
    bring("orders", ORDER)
    bring("subscriptions", subscription)
    order = bring("orders", ORDER | {"customer": "c2", "amount": 20})
    changed = bring("subscriptions", subscription | {"customer": "c2"})
    erase("c1")
    undo(changed)
    undo(order)
    line = OrderLine.objects.get()
    assert (line.customer_id, int(line.amount)) == (None, 10)
    assert not Subscription.objects.exists()


def test_a_correction_of_an_erased_sale_can_still_be_undone(bring):
    bring("orders", ORDER)
    corrected = bring("orders", ORDER | {"amount": 20})
    erase("c1")
    undo(corrected)
    line = OrderLine.objects.get()
    assert (line.customer_id, int(line.amount), line.order_key) == (None, 10, f"erased:{line.pk}")


def test_who_was_left_out_of_the_figures_stays_out_of_the_money(bring):
    bring("orders", ORDER)
    apply_exclusions([{"field": "key_prefix", "value": "c1"}], by=None, now=NOW)
    erase("c1")
    assert not OrderLine.objects.get().counts


ANSWER = {
    "answer": "r1",
    "customer": "c1",
    "score": 9,
    "comment": "Zahra was kind",
    "answered_at": "2024-03-01",
}
TICKET = {"ticket": "t1", "customer": "c1", "subject": "Zahra's mug", "opened_at": "2024-03-01 10:00",
          "first_response_at": "2024-03-01 11:00", "agent": "Sara"}  # fmt: skip


def test_scores_and_times_stay_and_not_a_word_of_whose_they_were(bring):
    bring("surveys", ANSWER, question="nps")
    bring("tickets", TICKET)
    bring("surveys", ANSWER | {"comment": "Zahra was very kind", "note": "of Zahra"}, question="nps")
    bring("interactions", {"customer": "c1", "kind": "note", "at": "2024-03-01", "text": "Zahra moved"})
    assert erase("c1") == {"sales": 0, "voice": 2, "facts": 1}
    answer, ticket = SurveyAnswer.objects.get(), Ticket.objects.get()
    assert (answer.customer_id, int(answer.score), answer.comment, answer.custom) == (None, 9, "", None)
    assert (ticket.customer_id, ticket.subject, ticket.agent_name) == (None, "", "Sara")
    assert ticket.first_response_at is not None
    assert not Interaction.objects.exists()
    rows = [
        *SurveyAnswer.objects.values(), *Ticket.objects.values(), *BeforeImage.objects.values("values"),
    ]  # fmt: skip
    told = json.dumps(rows, default=str)
    assert "Zahra" not in told
    assert '"r1/nps"' not in told


def test_undoing_a_correction_brings_no_erased_words_back(bring):
    bring("surveys", ANSWER | {"customer": ""}, question="nps")
    corrected = bring("surveys", ANSWER | {"score": 3}, question="nps")
    erase("c1")
    undo(corrected)
    answer = SurveyAnswer.objects.get()
    assert (answer.customer_id, int(answer.score), answer.comment) == (None, 9, "")


def test_of_who_was_left_out_of_the_figures_nothing_stays(bring):
    bring("surveys", ANSWER, question="nps")
    bring("tickets", TICKET)
    apply_exclusions([{"field": "key_prefix", "value": "c1"}], by=None, now=NOW)
    assert erase("c1") == {"sales": 0, "voice": 0, "facts": 2}
    assert not SurveyAnswer.objects.exists()
    assert not Ticket.objects.exists()
