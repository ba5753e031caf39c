"""Who looks at automations, and which of them, and which customers, they may see."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest
from django.utils import translation

from vafa.act.automations.queries import Automation, find_automation
from vafa.data.business.queries import Business, get_business, get_style
from vafa.front.automations.fields import Asking, open_asking
from vafa.front.overview.viewer import get_owner_id
from vafa.kit import clock
from vafa.kit.locale.formats import Style
from vafa.kit.permissions import Permission, may


@dataclass(frozen=True)
class Eyes:
    """Who looks, when; `owner_id` whose customers alone they see (None: everybody's)."""

    business: Business
    style: Style
    now: datetime
    owner_id: int | None
    may_edit: bool
    may_send: bool

    @property
    def zone(self) -> ZoneInfo:
        """The business's time zone."""
        return ZoneInfo(self.business.zone)

    def open_asking(self) -> Asking:
        """What can be chosen in the form."""
        return open_asking(self.business, self.style, self.now.astimezone(self.zone).date())


def open_eyes(request: HttpRequest) -> Eyes:
    """The eyes of whoever asks."""
    business = get_business()
    return Eyes(
        business,
        get_style(translation.get_language() or "en", business),
        clock.now(),
        get_owner_id(request.user, business),
        may(request.user, Permission.EDIT_MESSAGES),
        may(request.user, Permission.SEND_MESSAGES),
    )


def get_automation_or_404(automation_id: int) -> Automation:
    """The automation that an address names."""
    found = find_automation(automation_id)
    if found is None:
        raise Http404
    return found
