"""What those who left have in common: groups in which more left, found on one half of the customers and confirmed on
the other, each of which can be made a segment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from vafa.front.overview.exports import FORMATS, build_sheet
from vafa.front.overview.pickers import Option
from vafa.front.overview.texts import write_sentence
from vafa.front.overview.views import Page
from vafa.front.risk.cards import write_money
from vafa.front.risk.common_segment import build_definition, build_part
from vafa.front.risk.feature_words import describe_condition, name_feature, name_said
from vafa.front.risk.tabs import list_tabs
from vafa.front.same_page import build_address
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.locale.formats import (
    Style,
    format_day,
    format_days,
    format_interval,
    format_list_of,
    format_number,
    format_percent,
    isolate_auto,
)
from vafa.kit.permissions import Permission, may, only_with, requires
from vafa.lab.rules import parse_rule
from vafa.measure.metrics.queries import describe_rule
from vafa.measure.segments.actions import add_members, create_segment, rebuild_segments
from vafa.measure.segments.queries import list_filter_values
from vafa.predict.models.queries import get_question
from vafa.predict.models.types import HORIZONS, Question
from vafa.predict.reasons.queries import find_common, find_members_now
from vafa.predict.reasons.types import Common, CommonGroup

KEPT = ("days", "rule")
FILE_COLUMNS = (
    "group", "conditions", "customers", "left", "share_left", "share_low", "share_high", "share_left_rest",
    "brought_12_months", "from", "until",
)  # fmt: skip
LONGEST_NAME = 120
MOST_STATED = 20


@dataclass(frozen=True)
class ShownGroup:
    """A group in words. `key` says which it is; `unsaid` are the conditions that a segment can't say, `stated` what
    those of it who left said."""

    key: str
    conditions: tuple[str, ...]
    sentence: str
    money: str
    unsaid: str
    stated: str


@dataclass(frozen=True)
class Asked:
    """What is asked: so many days up to the end of the data, of the question that the rule asks."""

    question: Question
    days: int
    choices: tuple[int, ...]
    common: Common | None


@requires(Permission.SEE_FIGURES)
@require_safe
def common(request: HttpRequest) -> HttpResponse:
    """`/risk/common/?days=&rule=`: over how long who left is looked at."""
    page = Page(request, "customer")
    asked = read_asked(page, request)
    found, style = asked.common, page.style
    context: dict[str, Any] = {
        "problems": page.problems,
        "has_data": page.has_data,
        "is_limited": page.asker.owner_id is not None,
        "found": found,
        "period": _describe_period(found, style) if found else "",
        "counted": _describe_counted(found, style) if found else "",
        "left_out": _describe_left_out(found, asked.question, style) if found else "",
        "stated_columns": _list_stated_columns(),
        "stated": _list_stated(found, style) if found else [],
        "groups": [show_group(group, asked.question, style, list_kinds(page)) for group in found.groups]
        if found
        else [],
        "periods": [
            Option(str(days), format_days(days, style), days == asked.days) for days in asked.choices
        ],
        "kept": [("rule", rule)] if (rule := request.GET.get("rule")) else [],
        "may_make": may(request.user, Permission.EDIT_SEGMENTS),
        "may_export": may(request.user, Permission.EXPORT),
        "formats": FORMATS,
        "query": build_address(request, KEPT)[1:],
        "rule_definition": write_sentence(describe_rule(page.rule), style),
    }
    return render(request, "risk/common.html", {**context, "views": list_tabs(request.user, "risk_common")})


@requires(Permission.EXPORT)
@only_with(Permission.SEE_FIGURES)
@require_safe
def export_common(request: HttpRequest, file_format: str) -> HttpResponse:
    """`/risk/common/export.<csv|xlsx>`: the groups as plain numbers."""
    page = Page(request, "customer")
    asked = read_asked(page, request)
    rows = [
        [
            place,
            " & ".join(describe_condition(one, asked.question.horizon_days, page.style) for one in group.conditions),
            len(group.members), group.lost, group.confirmed.value, group.confirmed.low, group.confirmed.high,
            group.rest.value, group.revenue, found.start, found.end,
        ]
        for found in ([asked.common] if asked.common else [])
        for place, group in enumerate(found.groups, 1)
    ]  # fmt: skip
    return build_sheet("in-common", FILE_COLUMNS, rows, file_format)


@requires(Permission.EDIT_SEGMENTS)
@only_with(Permission.SEE_FIGURES)
@require_POST
def make_segment(request: HttpRequest) -> HttpResponseRedirect:
    """`/risk/common/segment/?days=&rule=`: the group that is posted as a segment of active customers."""
    page = Page(request, "customer")
    asked = read_asked(page, request)
    groups = asked.common.groups if asked.common else ()
    group = next((one for one in groups if build_key(one) == request.POST.get("group")), None)
    back = redirect(f"{request.path.removesuffix('segment/')}{build_address(request, KEPT)}")
    if group is None:
        messages.error(request, _("This group is not there any more: the data have changed since."))
        return back
    try:
        made = _make(page, asked, group, request.user)
    except VafaError as problem:
        messages.error(request, str(problem))
        return back
    messages.success(request, _("The segment is saved."))
    return redirect("segment", made.slug)


def _make(page: Page, asked: Asked, group: CommonGroup, by: Any) -> Any:
    """A segment of the group's conditions; where segments can't say one of them, a list of who meets them now."""
    definition = build_definition(group.conditions, asked.question, list_kinds(page))
    shown, now = show_group(group, asked.question, page.style, ()), clock.now()
    name = format_list_of(shown.conditions, page.style)
    short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
    made = create_segment(short, definition, by=by, now=now)
    if definition is not None:
        rebuild_segments(made.slug, now=now, snapshot=page.asker.snapshot)
        return made
    snapshot, found = page.asker.snapshot, asked.common
    assert found is not None
    members = find_members_now(
        snapshot, parse_rule(page.rule.text), asked.question, found.end, group.conditions, page.asker.visible
    )
    add_members(made.slug, snapshot.ids(members).tolist(), snapshot=snapshot, by=by, now=now, cause="import")
    return made


def read_asked(page: Page, request: HttpRequest) -> Asked:
    """What the address asks, and what is found; nothing where the data don't reach so far back."""
    rule = parse_rule(page.rule.text)
    horizon = get_question(page.asker.snapshot).horizon_days
    question = Question("contracts" if rule.kind == "subscription" else "orders", horizon)
    first, until = page.freshness.first_on, page.freshness.data_until
    # Within less than the rule's own days, who will be lost has been silent when the period begins.
    least = max(horizon, rule.days or 0) if question.kind == "orders" else horizon
    usual = next((days for days in HORIZONS if days >= least), HORIZONS[-1])
    text = request.GET.get("days", "")
    days = int(text) if text.isascii() and text.isdigit() and int(text) in HORIZONS else usual
    if text and text != str(days):
        page.add_problem(_("“%(text)s” is no period that can be looked at.") % {"text": text})
    if first is None or until is None:
        return Asked(question, days, HORIZONS, None)
    start = until - timedelta(days=days)
    if start <= first + timedelta(days=rule.days or 0):
        return Asked(question, days, HORIZONS, None)
    return Asked(question, days, HORIZONS, _find(page, question, start, until))


