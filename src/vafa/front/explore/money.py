"""Which customers make the difference of a figure of money: a table of the largest changes, and all others together."""

from dataclasses import dataclass
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.data.customers.queries import list_customer_rows
from vafa.front.customers.rows import name_customer
from vafa.front.explore.asked import Exploration
from vafa.front.explore.compare_sides import Side
from vafa.front.explore.figures import narrow
from vafa.front.overview.figures import Asker
from vafa.kit.locale.formats import Style, format_money, format_number
from vafa.measure.metrics.queries import MoneyMoves, MoneySide, list_money_moves

MOST_CUSTOMERS = 10


@dataclass(frozen=True)
class MoneyRow:
    """One customer, or all others, or the whole: texts ready to print."""

    name: str
    url: str | None
    before: str
    after: str
    change: str


@dataclass(frozen=True)
class MoneyTable:
    """The largest changes; with those of `others` they make up `total`."""

    about: str
    titles: tuple[str, str]
    rows: list[MoneyRow]
    others: MoneyRow | None
    total: MoneyRow


def build_money(
    asker: Asker, asked: Exploration, sides: tuple[Side, Side], style: Style
) -> MoneyTable | None:
    """The table; None for figures without money, in real terms, and where nothing differs."""
    if asked.real:
        return None
    first, second = (_build_side(asker, asked, side) for side in sides)
    moves = list_money_moves(asked.entry.name, first, second, MOST_CUSTOMERS)
    if moves is None or not moves.rows:
        return None
    names = {row.id: name_customer(row) for row in list_customer_rows([row.customer for row in moves.rows])}
    rows = [
        MoneyRow(
            names.get(row.customer, ""),
            reverse("customer", args=[row.customer]),
            _write(row.before, style),
            _write(row.after, style),
            _write(row.change, style, signed=True),
        )
        for row in moves.rows
    ]
    has_others = moves.others_count or moves.others
    return MoneyTable(
        about=_describe(moves),
        titles=(sides[0].title, sides[1].title),
        rows=rows,
        others=_build_others(moves, style) if has_others else None,
        total=MoneyRow(_("Together"), None, "", "", _write(moves.total, style, signed=True)),
    )


def _build_side(asker: Asker, asked: Exploration, side: Side) -> MoneySide:
    rule = side.rule or asked.question.rule
    return MoneySide(side.period, rule=rule, **narrow(asker, side.inside, rule))


def _build_others(moves: MoneyMoves, style: Style) -> MoneyRow:
    text = ngettext(
        "%(count)s other customer, and sales without one",
        "%(count)s other customers, and sales without one",
        moves.others_count,
    )
    if moves.base == "mrr":
        text = ngettext("%(count)s other customer", "%(count)s other customers", moves.others_count)
    name = text % {"count": format_number(moves.others_count, style)}
    return MoneyRow(name, None, "", "", _write(moves.others, style, signed=True))


def _describe(moves: MoneyMoves) -> str:
    if moves.base == "mrr":
        return _("By how much each customer's MRR at the end differs.")
    return _("By how much the revenue that each customer brought differs.")


def _write(amount: Fraction, style: Style, *, signed: bool = False) -> str:
    return format_money(float(amount), style.currency, style, signed=signed)
