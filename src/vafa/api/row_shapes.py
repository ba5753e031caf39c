"""Between the rows of the records and what the API tells and takes of them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Schema

from vafa.api.rows_out import CustomerPageQuery, EventPageQuery, OrderPageQuery, PageQuery
from vafa.api.scores import tell_risk
from vafa.data.customers import queries as customers
from vafa.data.intake.types import Kind, Thing
from vafa.data.interactions.queries import list_interaction_changes
from vafa.data.log.queries import find_source_id, list_source_names_by_id
from vafa.data.orders import queries as orders
from vafa.data.subscriptions.queries import list_subscription_changes
from vafa.kit import clock
from vafa.warehouse.queries import open_snapshot

NOTE = "note"
# No source has this id: one that nobody knows has no rows.
NOBODY = -1
# Of a page of orders.
MOST_RETURNS = 10_000

_FIELDS = {
    "customers": {"id": "customer"},
    "orders": {"id": "order"},
    "returns": {"id": "return"},
    "subscriptions": {"id": "subscription"},
    "interactions": {"id": "interaction"},
}
Page = tuple[list[dict[str, Any]], int | None]


def build_thing(kind: Kind, row: Schema, *, note: bool = False) -> tuple[str, Thing]:
    """A row as the intake takes it: the source, and texts by field."""
    told = row.model_dump(exclude_none=True)
    source, custom = told.pop("source"), told.pop("custom")
    lines = told.pop("lines", None)
    if kind == "interactions":
        told.setdefault("at", clock.now())
    head = {_FIELDS[kind].get(name, name): _write(value) for name, value in told.items()}
    if note:
        head["kind"] = NOTE
    rows = [head | {name: _write(value) for name, value in line.items()} for line in lines or [{}]]
    return source, Thing(
        tuple(rows), {name.replace("\0", ""): _write(value) for name, value in custom.items()}
    )


def _write(value: Any) -> str:
    """A value as the readers of files know it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list):
        return ";".join(str(one).replace(";", " ") for one in value)
    return str(value)


def _choose(asked: PageQuery, owner_id: int | None) -> dict[str, Any]:
    """Whose rows, and of which source."""
    chosen: dict[str, Any] = {}
    if asked.source is not None:
        chosen["source_id"] = find_source_id(asked.source) or NOBODY
    if asked.customer is not None:
        ids = {asked.customer, *customers.list_merged_into(asked.customer)}
        chosen["customers"] = ids & set(_own(owner_id, ids))
    elif owner_id is not None:
        chosen["customers"] = customers.own_customers(owner_id)
    return chosen


def _mend_plus(phone: str) -> str:
    """A number whose plus sign was not escaped, so that the address made a blank of it."""
    return f"+{phone.strip()}" if phone.startswith(" ") else phone.strip()


def _own(owner_id: int | None, ids: set[int]) -> set[int]:
    """Those of these customers that may be seen."""
    return ids if owner_id is None else set(customers.own_customers(owner_id).filter(pk__in=ids))


def _after(asked: PageQuery) -> int:
    return max(asked.cursor, asked.updated_since)


def _page(found: list[Any], limit: int, tell: Any) -> Page:
    """A page of rows that carry their number; one more than asked for was looked for."""
    shown = found[:limit]
    return [tell(one) for one in shown], shown[-1].seq if len(found) > limit else None


class Pages:
    """Pages of rows, and single ones, for whoever sees all or the customers of one member of staff."""

    @staticmethod
    def customers(asked: CustomerPageQuery, owner_id: int | None) -> Page:
        names = list_source_names_by_id()
        found = customers.list_customer_changes(
            _after(asked),
            asked.limit + 1,
            owner_id=owner_id,
            ids=None if asked.customer is None else [asked.customer],
            email=(asked.email or "").strip().lower(),
            phone=_mend_plus(asked.phone or ""),
            key=asked.key or "",
            source_id=None if asked.source is None else find_source_id(asked.source) or NOBODY,
            tag=asked.tag or "",
        )
        risks = tell_risk([one.id for one in found], open_snapshot()) if found else {}
        return _page(found, asked.limit, lambda one: _tell_customer(one, names) | risks[one.id])

    @staticmethod
    def customer(row: int, owner_id: int | None) -> Any:
        found = customers.list_customer_changes(0, 1, owner_id=owner_id, ids=[row])
        if not found:
            return None
        return _tell_customer(found[0], list_source_names_by_id()) | tell_risk([row], open_snapshot())[row]

    @staticmethod
    def orders(asked: OrderPageQuery, owner_id: int | None) -> Page:
        found, last = orders.list_order_changes(
            _after(asked), asked.limit, order=asked.order or "", **_choose(asked, owner_id)
        )
        returned = _list_returns(found)
        return [_tell_order(one, returned) for one in found], last

    @staticmethod
    def order(row: int, owner_id: int | None) -> Any:
        found = orders.find_order_of_line(row)
        if found is None or not may_see(found.lines[0].customer_id, owner_id):
            return None
        return _tell_order(found, _list_returns([found]))

    @staticmethod
    def returns(asked: PageQuery, owner_id: int | None) -> Page:
        found = orders.list_return_changes(_after(asked), asked.limit + 1, **_choose(asked, owner_id))
        return _page(found, asked.limit, _tell_return)

    @staticmethod
    def return_(row: int, owner_id: int | None) -> Any:
        found = orders.list_return_changes(0, 1, ids=[row])
        return _tell_return(found[0]) if found and may_see(found[0].customer_id, owner_id) else None

    @staticmethod
    def subscriptions(asked: PageQuery, owner_id: int | None) -> Page:
        found = list_subscription_changes(_after(asked), asked.limit + 1, **_choose(asked, owner_id))
        return _page(found, asked.limit, _tell_subscription)

    @staticmethod
    def subscription(row: int, owner_id: int | None) -> Any:
        found = list_subscription_changes(0, 1, ids=[row])
        return _tell_subscription(found[0]) if found and may_see(found[0].customer_id, owner_id) else None

    @staticmethod
    def events(asked: EventPageQuery, owner_id: int | None) -> Page:
        kinds = [asked.kind] if asked.kind and asked.kind != NOTE else None
        found = list_interaction_changes(
            _after(asked), asked.limit + 1, kinds=kinds, without=NOTE, **_choose(asked, owner_id)
        )
        return _page(found, asked.limit, _tell_event)

    @staticmethod
    def event(row: int, owner_id: int | None) -> Any:
        found = list_interaction_changes(0, 1, ids=[row], without=NOTE)
        return _tell_event(found[0]) if found and may_see(found[0].customer_id, owner_id) else None

    @staticmethod
    def notes(asked: PageQuery, owner_id: int | None) -> Page:
        found = list_interaction_changes(
            _after(asked), asked.limit + 1, kinds=[NOTE], **_choose(asked, owner_id)
        )
        return _page(found, asked.limit, _tell_event)

    @staticmethod
    def note(row: int, owner_id: int | None) -> Any:
        found = list_interaction_changes(0, 1, ids=[row], kinds=[NOTE])
        return _tell_event(found[0]) if found and may_see(found[0].customer_id, owner_id) else None


