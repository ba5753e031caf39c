"""Setting and recording what customers cost, and what money is worth."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.data.costs.models import Margin, MarketingSpend, PriceMonth
from vafa.data.costs.queries import find_price_source
from vafa.data.costs.types import CostUnusable
from vafa.data.log.actions import get_or_add_source, take_numbers
from vafa.data.log.recording import FactRow, record_facts, remove_facts
from vafa.data.log.types import FactTable, Recorded
from vafa.kit.audit import record
from vafa.kit.fields import to_fixed

SPENDS = FactTable(
    name="spend",
    table="costs_marketingspend",
    columns=("started_on", "ended_on", "amount", "currency", "channel", "location", "custom"),
    days=frozenset({"started_on", "ended_on"}),
)
PRICE_MONTHS = FactTable(
    name="price_month",
    table="costs_pricemonth",
    columns=("started_on", "ended_on", "value"),
    days=frozenset({"started_on", "ended_on"}),
)

BY_HAND = "by hand"
"""The source of what is typed in on a page."""

Removed = dict[str, Any]
"""What `put_back` needs to undo a removal: plain values."""


def record_spends(rows: list[FactRow], *, source_id: int, import_id: int | None, fresh: bool) -> Recorded:
    """Record marketing spend (key, *SPENDS.columns) of one source; see `log.recording`."""
    return record_facts(SPENDS, rows, source_id=source_id, import_id=import_id, fresh=fresh)


def record_price_months(
    rows: list[FactRow], *, source_id: int, import_id: int | None, fresh: bool
) -> Recorded:
    """Record months of the index (key, *PRICE_MONTHS.columns) of one source; see `log.recording`."""
    return record_facts(PRICE_MONTHS, rows, source_id=source_id, import_id=import_id, fresh=fresh)


@transaction.atomic
def set_margin(share: Decimal, valid_from: date | None, *, by: Any, now: datetime) -> Margin:
    """Say which share of revenue is left after the cost of the goods, from a day on (None: from the beginning).

    Raises CostUnusable for a share that isn't above 0 and at most 1.
    """
    if not 0 < share <= 1:
        raise CostUnusable(
            _("A margin is more than 0% and at most 100% of revenue."),
            _("Check the number."),
            code="margin_out_of_bounds",
        )
    row, _made = Margin.objects.update_or_create(valid_from=valid_from, defaults={"share": share})
    record("margin.set", by=by, now=now, subject=f"margin:{row.pk}", valid_from=_iso(valid_from))
    return row


@transaction.atomic
def remove_margin(margin_id: int, *, by: Any, now: datetime) -> Removed | None:
    """Take a margin away; what would put it back, or None where it is gone already."""
    row = Margin.objects.filter(pk=margin_id).first()
    if row is None:
        return None
    row.delete()
    record("margin.removed", by=by, now=now, subject=f"margin:{margin_id}", valid_from=_iso(row.valid_from))
    return {"what": "margin", "share": str(row.share), "valid_from": _iso(row.valid_from)}


@transaction.atomic
def add_spend(
    start: date,
    end: date,
    amount: Decimal,
    currency: str,
    *,
    channel: str = "",
    location: str = "",
    by: Any,
    now: datetime,
) -> int:
    """Note marketing spend over the days [start, end); the new row's id. Raises CostUnusable."""
    if end <= start:
        raise CostUnusable(
            _("The spend ends before it begins."), _("Check the two days."), code="spend_backwards"
        )
    source = get_or_add_source(BY_HAND)
    key = f"hand:{take_numbers(1)}"
    values = (start.isoformat(), end.isoformat(), to_fixed(amount), currency, channel, location, None)
    record_spends([(key, *values)], source_id=source.pk, import_id=None, fresh=False)
    row = MarketingSpend.objects.get(source=source, key=key)
    record("spend.added", by=by, now=now, subject=f"spend:{row.pk}", start=_iso(start), end=_iso(end))
    return row.pk


@transaction.atomic
def remove_spend(spend_id: int, *, by: Any, now: datetime) -> Removed | None:
    """Take a spend away; what would put it back, or None where it is gone already."""
    removed = _remove_fact(SPENDS, MarketingSpend.objects.filter(pk=spend_id).first())
    if removed is not None:
        record("spend.removed", by=by, now=now, subject=f"spend:{spend_id}")
    return removed


