"""Trials as they are read: the rows of a list, the tables and drawings of one result."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from vafa.front.overview.charts import DIGITS
from vafa.front.overview.texts import write_sentence
from vafa.front.trials.words import (
    TONES,
    explain_kept,
    find_per_money,
    name_arm,
    name_choice,
    name_kind,
    name_trial,
    name_verdict,
    write_effect_range,
    write_origin,
    write_points_range,
    write_range,
)
from vafa.kit.locale.formats import (
    Style,
    format_day,
    format_days,
    format_interval,
    format_money,
    format_number,
    format_percent,
    format_percent_points,
    format_signed,
)
from vafa.lab.rates import build_proportion
from vafa.lab.trial_pooling import Pooled
from vafa.prove.trials.queries import Decision
from vafa.prove.trials.types import Arm, Standing, Trial

Columns = list[dict[str, Any]]
FILE_COLUMNS = (
    "trial", "name", "origin", "started_at", "as_of", "final", "verdict", "control", "treated", "control_kept",
    "treated_kept", "diff", "low", "high", "saved", "saved_low", "saved_high", "orders_diff", "money_diff", "cost",
    "currency", "sample_ratio_p", "decision", "decided_by", "decided_at", "why",
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A table, with the drawing of its numbers where there is one."""

    label: str
    columns: Columns
    rows: list[list[Any]]
    data: dict[str, Any] | None = None


@dataclass(frozen=True)
class Row:
    """A trial in a list. Texts are ready; empty where nothing is known."""

    url: str
    name: str
    origin: str
    started: str
    customers: str
    verdict: str
    tone: str
    points: str
    range: str
    saved: str
    saved_range: str
    cost: str
    per_money: str
    decision: str


def build_row(trial: Trial, standing: Standing | None, decisions: Sequence[Decision], style: Style) -> Row:
    """A trial beside others."""
    claimed = standing if standing is not None and standing.verdict not in ("mismatch", "nobody") else None
    effect = claimed.kept if claimed else None
    per = find_per_money(standing) if standing else None
    dealt = sum(standing.dealt.values()) if standing else trial.planned
    cost = standing.cost if standing else None
    return Row(
        url=reverse("trial", args=[trial.key]),
        name=name_trial(trial, style),
        origin=write_origin(trial.origin),
        started=format_day(trial.started_at.date(), style, "short"),
        customers=format_number(dealt, style) if dealt else "",
        verdict=_name_standing(trial, standing),
        tone=TONES[standing.verdict] if standing else "",
        points=format_percent_points(effect.value, style) if effect else "",
        range=write_points_range(effect, style) if effect else "",
        saved=format_number(claimed.saved.value, style, 0)
        if claimed and claimed.saved.value is not None
        else "",
        saved_range=write_range(claimed.saved, style) if claimed else "",
        cost=format_money(cost, standing.currency, style) if standing and cost is not None else "",
        per_money=format_number(per.value, style, 1) if per and per.value is not None else "",
        decision=name_choice(decisions[0].choice) if decisions else "",
    )


def _name_standing(trial: Trial, standing: Standing | None) -> str:
    if trial.cut_on is not None:
        return _("Ended early")
    return name_verdict(standing.verdict) if standing else _("No data yet")


def build_arms(standing: Standing, trial: Trial, style: Style) -> Table:
    """The arms side by side, the control first."""
    label = explain_kept(standing, format_days(trial.horizon_days, style))
    columns: Columns = [
        {"title": _("Group")},
        {"title": _("Customers"), "number": True},
        {"title": _("Kept"), "number": True},
        {"title": _("Share kept"), "number": True},
        {"title": write_sentence(_("95% interval"), style), "number": True},
    ]
    if standing.is_final:
        columns += [
            {"title": _("Orders per customer"), "number": True},
            {"title": _("Money per customer"), "number": True},
        ]
    shares = [arm.kept / arm.n if arm.n else None for arm in standing.arms]
    ends = [build_proportion(arm.kept, arm.n) for arm in standing.arms]
    rows = [
        [
            name_arm(arm.name),
            format_number(arm.n, style),
            format_number(arm.kept, style),
            format_percent(share, style),
            format_interval(rate.low, rate.high, style) if rate else "",
            *(_write_means(arm, standing.currency, style) if standing.is_final else ()),
        ]
        for arm, share, rate in zip(standing.arms, shares, ends, strict=True)
    ]
    data = {
        "labels": [name_arm(arm.name) for arm in standing.arms],
        "format": {"style": "percent", "digits": DIGITS[style.digits], "decimals": 0, "fromZero": True},
        "series": [
            {
                "name": _("Share kept"),
                "values": shares,
                "texts": [format_percent(share, style) for share in shares],
            }
        ],
    }
    return Table(label, columns, rows, data)


def _write_means(arm: Arm, currency: str, style: Style) -> list[str]:
    if not arm.n or arm.orders is None or arm.money is None:
        return ["", ""]
    return [format_number(arm.orders / arm.n, style, 2), format_money(arm.money / arm.n, currency, style)]


