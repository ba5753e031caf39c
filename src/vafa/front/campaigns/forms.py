"""The form of a campaign: what for, to whom, with which text, when, and who is held out."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from vafa.act.campaigns.types import LONGEST_NAME, MOST_HORIZON_DAYS, Told, When
from vafa.data.consent.types import Channel, Purpose
from vafa.front import choices
from vafa.front.campaigns.offers import Offers
from vafa.front.date_field import DayField
from vafa.front.privacy.words import CHANNEL_NAMES, PURPOSE_NAMES
from vafa.front.reports.schedule_forms import HOURS, write_hour
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.locale.formats import Style, format_number, format_percent
from vafa.lab.cadences import CADENCES, LAST_MONTH_DAY, Cadence

if TYPE_CHECKING:
    from vafa.data.business.models import Business

HOLDOUTS = (0.5, 0.2, 0.1, 0.0)
SUGGESTED = "suggested"
MINUTES = (0, 15, 30, 45)
HOURS_VALID = (0, 2, 6, 12, 24, 48, 72, 168)


class CampaignForm(forms.Form):
    """All that is said of a campaign but the text that was written for it alone."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("For yourselves; customers never see it."),
    )
    channel = forms.ChoiceField(label=gettext_lazy("Channel"))
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"))
    festive = forms.BooleanField(
        label=gettext_lazy("Cheerful or promotional in tone"),
        help_text=gettext_lazy("Such messages wait on solemn days, such as days of mourning."),
        required=False,
        initial=True,
    )
    segment = forms.ChoiceField(label=gettext_lazy("To whom"), required=False)
    template = forms.ChoiceField(label=gettext_lazy("Text"), required=False)
    account = forms.ChoiceField(label=gettext_lazy("Sending account"), required=False)
    starts = forms.ChoiceField(label=gettext_lazy("When"), widget=forms.RadioSelect)
    hour = forms.ChoiceField(label=gettext_lazy("Hour"))
    minute = forms.ChoiceField(label=gettext_lazy("Minute"))
    every = forms.ChoiceField(label=gettext_lazy("How often"))
    weekday = forms.ChoiceField(label=gettext_lazy("Day of the week"))
    month_day = forms.ChoiceField(label=gettext_lazy("Day of the month"))
    again_hour = forms.ChoiceField(label=gettext_lazy("Hour"))
    once_each = forms.BooleanField(
        label=gettext_lazy("To nobody twice"),
        help_text=gettext_lazy(
            "Who was in one run, also in its control group, is left out of the later ones."
        ),
        required=False,
    )
    holdout = forms.ChoiceField(label=gettext_lazy("Control group"), widget=forms.RadioSelect)
    horizon_days = forms.CharField(label=gettext_lazy("Days over which the result is counted"), max_length=5)
    hours_valid = forms.ChoiceField(label=gettext_lazy("Not sent any more after"))

    name.widget.attrs |= {"autocomplete": "off", "dir": "auto"}
    horizon_days.widget.attrs |= {"inputmode": "numeric", "dir": "ltr", "autocomplete": "off"}

    def __init__(self, *args: Any, business: "Business", style: Style, offers: Offers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.style, self.offers = ZoneInfo(business.zone), style, offers
        self._set("channel", [(str(one), CHANNEL_NAMES[one]) for one in offers.channels])
        self._set("purpose", [(str(one), PURPOSE_NAMES[one]) for one in (Purpose.MARKETING, Purpose.SERVICE)])
        self._set("segment", [("", _("Choose a segment or list")), *offers.segments])
        self._set("template", [("", _("Written for this campaign alone")), *offers.templates])
        self._set("account", [("", _("The one that carries this purpose")), *offers.accounts])
        self._set(
            "starts",
            [
                ("now", _("As soon as I start it")),
                ("at", _("At a time that I choose")),
                ("again", _("Again and again")),
            ],
        )
        hours = [(str(hour), write_hour(hour, style)[:2]) for hour in HOURS]
        self._set("hour", hours)
        self._set(
            "minute",
            [(str(one), format_number(one, style).rjust(2, write_hour(0, style)[0])) for one in MINUTES],
        )
        self._set("again_hour", [(str(hour), write_hour(hour, style)) for hour in HOURS])
        names = {"day": _("Every day"), "week": _("Every week"), "month": _("Every month")}
        self._set("every", [(name, names[name]) for name in CADENCES])
        self._set("weekday", choices.list_weekday_choices(style.language, business.week_start))
        days = [(str(day), format_number(day, style)) for day in range(1, LAST_MONTH_DAY + 1)]
        self._set("month_day", days)
        suggested = _(
            "As suggested: half of a small list, a tenth of a large one, nobody where it would prove nothing"
        )
        shares = [(str(share), self._name_holdout(share)) for share in HOLDOUTS]
        self._set("holdout", [(SUGGESTED, suggested), *shares])
        self._set("hours_valid", [(str(hours), self._name_hours(hours)) for hours in HOURS_VALID])
        for name, label in (
            ("on", _("Day")),
            ("from_on", _("First day")),
            ("until_on", _("Last day")),
        ):
            self.fields[name] = DayField(calendar=style.calendar, label=label, required=False)

    def _set(self, name: str, options: Any) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = options

    def _name_holdout(self, share: float) -> str:
        if not share:
            return _("Nobody is held out")
        return _("%(share)s receive nothing") % {"share": format_percent(share, self.style, 0)}

    def _name_hours(self, hours: int) -> str:
        if not hours:
            return pgettext("a message may be sent", "At any time later")
        shown = format_number(hours, self.style)
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": shown}

    @property
    def time_fields(self) -> list[forms.BoundField]:
        """The day and hour of a campaign that goes out once."""
        return [self[name] for name in ("on", "hour", "minute")]

    @property
    def cadence_fields(self) -> list[forms.BoundField]:
        """How often a recurring one goes out."""
        return [self[name] for name in ("every", "weekday", "month_day", "again_hour", "from_on", "until_on")]

    def clean_horizon_days(self) -> int:
        """A whole number of days."""
        text = to_latin_digits(self.cleaned_data["horizon_days"]).strip()
        if not text.isdigit() or not 1 <= int(text) <= MOST_HORIZON_DAYS:
            raise forms.ValidationError(
                _("A whole number of days from 1 to %(most)s.")
                % {"most": format_number(MOST_HORIZON_DAYS, self.style)}
            )
        return int(text)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("starts") == "at" and not said.get("on") and "on" not in self.errors:
            self.add_error("on", _("Choose the day."))
        of = self.offers.channel_of.get(said.get("template", ""))
        if of is not None and "channel" in said and of != said["channel"]:
            self.add_error("template", _("This text is not for the channel that you chose."))
        first, last = said.get("from_on"), said.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", _("The last day is before the first one."))
        return said

    def build_told(self, content: dict[str, Any]) -> Told:
        """All that is said, with the text that was written so far."""
        said = self.cleaned_data
        return Told(
            name=said["name"],
            channel=Channel(said["channel"]),
            purpose=Purpose(said["purpose"]),
            festive=said["festive"],
            segment=said["segment"],
            template_id=int(said["template"]) if said["template"] else None,
            content=content,
            account_id=int(said["account"]) if said["account"] else None,
            holdout=None if said["holdout"] == SUGGESTED else float(said["holdout"]),
            horizon_days=said["horizon_days"],
            once_each=said["once_each"],
            hours_valid=int(said["hours_valid"]) or None,
            when=self._build_when(said),
        )

    def _build_when(self, said: dict[str, Any]) -> When:
        if said["starts"] == "at":
            moment = datetime.combine(said["on"], time(int(said["hour"]), int(said["minute"])), self.zone)
            return When(at=moment)
        if said["starts"] == "again":
            cadence = Cadence(said["every"], said["weekday"], int(said["month_day"]), int(said["again_hour"]))
            return When(cadence=cadence, from_on=said.get("from_on"), until_on=said.get("until_on"))
        return When()


def build_initial(told: Told, zone: ZoneInfo, now: datetime, week_start: str) -> dict[str, Any]:
    """What stands in the form of a campaign."""
    when = told.when
    local = (when.at or now + timedelta(days=1)).astimezone(zone)
    cadence = when.cadence or Cadence("month", cast("Any", week_start), 1, 10)
    return {
        "name": told.name,
        "channel": str(told.channel),
        "purpose": str(told.purpose),
        "festive": told.festive,
        "segment": told.segment,
        "template": str(told.template_id or ""),
        "account": str(told.account_id or ""),
        "holdout": SUGGESTED if told.holdout is None else str(told.holdout),
        "horizon_days": str(told.horizon_days),
        "once_each": told.once_each,
        "hours_valid": str(told.hours_valid or 0),
        "starts": "again" if when.cadence else "at" if when.at else "now",
        "on": local.date() if when.at else None,
        "hour": str(local.hour if when.at else 10),
        "minute": str(local.minute if when.at else 0),
        "every": cadence.every,
        "weekday": cadence.weekday,
        "month_day": str(cadence.month_day),
        "again_hour": str(cadence.hour),
        "from_on": when.from_on,
        "until_on": when.until_on,
    }