def _find(page: Page, question: Question, start: date, until: date) -> Common:
    asker = page.asker
    key = ("in_common", page.rule.text, question, start, until, asker.owner_id)
    return asker.snapshot.cached(
        key,
        lambda: find_common(
            asker.snapshot, parse_rule(page.rule.text), question, start, until, asker.visible
        ),
    )


def build_key(group: CommonGroup) -> str:
    """Which group this is, so that another one isn't made a segment when the data move in between."""
    return "|".join(f"{one.feature}:{one.test}:{one.value}" for one in group.conditions)


def list_kinds(page: Page) -> list[str]:
    """The kinds of interactions that there are."""
    return list_filter_values(page.asker.snapshot, "kind")


def show_group(group: CommonGroup, question: Question, style: Style, kinds: Sequence[str]) -> ShownGroup:
    """A group in words."""
    share, rest = group.confirmed, group.rest
    size = len(group.members)
    text = ngettext(
        "%(count)s customer: %(lost)s left. On the half that was not searched %(share)s of such customers left"
        " (%(interval)s), of the others %(rest)s.",
        "%(count)s customers: %(lost)s left. On the half that was not searched %(share)s of such customers left"
        " (%(interval)s), of the others %(rest)s.",
        size,
    )
    told = {
        "count": format_number(size, style),
        "lost": format_number(group.lost, style),
        "share": format_percent(share.value, style, 0),
        "interval": ""
        if share.low is None or share.high is None
        else format_interval(share.low, share.high, style),
        "rest": format_percent(rest.value, style, 0),
    }
    horizon = question.horizon_days
    unsaid = [
        name_feature(one.feature, horizon, style)
        for one in group.conditions
        if build_part(one, question, kinds) is None
    ]
    return ShownGroup(
        key=build_key(group),
        conditions=tuple(describe_condition(one, horizon, style) for one in group.conditions),
        sentence=text % told,
        money=_describe_money(group, question, style),
        unsaid=_(
            "Segments have no condition for: %(names)s. It becomes a list of the active customers who meet it today,"
            " which can be exported and does not change by itself."
        )
        % {"names": format_list_of(unsaid, style)}
        if unsaid
        else "",
        stated=_describe_stated(group, style),
    )


