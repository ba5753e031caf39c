"""A model's card as it is read: what it is, its record day by day, its calibration, what it looks at."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vafa.front.overview.charts import DIGITS
from vafa.front.overview.texts import write_sentence
from vafa.front.risk.feature_words import name_feature
from vafa.front.risk.lacks import describe_lack
from vafa.front.risk.record_shown import Columns, Shown
from vafa.kit.locale.formats import (
    Style,
    format_day,
    format_days,
    format_interval,
    format_list_of,
    format_number,
    format_percent,
    isolate,
    isolate_auto,
)
from vafa.predict.models.types import Lack

Document = Mapping[str, Any]
Facts = list[tuple[str, str]]


def name_form(form: str) -> str:
    """Of which sort a model is."""
    return {
        "purchase": _("Purchase model"),
        "hazard": _("How long customers stay"),
        "logistic": _("Regression on all that is known"),
    }.get(form, form)


def name_group(group: str) -> str:
    """A group of what a model looks at."""
    return {
        "rhythm": pgettext("reason", "Own rhythm"),
        "purchase_model": _("Purchase model"),
        "orders": pgettext("reason", "Orders and money"),
        "returns": pgettext("reason", "Returns"),
        "complaints": pgettext("reason", "Complaints and tickets"),
        "price": pgettext("reason", "Prices and discounts"),
        "silence": pgettext("reason", "Contacts from us"),
        "contract": pgettext("reason", "Contract"),
        "visits": pgettext("reason", "Visits"),
        "product": pgettext("reason", "Products"),
        "tenure": pgettext("reason", "Time as a customer"),
        "season": pgettext("reason", "Season"),
        "profile": pgettext("reason", "Fields of customers"),
    }.get(group, group)


def build_facts(card: Any, borders: tuple[float, float] | None, style: Style) -> Facts:
    """What the card is, in pairs of a name and a text."""
    document = card.document
    training = document.get("training") or {}
    days = [date.fromisoformat(text) for text in training.get("days", ())]
    told: Facts = [
        (_("Model"), name_form(card.form)),
        (_("How far ahead"), format_days(card.horizon_days, style)),
        (_("Trained on"), format_day(card.trained_at.date(), style)),
        (_("Data until"), format_day(card.data_until, style)),
        (_("State of the records"), format_number(card.seq, style)),
    ]
    if days:
        period = _("%(first)s to %(last)s") % {
            "first": format_day(days[0], style),
            "last": format_day(days[-1], style),
        }
        told.append((_("Learned from the days"), period))
        told.append((_("Rows learned from"), format_number(training.get("rows", 0), style)))
    told.append((_("May be told"), _name_level(card.verdict)))
    told += [(_("Missing for more"), describe_lack(Lack(*lack), style)) for lack in document.get("lacks", ())]
    if borders is not None:
        bounds = _("raised from %(low)s on, high from %(high)s on") % {
            "low": format_percent(borders[0], style, 0),
            "high": format_percent(borders[1], style, 0),
        }
        told.append((_("Bands of risk"), bounds))
    if card.promoted_at is not None:
        who = card.promoted_by.name or card.promoted_by.email if card.promoted_by else _("by the rules")
        told.append((_("In use since"), f"{format_day(card.promoted_at.date(), style)} · {who}"))
    told.append((_("Customers under treatment"), _describe_treated(training, style)))
    told.append((_("Drift"), _describe_drift(document.get("drift"), style)))
    told += _tell_base(card, style)
    return told


def _name_level(level: str) -> str:
    return {
        "bands": _("Bands of risk, no percentages"),
        "percent": _("Percentages"),
    }.get(level, _("Nothing"))


def _describe_treated(training: Mapping[str, Any], style: Style) -> str:
    if count := training.get("left_out", 0):
        return _("%(count)s were left out of learning and judging.") % {"count": format_number(count, style)}
    if training.get("treated"):
        return _(
            "More than half were treated, so that they are learned from as well: the rest would be too few."
        )
    return _(
        "None: no campaign or automation with a control group has treated anybody. Once one does, they are left out."
    )


def _tell_base(card: Any, style: Style) -> Facts:
    """The base model, which is fitted anew at each scoring: when it was last, with which parameters, and how far its
    chances have moved since the training."""
    now, then = card.document.get("base_now"), card.document.get("base") or {}
    name = name_form("purchase" if card.kind == "orders" else "hazard")
    told: Facts = []
    if "alpha" in then:
        told.append((_("%(model)s at the training") % {"model": name}, _write_parameters(then, style)))
    if not now:
        return told
    when = _("fitted anew on %(day)s, by data until %(until)s") % {
        "day": format_day(datetime.fromisoformat(now["at"]).date(), style),
        "until": format_day(date.fromisoformat(now["as_of"]), style),
    }
    parts = [when]
    if now.get("parameters"):
        parts.append(_write_parameters(now["parameters"], style))
    if now.get("moved") is not None:
        moved = format_number(now["moved"] * 100, style, 2)
        parts.append(
            _("its chances differ from those of the training by %(moved)s percentage points on average")
            % {"moved": moved}
        )
    separator = "؛ " if style.is_rtl else "; "
    return [*told, (_("%(model)s now") % {"model": name}, separator.join(parts))]


def _write_parameters(parameters: Document, style: Style) -> str:
    """A run of its own from left to right, as formulas are written."""
    names = (("r", "r"), ("alpha", "α"), ("a", "a"), ("b", "b"))
    told = [f"{sign} = {format_number(float(f'{parameters[name]:.4g}'), style)}" for name, sign in names]
    return isolate(f"{str(parameters['kind']).upper()}/NBD: {', '.join(told)}")


def _describe_drift(drift: Document | None, style: Style) -> str:
    if not drift:
        return _("Not looked at yet.")
    texts = {
        "steady": _("On %(day)s customers were still like those it learned from."),
        "look": _("On %(day)s customers had begun to differ from those it learned from."),
        "alarm": _("On %(day)s customers differed from those it learned from; it is trained again."),
    }
    day = format_day(date.fromisoformat(drift["as_of"]), style)
    return texts.get(drift["level"], texts["steady"]) % {"day": day}


def build_days(document: Document, style: Style) -> Shown | None:
    """The record by tested day; None where nothing could be tried."""
    days = document.get("cutoffs") or []
    if not days:
        return None
    taken = document.get("taken", "base")
    columns: Columns = [
        {"title": _("As of")},
        {"title": _("Customers"), "number": True},
        {"title": _("Left"), "number": True},
        {"title": "AUC", "number": True},
        {"title": _("AUC of the base model"), "number": True},
        {"title": _("AUC of recency"), "number": True},
        {"title": "Brier", "number": True},
        {"title": _("Brier of the base model"), "number": True},
        {"title": _("Log-loss"), "number": True},
        {"title": _("Lift of the top tenth"), "number": True},
    ]
    rows = []
    for day in reversed(days):
        models = day["models"]
        own, base = models.get(taken) or models["base"], models["base"]
        rows.append(
            [
                format_day(date.fromisoformat(day["at"]), style, "short"),
                format_number(day["n"], style),
                format_number(day["leavers"], style),
                _write(own["auc"], style),
                _write(base["auc"], style),
                _write(day["recency_auc"], style),
                _write(own["brier"], style, 4),
                _write(base["brier"], style, 4),
                _write(own["log_loss"], style),
                _write(own["lift"], style, 2),
            ]
        )
    return Shown(_("How it would have told who leaves, by day"), columns, rows)


def build_compared(document: Document, style: Style) -> Shown | None:
    """How models compare: the interval of Brier's score of one less the other's."""
    gaps = document.get("gaps") or []
    if not gaps:
        return None
    columns: Columns = [
        {"title": _("Model")},
        {"title": _("Against")},
        {"title": write_sentence(_("95% interval"), style), "number": True},
        {"title": _("Proven better")},
    ]
    rows = [
        [
            _name_tried(gap["later"]),
            _name_tried(gap["earlier"]),
            # From left to right, the low end first, also where the sentence runs the other way.
            isolate(" … ".join(str(_write(gap[end], style, 5)) for end in ("low", "high"))),
            _("Yes") if gap["high"] < 0 else _("No"),
        ]
        for gap in gaps
    ]
    return Shown(_("Which model is better (Brier)"), columns, rows)


def _name_tried(name: str) -> str:
    return {
        "base_rate": _("The same for everybody"),
        "recency": _("Recency alone"),
        "base": _("The base model"),
        "logistic": _("Regression on all that is known"),
    }.get(name, name)


def build_curve(document: Document, style: Style) -> Shown | None:
    """Of those with about the same chance, the share that left; None where nothing could be tried."""
    groups = (document.get("overall") or {}).get("curve") or []
    if not groups:
        return None
    names = [
        _("%(low)s to %(high)s")
        % {"low": format_percent(one["low"], style, 0), "high": format_percent(one["high"], style, 0)}
        for one in groups
    ]
    columns: Columns = [
        {"title": _("Chance of leaving")},
        {"title": _("Customers"), "number": True},
        {"title": _("Share predicted"), "number": True},
        {"title": _("Share that left"), "number": True},
        {"title": write_sentence(_("95% interval"), style), "number": True},
    ]
    rows = [
        [
            name,
            format_number(one["n"], style),
            format_percent(one["told"], style),
            format_percent(one["happened"], style),
            format_interval(one["happened_low"], one["happened_high"], style),
        ]
        for name, one in zip(names, groups, strict=True)
    ]
    return Shown(
        _("The share that left, by the chance that was predicted"), columns, rows, _draw(names, groups, style)
    )


def _draw(names: list[str], groups: list[Document], style: Style) -> dict[str, Any] | None:
    if len(groups) < 2:
        return None
    return {
        "labels": names,
        "titles": names,
        "interval_text": write_sentence(_("95% interval"), style),
        "format": {
            "style": "percent", "digits": DIGITS[style.digits], "decimals": 0, "fromZero": True, "min": 0, "max": 1,
        },
        "series": [
            {
                "name": _("Share predicted"),
                "values": [one["told"] for one in groups],
                "texts": [format_percent(one["told"], style) for one in groups],
            },
            {
                "name": _("Share that left"),
                "values": [one["happened"] for one in groups],
                "texts": [format_percent(one["happened"], style) for one in groups],
                "low": [one["happened_low"] for one in groups],
                "high": [one["happened_high"] for one in groups],
                "interval_texts": [
                    format_interval(one["happened_low"], one["happened_high"], style) for one in groups
                ],
            },
        ],
    }  # fmt: skip


def build_features(document: Document, horizon_days: int, style: Style) -> Shown | None:
    """What the model looks at, by group; None where it looks at the base model alone."""
    regression = document.get("regression")
    if not regression:
        return None
    by_group: dict[str, list[str]] = {}
    for part in regression["design"]["parts"]:
        by_group.setdefault(part["group"], []).append(part["name"])
    stable = regression.get("stable") or {}
    columns: Columns = [
        {"title": _("Group")},
        {"title": pgettext("of a model", "What is known")},
        {"title": _("Shown as a reason")},
    ]
    rows = [
        [
            name_group(group),
            format_list_of([isolate_auto(name_feature(name, horizon_days, style)) for name in names], style),
            _("Yes")
            if stable.get("rhythm" if group == "purchase_model" else group)
            else _("No: its sign is unsure"),
        ]
        for group, names in by_group.items()
    ]
    return Shown(_("What it looks at"), columns, rows)


def list_leaks(document: Document) -> list[str]:
    """The fields that were left out since they know the answer, each with why."""
    texts = {
        "name": _("“%(name)s”: its name says that it is written when somebody leaves."),
        "too_good": _("“%(name)s”: it alone tells nearly without mistakes who left."),
        "known_after": _("“%(name)s”: it is filled in, or not, as somebody left."),
    }
    return [
        texts.get(leak["code"], texts["name"]) % {"name": leak["name"].split(":")[-1]}
        for leak in document.get("leaks", ())
    ]


def _write(value: float | None, style: Style, places: int = 3) -> str | None:
    return None if value is None else format_number(round(value, places), style)
