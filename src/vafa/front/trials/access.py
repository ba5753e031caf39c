"""Who may read results: they count all customers, so those who see own customers alone read none of them."""

from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import translation

from vafa.data.business.queries import Business, get_business, get_style
from vafa.front.overview.viewer import get_owner_id
from vafa.kit.locale.formats import Style
from vafa.kit.permissions import Permission, may


class TrialsPage:
    """What every page of results rests on. Raises PermissionDenied for those who see own customers alone."""

    def __init__(self, request: HttpRequest) -> None:
        self.business: Business = get_business()
        if get_owner_id(request.user, self.business) is not None:
            raise PermissionDenied
        self.style: Style = get_style(translation.get_language() or "en", self.business)
        self.zone = ZoneInfo(self.business.zone)
        self.may_export = may(request.user, Permission.EXPORT)
        self.may_set_holdout = may(request.user, Permission.MANAGE_SENDING)
        self.may_decide = may(request.user, Permission.SEND_MESSAGES)