@transaction.atomic
def set_price_month(
    start: date, end: date, value: Decimal, source_name: str, *, by: Any, now: datetime
) -> None:
    """Tell the index of the month [start, end). Raises CostUnusable: one index of one source, months apart."""
    if value <= 0:
        raise CostUnusable(_("An index is greater than zero."), _("Check the number."), code="price_unusable")
    other = find_price_source()
    if other is not None and other != source_name:
        raise CostUnusable(
            _("The index of prices that is kept comes from “%(source)s”.") % {"source": other},
            _("Name the same source, or remove all its months first: two indexes have two bases."),
            code="other_price_index",
        )
    overlapping = PriceMonth.objects.filter(started_on__lt=end, ended_on__gt=start).exclude(started_on=start)
    if overlapping.exists():
        raise CostUnusable(
            _("Some of these days are in another month of the index."),
            _("Keep to the months of one calendar."),
            code="price_months_overlap",
        )
    values = (start.isoformat(), end.isoformat(), to_fixed(value))
    source = get_or_add_source(source_name)
    record_price_months([(start.isoformat(), *values)], source_id=source.pk, import_id=None, fresh=False)
    record("price_month.set", by=by, now=now, subject=f"price_month:{start.isoformat()}")


@transaction.atomic
def remove_price_month(month_id: int, *, by: Any, now: datetime) -> Removed | None:
    """Take a month of the index away; what would put it back, or None where it is gone already."""
    row = PriceMonth.objects.filter(pk=month_id).first()
    removed = _remove_fact(PRICE_MONTHS, row)
    if removed is not None and row is not None:
        record("price_month.removed", by=by, now=now, subject=f"price_month:{row.key}")
    return removed


@transaction.atomic
def remove_price_index(*, by: Any, now: datetime) -> Removed | None:
    """Take the whole index away; what would put it back, or None where there is none."""
    rows = list(PriceMonth.objects.order_by("started_on"))
    if not rows:
        return None
    removed = {"what": "prices", "rows": [_describe(PRICE_MONTHS, row) for row in rows]}
    remove_facts(PRICE_MONTHS, [row.pk for row in rows])
    record("price_index.removed", by=by, now=now, months=len(rows))
    return removed


@transaction.atomic
def put_back(removed: Mapping[str, Any], *, by: Any, now: datetime) -> bool:
    """Undo a removal; False where something else has taken its place meanwhile."""
    if removed["what"] == "margin":
        day = date.fromisoformat(removed["valid_from"]) if removed["valid_from"] else None
        if Margin.objects.filter(valid_from=day).exists():
            return False
        set_margin(Decimal(removed["share"]), day, by=by, now=now)
        return True
    table = SPENDS if removed["what"] == "spend" else PRICE_MONTHS
    if any(_is_taken(table, row) for row in removed["rows"]):
        return False
    for row in removed["rows"]:
        values = tuple(row["values"][column] for column in table.columns)
        record_facts(
            table,
            [(row["key"], *values)],
            source_id=row["source_id"],
            import_id=row["import_id"],
            fresh=False,
        )
    record("cost.put_back", by=by, now=now, kind=table.name, rows=len(removed["rows"]))
    return True


def _remove_fact(table: FactTable, row: MarketingSpend | PriceMonth | None) -> Removed | None:
    if row is None:
        return None
    remove_facts(table, [row.pk])
    return {"what": "spend" if table is SPENDS else "prices", "rows": [_describe(table, row)]}


def _describe(table: FactTable, row: MarketingSpend | PriceMonth) -> dict[str, Any]:
    """A row as plain values, in the form in which it is recorded."""
    values = {column: _plain(getattr(row, column)) for column in table.columns}
    return {"source_id": row.source_id, "key": row.key, "import_id": row.import_id, "values": values}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return to_fixed(value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value.isoformat() if isinstance(value, date) else value


def _is_taken(table: FactTable, row: Mapping[str, Any]) -> bool:
    if table is SPENDS:
        return MarketingSpend.objects.filter(source_id=row["source_id"], key=row["key"]).exists()
    values = row["values"]
    clash = PriceMonth.objects.filter(started_on__lt=values["ended_on"], ended_on__gt=values["started_on"])
    return clash.exists() or PriceMonth.objects.exclude(source_id=row["source_id"]).exists()


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
