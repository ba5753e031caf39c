"""Columns that higher floors publish: by id in a file of their own, by number in a snapshot."""

import json
import threading
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from pyroaring import BitMap

from vafa.data.customers.models import Customer
from vafa.data.log.actions import take_numbers
from vafa.warehouse import published
from vafa.warehouse.actions import forget_in_columns, publish_column, refresh, withdraw_column
from vafa.warehouse.layout import get_warehouse_folder
from vafa.warehouse.queries import Snapshot, open_snapshot
from vafa.warehouse.tests.world import NOW, World, build_day

pytestmark = pytest.mark.django_db

DAY = date(2024, 5, 1)


@pytest.fixture
def people() -> list[Customer]:
    """Six customers, whose numbers run against their ids; the last two are of one company."""
    world = World()
    people = [world.customer(company="" if n < 4 else "Acme") for n in range(6)]
    for place, customer in enumerate(people):
        world.order(customer, build_day(40 - place))
    refresh(now=NOW)
    return people


def tell(snapshot: Snapshot, name: str = "risk") -> dict[int, float]:
    """The published values by id; only of whom one is known."""
    values = snapshot.published(name)
    assert values is not None
    assert values.dtype == np.float32
    assert len(values) == snapshot.numbers
    known = np.flatnonzero(~np.isnan(values))
    return dict(
        zip(snapshot.list_ids(known).tolist(), np.round(values[known], 4).astype(float).tolist(), strict=True)
    )


def rounded(told: dict[int, float]) -> dict[int, float]:
    return {key: float(np.float32(value).round(4)) for key, value in told.items()}


def test_a_column_goes_by_the_numbers_of_the_snapshot_at_hand_and_outlives_a_rebuild(people):
    told = {people[0].pk: 0.25, people[3].pk: 0.75, people[5].pk: 0.5}
    assert open_snapshot().published("risk") is None
    assert open_snapshot().published_as_of("risk") is None
    publish_column("risk", list(told), list(told.values()), DAY)
    before = open_snapshot()
    assert tell(before) == told
    world = World()
    first = world.customer()
    world.order(first, build_day(-30))
    refresh(now=NOW, rebuild=True)
    after = open_snapshot()
    assert after.list_numbers([people[0].pk]) != before.list_numbers([people[0].pk])
    assert tell(after) == told
    assert after.published_as_of("risk") == DAY
    assert tell(after.without({})) == told


def test_who_is_gone_is_left_out_and_a_merged_customer_counts_as_the_kept_one(people):
    kept, other, third, fourth = (one.pk for one in people[:4])
    publish_column("risk", [kept, other, third, fourth, 10**9], [0.1, 0.2, 0.3, 0.4, 0.5], DAY)
    Customer.objects.filter(pk=other).update(kept=kept, seq=take_numbers(1))
    Customer.objects.filter(pk=third).update(excluded=True, seq=take_numbers(1))
    refresh(now=NOW)
    assert tell(open_snapshot()) == rounded({kept: 0.1, fourth: 0.4})
    publish_column("risk", [other], [0.2], DAY)
    assert tell(open_snapshot()) == rounded({kept: 0.2})


def test_companies_have_the_value_of_the_customer_by_whose_number_they_go(people):
    publish_column("risk", [one.pk for one in people], np.arange(6) / 8, DAY)
    view = open_snapshot().by_company()
    values = view.published("risk")
    assert values is not None
    known = BitMap(np.flatnonzero(~np.isnan(values)))
    assert known == view.everyone()
    assert len(known) == 5
    whole = open_snapshot().published("risk")
    assert whole is not None
    assert all(values[number] == whole[number] for number in known)
    only = open_snapshot().by_company(open_snapshot().ix_set([people[0].pk])).published("risk")
    assert only is not None
    assert np.count_nonzero(~np.isnan(only)) == 1


def test_it_is_replaced_withdrawn_and_forgets_whom_it_should(people):
    publish_column("risk", [one.pk for one in people], np.full(6, 0.5), DAY)
    publish_column("value", [people[0].pk], [7.0], DAY)
    snapshot = open_snapshot()
    publish_column("risk", [people[2].pk, people[1].pk], [0.875, 0.125], date(2024, 6, 1), made_by="second")
    assert tell(snapshot) == {people[1].pk: 0.125, people[2].pk: 0.875}
    assert snapshot.published_as_of("risk") == date(2024, 6, 1)
    assert snapshot.published_made_by("risk") == "second"
    forget_in_columns([people[0].pk, people[2].pk])
    assert tell(snapshot) == {people[1].pk: 0.125}
    assert tell(snapshot, "value") == {}
    withdraw_column("risk")
    withdraw_column("risk")
    assert snapshot.published("risk") is None
    assert snapshot.published("value") is not None


@pytest.mark.parametrize(
    ("name", "ids", "values"),
    [("risk", [1, 2], [0.5]), ("risk", [1, 1], [0.5, 0.5]), ("../risk", [1], [0.5]), ("", [], [])],
)
def test_what_is_no_column_is_refused_and_the_one_before_stays(people, name, ids, values):
    publish_column("risk", [people[0].pk], [0.5], DAY)
    with pytest.raises(ValueError, match=r"column|values"):
        publish_column(name, ids, values, DAY)
    assert tell(open_snapshot()) == {people[0].pk: 0.5}


@pytest.mark.parametrize(
    "left", [b"", b"{}\n", b"no json\n", b'{"format": 1, "as_of": "2024-05-01", "n": 3}\nx']
)
def test_a_file_that_is_no_column_is_none(people, left):
    path = get_warehouse_folder() / "published-risk.column"
    path.write_bytes(left)
    assert open_snapshot().published("risk") is None
    forget_in_columns([1])
    publish_column("risk", [people[0].pk], [0.5], DAY)
    assert tell(open_snapshot()) == {people[0].pk: 0.5}


def test_what_a_killed_writer_left_neither_shows_nor_stays(people):
    publish_column("risk", [people[0].pk], [0.5], DAY)
    draft = get_warehouse_folder() / "published-risk.draft"
    draft.write_bytes(json.dumps({"format": 1, "as_of": "2024-05-02", "n": 99}).encode())
    assert tell(open_snapshot()) == {people[0].pk: 0.5}
    publish_column("risk", [people[0].pk], [0.75], DAY)
    assert tell(open_snapshot()) == {people[0].pk: 0.75}
    assert not draft.exists()


def test_readers_beside_writers_see_one_column_or_the_other_never_a_mixture(tmp_path: Path):
    ids = np.arange(20_000)
    published.write_column(tmp_path, "risk", ids, np.zeros(len(ids)), DAY)
    wrong: list[object] = []

    def write(number: int) -> None:
        for turn in range(10):
            published.write_column(
                tmp_path, "risk", ids[: 1000 * (number + 1)], ids[: 1000 * (number + 1)] * 0 + turn, DAY
            )

    def read() -> None:
        for _turn in range(100):
            column = published.read_column(tmp_path, "risk")
            if column is None or len(set(column.values.tolist())) != 1:
                wrong.append(column)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(3)]
    threads += [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
