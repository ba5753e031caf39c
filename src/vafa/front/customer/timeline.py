"""A customer's facts as a story, the newest first: whole days, so that the next page begins before the last one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from vafa.data.interactions.queries import (
    list_answers_between,
    list_contact_days,
    list_interactions_between,
    list_tickets_between,
)
from vafa.data.orders.queries import list_order_days, list_order_lines_between, list_return_lines_between
from vafa.data.subscriptions.queries import list_subscriptions_of
from vafa.front.customer.events import Detail, Event
from vafa.front.customer.voice_events import write_answer, write_ticket
from vafa.front.overview.texts import name_group
from vafa.kit.locale.formats import Style, format_day, format_moment, format_money, format_number

DAYS_A_PAGE = 20
_AFTER_ALL = date.max


@dataclass(frozen=True)
class Timeline:
    """A page of the story; `before` is the day to ask for the next one with, None at its end."""

    events: list[Event]
    before: date | None


def get_timeline(customers: Sequence[int], before: date | None, zone: str, style: Style) -> Timeline:
    """The facts of the newest days before a day (all of them without one)."""
    end = before or _AFTER_ALL
    subscriptions = list_subscriptions_of(customers)
    days = {
        *list_order_days(customers, end, DAYS_A_PAGE + 1),
        *list_contact_days(customers, end, DAYS_A_PAGE + 1),
        *(row.started_on for row in subscriptions if row.started_on < end),
    }
    shown = sorted(days, reverse=True)[:DAYS_A_PAGE]
    if not shown:
        return Timeline([], None)
    start = shown[-1]
    own_zone = ZoneInfo(zone)
    writer = _Writer(own_zone, style)
    events = [
        *writer.write_orders(list_order_lines_between(customers, start, end)),
        *(writer.write_return(row) for row in list_return_lines_between(customers, start, end)),
        *(writer.write_subscription(row) for row in subscriptions if start <= row.started_on < end),
        *(writer.write_interaction(row) for row in list_interactions_between(customers, start, end)),
        *(write_answer(row, own_zone, style) for row in list_answers_between(customers, start, end)),
        *(write_ticket(row, own_zone, style) for row in list_tickets_between(customers, start, end)),
    ]
    events.sort(key=lambda event: event.day, reverse=True)
    return Timeline(events, start if len(days) > len(shown) else None)


class _Writer:
    """Writes facts in the page's language."""

    def __init__(self, zone: ZoneInfo, style: Style) -> None:
        self._zone = zone
        self._style = style

    def write_orders(self, lines: Iterable[Any]) -> list[Event]:
        """Order lines, order by order."""
        orders: dict[tuple[int, str, date], list[Any]] = {}
        for line in lines:
            orders.setdefault((line.source_id, line.order_key, line.day), []).append(line)
        return [self._write_order(group) for group in orders.values()]

    def _write_order(self, lines: list[Any]) -> Event:
        first = lines[0]
        amounts: dict[str, Decimal] = {}
        for line in lines:
            amounts[line.currency] = amounts.get(line.currency, Decimal(0)) + line.amount
        notes = []
        if not all(line.counts for line in lines):
            notes.append(_("Does not count: %(status)s") % {"status": first.status})
        if first.location:
            notes.append(first.location.name)
        is_back = all(total <= 0 for total in amounts.values()) and any(line.quantity < 0 for line in lines)
        title = _("Cancellation or return %(number)s") if is_back else _("Order %(number)s")
        return Event(
            day=first.day,
            when=self._write_when(first),
            icon="rotate-ccw" if is_back else "shopping-bag",
            title=title % {"number": first.order_key},
            amount=self._write_amounts(amounts),
            source=first.source.name,
            notes=tuple(notes),
            details=[
                Detail(
                    name_group((line.product.name or line.product.code) if line.product else ""),
                    format_number(line.quantity, self._style),
                    self._write_money(line.amount, line.currency),
                )
                for line in lines
            ],
        )

    def write_return(self, row: Any) -> Event:
        """A return."""
        return Event(
            day=row.day,
            when=self._write_when(row),
            icon="rotate-ccw",
            title=_("Return of order %(number)s") % {"number": row.order_key}
            if row.order_key
            else _("Return"),
            amount="" if row.amount is None else self._write_money(-abs(row.amount), row.currency),
            source=row.source.name,
            notes=(row.reason,) if row.reason else (),
        )

    def write_subscription(self, row: Any) -> Event:
        """A subscription, at its start."""
        notes = [self._describe_end(row.until), *self._describe_rest(row)]
        if row.cancel_reason:
            notes.append(row.cancel_reason)
        return Event(
            day=row.started_on,
            when=format_day(row.started_on, self._style),
            icon="repeat",
            title=_("Subscription: %(plan)s") % {"plan": row.plan} if row.plan else _("Subscription"),
            amount="" if row.amount is None else self._write_money(row.amount, row.currency),
            source=row.source.name,
            notes=tuple(notes),
        )

    def _describe_end(self, ended_on: date | None) -> str:
        if ended_on is None:
            return _("Runs on")
        return _("Last day: %(day)s") % {"day": format_day(ended_on - timedelta(days=1), self._style)}

    def _describe_rest(self, row: Any) -> list[str]:
        """Its freeze, and how much of its pack is used."""
        said = []
        if row.frozen_from is not None and row.frozen_until is None:
            said.append(_("Frozen from %(day)s") % {"day": format_day(row.frozen_from, self._style)})
        elif row.frozen_from is not None:
            days = {"first": row.frozen_from, "last": row.frozen_until - timedelta(days=1)}
            named = {name: format_day(day, self._style) for name, day in days.items()}
            said.append(_("Frozen from %(first)s to %(last)s") % named)
        if row.sessions:
            counts = {"used": row.sessions_used or 0, "bought": row.sessions}
            named = {name: format_number(count, self._style) for name, count in counts.items()}
            said.append(_("%(used)s of %(bought)s sessions used") % named)
        return said

    def write_interaction(self, row: Any) -> Event:
        """A call, visit, message or note."""
        icons = {
            "call": "phone",
            "visit": "map-pin",
            "email": "mail",
            "note": "pencil",
            "message": "message-circle",
        }
        return Event(
            day=row.day,
            when=self._write_when(row),
            icon=icons.get(row.kind, "message-square"),
            title=row.subject or row.kind,
            amount="",
            source=row.source.name,
            notes=tuple(filter(None, (row.staff_name, row.outcome))),
            text=row.text,
        )

    def _write_when(self, row: Any) -> str:
        if row.at is None:
            return format_day(row.day, self._style)
        return format_moment(row.at, self._zone, self._style)

    def _write_money(self, amount: Decimal, currency: str) -> str:
        return format_money(amount, currency or self._style.currency, self._style)

    def _write_amounts(self, amounts: dict[str, Decimal]) -> str:
        return " + ".join(self._write_money(total, currency) for currency, total in amounts.items())
