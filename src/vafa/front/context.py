"""What every page needs: the business, the navigation, the style of digits and dates."""

from typing import Any

from django.http import HttpRequest

from vafa.data.business.queries import get_business


def page(request: HttpRequest) -> dict[str, Any]:
    """The context of every page."""
    return {"business": get_business()}
