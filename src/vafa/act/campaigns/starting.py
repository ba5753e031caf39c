"""What is decided about a campaign as a whole: started, scheduled, paused, gone on with, stopped."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from vafa.act.campaigns.checking import describe_hindrances, list_hindrances
from vafa.act.campaigns.editing import lock, name_subject
from vafa.act.campaigns.models import Campaign, Run
from vafa.act.campaigns.rules import can
from vafa.act.campaigns.standing import get_stage
from vafa.act.campaigns.types import CampaignUnusable
from vafa.act.messaging.actions import end_trial, pause_message, resume_message, stop_message
from vafa.kit.audit import record
from vafa.lab.trials import CONTROL, suggest_shares
from vafa.measure.segments.queries import find_saved


@transaction.atomic
def start_campaign(campaign_id: int, *, suggested: float | None = None, by: Any, now: datetime) -> Campaign:
    """Let a draft go out: at once, at its time, or again and again. `suggested` is the share that is held out where
    nobody has chosen one; without it half of a small list, a tenth of a large one. Raises CampaignUnusable with all
    that hinders it."""
    campaign = lock(campaign_id)
    if not can("start", get_stage(campaign, now)):
        raise CampaignUnusable(_("This campaign has been started already."))
    if hindrances := list_hindrances(campaign, now):
        raise CampaignUnusable(describe_hindrances(hindrances, campaign), hindrances=hindrances)
    campaign.state, campaign.started_by, campaign.started_at = "on", _find_staff(by), now
    campaign.counts_from, campaign.expected = now, _count_members(campaign)
    if campaign.holdout is None:
        campaign.holdout = _suggest(campaign) if suggested is None else suggested
    campaign.save(update_fields=["state", "started_by", "started_at", "counts_from", "expected", "holdout"])
    if not campaign.every:
        add_run(campaign, campaign.starts_at or now)
    action = "campaign.started" if campaign.starts_at is None and not campaign.every else "campaign.scheduled"
    record(action, by=by, now=now, subject=name_subject(campaign), holdout=campaign.holdout)
    return campaign


def _suggest(campaign: Campaign) -> float:
    return suggest_shares(_count_members(campaign))[CONTROL]


def _count_members(campaign: Campaign) -> int:
    saved = find_saved(campaign.segment.slug) if campaign.segment else None
    return (saved.count if saved else 0) or 0


def add_run(campaign: Campaign, due_at: datetime, **fields: Any) -> Run:
    """One more run of a campaign that the caller holds."""
    last = campaign.runs.aggregate(last=Max("number"))["last"] or 0
    return Run.objects.create(campaign=campaign, number=last + 1, due_at=due_at, not_before=due_at, **fields)


@transaction.atomic
def unschedule_campaign(campaign_id: int, *, by: Any, now: datetime) -> None:
    """Make a draft of a campaign again whose time has not come. Raises CampaignUnusable for one that has begun."""
    campaign = lock(campaign_id)
    if not can("unschedule", get_stage(campaign, now)) or campaign.runs.exclude(message=None).exists():
        raise CampaignUnusable(_("This campaign has begun, so that it can only be stopped."))
    campaign.runs.filter(state="waiting").delete()
    _set_state(campaign, "draft", "campaign.unscheduled", by, now)


@transaction.atomic
def pause_campaign(campaign_id: int, *, by: Any, now: datetime) -> None:
    """Send nothing more until it goes on. Raises CampaignUnusable."""
    campaign = lock(campaign_id)
    _check_may("pause", campaign, now)
    _set_state(campaign, "paused", "campaign.paused", by, now)
    for message in _list_handed(campaign):
        pause_message(message, by=_find_id(by), now=now)


@transaction.atomic
def resume_campaign(campaign_id: int, *, by: Any, now: datetime) -> None:
    """Go on where it was paused; days of a recurring one that passed meanwhile are not made up for. Raises
    CampaignUnusable."""
    campaign = lock(campaign_id)
    _check_may("resume", campaign, now)
    campaign.counts_from, campaign.expected = now, _count_members(campaign)
    campaign.started_by = _find_staff(by) or campaign.started_by
    campaign.save(update_fields=["counts_from", "expected", "started_by"])
    _set_state(campaign, "on", "campaign.resumed", by, now)
    for message in _list_handed(campaign):
        resume_message(message, by=_find_id(by), now=now)


@transaction.atomic
def stop_campaign(campaign_id: int, *, by: Any, now: datetime) -> None:
    """End a campaign: what is not sent yet stays unsent, for good. Raises CampaignUnusable."""
    campaign = lock(campaign_id)
    _check_may("stop", campaign, now)
    campaign.stopped_at = now
    campaign.save(update_fields=["stopped_at"])
    for run in campaign.runs.exclude(message=None):
        stop_message(run.message_id, by=_find_id(by), now=now)  # type: ignore[arg-type]
        if run.trial:
            end_trial(run.trial, now=now)
    campaign.runs.filter(state__in=("waiting", "preparing")).update(
        state="stopped", ids=b"", lease="", lease_until=None
    )
    _set_state(campaign, "stopped", "campaign.stopped", by, now)


def _check_may(what: str, campaign: Campaign, now: datetime) -> None:
    if campaign.archived_at is not None or not can(what, get_stage(campaign, now)):
        raise CampaignUnusable(
            _("That can't be done with this campaign as it stands now."), _("Load its page anew, and look.")
        )


def _set_state(campaign: Campaign, state: str, action: str, by: Any, now: datetime) -> None:
    campaign.state, campaign.changed_at = state, now
    campaign.save(update_fields=["state", "changed_at"])
    record(action, by=by, now=now, subject=name_subject(campaign))


def _list_handed(campaign: Campaign) -> list[int]:
    """The messages that the sender has been told of."""
    return list(campaign.runs.filter(state="handed").values_list("message_id", flat=True))


def _find_id(by: Any) -> int | None:
    return getattr(by, "pk", None)


def _find_staff(by: Any) -> Any:
    return by if getattr(by, "pk", None) else None
