"""The settings page "Contact budget": how often, and when, customers are written to at most."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vafa.act.messaging.actions import set_budget
from vafa.act.messaging.queries import (
    BUDGET_SETTINGS,
    BUDGET_WHYS,
    count_held_back,
    get_budget,
    is_holiday,
    list_rest_days,
)
from vafa.data.business.queries import get_business, get_style
from vafa.data.customers.queries import list_definitions
from vafa.front.campaigns.whys import describe_why
from vafa.front.followups.forms import TimeField
from vafa.front.settings_pages import say_saved, show_settings
from vafa.kit import clock
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.locale.formats import format_number
from vafa.kit.locale.periods import format_day_range
from vafa.kit.locale.style import Style
from vafa.kit.permissions import Permission, requires

MOST = 999
_ZONE_KINDS = ("text", "choice")
_DAYS_AHEAD = 180
_MOST_DAYS = 12


class CountField(forms.CharField):
    """A whole number from 0 to 999, in any digits; empty: None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=8, **kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "dir": "ltr", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        text = to_latin_digits(super().clean(value)).strip()
        if not text:
            return None
        if not text.isdecimal() or int(text) > MOST:
            raise ValidationError(_("A whole number from 0 to 999."), code="count")
        return int(text)


class BudgetForm(forms.Form):
    """The contact budget."""

    per_day = CountField(
        label=gettext_lazy("Messages a day"),
        required=False,
        help_text=gettext_lazy(
            "To one customer, over all purposes and channels. Empty: as many as there are."
        ),
    )
    per_week = CountField(label=gettext_lazy("Messages in 7 days"), required=False)
    per_month = CountField(label=gettext_lazy("Messages in 30 days"), required=False)
    per_point_day = CountField(
        label=gettext_lazy("Messages a day to one address or number"),
        required=False,
        help_text=gettext_lazy("Of a family that shares a phone, for all of them together."),
    )
    quiet_from = TimeField(
        label=gettext_lazy("Quiet from"),
        required=False,
        help_text=gettext_lazy("In the customer's own time zone. Both empty: there are no quiet hours."),
    )
    quiet_until = TimeField(label=gettext_lazy("Quiet until"), required=False)
    zone_field = forms.ChoiceField(
        label=gettext_lazy("The field that tells a customer's time zone"),
        required=False,
        help_text=gettext_lazy(
            "A zone such as Asia/Shanghai, or a country's two letters. Else it is that of the phone number's country, "
            "and else your own."
        ),
    )
    complaint_days = CountField(
        label=gettext_lazy("Days for which an open complaint holds marketing back"),
        help_text=gettext_lazy("Counted from the complaint's day; it ends at once when it is solved."),
    )
    refund_days = CountField(label=gettext_lazy("Days for which a return holds marketing back"))
    rests_on_holidays = forms.BooleanField(
        label=gettext_lazy("No marketing on official holidays; a greeting for the day itself goes out"),
        required=False,
    )
    rests_on_solemn_days = forms.BooleanField(
        label=gettext_lazy("Nothing festive and no marketing on days of mourning"), required=False
    )
    only_preferred = forms.BooleanField(
        label=gettext_lazy("Where a customer likes one channel best, no marketing by any other"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = [one.name for one in list_definitions() if one.type in _ZONE_KINDS]
        known = self.initial.get("zone_field", "")
        names = fields if known in ("", *fields) else [*fields, known]
        none = pgettext_lazy("no field tells the time zone", "None")
        zone: Any = self.fields["zone_field"]
        zone.choices = [("", none), *((name, name) for name in names)]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "quiet_from" in said and "quiet_until" in said:
            ends = (said["quiet_from"], said["quiet_until"])
            if None in ends and ends != (None, None):
                self.add_error("quiet_until", _("Quiet hours need a beginning and an end."))
            elif ends[0] is not None and ends[0] == ends[1]:
                self.add_error("quiet_until", _("Quiet hours that begin when they end would last all day."))
        return said


@requires(Permission.MANAGE_SENDING)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_budget(request: HttpRequest) -> HttpResponseBase:
    """`/settings/budget/`; a POST sets it."""
    budget, now = get_budget(), clock.now()
    initial = {name: getattr(budget, name) for name in BUDGET_SETTINGS}
    form = BudgetForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        set_budget(form.cleaned_data, by=request.user, now=now)
        say_saved(request)
        return redirect("settings_budget")
    business = get_business()
    style = get_style(get_language() or "en", business)
    held = count_held_back(now)
    context = {
        "form": form,
        "held": [
            {"why": describe_why(why), "count": format_number(held[why], style)}
            for why in BUDGET_WHYS
            if held[why]
        ],
        "days": _list_days(business.country, clock.today(business.zone), style),
        "has_country": bool(business.country),
    }
    return show_settings(request, "settings_budget", context, failed=bool(form.errors))


def _list_days(country: str, today: date, style: Style) -> list[dict[str, Any]]:
    """The next days of rest, each with what it is."""
    found = list_rest_days(country, today, today + timedelta(days=_DAYS_AHEAD))[:_MOST_DAYS]
    return [
        {
            "days": format_day_range(one.occasion.start, one.occasion.end - timedelta(days=1), style),
            "name": one.get_name(style.language),
            "is_holiday": is_holiday(one),
            "is_solemn": one.occasion.solemn,
            "sure": one.sure,
        }
        for one in found
    ]
