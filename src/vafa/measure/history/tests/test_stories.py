"""Why a figure is not what it was: the changes by name, what each did alone, and who makes the difference."""

from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest

from vafa.data.business.actions import change_business
from vafa.data.customers.actions import merge_customers
from vafa.data.customers.models import CustomerKey
from vafa.data.intake.erasing import erase_customer
from vafa.data.intake.models import Import
from vafa.data.log.actions import get_or_add_source, mark_received, take_numbers
from vafa.data.orders.actions import join_sales, part_sales
from vafa.data.orders.models import OrderLine, SameSale
from vafa.measure.history.actions import KEEP, note
from vafa.measure.history.models import FigureSeen, SetSeen, State
from vafa.measure.history.queries import find_moved, find_story, find_was
from vafa.measure.history.tests.books import CRR, MAY, REVENUE, Books, Rows
from vafa.measure.history.types import Key
from vafa.measure.metrics.queries import get_metric
from vafa.warehouse.actions import refresh
from vafa.warehouse.queries import open_snapshot

FIRST: Rows = [
    *[(who, date(2025, month, 20), 10) for who in ("anna", "ben") for month in range(1, 7)],
    *[(who, date(2025, month, 20), 10) for who in ("carl", "dora") for month in range(1, 5)],
]


@pytest.fixture
def books(db, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Books:
    monkeypatch.setenv("VAFA_HOME", str(tmp_path))
    books = Books(tmp_path)
    books.bring(FIRST)
    assert books.look()
    return books


def pk_of(name: str) -> int:
    return CustomerKey.objects.get(key=name).customer_id


def get_crr() -> float | None:
    return get_metric("crr", start=MAY[0], end=MAY[1], snapshot=open_snapshot()).rows[0].value


def test_a_figure_that_stays_has_no_story(books: Books):
    assert find_was(CRR) is None
    story = find_story(CRR)
    assert story is not None
    assert (story.was, story.now, story.steps) == (0.5, 0.5, ())
    assert not books.look()


def test_a_late_file_is_named_with_the_customers_it_kept(books: Books):
    late = books.bring([("carl", date(2025, 5, 18), 10)])
    assert books.look()
    assert find_was(CRR).value == 0.5
    story = find_story(CRR)
    assert (story.was, story.now) == (0.5, 0.75)
    (step,) = story.steps
    (part,) = step.parts
    assert (part.change.kind, part.change.ref, part.effect, step.together) == (
        "import",
        str(late.pk),
        0.25,
        0,
    )
    assert step.moved["kept"] == (1, 0)
    assert step.moved["lost"] == (0, 1)
    moved = find_moved(CRR, step.state)
    assert list(moved["kept"][0]) == list(moved["lost"][1]) == [pk_of("carl")]


def test_an_undone_file_takes_its_part_away_again(books: Books):
    late = books.bring([("carl", date(2025, 5, 18), 10)])
    books.look()
    books.undo(late)
    books.look()
    story = find_story(CRR)
    assert (story.was, story.now, story.difference) == (0.5, 0.5, 0)
    assert [(part.change.kind, part.effect) for step in story.steps for part in step.parts] == [
        ("import", 0.25),
        ("undo", -0.25),
    ]


def test_of_two_files_at_once_each_did_its_own(books: Books):
    one = books.bring([("carl", date(2025, 5, 18), 10)])
    other = books.bring([("dora", date(2025, 5, 19), 10)])
    books.look()
    (step,) = find_story(CRR).steps
    assert {part.change.ref: part.effect for part in step.parts} == {str(one.pk): 0.25, str(other.pk): 0.25}
    assert step.together == pytest.approx(0)


def test_what_files_do_only_together_is_told_so(books: Books):
    # Both tell of the same purchase day of carl: without the one, the other still keeps him.
    books.bring([("carl", date(2025, 5, 18), 10)])
    books.bring([("carl", date(2025, 5, 19), 10)])
    books.look()
    (step,) = find_story(CRR).steps
    assert step.parts == ()
    assert step.together == pytest.approx(0.25)
    assert len(step.changes) == 2


def test_merging_a_setting_and_an_erasure_are_named(books: Books):
    books.do(partial(merge_customers, pk_of("dora"), pk_of("carl")))
    books.look()
    assert [change.kind for change in find_story(CRR).steps[-1].changes] == ["merge"]
    assert find_story(CRR).now == pytest.approx(2 / 3)
    books.do(partial(change_business, activity_rule="purchase:60d", name="Another name"))
    books.look()
    (settings,) = find_story(CRR).steps[-1].changes
    assert (settings.kind, settings.fields) == ("settings", ("activity_rule",))
    books.do(partial(erase_customer, pk_of("ben")))
    books.look()
    ends = find_story(Key("customers_end", *MAY)).steps[-1]
    assert [change.kind for change in ends.changes] == ["erasure"]
    assert ends.moved["end"] == (0, 1)


def test_a_sale_that_is_joined_and_parted_is_named(books: Books):
    customer = pk_of("anna")
    till, accounts = get_or_add_source("till"), get_or_add_source("accounts")
    line = {"key": "x\x1fP\x1f1", "order_key": "x", "amount": 30, "quantity": 1, "counts": True}
    for source in (till, accounts):
        OrderLine.objects.create(
            source=source, customer_id=customer, day=date(2025, 5, 20), seq=take_numbers(1), **line
        )
        mark_received(source, "orders", now=books.now, complete_through=date(2025, 6, 30))
    pair = SameSale.objects.create(
        first_source=till, first_number="x", second_number="x",
        second_source=accounts, customer_id=customer, day=date(2025, 5, 20), score=90,
        found_at=books.now,
    )  # fmt: skip
    books.pass_time()
    books.look()
    books.do(partial(join_sales, pair.pk))
    books.look()
    step = find_story(REVENUE).steps[-1]
    assert [change.kind for change in step.changes] == ["joining"]
    assert step.after < step.before
    books.do(partial(part_sales, pair.pk))
    books.look()
    back = find_story(REVENUE).steps[-1]
    assert [change.kind for change in back.changes] == ["parting"]
    assert back.after == step.before


def test_rows_that_an_undo_puts_back_did_not_come_without_a_file(books: Books):
    books.bring([("carl", date(2025, 5, 18), 10)], order="late")
    books.look()
    corrected = books.bring([("carl", date(2025, 3, 18), 10)], order="late")
    books.look()
    assert find_story(CRR).now == 0.5
    books.undo(corrected)
    other = books.bring([("anna", date(2025, 6, 18), 10)])
    books.look()
    step = find_story(CRR).steps[-1]
    assert {(change.kind, change.ref) for change in step.changes} == {
        ("undo", str(corrected.pk)),
        ("import", str(other.pk)),
    }
    assert (step.parts, step.together) == ((), 0.25)


def test_sales_that_an_erasure_made_nobodys_did_not_come_without_a_file(books: Books):
    books.do(partial(erase_customer, pk_of("ben")))
    books.bring([("anna", date(2025, 6, 18), 10)])
    books.look()
    step = find_story(Key("customers_end", *MAY)).steps[-1]
    assert [change.kind for change in step.changes] == ["erasure", "import"]
    assert (step.parts, step.together) == ((), -1)


def test_rows_that_came_without_a_file_are_named_so(books: Books, ledger):
    books.pass_time()
    ledger.add_order(pk_of("carl"), date(2025, 5, 18))
    books.pass_time()
    assert books.look()
    (step,) = find_story(CRR).steps
    assert [(part.change.kind, part.effect) for part in step.parts] == [("rows", 0.25)]


def test_rows_one_by_one_are_noted_once_an_hour_at_most(books: Books, ledger):
    ledger.add_order(pk_of("carl"), date(2025, 5, 18))
    refresh(now=books.now)
    assert not note(now=books.now + timedelta(minutes=5))
    assert note(now=books.now + timedelta(minutes=61))


def test_nothing_is_noted_while_an_import_is_at_work(books: Books):
    late = books.bring([("carl", date(2025, 5, 18), 10)])
    Import.objects.filter(pk=late.pk).update(state="running")
    assert not books.look()
    Import.objects.filter(pk=late.pk).update(state="done")
    assert books.look()


def test_only_what_differs_is_written(books: Books):
    figures, sets = FigureSeen.objects.count(), SetSeen.objects.count()
    books.bring([("zoe", date(2025, 6, 29), 10)])
    books.look()
    assert 0 < FigureSeen.objects.count() - figures < figures / 3
    assert 0 < SetSeen.objects.count() - sets < sets / 3
    assert find_was(CRR) is None


@pytest.mark.parametrize("seed", range(3))
def test_the_parts_add_up_whatever_happens(books: Books, seed: int):
    random = Random(seed)
    names = ["anna", "ben", "carl", "dora", "zoe", "yara"]
    brought: list[Import] = []
    for _round in range(4):
        for _deed in range(random.randrange(1, 4)):
            dice = random.random()
            if dice < 0.6 or not brought:
                rows: Rows = [
                    (random.choice(names), date(2025, 4, 1) + timedelta(days=random.randrange(80)), 10)
                    for _row in range(random.randrange(1, 5))
                ]
                brought.append(books.bring(rows))
            elif dice < 0.8:
                books.undo(brought.pop(random.randrange(len(brought))))
            else:
                rule = f"purchase:{random.choice([20, 30, 40])}d"
                books.do(partial(change_business, activity_rule=rule))
        books.look()
        keys = {Key(row.metric, row.start_on, row.end_on) for row in FigureSeen.objects.all()}
        for key in keys:
            story = find_story(key)
            told = 0.0
            for step in story.steps:
                if step.together is None:
                    break
                told += sum(part.effect for part in step.parts) + step.together
            else:
                if story.difference is not None:
                    assert told == pytest.approx(story.difference, abs=1e-9)
        assert find_story(CRR).now == get_crr()


def test_old_looks_are_let_go_and_what_they_told_last_is_kept(books: Books):
    books.bring([("carl", date(2025, 5, 18), 10)])
    books.look()
    known = {
        key: find_story(key).now for key in (CRR, Key("customers_lost", *MAY), Key("customers_end", *MAY))
    }
    books.now += KEEP + timedelta(days=1)
    books.bring([("dora", date(2025, 5, 18), 10)])
    books.look()
    assert State.objects.count() == 1
    assert FigureSeen.objects.filter(metric="crr", start_on=MAY[0], end_on=MAY[1]).count() == 1
    assert find_story(Key("customers_start", *MAY)).now == 4
    assert find_story(CRR).now == 1.0
    assert known[CRR] == 0.75
