"""One sale told by two sources: proposed, joined (one order counts, the other is set aside but kept) and parted again.

The rows of an order that is set aside get new sequence numbers, so that every figure follows.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.data.log.actions import add_happening, add_removals, take_numbers
from vafa.data.orders.models import OrderLine, ReturnLine, SameSale
from vafa.data.orders.types import SalePair
from vafa.data.orders.whole import list_lines_of_order
from vafa.kit.audit import record
from vafa.kit.bulk import select_where_in
from vafa.kit.errors import VafaError

BATCH = 500


class SaleSetAside(VafaError):
    """The order that should count is itself set aside, because it was joined to another one."""

    code = "sale_set_aside"


class SaleNotJoined(VafaError):
    """The two orders are not joined, perhaps since a moment ago."""

    code = "sale_not_joined"


def propose_sales(found: Collection[SalePair], *, now: datetime) -> int:
    """Make the open proposals exactly those that were found; what somebody decided stays decided. How many are open."""
    lines = {pair.first for pair in found} | {pair.second for pair in found}
    select = "SELECT id, source_id, order_key, customer_id, day FROM orders_orderline"
    orders = {int(row[0]): row for row in select_where_in(select, "id", lines)}
    decided = set(
        SameSale.objects.exclude(state="open").values_list(
            "first_source_id", "first_number", "second_source_id", "second_number"
        )
    )
    decided |= {(c, d, a, b) for a, b, c, d in decided}
    new = []
    for pair in found:
        one, other = orders.get(pair.first), orders.get(pair.second)
        if one is None or other is None or one[3] is None or (*one[1:3], *other[1:3]) in decided:
            continue
        new.append(
            SameSale(
                first_source_id=one[1],
                first_number=one[2],
                second_source_id=other[1],
                second_number=other[2],
                customer_id=one[3],
                day=one[4],
                score=pair.score,
                evidence=list(pair.evidence),
                found_at=now,
            )
        )
    with transaction.atomic():
        SameSale.objects.filter(state="open").delete()
        SameSale.objects.bulk_create(new, ignore_conflicts=True, batch_size=BATCH)
    return len(new)


@transaction.atomic
def join_sales(pair_id: int, *, by: Any, now: datetime, swap: bool = False) -> SameSale:
    """From now on the first order counts (`swap`: the second), and the other is set aside. It can be parted again.

    Raises SaleSetAside where the order that should count is set aside itself, and SaleNotJoined where it is gone.
    """
    # Whoever joins holds the counter until the end: two who join at once come one after the other.
    take_numbers(1)
    pair = _get_pair(pair_id)
    if pair.state == "joined":
        return pair
    if swap:
        pair.first_source_id, pair.second_source_id = pair.second_source_id, pair.first_source_id
        pair.first_number, pair.second_number = pair.second_number, pair.first_number
    counting = list_lines_of_order(pair.first_source_id, pair.first_number)
    aside = list_lines_of_order(pair.second_source_id, pair.second_number)
    if not counting.exists() or not aside.exists():
        raise SaleNotJoined(_("One of these orders is not there any more."))
    if counting.exclude(set_aside=None).exists() or aside.exclude(set_aside=None).exists():
        raise SaleSetAside(_("One of these orders is set aside already."), _("Part it first."))
    _mark(list(aside.values_list("pk", flat=True)), pair.pk)
    _mark_returns(pair)
    _decide(pair, "joined", by, now)
    details: dict[str, Any] = {"counts": pair.first_source_id, "aside": pair.second_source_id}
    add_happening("sales_joined", at=now, now=now, live=True, subject=pair.customer_id, **details)
    record("sale.joined", by=by, now=now, subject=f"sale:{pair.pk}", customer=pair.customer_id, **details)
    return pair


def _get_pair(pair_id: int) -> SameSale:
    pair = SameSale.objects.filter(pk=pair_id).first()
    if pair is None:
        raise SaleNotJoined(_("These orders are not proposed any more."))
    return pair


def _decide(pair: SameSale, state: str, by: Any, now: datetime) -> None:
    pair.state, pair.decided_at = state, now
    pair.decided_by = by if getattr(by, "pk", None) else None
    pair.save()


def _mark(lines: list[int], pair_id: int | None) -> None:
    """Set lines aside (None: bring them back), each under a new sequence number."""
    rows = list(OrderLine.objects.filter(pk__in=lines).only("pk"))
    for number, line in enumerate(rows, start=take_numbers(len(rows)) if rows else 0):
        line.set_aside, line.seq = pair_id, number
    OrderLine.objects.bulk_update(rows, ["set_aside", "seq"], batch_size=BATCH)


def _mark_returns(pair: SameSale) -> None:
    """Set the returns of the order aside, where the order that counts has returns of its own: they are told twice too.

    Where it has none, what came back is known from this source alone, and stays.
    """
    own = ReturnLine.objects.filter(source_id=pair.first_source_id, order_key=pair.first_number)
    if not own.exists():
        return
    told = ReturnLine.objects.filter(
        source_id=pair.second_source_id, order_key=pair.second_number, set_aside=None
    )
    ids = list(told.values_list("pk", flat=True))
    ReturnLine.objects.filter(pk__in=ids).update(set_aside=pair.pk)
    add_removals("return_line", ids)


@transaction.atomic
def part_sales(pair_id: int, *, by: Any, now: datetime) -> None:
    """Take a joining back: both orders count, and are remembered as two. Raises SaleNotJoined."""
    take_numbers(1)
    pair = _get_pair(pair_id)
    if pair.state != "joined":
        raise SaleNotJoined(_("These orders have been parted already."))
    _mark(list(_list_aside(pair).values_list("pk", flat=True)), None)
    returns = list(ReturnLine.objects.filter(set_aside=pair.pk))
    for number, line in enumerate(returns, start=take_numbers(len(returns)) if returns else 0):
        line.set_aside, line.seq = None, number
    ReturnLine.objects.bulk_update(returns, ["set_aside", "seq"], batch_size=BATCH)
    _decide(pair, "different", by, now)
    add_happening("sales_parted", at=now, now=now, live=True, subject=pair.customer_id)
    record("sale.parted", by=by, now=now, subject=f"sale:{pair.pk}", customer=pair.customer_id)


def _list_aside(pair: SameSale) -> Any:
    return list_lines_of_order(pair.second_source_id, pair.second_number).filter(set_aside=pair.pk)


@transaction.atomic
def keep_sales_apart(pair_id: int, *, by: Any, now: datetime) -> None:
    """Remember that two orders are two sales."""
    pair = _get_pair(pair_id)
    if pair.state == "open":
        _decide(pair, "different", by, now)
        record("sale.kept_apart", by=by, now=now, subject=f"sale:{pair.pk}", customer=pair.customer_id)


@transaction.atomic
def hold_joined() -> int:
    """Set aside the lines that an import has since added to orders that are set aside; how many."""
    if not SameSale.objects.filter(state="joined").exists():
        return 0
    take_numbers(1)
    done = 0
    for pair in SameSale.objects.filter(state="joined").order_by("pk"):
        lines = list_lines_of_order(pair.second_source_id, pair.second_number).filter(set_aside=None)
        if ids := list(lines.values_list("pk", flat=True)):
            _mark(ids, pair.pk)
            done += len(ids)
        _mark_returns(pair)
    return done