def build_effects(standing: Standing, style: Style) -> Table:
    """What the message changed: kept, orders, money, each with its interval."""
    columns: Columns = [
        {"title": _("Outcome")},
        {"title": _("Against the control"), "number": True},
        {"title": write_sentence(_("95% interval"), style), "number": True},
        {"title": _("By")},
    ]
    rows = []
    if standing.kept is not None:
        how = (
            _("freed of what the risk of leaving foretold")
            if standing.is_adjusted
            else _("the plain difference")
        )
        if not standing.is_final:
            how = _("safe at every look")
        rows.append(
            [
                _("Share kept"),
                format_percent_points(standing.kept.value, style),
                write_points_range(standing.kept, style),
                how,
            ]
        )
    if standing.is_adjusted and standing.kept_plain is not None:
        plain = standing.kept_plain
        rows.append(
            [
                _("Share kept"),
                format_percent_points(plain.value, style),
                write_points_range(plain, style),
                _("the plain difference"),
            ]
        )
    if standing.orders is not None:
        value = format_signed(standing.orders.value, style, 2)
        rows.append([_("Orders per customer"), value, write_effect_range(standing.orders, style), _("means")])
    if standing.money is not None:
        money = format_money(standing.money.value, standing.currency, style, signed=True)
        told = write_effect_range(standing.money, style, standing.currency)
        rows.append([_("Money per customer"), money, told, _("means")])
    return Table(_("What it changed"), columns, rows)


def build_each(standing: Standing, style: Style) -> Table | None:
    """Each of several treated groups against the control; None where there is one."""
    if not standing.each or standing.verdict == "mismatch":
        return None
    columns: Columns = [
        {"title": _("Group")},
        {"title": _("Result")},
        {"title": _("Share kept, against the control"), "number": True},
        {"title": _("Interval for several comparisons"), "number": True},
        {"title": _("Customers kept by it"), "number": True},
    ]
    rows = [
        [
            name_arm(one.name),
            name_verdict(one.verdict),
            format_percent_points(one.kept.value, style),
            write_points_range(one.kept, style),
            format_number(one.saved.value, style, 0) if one.saved.value is not None else "",
        ]
        for one in standing.each
    ]
    return Table(_("Each group against the control"), columns, rows)


def build_costs(standing: Standing, style: Style) -> list[tuple[str, str]]:
    """What it cost, by kind, in pairs of name and value; with the sum where there are several."""
    parts = [
        (name_kind(kind), format_money(amount, standing.currency, style))
        for kind, amount in standing.spent.items()
    ]
    if len(parts) > 1 and standing.cost is not None:
        parts.append((_("Together"), format_money(standing.cost, standing.currency, style)))
    return parts


def build_course(looks: Sequence[Standing], style: Style) -> Table | None:
    """How the difference stood from day to day, newest first in the table; None before the first look."""
    told = [look for look in looks if look.kept is not None and look.verdict != "mismatch"]
    if not told:
        return None
    columns: Columns = [
        {"title": _("Data until")},
        {"title": _("Customers"), "number": True},
        {"title": _("Difference in the share kept"), "number": True},
        {"title": _("Interval that holds at every look"), "number": True},
    ]
    rows = [
        [
            format_day(look.last_on, style, "short"),
            format_number(sum(arm.n for arm in look.arms), style),
            format_percent_points(look.kept.value if look.kept else None, style),
            write_points_range(look.kept, style) if look.kept else "",
        ]
        for look in reversed(told)
    ]
    label = _("The difference in the share kept from day to day")
    return Table(label, columns, rows, _draw_course(told, style) if len(told) > 1 else None)


def _draw_course(told: Sequence[Standing], style: Style) -> dict[str, Any]:
    effects = [look.kept for look in told if look.kept is not None]
    days = [format_day(look.last_on, style, "short") for look in told]
    return {
        "labels": days,
        "titles": days,
        "interval_text": write_sentence(_("Interval that holds at every look"), style),
        "format": {"style": "percent", "digits": DIGITS[style.digits], "decimals": 0, "fromZero": False},
        "benchmark": {"value": 0, "text": _("No difference")},
        "series": [
            {
                "name": _("Difference in the share kept"),
                "values": [effect.value for effect in effects],
                "texts": [format_percent_points(effect.value, style) for effect in effects],
                "low": [effect.low for effect in effects],
                "high": [effect.high for effect in effects],
                "interval_texts": [write_points_range(effect, style) for effect in effects],
            }
        ],
    }


def build_pooled(pooled: Pooled | None, style: Style) -> dict[str, Any] | None:
    """All runs of one campaign or automation as one."""
    if pooled is None:
        return None
    apart = pooled.disagreement_p is not None and pooled.disagreement_p < 0.05
    return {
        "runs": format_number(pooled.runs, style),
        "points": format_percent_points(pooled.effect.value, style),
        "range": write_points_range(pooled.effect, style),
        "is_clear": pooled.effect.is_clear,
        "works": pooled.effect.value > 0,
        "is_apart": apart,
    }


def list_file_row(trial: Trial, standing: Standing | None, decisions: Sequence[Decision]) -> list[Any]:
    """A trial as plain values of a file."""
    decided = decisions[0] if decisions else None
    head: list[Any] = [trial.key, trial.name, trial.origin, trial.started_at]
    tail = [decided.choice, str(decided.by or ""), decided.at, decided.why] if decided else [None] * 4
    if standing is None:
        return [*head, *[None] * 18, *tail]
    kept, control = standing.kept, standing.arms[0]
    return [
        *head,
        standing.as_of, standing.is_final, standing.verdict, control.n, standing.treated, control.kept,
        sum(arm.kept for arm in standing.arms[1:]),
        *((kept.value, kept.low, kept.high) if kept else (None, None, None)),
        standing.saved.value, standing.saved.low, standing.saved.high,
        standing.orders.value if standing.orders else None, standing.money.value if standing.money else None,
        standing.cost, standing.currency, standing.ratio_p,
        *tail,
    ]  # fmt: skip
