"""The columns of the risk board and their cards, ready to print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.act.saving.queries import (
    Case,
    get_next_step,
    get_person_id,
    list_at_stake,
    list_cases,
    list_hints,
    list_stage_times,
)
from vafa.act.saving.types import STAGES, AtStake, Noted, Stage
from vafa.data.customers.queries import list_customer_rows, list_owners
from vafa.data.staff.queries import list_staff
from vafa.front.customers.rows import name_customer
from vafa.front.followups.asked import Eyes
from vafa.front.followups.words import describe_due
from vafa.front.overview.figures import Asker
from vafa.front.risk.asked import CLOSED_DAYS, Asked, find_segment
from vafa.front.risk.outlook import Outlook
from vafa.front.risk.reasons import Reason
from vafa.front.risk.telling import find_reasons
from vafa.front.risk.waiting import Waiting
from vafa.front.risk.words import (
    describe_hint,
    describe_risk,
    describe_why,
    get_band_tone,
    name_stage,
)
from vafa.kit.locale.formats import Style, format_days, format_money, format_number

SHOWN = 50
WAITING_SHOWN, WAITING_MOST = 8, 100


@dataclass(frozen=True)
class Move:
    """A column that a card can be moved to."""

    stage: Stage
    title: str


@dataclass(frozen=True)
class Told:
    """What else is told of a case: what the facts hint at, how long it was in each stage, its strongest reason."""

    hint: Noted | None = None
    times: Mapping[Stage, timedelta] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Card:
    """One case."""

    id: int
    url: str
    name: str
    customer_url: str
    risk: str
    tone: str
    reason: str
    value: str
    owner: str
    days: str
    step: str
    step_due: str
    step_url: str
    is_late: bool
    is_open: bool
    why: str
    hint: str
    moves: list[Move]


@dataclass(frozen=True)
class WaitingCard:
    """A customer who may leave, without a case."""

    id: int
    name: str
    url: str
    risk: str
    tone: str
    reason: str
    value: str
    owner: str


@dataclass(frozen=True)
class Column:
    """One column: its cards, how many there are and what is at stake in all of them."""

    stage: Stage
    title: str
    count: str
    total: str
    note: str
    cards: list[Card]
    more: str
    is_shown: bool


def gather_cases(asker: Asker, eyes: Eyes, asked: Asked) -> list[tuple[Case, AtStake]]:
    """The cases of the board's filters, each with what is known now; what was known at its opening where that is
    not known any more."""
    cases = list_cases(eyes.viewer, asked.build_filter(eyes))
    people = [get_person_id(case) for case in cases]
    if (segment := find_segment(asker, asked)) is not None:
        inside = {int(pk) for pk in asker.snapshot.ids(segment)}
        cases = [case for case, person in zip(cases, people, strict=True) if person in inside]
    stakes = list_at_stake([get_person_id(case) for case in cases], asker.snapshot)
    known = [(case, settle_stake(case, stakes.get(get_person_id(case)))) for case in cases]
    return [one for one in known if asked.band is None or one[1].band == asked.band]


def settle_stake(case: Case, now: AtStake | None) -> AtStake:
    """The value that was at stake when the case was opened, and the present risk."""
    if now is None or now.band is None:
        return AtStake(case.value, case.chance, case.band)
    return AtStake(case.value, now.chance, now.band)


def build_columns(asker: Asker, eyes: Eyes, asked: Asked, outlook: Outlook, now: datetime) -> list[Column]:
    """The five columns in their order."""
    known = gather_cases(asker, eyes, asked)
    shown: dict[str, list[tuple[Case, AtStake]]] = {stage: [] for stage in STAGES}
    for case, stake in known:
        shown[case.stage].append((case, stake))
    cards = _build_cards(
        asker, eyes, [one for listed in shown.values() for one in listed[:SHOWN]], outlook, now
    )
    return [_build_column(stage, shown[stage], cards, asked, eyes.style) for stage in STAGES]


def _build_column(
    stage: Stage, cases: Sequence[tuple[Case, AtStake]], cards: dict[int, Card], asked: Asked, style: Style
) -> Column:
    values = [stake.value for _case, stake in cases if stake.value is not None]
    left = len(cases) - SHOWN
    more = ngettext("and %(count)s more", "and %(count)s more", left) % {"count": format_number(left, style)}
    note = _("of the last %(days)s") % {"days": format_days(CLOSED_DAYS, style)}
    return Column(
        stage=stage,
        title=name_stage(stage),
        count=format_number(len(cases), style),
        total=write_money(sum(values, Decimal()), style) if values else "",
        note=note if stage in STAGES[3:] else "",
        cards=[cards[case.pk] for case, _stake in cases[:SHOWN]],
        more=more if left > 0 else "",
        is_shown=stage == asked.column,
    )


def write_money(value: Decimal | float | None, style: Style) -> str:
    """Money at stake without its cents; "" where it isn't known."""
    return (
        ""
        if value is None or not np.isfinite(float(value))
        else format_money(round(value), style.currency, style)
    )