def may_see(customer: int | None, owner_id: int | None) -> bool:
    """Whether somebody who may be limited to own customers sees what belongs to this one."""
    return owner_id is None or (customer is not None and bool(_own(owner_id, {customer})))


def _tell_customer(one: customers.CustomerChange, names: dict[int, str]) -> dict[str, Any]:
    return {
        "id": one.id,
        "seq": one.seq,
        "name": one.name,
        "title": one.title,
        "company": one.company,
        "birthday": one.birthday,
        "location": one.location,
        "joined_at": one.joined_on,
        "tags": one.tags,
        "custom": one.custom,
        "owner": one.owner,
        "merged_into": one.kept,
        "emails": one.emails,
        "phones": one.phones,
        "keys": [{"source": names.get(source, ""), "key": key} for source, key in one.keys],
    }


def _list_returns(changes: list[orders.OrderChange]) -> dict[tuple[str, str], list[Any]]:
    """What was given back of these orders, by source and order: one question a source."""
    by_source: dict[int, list[str]] = {}
    for one in changes:
        by_source.setdefault(one.lines[0].source_id, []).append(one.order)
    found: dict[tuple[str, str], list[Any]] = {}
    for source, numbers in by_source.items():
        for row in orders.list_return_changes(0, MOST_RETURNS, source_id=source, orders=numbers):
            found.setdefault((row.source.name, row.order_key), []).append(row)
    return found


def _tell_order(one: orders.OrderChange, returned: dict[tuple[str, str], list[Any]]) -> dict[str, Any]:
    head = one.lines[0]
    returns = returned.get((one.source, one.order), [])
    return {
        "row": head.pk,
        "seq": one.seq,
        "source": one.source,
        "id": one.order,
        "customer": head.customer_id,
        "at": head.at,
        "day": head.day,
        "status": head.status,
        "counts": head.counts,
        "currency": head.currency,
        "location": head.location.name if head.location else None,
        "amount": sum((line.amount for line in one.lines), Decimal(0)),
        "custom": head.custom or {},
        "lines": [_tell_line(line) for line in one.lines],
        "returns": [_tell_return(row) for row in returns],
    }


def _tell_line(line: Any) -> dict[str, Any]:
    return {
        "row": line.pk,
        "product": line.product.code if line.product else None,
        "product_name": line.product.name if line.product else None,
        "product_line": line.product_line.name if line.product_line else None,
        "quantity": line.quantity,
        "amount": line.amount,
        "discount": line.discount,
        "tax": line.tax,
        "shipping": line.shipping,
    }


def _tell_return(row: Any) -> dict[str, Any]:
    return {
        "row": row.pk,
        "seq": row.seq,
        "source": row.source.name,
        "id": row.key.partition("\x1f")[0],
        "order": row.order_key,
        "customer": row.customer_id,
        "at": row.at,
        "day": row.day,
        "product": row.product.code if row.product else None,
        "quantity": row.quantity,
        "amount": row.amount,
        "currency": row.currency,
        "reason": row.reason,
    }


def _tell_subscription(row: Any) -> dict[str, Any]:
    return {
        "row": row.pk,
        "seq": row.seq,
        "source": row.source.name,
        "id": row.key,
        "customer": row.customer_id,
        "plan": row.plan,
        "amount": row.amount,
        "currency": row.currency,
        "interval": row.interval,
        "started_at": row.started_on,
        "ended_at": row.ended_on,
        "cancel_reason": row.cancel_reason,
        "frozen_from": row.frozen_from,
        "frozen_until": row.frozen_until,
        "sessions": row.sessions,
        "sessions_used": row.sessions_used,
        "last_visit": row.last_visit_on,
        "custom": row.custom or {},
    }


def _tell_event(row: Any) -> dict[str, Any]:
    return {
        "row": row.pk,
        "seq": row.seq,
        "source": row.source.name,
        "id": row.key,
        "customer": row.customer_id,
        "kind": row.kind,
        "at": row.at,
        "day": row.day,
        "subject": row.subject,
        "text": row.text,
        "staff": row.staff_name,
        "outcome": row.outcome,
        "duration": row.minutes,
        "custom": row.custom or {},
    }
