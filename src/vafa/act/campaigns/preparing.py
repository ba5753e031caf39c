"""Freezing whom a run goes to, and putting every one of them into the ledger, before anything is sent.

A run is prepared piece by piece, each one transaction of at most PIECE customers that moves the run's place behind
them: the arms are dealt and recorded, then the ledger's rows written. A worker may die at any line and another goes on
behind the last whole piece; of two at once only the holder of the lease writes. The sender begins when the message is
started, which is the last thing of all.
"""

import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from pyroaring import BitMap

from vafa.act.campaigns.audience import find_audience, find_dealable
from vafa.act.campaigns.checking import list_run_hindrances
from vafa.act.campaigns.content import get_content
from vafa.act.campaigns.models import Campaign, Run
from vafa.act.campaigns.rules import has_grown, is_missed
from vafa.act.campaigns.types import PASSING, Hindrance
from vafa.act.messaging.actions import (
    add_recipients,
    assign,
    declare_trial,
    end_trial,
    open_message,
    start_message,
)
from vafa.act.messaging.queries import list_chances
from vafa.act.messaging.types import APART, Recipient, TemplateContent
from vafa.data.consent.types import Purpose
from vafa.data.log.actions import add_happening
from vafa.kit.audit import record
from vafa.lab.trials import CONTROL, TREATED, arms_of, build_shares

logger = logging.getLogger(__name__)

PIECE = 1000
LEASE = timedelta(minutes=2)
RETRY_AFTER = timedelta(minutes=5)


def build_origin(run: Run) -> str:
    """By what a run's message and its trial are known for ever."""
    return f"campaign:{run.campaign_id}:{run.number}"


def build_series(campaign: Campaign, run: Run) -> str:
    """What a run's trial is told together with: the other runs of the campaign, and those of the one that it was copied
    from, where that was for the same purpose by the same channel."""
    first, seen = campaign, {campaign.pk}
    while (before := first.copied_from) is not None and before.pk not in seen:
        if (before.channel, before.purpose) != (campaign.channel, campaign.purpose):
            break
        first = before
        seen.add(before.pk)
    return f"campaign:{first.pk}:{campaign.pk}.{run.number}"


def list_due_runs(now: datetime) -> list[int]:
    """The runs that are to be prepared now: whose time has come, or whom a dead worker has left in the middle."""
    free = Q(lease="") | Q(lease_until__lt=now)
    due = Q(state="waiting", not_before__lte=now) | Q(state="preparing")
    found = Run.objects.filter(free, due, campaign__state="on", campaign__archived_at=None)
    return list(found.order_by("not_before", "pk").values_list("pk", flat=True))


def prepare_run(run_id: int, *, clock: Callable[[], datetime]) -> str:
    """Do what is left until a run's messages may go out; the run's state afterwards, "" where another worker holds it,
    or its campaign is not on any more."""
    lease = secrets.token_hex(8)
    if not _take(run_id, lease, clock()):
        return ""
    run = Run.objects.select_related("campaign__segment", "campaign__started_by").get(pk=run_id)
    if run.state == "waiting" and not _freeze(run, lease, clock()):
        return Run.objects.values_list("state", flat=True).get(pk=run_id)
    run.refresh_from_db()
    if _fill(run, lease, clock) and _hand_over(run, lease, clock()):
        return "handed"
    return ""


def _held(run_id: int, lease: str) -> "models.QuerySet[Run]":  # type: ignore[name-defined]  # noqa: F821
    return Run.objects.filter(pk=run_id, lease=lease, campaign__state="on")


def _take(run_id: int, lease: str, now: datetime) -> bool:
    free = Q(lease="") | Q(lease_until__lt=now)
    taken = Run.objects.filter(free, pk=run_id, state__in=("waiting", "preparing"), campaign__state="on")
    return bool(taken.update(lease=lease, lease_until=now + LEASE))


