"""What a campaign says: a template's text as it is now, or what was written for this campaign alone."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.act.campaigns.editing import lock, name_subject
from vafa.act.campaigns.models import Campaign
from vafa.act.campaigns.rules import can
from vafa.act.campaigns.standing import get_stage
from vafa.act.campaigns.types import CampaignUnusable
from vafa.act.messaging.types import TemplateContent
from vafa.kit.audit import record


def get_content(campaign: Campaign) -> TemplateContent:
    """The text as it would be sent now; one without languages where nothing is written."""
    kept = campaign.template.content if campaign.template is not None else campaign.content
    content = TemplateContent.from_json(kept or {})
    written = tuple((code, text) for code, text in content.texts if not text.is_empty)
    return TemplateContent(campaign.channel, written)


@transaction.atomic
def write_text(campaign_id: int, content: TemplateContent, *, by: Any, now: datetime) -> None:
    """Write the text for this campaign alone; a template that was chosen is let go. Raises CampaignUnusable for one
    that has begun."""
    campaign = lock(campaign_id)
    if not can("edit", get_stage(campaign, now)):
        raise CampaignUnusable(
            _("This campaign has been started, so that it can't be changed any more."),
            _("Copy it, and change the copy."),
        )
    campaign.content, campaign.template, campaign.changed_at = content.to_json(), None, now
    campaign.save(update_fields=["content", "template", "changed_at"])
    record("campaign.changed", by=by, now=now, subject=name_subject(campaign), fields=["content"])


def get_written(campaign: Campaign) -> TemplateContent:
    """The text that was written for this campaign alone, whether it is used or a template is."""
    return TemplateContent.from_json(campaign.content or {})
