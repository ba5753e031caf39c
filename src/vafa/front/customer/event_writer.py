"""Facts as events of a customer's story, in the page's language."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.data.log.types import BY_HAND
from vafa.front.customer.events import Detail, Event
from vafa.front.customer.kinds import find_kind
from vafa.front.overview.texts import name_group
from vafa.kit.locale.formats import Style, format_day, format_moment, format_money, format_number


def name_source(name: str) -> str:
    """A source as people call it."""
    return _("By hand") if name == BY_HAND else name


class Writer:
    """Writes facts in the page's language."""

    def __init__(self, zone: ZoneInfo, style: Style) -> None:
        self._zone = zone
        self._style = style

    def write_order(self, lines: list[Any]) -> Event:
        """An order, from its lines."""
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
            source=name_source(first.source.name),
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
            source=name_source(row.source.name),
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
            source=name_source(row.source.name),
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
        """A call, meeting, visit, message, note or another contact, as its source tells it."""
        kind = find_kind(row.kind)
        length = [self.write_minutes(row.minutes)] if row.minutes else []
        return Event(
            day=row.day,
            when=self._write_when(row),
            icon=kind.icon,
            title=row.subject or (row.kind if kind.code == "other" else kind.get_name()),
            amount="",
            source=name_source(row.source.name),
            notes=tuple(filter(None, (row.staff_name, row.outcome, *length))),
            text=row.text,
        )

    def write_minutes(self, minutes: int) -> str:
        """The length of a talk."""
        text = ngettext("%(count)s minute", "%(count)s minutes", minutes)
        return text % {"count": format_number(minutes, self._style)}

    def _write_when(self, row: Any) -> str:
        if row.at is None:
            return format_day(row.day, self._style)
        return format_moment(row.at, self._zone, self._style)

    def _write_money(self, amount: Decimal, currency: str) -> str:
        return format_money(amount, currency or self._style.currency, self._style)

    def _write_amounts(self, amounts: dict[str, Decimal]) -> str:
        return " + ".join(self._write_money(total, currency) for currency, total in amounts.items())