def _freeze(run: Run, lease: str, now: datetime) -> bool:
    """Settle who is in it, and open the message with its text; False where it can't begin."""
    campaign = run.campaign
    hindrances: Sequence[Hindrance] = (
        ("missed",) if is_missed(run.due_at, now) else list_run_hindrances(campaign, now)
    )
    audience = None
    if not hindrances:
        audience = find_audience(campaign)
        if not audience.ids:
            hindrances = ("nothing_new" if audience.had_before else "audience_empty",)
        elif has_grown(len(audience.ids), campaign.expected):
            hindrances = ("audience_grown",)
    if audience is None or hindrances:
        _hold_back(run, lease, hindrances[0], now)
        return False
    holdout = (campaign.holdout or 0.0) if campaign.purpose != Purpose.SERVICE else 0.0
    origin = build_origin(run)
    planned = len(find_dealable(campaign, audience.ids, now)) if holdout else 0
    with transaction.atomic():
        if not _held(run.pk, lease).filter(state="waiting").update(
            state="preparing", problem="", ids=audience.ids.serialize(), total=len(audience.ids), frozen_at=now,
            segment_as_of=audience.as_of, holdout=holdout, trial=origin if holdout else "", lease_until=now + LEASE,
        ):  # fmt: skip
            return False
        if holdout:
            declare_trial(
                origin, origin=build_series(campaign, run), name=campaign.name, purpose=Purpose(campaign.purpose),
                shares=build_shares(holdout), horizon_days=campaign.horizon_days, planned=planned, now=now,
            )  # fmt: skip
        message = open_message(
            origin=origin, template=_choose_text(campaign), channels=(campaign.channel,),
            purpose=Purpose(campaign.purpose), account_id=campaign.account_id, festive=campaign.festive,
            trial=origin if holdout else "", not_after=_find_end(campaign, run, now),
            by=campaign.started_by_id, now=now,
        )  # fmt: skip
        Run.objects.filter(pk=run.pk).update(message=message)
    return True


def _choose_text(campaign: Campaign) -> TemplateContent | int:
    """The template, so that the message knows its version; else what was written for this campaign alone."""
    template = campaign.template
    if template is not None and template.channel == campaign.channel:
        return template.pk
    return get_content(campaign)


def _find_end(campaign: Campaign, run: Run, now: datetime) -> datetime | None:
    if campaign.hours_valid is None:
        return None
    return max(run.due_at, now) + timedelta(hours=campaign.hours_valid)


def _hold_back(run: Run, lease: str, problem: Hindrance, now: datetime) -> None:
    """Try it again in a while, where what hinders it may pass; else it was refused."""
    passes = problem in PASSING
    with transaction.atomic():
        held = _held(run.pk, lease).filter(state="waiting")
        if passes:
            held.update(problem=problem, not_before=now + RETRY_AFTER, lease="", lease_until=None)
        elif held.update(state="refused", problem=problem, lease="", lease_until=None):
            record(
                "campaign.run_refused",
                by=None,
                now=now,
                subject=f"campaign:{run.campaign_id}",
                run=run.number,
                why=problem,
            )


def _fill(run: Run, lease: str, clock: Callable[[], datetime]) -> bool:
    """Deal the arms, and write everybody into the ledger; False where the lease was lost or the campaign put off."""
    left = iter([pk for pk in BitMap.deserialize(bytes(run.ids)) if pk > run.place])
    shares = build_shares(run.holdout)
    while piece := list(islice(left, PIECE)):
        chances = list_chances(piece) if run.trial else {}
        now = clock()
        with transaction.atomic():
            # The first statement of the piece: whoever has lost the lease, or was told to stop, writes nothing.
            if (
                not _held(run.pk, lease)
                .filter(state="preparing")
                .update(place=piece[-1], done=F("done") + len(piece), lease_until=now + LEASE)
            ):
                return False
            arms = _deal(run, piece, shares, chances, now)
            recipients = [Recipient(pk, arm=arms.get(pk, APART)) for pk in piece]
            add_recipients(run.message_id, recipients, now=now)  # type: ignore[arg-type]
            controls = sum(arm == CONTROL for arm in arms.values())
            Run.objects.filter(pk=run.pk).update(controls=F("controls") + controls)
    return True


def _deal(
    run: Run, piece: Sequence[int], shares: dict[str, float], chances: dict[int, float], now: datetime
) -> dict[int, str]:
    """The arm of each who takes part, recorded where there is a trial. Who can't be reached is in none: their row is
    written all the same, and tells why nothing went to them."""
    if not run.trial:
        return dict.fromkeys(piece, TREATED)
    people = list(find_dealable(run.campaign, piece, now))
    if not people:
        return {}
    assign(run.trial, people, shares, chances, now=now)
    return dict(zip(people, arms_of(people, run.trial, shares).tolist(), strict=True))


@transaction.atomic
def _hand_over(run: Run, lease: str, now: datetime) -> bool:
    """Let the sender begin."""
    held = _held(run.pk, lease).filter(state="preparing")
    if not held.update(state="handed", handed_at=now, ids=b"", lease="", lease_until=None):
        return False
    if run.trial:
        end_trial(run.trial, now=now)
    run.refresh_from_db()
    by = run.campaign.started_by_id
    start_message(run.message_id, by=by, now=now)  # type: ignore[arg-type]
    told: dict[str, Any] = {"run": run.number, "count": run.total, "controls": run.controls}
    record(
        "campaign.run_started",
        by=run.campaign.started_by,
        now=now,
        subject=f"campaign:{run.campaign_id}",
        **told,
    )
    add_happening("campaign_started", at=now, now=now, live=True, campaign=run.campaign_id, **told)
    return True
