"""Making and changing campaigns: drafts, copies, and what is put away."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.act.campaigns.models import Campaign
from vafa.act.campaigns.rules import can
from vafa.act.campaigns.standing import get_stage
from vafa.act.campaigns.timetable import get_when
from vafa.act.campaigns.types import LONGEST_NAME, MOST_HORIZON_DAYS, CampaignUnusable, Told
from vafa.data.consent.types import Channel, Purpose
from vafa.kit.audit import record
from vafa.measure.segments.queries import find_saved

_CADENCE = ("every", "weekday", "month_day", "hour")


@transaction.atomic
def create_campaign(told: Told, *, by: Any, now: datetime) -> Campaign:
    """Make a draft. Raises CampaignUnusable."""
    campaign = Campaign(made_by=_find_staff(by), made_at=now)
    _put(campaign, told, now)
    campaign.save()
    record("campaign.created", by=by, now=now, subject=name_subject(campaign))
    return campaign


@transaction.atomic
def change_campaign(campaign_id: int, told: Told, *, by: Any, now: datetime) -> Campaign:
    """Change a draft, or one that could not start. Raises CampaignUnusable for one that has begun."""
    campaign = lock(campaign_id)
    if not can("edit", get_stage(campaign, now)):
        raise CampaignUnusable(
            _("This campaign has been started, so that it can't be changed any more."),
            _("Copy it, and change the copy."),
        )
    before = {field.name: getattr(campaign, field.attname) for field in campaign._meta.concrete_fields}
    _put(campaign, told, now)
    after = {field.name: getattr(campaign, field.attname) for field in campaign._meta.concrete_fields}
    changed = sorted(name for name in before if before[name] != after[name] and name != "changed_at")
    if changed:
        campaign.save()
        record("campaign.changed", by=by, now=now, subject=name_subject(campaign), fields=changed)
    return campaign


@transaction.atomic
def copy_campaign(campaign_id: int, *, by: Any, now: datetime) -> Campaign:
    """A draft with all that this one says, but for its times: those have passed."""
    campaign = Campaign.objects.get(pk=campaign_id)
    name = _("Copy of %(name)s") % {"name": campaign.name}
    copied = Campaign(
        name=name[:LONGEST_NAME], copied_from_id=campaign_id, made_by=_find_staff(by), made_at=now, changed_at=now,
        **{
            field: getattr(campaign, field)
            for field in (
                "channel", "purpose", "festive", "segment_id", "template_id", "content", "account_id", "holdout",
                "horizon_days", "once_each", "hours_valid", *_CADENCE,
            )
        },
    )  # fmt: skip
    copied.save()
    record("campaign.copied", by=by, now=now, subject=name_subject(copied), of=campaign_id)
    return copied


@transaction.atomic
def archive_campaign(campaign_id: int, *, by: Any, now: datetime) -> None:
    """Put a campaign away that sends nothing. Raises CampaignUnusable for one that does."""
    campaign = lock(campaign_id)
    if campaign.archived_at is not None:
        return
    if not can("archive", get_stage(campaign, now)):
        raise CampaignUnusable(
            _("This campaign still sends, or is going to."), _("Stop it first, and put it away then.")
        )
    Campaign.objects.filter(pk=campaign_id).update(archived_at=now)
    record("campaign.archived", by=by, now=now, subject=name_subject(campaign))


@transaction.atomic
def restore_campaign(campaign_id: int, *, by: Any, now: datetime) -> None:
    """Bring a campaign back that was put away."""
    if Campaign.objects.filter(pk=campaign_id).exclude(archived_at=None).update(archived_at=None):
        record("campaign.restored", by=by, now=now, subject=f"campaign:{campaign_id}")


def lock(campaign_id: int) -> Campaign:
    """The campaign, held until the transaction ends."""
    return Campaign.objects.select_for_update().get(pk=campaign_id)


def name_subject(campaign: Campaign) -> str:
    """A campaign in the audit trail."""
    return f"campaign:{campaign.pk}"


def _put(campaign: Campaign, told: Told, now: datetime) -> None:
    _check(told)
    campaign.name = told.name.strip()
    for name in ("channel", "purpose", "festive", "template_id", "content", "account_id", "holdout"):
        setattr(campaign, name, getattr(told, name))
    for name in ("horizon_days", "once_each", "hours_valid"):
        setattr(campaign, name, getattr(told, name))
    campaign.channel, campaign.purpose = str(told.channel), str(told.purpose)
    campaign.segment_id = _find_segment(told.segment)
    campaign.starts_at = told.when.at
    campaign.from_on, campaign.until_on = told.when.from_on, told.when.until_on
    cadence = told.when.cadence
    campaign.every = cadence.every if cadence else ""
    for name, value in (asdict(cadence) if cadence else {}).items():
        setattr(campaign, name, value)
    campaign.changed_at = now


def _find_segment(slug: str) -> int | None:
    if not slug:
        return None
    found = find_saved(slug)
    if found is None:
        raise CampaignUnusable(_("There is no such segment."), field="segment")
    return found.id


def _check(told: Told) -> None:
    if not told.name.strip():
        raise CampaignUnusable(_("Give it a name."), field="name")
    if len(told.name.strip()) > LONGEST_NAME:
        raise CampaignUnusable(_("That name is too long."), field="name")
    if told.holdout is not None and not 0 <= told.holdout < 1:
        raise CampaignUnusable(_("A holdout is a share from 0 to less than 100 percent."), field="holdout")
    if not 1 <= told.horizon_days <= MOST_HORIZON_DAYS:
        raise CampaignUnusable(
            _("The result is counted over 1 to %(most)s days.") % {"most": MOST_HORIZON_DAYS},
            field="horizon_days",
        )
    when = told.when
    if when.from_on and when.until_on and when.until_on < when.from_on:
        raise CampaignUnusable(_("The last day is before the first one."), field="until_on")


def _find_staff(by: Any) -> Any:
    return by if getattr(by, "pk", None) else None


def get_told(campaign: Campaign) -> Told:
    """All that is said of a campaign."""
    return Told(
        name=campaign.name,
        channel=Channel(campaign.channel),
        purpose=Purpose(campaign.purpose),
        festive=campaign.festive,
        segment=campaign.segment.slug if campaign.segment else "",
        template_id=campaign.template_id,
        content=campaign.content,
        account_id=campaign.account_id,
        holdout=campaign.holdout,
        horizon_days=campaign.horizon_days,
        once_each=campaign.once_each,
        hours_valid=campaign.hours_valid,
        when=get_when(campaign),
    )
