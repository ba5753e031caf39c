"""The business's own numbers with which a what-if begins: each with its source, or with what is missing for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.utils.translation import gettext as _

from vafa.data.costs.queries import get_margin_table
from vafa.front.navigation import find_url
from vafa.front.overview.question import Question, read_question
from vafa.front.overview.texts import name_rule
from vafa.front.overview.views import Page
from vafa.kit.locale.formats import Style, format_day, format_number, format_period
from vafa.lab.periods import Period
from vafa.lab.rules import parse_rule
from vafa.measure.metrics.queries import get_metric
from vafa.measure.metrics.types import Counts, MetricRow

OwnName = Literal["customers", "new", "churn", "revenue", "margin", "acquisition_cost"]
MONTHS = 12


@dataclass(frozen=True)
class Own:
    """A number (a share as a fraction) and where it comes from; without one, what is missing and where to enter it."""

    value: float | None
    told: str
    url: str | None = None
    url_text: str = ""


@dataclass(frozen=True)
class _Months:
    """The last complete months, at most twelve, that the data know whole."""

    period: Period
    counts: tuple[Counts, ...]

    @property
    def present(self) -> float:
        """Customers x months, each month by the mean of its two ends."""
        return sum((count.start + count.end) / 2 for count in self.counts)


def find_own_numbers(page: Page) -> dict[OwnName, Own]:
    """The numbers of the business, or of the own customers of whoever may see no others."""
    return page.asker.keep(("what_if", page.question.rule, page.style), lambda: _build(page))


def _build(page: Page) -> dict[OwnName, Own]:
    months = _list_months(page)
    return {
        "customers": _find_customers(page),
        "new": _find_new(months, page.style),
        "churn": _find_churn(months, page.style),
        "revenue": _find_revenue(page, months),
        "margin": _find_margin(page),
        "acquisition_cost": _find_acquisition_cost(page, months),
    }


def _list_months(page: Page) -> _Months | None:
    last = _ask_month(page)
    if last.period is None:
        return None
    first = next(found for back in range(MONTHS - 1, -1, -1) if (found := last.shift(-back)) is not None)
    rows = _ask(page, "crr", first.start, last.period.end)
    known = [row for row in rows if row.counts is not None and row.complete and not row.first_seen]
    if not known:
        return None
    period = Period(known[0].start, known[-1].end)
    return _Months(period, tuple(row.counts for row in known if row.counts is not None))


def _ask_month(page: Page) -> Question:
    """The last complete month, whatever else the page was asked."""
    rule = page.question.rule
    return read_question({"rule": rule} if rule else {}, page.business, page.freshness.data_until)


def _ask(page: Page, name: str, start: date, end: date) -> list[MetricRow]:
    """A metric of the customers whom the asker may see, sales of nobody left out, month by month."""
    asker = page.asker
    table = get_metric(
        name,
        start=start,
        end=end,
        every="month",
        rule=page.question.rule,
        visible=asker.snapshot.everyone() if asker.visible is None else asker.visible,
        snapshot=asker.snapshot,
    )
    return list(table.rows)


def _need_data() -> Own:
    return _miss(_("Not known: the data tell of no whole month yet."), "imports", _("Import a file"))


def _miss(told: str, url_name: str, url_text: str) -> Own:
    """What is missing, with the way to the page where it is entered; without one as long as there is no such page."""
    return Own(None, told, find_url(url_name), url_text)


def _find_customers(page: Page) -> Own:
    until = page.freshness.data_until
    if until is None:
        return _need_data()
    # The day before the end of data: its end is the boundary up to which everything is known.
    last = until - timedelta(days=1)
    rows = get_metric(
        "customers_end",
        start=last,
        end=until,
        rule=page.question.rule,
        visible=page.asker.visible,
        snapshot=page.asker.snapshot,
    ).rows
    value = rows[0].value if rows else None
    told = _("Active at the end of the data, on %(day)s. %(rule)s.") % {
        "day": format_day(last, page.style),
        "rule": name_rule(page.rule.text, page.style),
    }
    return _need_data() if value is None else Own(value, told)


def _find_new(months: _Months | None, style: Style) -> Own:
    if months is None:
        return _need_data()
    count = len(months.counts)
    new = sum(row.new for row in months.counts) / count
    back = sum(row.reactivated for row in months.counts) / count
    told = _("A month, %(period)s: %(new)s new and %(back)s who came back.") % {
        "period": _name(months.period, style),
        "new": format_number(new, style, 1),
        "back": format_number(back, style, 1),
    }
    return Own(new + back, told)


def _find_churn(months: _Months | None, style: Style) -> Own:
    if months is None:
        return _need_data()
    lost, start = sum(row.lost for row in months.counts), sum(row.start for row in months.counts)
    if not start:
        return _need_data()
    told = _("Lost in a month, over those of its start, %(period)s.") % {
        "period": _name(months.period, style)
    }
    return Own(lost / start, told)


def _find_revenue(page: Page, months: _Months | None) -> Own:
    if months is None or not months.present:
        return _need_data()
    words = {"period": _name(months.period, page.style)}
    revenue = _sum(_ask(page, "revenue", months.period.start, months.period.end))
    recurring = _sum(_ask(page, "mrr", months.period.start, months.period.end))
    ends = sum(row.end for row in months.counts)
    lives_on_subscriptions = parse_rule(page.rule.text).kind == "subscription"
    if recurring and ends and (lives_on_subscriptions or not revenue):
        told = _("Recurring revenue (MRR), %(period)s, for each active customer.")
        return Own(recurring / ends, told % words)
    if revenue:
        told = _("Revenue from known customers, %(period)s, for each active one and month.")
        return Own(revenue / months.present, told % words)
    return _miss(_("Not known: the data hold no revenue."), "imports", _("Import a file"))


def _sum(rows: list[MetricRow]) -> float | None:
    known = [row.value for row in rows if row.value is not None]
    return sum(known) if known else None


def _find_margin(page: Page) -> Own:
    until = page.freshness.data_until
    share = get_margin_table().find_share(until.toordinal() - 1) if until else None
    if share is not None:
        return Own(float(share), _("The margin of your settings that holds where the data end."))
    missing = _("Not known. Without it there is no profit, only revenue.")
    return _miss(missing, "settings_costs", _("Enter it"))


def _find_acquisition_cost(page: Page, months: _Months | None) -> Own:
    missing = _("Not known. Without it the profit is before the cost of winning customers.")
    won = sum(row.new + row.reactivated for row in months.counts) if months else 0
    spend = _find_spend(page, months.period) if months else None
    if months is None or spend is None or not won:
        return _miss(missing, "settings_costs", _("Enter it"))
    told = _("Marketing spend for each customer won, %(period)s.")
    return Own(spend / won, told % {"period": _name(months.period, page.style)})


def _find_spend(page: Page, period: Period) -> float | None:
    """What was spent on winning customers; None where nothing is entered, or only own customers may be seen."""
    if page.asker.visible is not None:
        return None
    table = get_metric(
        "cac", start=period.start, end=period.end, rule=page.question.rule, snapshot=page.asker.snapshot
    )
    spend = table.rows[0].details.get("spend") if table.rows else None
    return None if spend is None else float(spend)


def _name(period: Period, style: Style) -> str:
    return format_period(period.start, period.end, "own", style)


def pick_values(own: Mapping[OwnName, Own]) -> dict[OwnName, float]:
    """Those that are known."""
    return {name: found.value for name, found in own.items() if found.value is not None}
