"""The days of a customer that come back: birthday and day of joining, and the calendar in which it is kept."""

from datetime import date
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from vafa.act.followups.actions import set_birthday_calendar
from vafa.act.followups.queries import get_birthday_calendar
from vafa.front.customer.parts import get_customer_or_404, is_fragment, render_part
from vafa.front.followups.asked import Eyes, open_eyes
from vafa.front.followups.words import describe_due
from vafa.front.overview.pickers import Option
from vafa.kit import clock
from vafa.kit.locale.formats import format_number
from vafa.kit.permissions import Permission, may, requires
from vafa.lab.anniversaries import YEAR_CALENDARS, YearCalendar, find_next_anniversary


def name_calendar(calendar: str) -> str:
    """A calendar in which a birthday can be kept."""
    return {
        "": _("That of the business"),
        "gregorian": _("Gregorian"),
        "jalali": _("Solar Hijri (Jalali)"),
        "hijri": _("Lunar Hijri (Umm al-Qura)"),
        "chinese": _("Chinese lunar"),
    }[calendar]


@requires(Permission.SEE_CUSTOMERS)
@require_http_methods(["GET", "HEAD", "POST"])
def customer_days(request: HttpRequest, customer_id: int) -> HttpResponseBase:
    """`/customers/<id>/days/`: when they come next; a POST with `calendar` chooses that of the birthday."""
    customer = get_customer_or_404(request, customer_id)
    eyes = open_eyes(request)
    if request.method == "POST":
        if not may(request.user, Permission.EDIT_CUSTOMERS):
            raise Http404
        chosen = request.POST.get("calendar", "")
        if chosen not in ("", *YEAR_CALENDARS):
            raise Http404
        set_birthday_calendar(customer.pk, chosen, by=request.user, now=clock.now())
        messages.success(request, _("Saved."))
        if not is_fragment(request):
            return redirect(f"{reverse('customer', args=[customer.pk])}#part-days")
    kept = get_birthday_calendar(customer.pk)
    usual = cast("YearCalendar", eyes.business.calendar)
    context = {
        "birthday": _describe(customer.birthday, cast("YearCalendar", kept or usual), eyes),
        "joined": _describe(customer.joined_on, usual, eyes),
        "has_birthday": customer.birthday is not None,
        "calendars": [Option(name, name_calendar(name), name == kept) for name in ("", *YEAR_CALENDARS)],
        "may_edit": may(request.user, Permission.EDIT_CUSTOMERS),
    }
    return render_part(request, customer, "today/days.html", context)


def _describe(first: date | None, calendar: YearCalendar, eyes: Eyes) -> str:
    """When a day comes back next, and for the how-many-eth time; "" where it isn't known."""
    today = eyes.moment.today
    found = find_next_anniversary(first, calendar, today) if first is not None else None
    if found is None:
        return ""
    years = ngettext("%(years)s year", "%(years)s years", found.years) % {
        "years": format_number(found.years, eyes.style)
    }
    return _("%(day)s (%(years)s)") % {
        "day": describe_due(found.day, None, today, eyes.style),
        "years": years,
    }
