"""Days on which a source tells of nothing although it usually does."""

from datetime import date, timedelta
from typing import ClassVar

from django.utils.translation import gettext as _

from vafa.kit.home import get_home
from vafa.kit.locale.occasions import load_occasions
from vafa.lab.quality import Gap, find_gaps
from vafa.measure.quality.looked import Looked, read_day
from vafa.measure.quality.types import CheckEntry, Finding, Result

_MOST_DAYS = 36_525


class GapsInTheDays:
    """Stretches of days without any order, source by source."""

    name: ClassVar[str] = "gaps_in_the_days"
    whole_only: ClassVar[bool] = True

    def describe(self) -> CheckEntry:
        """What it is."""
        return CheckEntry(
            self.name,
            _("Days without any order"),
            _(
                "Days on which a source tells of no order at all, although the same weekdays around them have so many "
                "that chance does not explain it. Holidays and the days off of each week are not meant."
            ),
            _(
                "If orders are missing, revenue is too low and customers seem late or lost who bought on those days."
            ),
            _("Bring in the orders of these days. If the business was closed, nothing is wrong."),
            "imports",
            "days",
            "warning",
            ("source", "from", "to", "expected"),
        )

    def count(self, looked: Looked) -> Result:
        """How many days, of all days that the sources cover."""
        covered = _list_covered(looked)
        if not covered:
            return Result(self.name, None, None, "no_data")
        days = sum(gap.end - gap.start for _source, gap in _list_gaps(looked))
        return Result(self.name, days, sum(last - first + 1 for _source, first, last in covered))

    def list_findings(self, looked: Looked, offset: int, limit: int) -> list[Finding]:
        """The stretches, the newest first; `to` is the last day."""
        return [
            Finding(
                {
                    "source": source,
                    "from": read_day(gap.start),
                    "to": read_day(gap.end - 1),
                    "expected": round(gap.expected),
                }
            )
            for source, gap in _list_gaps(looked)[offset : offset + limit]
        ]


def _list_covered(looked: Looked) -> list[tuple[str, int, int]]:
    """The first and the last day (ordinals) that each source of orders tells of."""
    covered = []
    today = looked.today.toordinal()
    for feed in looked.snapshot.freshness(kinds=("orders",)).feeds:
        if feed.kind == "orders" and feed.first_on and feed.complete_until:
            first = feed.first_on.toordinal()
            last = min(feed.complete_until.toordinal() - 1, today)
            if 0 <= last - first < _MOST_DAYS:
                covered.append((feed.source, first, last))
    return covered


def _list_gaps(looked: Looked) -> list[tuple[str, Gap]]:
    return looked.keep("gaps", lambda: _find_gaps(looked))


def _find_gaps(looked: Looked) -> list[tuple[str, Gap]]:
    orders = _count_orders(looked)
    found = []
    for source, first, last in _list_covered(looked):
        off = _list_days_off(looked.business.country, first, last)
        found += [(source, gap) for gap in find_gaps(orders.get(source, {}), first, last, off)]
    return sorted(found, key=lambda pair: (-pair[1].start, pair[0]))


def _count_orders(looked: Looked) -> dict[str, dict[int, int]]:
    rows = looked.ask(
        """
        SELECT s.name, o.day_no, count(*) FROM (
            SELECT source, order_no, min(day_no) AS day_no FROM facts GROUP BY source, order_no
        ) AS o JOIN sources AS s ON s.id = o.source GROUP BY s.name, o.day_no
        """
    )
    found: dict[str, dict[int, int]] = {}
    for source, day, count in rows:
        found.setdefault(source, {})[int(day)] = int(count)
    return found


def _list_days_off(country: str, first: int, last: int) -> set[int]:
    """The holidays of the business's country; the lull around a long one is not known here, but each day of it is."""
    if not country:
        return set()
    start, end = date.fromordinal(first), date.fromordinal(last) + timedelta(days=1)
    occasions = load_occasions(country, get_home() / "occasions").list_between(start, end)
    return {
        day
        for dated in occasions
        if dated.day_off in ("full", "half")
        for day in range(dated.occasion.start.toordinal(), dated.occasion.end.toordinal())
    }
