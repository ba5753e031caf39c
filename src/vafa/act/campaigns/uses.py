"""Which campaigns use a template."""

from datetime import datetime

from vafa.act.campaigns.models import Campaign
from vafa.act.campaigns.rules import can
from vafa.act.campaigns.standing import list_stages
from vafa.act.messaging.queries import map_versions
from vafa.act.messaging.types import Use


def list_uses(template_id: int, now: datetime) -> list[Use]:
    """The campaigns whose text a template is, and those that have sent it."""
    sent = map_versions(template_id, "campaign")
    chosen = set(Campaign.objects.filter(template=template_id).values_list("pk", flat=True))
    campaigns = list(Campaign.objects.filter(pk__in=chosen | set(sent)))
    stages = list_stages(campaigns, now)
    return [
        Use(
            "campaign",
            one.pk,
            one.name,
            stages[one.pk],
            one.pk in chosen and (can("edit", stages[one.pk]) or bool(one.every)),
            *sent.get(one.pk, ((), ())),
        )
        for one in campaigns
    ]
