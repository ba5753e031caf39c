"""Applying the rules of who is left out, to all or to those of one import."""

from datetime import UTC, datetime

import pytest

from vafa.data.customers import exclusions
from vafa.data.customers.actions import apply_exclusions
from vafa.data.customers.models import Customer
from vafa.data.log.actions import take_numbers
from vafa.data.log.queries import get_last_number

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
RULES = [{"field": "tag", "value": "staff"}]


def add(count: int, *tags: str) -> list[int]:
    return [Customer.objects.create(tags=list(tags), seq=take_numbers(1)).pk for _one in range(count)]


def list_excluded() -> set[int]:
    return set(Customer.objects.filter(excluded=True).values_list("pk", flat=True))


def test_only_those_asked_about_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exclusions, "IDS_A_STATEMENT", 3)
    monkeypatch.setattr(exclusions, "BATCH", 2)
    before = add(2, "staff")
    new, others = add(7, "staff"), add(7)
    assert apply_exclusions(RULES, by=None, now=NOW, among=[*new, *others]) == 7
    assert list_excluded() == set(new)
    assert apply_exclusions(RULES, by=None, now=NOW) == 2
    assert list_excluded() == {*new, *before}


def test_applied_again_it_changes_nothing_and_takes_no_number() -> None:
    add(3, "staff")
    apply_exclusions(RULES, by=None, now=NOW)
    number = get_last_number()
    assert apply_exclusions(RULES, by=None, now=NOW) == 0
    assert get_last_number() == number


def test_a_customer_who_no_longer_matches_counts_again() -> None:
    (one,) = add(1, "staff")
    apply_exclusions(RULES, by=None, now=NOW)
    Customer.objects.filter(pk=one).update(tags=[])
    assert apply_exclusions(RULES, by=None, now=NOW, among=[one]) == 1
    assert list_excluded() == set()


def test_an_unknown_field_is_an_error_and_an_empty_text_names_nobody() -> None:
    add(1, "staff")
    with pytest.raises(ValueError, match="colour"):
        apply_exclusions([{"field": "colour", "value": "red"}], by=None, now=NOW)
    assert apply_exclusions([{"field": "name", "value": "  "}], by=None, now=NOW) == 0