def _describe_stated(group: CommonGroup, style: Style) -> str:
    if not group.stated:
        return ""
    told = [
        _("%(reason)s (%(count)s)")
        % {"reason": isolate_auto(name_said(reason)), "count": format_number(count, style)}
        for reason, count in group.stated
    ]
    return _("Those of them who left said: %(reasons)s.") % {"reasons": format_list_of(told, style)}


def _describe_money(group: CommonGroup, question: Question, style: Style) -> str:
    if group.revenue is None:
        return ""
    money = {"money": write_money(group.revenue, style)}
    if question.kind == "contracts":
        return _("At their prices they bring %(money)s a year.") % money
    return _("They brought %(money)s in the 12 months before.") % money


def _list_stated_columns() -> list[dict[str, Any]]:
    return [
        {"title": _("The reason they gave")},
        {"title": _("Of those who left"), "number": True},
        {"title": _("Of those still there"), "number": True},
    ]


def _list_stated(found: Common, style: Style) -> list[list[str]]:
    return [
        [name_said(one.reason), format_number(one.left, style), format_number(one.stayed, style)]
        for one in found.stated[:MOST_STATED]
    ]


def _describe_period(found: Common, style: Style) -> str:
    return _("From %(start)s to %(end)s") % {
        "start": format_day(found.start, style),
        "end": format_day(found.end - timedelta(days=1), style),
    }


def _describe_counted(found: Common, style: Style) -> str:
    text = _(
        "Of %(customers)s customers who were active when it began, %(lost)s were not any more when it ended."
    ) % {
        "customers": format_number(found.customers, style),
        "lost": format_number(found.lost, style),
    }
    if 0 < found.searched < found.customers:
        part = _("%(searched)s of them were searched.") % {"searched": format_number(found.searched, style)}
        return f"{text} {part}"
    return text


def _describe_left_out(found: Common, question: Question, style: Style) -> str:
    if not found.left_out:
        return ""
    names = [name_feature(name, question.horizon_days, style) for name in found.left_out]
    return _("Left out, since they seem to be filled in when somebody leaves: %(names)s.") % {
        "names": format_list_of(names, style)
    }
