"""What every page of a campaign rests on: who may look at it, and how it writes."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import translation

from vafa.act.campaigns.queries import Campaign, find_campaign
from vafa.data.business.queries import get_business, get_style
from vafa.front.overview.viewer import get_owner_id
from vafa.kit.locale.formats import Style


def get_page_style() -> Style:
    """How this page writes digits and dates."""
    return get_style(translation.get_language() or "en")


def refuse_limited(request: HttpRequest) -> None:
    """Raise 404 for who sees own customers only: a campaign goes to everybody's, and tells how many they are."""
    if get_owner_id(request.user, get_business()) is not None:
        raise Http404


def get_campaign(request: HttpRequest, campaign_id: int) -> Campaign:
    """A campaign for who may see it; else 404."""
    refuse_limited(request)
    campaign = find_campaign(campaign_id)
    if campaign is None:
        raise Http404
    return campaign


def get_url(campaign_id: int, name: str = "campaign", **more: Any) -> str:
    """The address of one of its pages."""
    return reverse(name, args=[campaign_id, *more.values()])
