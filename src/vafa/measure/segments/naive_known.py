"""The slow twins of what follows from a customer's own facts: texts such as the plan, numbers of what was bought."""

from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from vafa.lab.spells import OPEN_END
from vafa.measure.segments.types import KINDS_AT_THE_END, Measure

if TYPE_CHECKING:
    from vafa.measure.segments.naive import PlainCustomer

BOUGHT_MEASURES: tuple[Measure, ...] = (
    "purchase_day_value", "discount_share", "return_share", "product_lines",
)  # fmt: skip
_FIRST = {"first_line": "product_line", "first_product": "product", "first_location": "location"}


def naive_known_text(field: str, customer: "PlainCustomer", boundary: int) -> str:
    """What the facts before the boundary tell in one of FACT_FIELDS; "" where nothing."""
    if field == "plan":
        begun = [
            (end if end is not None and end <= boundary else OPEN_END, start, place, plan)
            for place, (start, end, plan, _worth) in enumerate(customer.subscriptions)
            if start < boundary
        ]
        return max(begun)[3] if begun else ""
    if field in _FIRST or field == "main_line":
        bought = [line for line in customer.lines if line.is_purchase and line.day < boundary]
        if not bought:
            return ""
        if field in _FIRST:
            return min(bought, key=lambda line: (line.day, line.number)).names[_FIRST[field]]
        days: dict[tuple[int, str], set[int]] = {}
        for line in bought:
            if line.line_number:
                days.setdefault((line.line_number, line.names["product_line"]), set()).add(line.day)
        return min(days, key=lambda own: (-len(days[own]), own))[1] if days else ""
    told = [
        (day, number, text.lower() if field == "contact_kind" else text)
        for name, day, number, text in customer.told
        if name == field and day < boundary
    ]
    kept = [one for one in told if field != "contact_kind" or one[2] not in KINDS_AT_THE_END]
    return max(kept)[2] if kept else ""


def naive_bought(measure: Measure, customer: "PlainCustomer", boundary: int) -> Decimal | None:
    """One of BOUGHT_MEASURES; None for who hasn't bought what it tells of."""
    lines = [line for line in customer.lines if line.day < boundary]
    bought = [line for line in lines if line.is_purchase]
    days = {line.day for line in bought}
    if measure == "product_lines":
        return Decimal(len(kinds)) if (kinds := {line.line_number for line in bought} - {0}) else None
    if measure == "discount_share":
        full = sum((line.full for line in bought if line.full is not None), Decimal(0))
        off = sum((line.off for line in bought if line.off is not None), Decimal(0))
        return (off * 100 / full).quantize(Decimal("0.0001"), ROUND_FLOOR) if full > 0 else None
    if not days:
        return None
    if measure == "return_share":
        back = {row.day for row in customer.returns if row.day < boundary}
        back |= {line.day for line in lines if line.quantity < 0 and line.counts}
        return Decimal(100 * len(back)) / len(days)
    came = sum((line.worth or Decimal(0) for line in lines if line.counts), Decimal(0))
    went = sum((row.worth or Decimal(0) for row in customer.returns if row.day < boundary), Decimal(0))
    return (came - went) / len(days)