def _build_cards(
    asker: Asker, eyes: Eyes, cases: Sequence[tuple[Case, AtStake]], outlook: Outlook, now: datetime
) -> dict[int, Card]:
    listed = [case for case, _stake in cases]
    people = sorted({get_person_id(case) for case in listed})
    names = {row.id: name_customer(row) for row in list_customer_rows(people)}
    hints = list_hints(listed, asker.snapshot)
    times = list_stage_times(listed, now)
    reasons = find_reasons(
        asker, [get_person_id(case) for case in listed if not case.closed_at], outlook, eyes.style
    )
    return {
        case.pk: build_card(
            case,
            stake,
            names.get(get_person_id(case), ""),
            Told(hints.get(case.pk), times.get(case.pk, {}), _take_first(reasons.get(get_person_id(case)))),
            outlook,
            eyes,
            now,
        )
        for case, stake in cases
    }


def build_card(
    case: Case,
    stake: AtStake,
    name: str,
    told: Told,
    outlook: Outlook,
    eyes: Eyes,
    now: datetime,
) -> Card:
    """One case, with what is told of it besides."""
    style = eyes.style
    task = get_next_step(case)
    is_open = case.closed_at is None
    return Card(
        id=case.pk,
        url=reverse("risk_case", args=[case.pk]),
        name=name,
        customer_url=reverse("customer", args=[get_person_id(case)]),
        risk=describe_risk(stake.chance, stake.band, style, in_percent=outlook.in_percent) if is_open else "",
        tone=get_band_tone(stake.band),
        reason=told.reason,
        value=write_money(stake.value, style),
        owner=str(case.owner) if case.owner else "",
        days=_describe_stay((now - case.staged_at).days, style),
        step=task.title if task and is_open else "",
        step_due=describe_due(task.due_on, task.due_time, eyes.moment.today, style)
        if task and is_open
        else "",
        step_url=reverse("task", args=[task.pk]) if task else "",
        is_late=task is not None and task.due_on < eyes.moment.today,
        is_open=is_open,
        why=describe_why(case.why, case.closed_on, style),
        hint=describe_hint(told.hint, style),
        moves=[Move(stage, name_stage(stage)) for stage in STAGES if stage != case.stage],
    )


def _describe_stay(days: int, style: Style) -> str:
    if not days:
        return _("In this stage since today")
    return _("In this stage for %(days)s") % {"days": format_days(days, style)}


def build_waiting(
    asker: Asker, waiting: Waiting, outlook: Outlook, style: Style, count: int
) -> list[WaitingCard]:
    """The first so many of those who wait to be taken on."""
    numbers = waiting.numbers[:count]
    ids = [int(pk) for pk in asker.snapshot.list_ids(numbers)] if len(numbers) else []
    names = {row.id: name_customer(row) for row in list_customer_rows(ids)}
    stakes, owners = list_at_stake(ids, asker.snapshot), list_owners(ids)
    staff = {one.pk: str(one) for one in list_staff()}
    reasons = find_reasons(asker, ids, outlook, style)
    cards = []
    for place, pk in enumerate(ids):
        stake = stakes.get(pk, AtStake())
        risk = describe_risk(stake.chance, stake.band, style, in_percent=outlook.in_percent)
        cards.append(
            WaitingCard(
                id=pk,
                name=names.get(pk, ""),
                url=reverse("customer", args=[pk]),
                risk=risk if outlook.is_known else "",
                tone=get_band_tone(stake.band),
                reason=_describe_silence(waiting, place, style) or _take_first(reasons.get(pk)),
                value=write_money(stake.value, style),
                owner=staff.get(owners.get(pk) or 0, ""),
            )
        )
    return cards


def _take_first(reasons: Sequence[Reason] | None) -> str:
    return reasons[0].text if reasons else ""


def _describe_silence(waiting: Waiting, place: int, style: Style) -> str:
    if waiting.silent_days is None or waiting.gap_days is None:
        return ""
    return _("usually buys every %(gap)s; %(silent)s since the last") % {
        "gap": format_days(round(float(waiting.gap_days[place])), style),
        "silent": format_days(int(waiting.silent_days[place]), style),
    }
