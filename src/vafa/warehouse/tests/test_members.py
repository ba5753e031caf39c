"""A question brings its set of customers along as a table."""

from threading import Thread

import pytest
from pyroaring import BitMap

from vafa.warehouse.actions import refresh
from vafa.warehouse.queries import Query, Snapshot, open_snapshot
from vafa.warehouse.tests.world import NOW, World, build_day

pytestmark = pytest.mark.django_db

COUNT = "SELECT count(*), sum(customer_ix) FROM facts SEMI JOIN members ON members.ix = customer_ix"


@pytest.fixture
def snapshot() -> Snapshot:
    """Five customers, the first with one order, the second with two and so on."""
    world = World()
    for number in range(5):
        customer = world.customer()
        for _ in range(number + 1):
            world.order(customer, build_day(5))
    refresh(now=NOW)
    return open_snapshot()


@pytest.mark.parametrize("members", [BitMap(), BitMap([4]), BitMap([0, 2, 3]), BitMap(range(5))])
def test_only_the_facts_of_the_members_are_counted(snapshot, members):
    rows = sum(ix + 1 for ix in members)
    total = sum(ix * (ix + 1) for ix in members) if members else None
    assert snapshot.run(Query(COUNT, members=members)) == [(rows, total)]
    columns = snapshot.run_columns(Query("SELECT ix FROM members ORDER BY ix", members=members))
    assert columns["ix"].tolist() == list(members)


def test_a_member_without_facts_and_one_that_is_no_customer_change_nothing(snapshot):
    assert snapshot.run(Query(COUNT, members=BitMap([1, 77_000_000]))) == [(2, 2)]


def test_no_set_is_no_table_and_none_is_left_behind(snapshot):
    snapshot.run(Query("SELECT count(*) FROM members", members=BitMap([1])))
    for sql in ("SELECT count(*) FROM members", COUNT):
        with pytest.raises(Exception, match="members"):
            snapshot.run(Query(sql))
    with pytest.raises(Exception, match="no_such_column"):
        snapshot.run(Query("SELECT no_such_column FROM members", members=BitMap([1])))
    with pytest.raises(Exception, match="members"):
        snapshot.run(Query("SELECT count(*) FROM members"))


def test_threads_see_each_their_own_set(snapshot):
    told: dict[int, list[int]] = {}

    def ask(number: int) -> None:
        query = Query("SELECT ix FROM members", members=BitMap([number]))
        told[number] = [row[0] for _ in range(30) for row in snapshot.run(query)]

    threads = [Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == {number: [number] * 30 for number in range(8)}
