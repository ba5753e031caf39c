"""Sentences about imported answers and tickets, and the questions that the mapping page asks of them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.data.intake.queries import ANSWER_METHODS, ANSWER_SCALES
from vafa.data.intake.types import Plan
from vafa.front.intake.labels import DIRECTION_NAMES, METHOD_NAMES, QUESTION_NAMES
from vafa.front.intake.lines import Line
from vafa.kit.locale.formats import Style, format_list_of, format_number


def tell_answers(summary: dict[str, Any], style: Style) -> list[Line]:
    """How many answers of each kind came in, how they are read, and what has no answer or no customer."""
    lines = []
    if answers := summary.get("answers"):
        counted = [
            f"{QUESTION_NAMES[kind]}: {format_number(count, style)}"
            for kind, count in sorted(answers.items(), key=lambda pair: list(QUESTION_NAMES).index(pair[0]))
        ]
        lines.append(Line(_("Answers: %(counts)s.") % {"counts": format_list_of(counted, style)}))
    lines += [Line(_tell_reading(reading, style)) for reading in summary.get("questions") or ()]
    if count := summary.get("invitations"):
        text = ngettext(
            "%(count)s row is an invitation without an answer.",
            "%(count)s rows are invitations without an answer.",
            count,
        )
        lines.append(Line(text % {"count": format_number(count, style)}))
    if count := summary.get("nobodies"):
        text = ngettext(
            "%(count)s row has no customer: it counts in the figures of the whole only.",
            "%(count)s rows have no customer: they count in the figures of the whole only.",
            count,
        )
        lines.append(Line(text % {"count": format_number(count, style)}))
    return lines


def _tell_reading(reading: dict[str, Any], style: Style) -> str:
    values = {
        "question": QUESTION_NAMES[reading["question"]],
        "direction": DIRECTION_NAMES[reading["direction"]],
        "method": METHOD_NAMES[reading["method"]],
    }
    if reading["low"] is None:
        text = _("%(question)s: each row tells its own scale. %(direction)s The figure is %(method)s.")
        return text % values
    text = _("%(question)s: a scale from %(low)s to %(high)s. %(direction)s The figure is %(method)s.")
    return text % (values | {name: format_number(reading[name], style) for name in ("low", "high")})


def format_answer_part(name: str, value: Any, style: Style) -> str:
    """The score, the scale or the kind of question of a previewed row."""
    if name == "question":
        return str(QUESTION_NAMES[value])
    if name == "scale":
        low, high = value
        return _("%(low)s to %(high)s") % {
            "low": format_number(low, style),
            "high": format_number(high, style),
        }
    if value.points is None:
        return str(value.word)
    return format_number(value.points.normalize(), style)


def build_answer_questions(plan: Plan, style: Style) -> dict[str, Any] | None:
    """How the answers of a file are read, and what may be said of it; what is open stands first."""
    if plan.options.kind != "surveys" or "score" not in plan.mapping:
        return None
    open_ones = {question.code: question for question in plan.questions}
    kinds = set(plan.answers) - {"nps"}
    methods = tuple(dict.fromkeys(way for kind in kinds for way in ANSWER_METHODS[kind]))
    return {
        "column": plan.mapping["score"],
        "example": next((question.example for question in plan.questions if question.example), ""),
        "readings": []
        if {"question", "scale"} & open_ones.keys()
        else [_tell_reading(reading.to_json(), style) for reading in plan.answers.values()],
        "fields": [
            {
                "name": name,
                "label": label,
                "open": name in open_ones,
                "value": getattr(plan.options, name) or "",
                "choices": choices,
            }
            for name, label, choices in (
                ("question", _("What is asked?"), list(QUESTION_NAMES.items())),
                ("scale", _("On which scale?"), _list_scales(open_ones, style) if kinds else []),
                ("direction", _("Which end is good?"), list(DIRECTION_NAMES.items()) if kinds else []),
                ("method", _("How are the answers added up?"), [(way, METHOD_NAMES[way]) for way in methods]),
            )
            if len(choices) > 1
        ],
    }


def _list_scales(open_ones: dict[str, Any], style: Style) -> list[tuple[str, str]]:
    asked = open_ones.get("scale")
    # Those that fit all answers come first; one slip must not hide the scale that is meant.
    scales = dict.fromkeys(
        (*(asked.choices if asked else ()), *(f"{low}-{high}" for low, high in ANSWER_SCALES))
    )
    named = []
    for scale in scales:
        low, _dash, high = scale.rpartition("-")
        ends = {"low": format_number(int(low), style), "high": format_number(int(high), style)}
        named.append((scale, _("%(low)s to %(high)s") % ends))
    return named
