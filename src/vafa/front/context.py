"""What every page needs: the business, the navigation, the style of digits and dates.

business · words: the business's word for customers (`words.many`) · style and zone: read by the tags of
locale_kit · navigation, settings_url, search_url, account_name · freshness: {text, tone, url} or None · leave_demo_url:
set in the demo, for whoever may leave it.
"""

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import translation

from vafa.data.business.queries import get_business, get_customer_word, get_style
from vafa.front.freshness import describe_freshness
from vafa.front.navigation import build_navigation, find_url
from vafa.kit.permissions import Permission, may

if TYPE_CHECKING:
    from vafa.data.business.models import Business


def page(request: HttpRequest) -> dict[str, Any]:
    """The context of every page. Errors may come before there is a user: then only what needs none."""
    business = get_business()
    context = _build_common(business)
    staff = getattr(request, "user", None)
    if staff is None or not staff.is_authenticated:
        return context
    may_set = may(staff, Permission.CHANGE_SETTINGS)
    return context | {
        "navigation": build_navigation(request, business),
        "account_name": str(staff),
        "settings_url": find_url("settings") if may_set else find_url("my_account"),
        "search_url": find_url("search") if may(staff, Permission.SEE_CUSTOMERS) else None,
        "freshness": describe_freshness(business, context["style"], may_set=may_set),
        "leave_demo_url": find_url("leave_demo") if business.is_demo and may_set else None,
    }


def _build_common(business: "Business") -> dict[str, Any]:
    return {
        "business": business,
        "words": get_customer_word(business),
        "style": get_style(translation.get_language() or "en", business),
        "zone": ZoneInfo(business.zone),
    }
